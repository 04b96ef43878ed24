"""Approval limits 权责划分: who decides alone up to how much, of the whole company and of each branch."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access import actions
from shouhou.access.actions.limits import may_set
from shouhou.access.approvals import climbing, find_history, limits_counting
from shouhou.access.models import Branch
from shouhou.access.queries import get_seen_branch
from shouhou.access.rules import Decision
from shouhou.web.administration import may_look
from shouhou.web.desk_inputs import error_lines
from shouhou.web.limit_inputs import LimitBackForm, LimitForm
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found

HISTORY_SHOWN = 20


@require_GET
def limit_list(request: ActorRequest, branch_id: UUID | None = None) -> HttpResponse:
    """What counts at a branch, or everywhere; with `?kind=`, what there is to say of one kind."""
    return _show(request, branch_id)


@require_POST
def limit_set(request: ActorRequest, branch_id: UUID | None = None) -> HttpResponse:
    """From now on a role decides one kind up to another amount."""
    form = LimitForm(request.POST)

    def set_it(given: dict[str, Any], place: Branch | None) -> object:
        return actions.set_limit(
            kind=given["kind"],
            role=given["role"],
            amount=form.most(),
            place=place,
            by=request.actor,
            at=timezone.now(),
        )

    return _act(request, branch_id, form, set_it, _("The limit counts from now on."))


@require_POST
def limit_end(request: ActorRequest, branch_id: UUID | None = None) -> HttpResponse:
    """Take a limit back."""

    def end(given: dict[str, Any], place: Branch | None) -> object:
        return actions.end_limit(**given, place=place, by=request.actor, at=timezone.now())

    return _act(request, branch_id, LimitBackForm(request.POST), end, _("The limit is taken back."))


def _act[F: forms.Form](
    request: ActorRequest,
    branch_id: UUID | None,
    form: F,
    act: Callable[[dict[str, Any], Branch | None], object],
    said: str | Promise,
) -> HttpResponse:
    place = _place(request, branch_id)
    may_look(request)
    if not may_set(place, by=request.actor):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    kind = form.data.get("kind", "")
    return one_act(
        request,
        form,
        lambda given: act(given, place),
        said=said,
        leads_to=f"{_address(place)}?kind={kind}#kind" if kind in Decision else _address(place),
        refused=lambda form: _show(request, branch_id, refused=form),
    )


def _show(request: ActorRequest, branch_id: UUID | None, *, refused: forms.Form | None = None) -> HttpResponse:
    place = _place(request, branch_id)
    branches = may_look(request)
    counting = limits_counting(place, at=timezone.now())
    asked = refused.data.get("kind", "") if refused else request.GET.get("kind", "")
    kind = Decision(asked) if asked in Decision else None
    context = {
        "place": place,
        "places": [(None, reverse("limits")), *((one, _address(one)) for one in branches)],
        "kinds": [(one, climbing(counting[one])) for one in Decision],
        "kind": kind,
        "own": [(row.get_role_display(), row) for row in climbing(counting[kind]) if row.place == place]
        if kind
        else [],
        "history": find_history(kind=kind, place=place)[:HISTORY_SHOWN] if kind else [],
        "may_set": may_set(place, by=request.actor),
        "form": refused if isinstance(refused, LimitForm) else LimitForm(initial={"kind": kind}),
        "refusals": error_lines(refused, shown=isinstance(refused, LimitForm)) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/limit_list.html", context, status=422 if refused else 200)


def _place(request: ActorRequest, branch_id: UUID | None) -> Branch | None:
    return found(lambda: get_seen_branch(branch_id, by=request.actor)) if branch_id else None


def _address(place: Branch | None) -> str:
    return reverse("branch_limits", args=[place.id]) if place else reverse("limits")
