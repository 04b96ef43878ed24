"""The start page: what you owe today, put together from what your roles in this branch are."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.commitments.actions.excusing import RULE as RULE_ON_EXCUSE
from shouhou.commitments.queries import count_owed, find_told_to, find_waiting_excuses
from shouhou.web import owed
from shouhou.web.dispatch_desk import read_team
from shouhou.web.order_coverage import read_waiting
from shouhou.web.promise_words import in_words
from shouhou.web.requests import ActorRequest
from shouhou.web.visit_facts import day_of, to_bring_in
from shouhou.workforce.queries import find_technician_of

_OVERSEERS = {Role.HQ, Role.MANAGER}


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """Each role its own part; who has several roles gets their parts one below the other."""
    actor = request.actor
    if actor.branch is None:
        return render(request, "home/no_role.html", {"section": "today"})
    roles = owed.roles_of(actor)
    context: dict[str, Any] = {"section": "today", "today": timezone.localdate(), "greeting": str(actor.user or "")}
    context |= _field(actor) if Role.TECHNICIAN in roles else {}
    context |= _oversight(actor) if roles & _OVERSEERS and len(actor.branches) > 1 else {}
    context |= _desk(actor, actor.branch)
    context["promised"] = _promised(actor, actor.branch, roles)
    context["overrides"] = read_waiting(actor.branch, by=actor, at=timezone.now())
    context |= _back_office(actor.branch, roles)
    if Role.ADMINISTRATOR in roles:
        context["people"] = owed.read_people(actor, today=timezone.localdate(), at=timezone.now())
    return render(request, "home/home.html", context)


def _field(actor: Actor) -> dict[str, Any]:
    """A technician's next visit, what comes after it today, and the vouchers that he still has."""
    technician = find_technician_of(actor.user_id, by=actor)
    if technician is None:
        return {"not_entered": True}
    cards, today = day_of(technician), timezone.localdate()
    later = [one for one in cards[1:] if one.is_due(today)]
    return {
        "technician": technician,
        "next": cards[0] if cards else None,
        "later": later,
        "rest": len(cards) - 1 - len(later) if cards else 0,
        "papers": to_bring_in(technician),
        "may_call": actor.may("customers.reveal_phone"),
    }


def _oversight(actor: Actor) -> dict[str, Any]:
    return {"compared": owed.compare_branches(actor, today=timezone.localdate())}


def _desk(actor: Actor, branch: Branch) -> dict[str, Any]:
    files, dispatches = actor.may("workorders.file_voucher"), actor.may("workorders.dispatch_work_order")
    if not (files or dispatches):
        return {}
    counts, piles = owed.read_desk(branch, today=timezone.localdate(), dispatches=dispatches, files=files)
    return {
        "counts": counts,
        "stats": piles,
        "piles": [pile for pile in piles if pile.lines],
        "team": read_team(branch, now=timezone.now()) if dispatches else None,
    }


def _promised(actor: Actor, branch: Branch, roles: set[Role]) -> dict[str, Any]:
    """What one's roles have to keep, or were told of because it runs late, and the excuses on which one may rule.

    A technician has the bar of each of his visits on its card; those of the others are not his to keep.
    """
    now = timezone.now()
    rows = find_told_to(branch, roles - {Role.TECHNICIAN})
    counts = count_owed(rows, at=now)
    waiting = find_waiting_excuses(branch) if actor.may(RULE_ON_EXCUSE) else None
    return {
        "counts": counts,
        "lines": in_words(rows[: owed.SHOWN], now=now) if counts["all"] else [],
        "excuses": waiting.order_by().count() if waiting is not None else 0,
    }


def _back_office(branch: Branch, roles: set[Role]) -> dict[str, Any]:
    today = timezone.localdate()
    context: dict[str, Any] = {}
    if Role.ACCOUNTANT in roles:
        context["not_back"] = owed.read_not_back(branch, at=timezone.now())
        context["takings"] = takings = owed.read_takings(branch)
        context["taken"] = sum(one.total for one in takings)
    if Role.PARTS_KEEPER in roles:
        context["parts"] = owed.read_parts(branch)
        context["held"] = owed.read_waiting_for_parts(branch, today=today)
    if Role.CLAIMS_AGENT in roles:
        context["claims"] = owed.read_claims(branch, today=today)
    return context
