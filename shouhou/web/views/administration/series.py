"""Number series of the branches: what they begin with, where they stand."""

from collections.abc import Callable
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access import actions
from shouhou.access.queries import find_series, get_seen_branch
from shouhou.access.rules import PREFIXED
from shouhou.web.administration import CHANGE_BRANCH, may_look
from shouhou.web.administration_inputs import NextNumberForm, PrefixForm
from shouhou.web.desk_inputs import error_lines
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found


@require_GET
def series_list(request: ActorRequest) -> HttpResponse:
    """All series, by branch."""
    return _show(request)


@require_POST
def series_prefix(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """Another prefix, from the next number on."""

    def change(given: dict[str, Any]) -> object:
        return actions.change_prefix(branch_id, **given, by=request.actor, at=timezone.now())

    said = _("From the next number on the new prefix counts.")
    return _act(request, branch_id, "prefix", PrefixForm(request.POST), change, said)


@require_POST
def series_next(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """Go on at a higher number."""

    def raise_it(given: dict[str, Any]) -> object:
        return actions.raise_next_number(branch_id, **given, by=request.actor, at=timezone.now())

    return _act(request, branch_id, "next", NextNumberForm(request.POST), raise_it, _("The series goes on there."))


def _act[F: forms.Form](
    request: ActorRequest,
    branch_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
) -> HttpResponse:
    found(lambda: get_seen_branch(branch_id, by=request.actor))
    found(lambda: request.actor.require(CHANGE_BRANCH, branch_id))
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=f"{reverse('number_series')}#{branch_id}",
        refused=lambda form: _show(request, asked=(name, branch_id), refused=form),
    )


def _show(
    request: ActorRequest, *, asked: tuple[str, UUID | None] = ("", None), refused: forms.Form | None = None
) -> HttpResponse:
    branches = may_look(request)
    series = find_series(branches, at=timezone.now())
    kind = refused["kind"].value() if refused else ""
    context = {
        "groups": [
            {
                "branch": branch,
                "series": list(rows),
                "may_change": request.actor.may(CHANGE_BRANCH, branch.id) and branch.closed_at is None,
            }
            for branch, rows in groupby(series, key=lambda one: one.branch)
        ],
        "prefixed": PREFIXED,
        "asked": asked[0],
        "asked_branch": asked[1],
        "asked_kind": kind,
        "refused": refused,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/series_list.html", context, status=422 if refused else 200)
