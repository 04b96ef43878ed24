"""The branches of the company and their number series."""

from uuid import UUID

from django.utils import timezone

from shouhou.access import actions as acts
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_PEOPLE
from shouhou.access.queries import find_seen_branches, find_series, get_seen_branch
from shouhou.access.rules import NumberKind
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.routing import Routes
from shouhou.api.schemas.branches import (
    NextNumberInput,
    PlaceAnswer,
    PlaceChange,
    PlaceInput,
    PlaceList,
    PrefixInput,
    SeriesAnswer,
    SeriesList,
)
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.kernel.errors import NotPermitted
from shouhou.workorders.actions import close_branch as end_work

routes = Routes("branches")


@routes.read("/branches", PlaceList)
def list_branches(request: ActorRequest) -> PlaceList:
    """List the branches whose people you may see, from the top down, closed ones too."""
    seen = find_seen_branches(by=request.auth)
    if not seen:
        raise NotPermitted(permission=SEE_PEOPLE)
    return PlaceList(rows=[PlaceAnswer.of(branch) for branch in seen])


@routes.read("/branches/{uuid:branch_id}", PlaceAnswer)
def show_branch(request: ActorRequest, branch_id: UUID) -> PlaceAnswer:
    """Show one branch."""
    return PlaceAnswer.of(get_seen_branch(branch_id, by=request.auth))


@routes.act("POST", "/branches", PlaceAnswer, status=201)
def open_branch(request: ActorRequest, body: PlaceInput) -> PlaceAnswer:
    """Open a branch below one of yours. Give roles there next."""
    branch = acts.open_branch(
        code=body.code,
        name=body.name,
        kind=body.kind,
        parent=branch_named(request, body.parent, field="parent"),
        time_zone=body.time_zone,
        phone=body.phone,
        address=body.address,
        region=body.region,
        by=request.auth,
        at=timezone.now(),
    )
    return PlaceAnswer.of(branch)


@routes.act("PUT", "/branches/{uuid:branch_id}", PlaceAnswer)
def change_branch(request: ActorRequest, branch_id: UUID, body: PlaceChange) -> PlaceAnswer:
    """Correct what is written of a branch."""
    branch = acts.change_branch(
        branch_id,
        name=body.name,
        time_zone=body.time_zone,
        phone=body.phone,
        address=body.address,
        region=body.region,
        by=request.auth,
        at=timezone.now(),
    )
    return PlaceAnswer.of(branch)


@routes.act("POST", "/branches/{uuid:branch_id}/closing", PlaceAnswer)
def close_branch(request: ActorRequest, branch_id: UUID, body: ReasonInput) -> PlaceAnswer:
    """End a branch's work, once no call is open there. It stays to be read."""
    return PlaceAnswer.of(end_work(branch_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.act("POST", "/branches/{uuid:branch_id}/reopening", PlaceAnswer)
def reopen_branch(request: ActorRequest, branch_id: UUID) -> PlaceAnswer:
    """Let a closed branch work again."""
    return PlaceAnswer.of(acts.reopen_branch(branch_id, by=request.auth, at=timezone.now()))


@routes.read("/branches/{uuid:branch_id}/number-series", SeriesList)
def list_number_series(request: ActorRequest, branch_id: UUID) -> SeriesList:
    """List what the next numbers of a branch will be."""
    return _series(get_seen_branch(branch_id, by=request.auth))


@routes.act("PUT", "/branches/{uuid:branch_id}/number-series/{kind}/prefix", SeriesList)
def change_prefix(request: ActorRequest, branch_id: UUID, kind: NumberKind, body: PrefixInput) -> SeriesList:
    """Let the next numbers begin otherwise. A prefix once used stays its branch's."""
    acts.change_prefix(branch_id, kind=kind, prefix=body.prefix, by=request.auth, at=timezone.now())
    return _series(request.auth.branch_of(branch_id))


@routes.act("PUT", "/branches/{uuid:branch_id}/number-series/{kind}/next-number", SeriesList)
def raise_next_number(request: ActorRequest, branch_id: UUID, kind: NumberKind, body: NextNumberInput) -> SeriesList:
    """Skip numbers: the next one given out is this. A series never goes back."""
    acts.raise_next_number(branch_id, kind=kind, next_number=body.next_number, by=request.auth, at=timezone.now())
    return _series(request.auth.branch_of(branch_id))


def _series(branch: Branch) -> SeriesList:
    return SeriesList(rows=[SeriesAnswer.of(one) for one in find_series([branch], at=timezone.now())])
