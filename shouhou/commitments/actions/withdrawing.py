"""What was awarded is taken back: an excuse was accepted later, an appeal succeeded."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._award import check_state, given_reason, lock_award, note_step, record_of_award
from shouhou.commitments.actions._award_books import AwardBooks
from shouhou.commitments.models import Award, AwardStep
from shouhou.commitments.queries.awards import awards_about, top_ups_of
from shouhou.commitments.rules.award_words import AwardState, Settlement, StepKind
from shouhou.kernel.money import Money
from shouhou.ledger.rules import Reference

WITHDRAW_AWARD = "commitments.withdraw_award"
_STANDING = (AwardState.PROPOSED, AwardState.APPROVED, AwardState.SETTLED)


def withdraw_award(award_id: UUID, *, reason: str, by: Actor, at: datetime, permission: str = WITHDRAW_AWARD) -> Award:
    """Take an award back, whatever became of it. `permission` is that of the act of which it is a part.

    Before its approval nothing is in the books. After it every payer gets his part back, by an entry of its own; what the payee
    has received already he owes us from now on, and what a seller had to fill up for it he need not any more.
    Raises AwardNotFound, AwardInOtherState, AwardReasonMissing, TextTooLong, NotPermitted, and what posting an entry raises.
    """
    reason = given_reason(reason)
    with act_transaction():
        award = lock_award(award_id, permission=permission, by=by)
        check_state(award, *_STANDING)
        if award.state == AwardState.PROPOSED:
            award.state, entry_id, kind = AwardState.WITHDRAWN, None, StepKind.WITHDRAWN
            record_of_award("withdrawn", award, {"reason": reason}, by=by, at=at)
        else:
            award.state, kind = AwardState.REVERSED, StepKind.REVERSED
            entry_id = _take_back(award, reason=reason, permission=permission, by=by, at=at)
        award.save(update_fields=["state"])
        note_step(award, kind, reason=reason, entry_id=entry_id, by=by, at=at)
        return award


def withdraw_awards_about(
    about: Reference, *, branch_id: UUID, reason: str, by: Actor, at: datetime, permission: str = WITHDRAW_AWARD
) -> list[Award]:
    """Take back whatever is still awarded for one thing. Raises as `withdraw_award` does."""
    standing = awards_about(about, branch_id=branch_id).filter(state__in=_STANDING)
    with act_transaction():
        return [
            withdraw_award(key, reason=reason, permission=permission, by=by, at=at)
            for key in list(standing.values_list("id", flat=True))
        ]


def _take_back(award: Award, *, reason: str, permission: str, by: Actor, at: datetime) -> UUID:
    settled: dict[Settlement, Money] = defaultdict(lambda: Money.of_minor_units(0, award.currency))
    for step in AwardStep.objects.filter(branch_id=award.branch_id, award=award, kind=StepKind.SETTLED):
        settled[Settlement(step.how)] += step.amount_in(award.currency)
    event = record_of_award("reversed", award, {"reason": reason}, by=by, at=at)
    books = AwardBooks(award, permission=permission, event_id=event.id, by=by, at=at)
    books.lock_for_taking_back(settled)
    due = list(top_ups_of(award).select_for_update())
    missing = Money.of_minor_units(sum(one.open_minor for one in due), award.currency)
    for one in due:
        one.open_minor = 0
        one.save(update_fields=["open_minor"])
    return books.take_back(missing, settled, memo=reason)
