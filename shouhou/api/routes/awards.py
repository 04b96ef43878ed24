"""Awards: what breaches owe, who approves it, how it is given, and what is taken back."""

from uuid import UUID

from django.utils import timezone

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName, Moment
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.routing import Routes
from shouhou.api.schemas.promises import AwardAnswer, AwardPage, SettlementInput
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.commitments import actions as acts
from shouhou.commitments.queries.awards import find_awards, get_award
from shouhou.commitments.rules.award_words import AwardState

routes = Routes("awards")
_OLDEST_FIRST = Keyset(proposed_at=Moment, id=UUID)


@routes.read("/awards", AwardPage)
def list_awards(
    request: ActorRequest,
    branch: BranchName = "",
    state: AwardState | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> AwardPage:
    """List what the breaches of a branch owe, the oldest first."""
    where = branch_named(request, branch)
    rows = find_awards(where.id, by=request.auth, states=[state] if state else [])
    return AwardPage(**paged(_OLDEST_FIRST, rows, AwardAnswer.of, cursor=cursor, limit=limit))


@routes.read("/awards/{uuid:award_id}", AwardAnswer)
def show_award(request: ActorRequest, award_id: UUID) -> AwardAnswer:
    """Show one award."""
    return AwardAnswer.of(get_award(award_id, by=request.auth))


@routes.act("POST", "/awards/{uuid:award_id}/approval", AwardAnswer)
def approve_award(request: ActorRequest, award_id: UUID) -> AwardAnswer:
    """Approve what another proposed, within your limit: the payers are charged, and it is owed to the payee from now on."""
    return AwardAnswer.of(acts.approve_award(award_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/awards/{uuid:award_id}/refusal", AwardAnswer)
def refuse_award(request: ActorRequest, award_id: UUID, body: ReasonInput) -> AwardAnswer:
    """Say why it is not owed."""
    return AwardAnswer.of(acts.refuse_award(award_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.act("POST", "/awards/{uuid:award_id}/settlements", AwardAnswer, status=201)
def settle_award(request: ActorRequest, award_id: UUID, body: SettlementInput) -> AwardAnswer:
    """Give out what can be given: all that is not settled yet, without what a deposit still has to be filled up for."""
    acts.settle_award(award_id, how=body.how, key=body.key, by=request.auth, at=timezone.now())
    return AwardAnswer.of(get_award(award_id, by=request.auth))


@routes.act("POST", "/awards/{uuid:award_id}/withdrawal", AwardAnswer)
def withdraw_award(request: ActorRequest, award_id: UUID, body: ReasonInput) -> AwardAnswer:
    """Take an award back, whatever became of it: what was given is owed to us again."""
    return AwardAnswer.of(acts.withdraw_award(award_id, reason=body.reason, by=request.auth, at=timezone.now()))
