"""Branches: the tree of the company, and the page of one."""

from collections.abc import Callable
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
from shouhou.access.models import Branch
from shouhou.access.queries import find_series, find_who_reach, get_seen_branch
from shouhou.web.administration import CHANGE_BRANCH, by_code, may_look, where
from shouhou.web.administration_inputs import BranchForm, NewBranchForm
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.inputs import ReasonForm
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.rules_words import said
from shouhou.web.showing import found
from shouhou.web.staff import count_open, count_people, find_technicians_of
from shouhou.workorders.actions import close_branch


@require_GET
def branch_list(request: ActorRequest) -> HttpResponse:
    """The tree, each branch with its people and its open work."""
    return _list(request)


@require_POST
def branch_open(request: ActorRequest) -> HttpResponse:
    """Open a branch below one of the reader's."""
    may_look(request, CHANGE_BRANCH)
    above = _above(request)

    def open_one(given: dict[str, Any]) -> Branch:
        parent = by_code(above, given.pop("parent"))
        return actions.open_branch(**given, parent=parent, by=request.actor, at=timezone.now())

    return one_act(
        request,
        NewBranchForm(request.POST, above=above),
        open_one,
        said=_("The branch is open. Now give roles there."),
        leads_to=reverse("branches"),
        refused=lambda form: _list(request, refused=form),
    )


@require_GET
def branch(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """What is written of it, who works there, its numbers."""
    return _show(request, branch_id)


@require_POST
def branch_change(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """Correct name, time zone, phone, address."""
    here = found(lambda: get_seen_branch(branch_id, by=request.actor))
    form = BranchForm(request.POST, zone=here.time_zone)

    def change(given: dict[str, Any]) -> Branch:
        return actions.change_branch(branch_id, **given, by=request.actor, at=timezone.now())

    return _act(request, branch_id, "change", form, change, _("The branch is corrected."))


@require_POST
def branch_close(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """End its work."""

    def close(given: dict[str, Any]) -> Branch:
        return close_branch(branch_id, reason=given["reason"], by=request.actor, at=timezone.now())

    return _act(request, branch_id, "close", ReasonForm(request.POST), close, _("The branch is closed."))


@require_POST
def branch_reopen(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """Let it work again."""

    def reopen(_given: dict[str, Any]) -> Branch:
        return actions.reopen_branch(branch_id, by=request.actor, at=timezone.now())

    return _act(request, branch_id, "reopen", EmptyForm(request.POST), reopen, _("The branch is open again."))


def _act[F: forms.Form](
    request: ActorRequest,
    branch_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
) -> HttpResponse:
    # Who may not do it at all learns no more from a form with a mistake in it.
    found(lambda: request.actor.require(CHANGE_BRANCH, branch_id))
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("branch", args=[branch_id]),
        refused=lambda form: _show(request, branch_id, asked=name, refused=form),
    )


def _above(request: ActorRequest) -> list[Branch]:
    """Below what he may open a branch."""
    return [one for one in where(request.actor, CHANGE_BRANCH) if one.kind != Branch.Kind.BRANCH]


def _list(request: ActorRequest, *, refused: forms.Form | None = None) -> HttpResponse:
    branches = may_look(request)
    above = _above(request)
    people, technicians = count_people(branches), find_technicians_of(branches)
    open_calls = count_open(branches)
    lines = [
        {
            "branch": one,
            "depth": one.path.count("/") - min(other.path.count("/") for other in branches),
            "people": people.get(one.id, 0),
            "technicians": sum(1 for who in technicians if who.branch_id == one.id),
            "open": open_calls.get(one.id, 0),
        }
        for one in branches
    ]
    context = {
        "lines": lines,
        "may_open": bool(above),
        "form": refused or NewBranchForm(above=above),
        "refused": refused is not None,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/branch_list.html", context, status=422 if refused else 200)


def _show(
    request: ActorRequest, branch_id: UUID, *, asked: str = "", refused: forms.Form | None = None
) -> HttpResponse:
    here = found(lambda: get_seen_branch(branch_id, by=request.actor))
    facts = {name: getattr(here, name) for name in ("name", "time_zone", "phone", "address", "region")}
    may_change = request.actor.may(CHANGE_BRANCH, here.id)
    change = refused if asked == "change" and refused else BranchForm(initial=facts, zone=here.time_zone)
    context = {
        "here": here,
        "reach": find_who_reach(here),
        "technicians": find_technicians_of([here]),
        "series": find_series([here], at=timezone.now()),
        "open_calls": count_open([here]).get(here.id, 0),
        "region": said("regions", here.region),
        "may_change": may_change,
        "asked": asked,
        "change_form": change,
        "reason_form": refused if isinstance(refused, ReasonForm) else ReasonForm(),
        "refusals": error_lines(refused, shown=asked in {"change", "close"}) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/branch_detail.html", context, status=422 if refused else 200)
