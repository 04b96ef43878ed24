"""Approval limits 权责划分: what counts where, set, taken back, and what was set before."""

from django.utils import timezone

from shouhou.access import actions as acts
from shouhou.access.approvals import climbing, find_history, limits_counting
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_PEOPLE
from shouhou.access.queries import find_seen_branches
from shouhou.access.rules import Decision
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.routing import Routes
from shouhou.api.schemas.limits import LimitAnswer, LimitInput, LimitList, LimitOfRole
from shouhou.kernel.errors import NotPermitted

routes = Routes("approval limits")


@routes.read("/approval-limits", LimitList)
def list_limits(request: ActorRequest, branch: str = "") -> LimitList:
    """List what counts at a branch, from wherever it is set; without one, what counts everywhere."""
    counting = limits_counting(_seen(request, branch), at=timezone.now())
    return LimitList(rows=[LimitAnswer.of(one) for limits in counting.values() for one in climbing(limits)])


@routes.read("/approval-limits/history", LimitList)
def show_limit_history(request: ActorRequest, kind: Decision, branch: str = "") -> LimitList:
    """List what was ever set for one kind at a branch itself; without one, everywhere."""
    rows = find_history(kind=kind, place=_seen(request, branch))[:200]
    return LimitList(rows=[LimitAnswer.of(one) for one in rows])


@routes.act("PUT", "/approval-limits", LimitAnswer)
def set_limit(request: ActorRequest, body: LimitInput) -> LimitAnswer:
    """Set what a role decides alone from now on, at a branch and below it, or everywhere. What was set before ends."""
    limit = acts.set_limit(
        kind=body.kind,
        role=body.role,
        amount=body.amount,
        place=_named(request, body.branch),
        by=request.auth,
        at=timezone.now(),
    )
    return LimitAnswer.of(limit)


@routes.act("POST", "/approval-limits/taking-back", LimitAnswer)
def end_limit(request: ActorRequest, body: LimitOfRole) -> LimitAnswer:
    """Take a limit back: of a branch, so that the one above counts again; of everywhere, so that the role decides nothing."""
    place = _named(request, body.branch)
    return LimitAnswer.of(
        acts.end_limit(kind=body.kind, role=body.role, place=place, by=request.auth, at=timezone.now())
    )


def _seen(request: ActorRequest, code: str) -> Branch | None:
    place = _named(request, code)
    if place is not None:
        request.auth.require(SEE_PEOPLE, place.id)
    elif not find_seen_branches(by=request.auth):
        raise NotPermitted(permission=SEE_PEOPLE)
    return place


def _named(request: ActorRequest, code: str | None) -> Branch | None:
    return branch_named(request, code) if code else None
