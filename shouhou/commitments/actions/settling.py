"""What is owed goes out: in money, set off, as a credit, in points."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._award import check_state, lock_award, note_step, record_of_award
from shouhou.commitments.actions._award_books import AwardBooks
from shouhou.commitments.models import AwardStep
from shouhou.commitments.queries.awards import missing_for
from shouhou.commitments.rules.award_words import WAYS, AwardState, Settlement, StepKind
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.money import Money
from shouhou.ledger.actions import KeyUsedOtherwise
from shouhou.ledger.rules import written_key

SETTLE_AWARD = "commitments.settle_award"


class DepositTooLow(Conflict):
    code = "award_deposit_too_low"
    template = gettext_noop("Nothing can be paid now: the seller's deposit lacks %(missing)s %(currency)s.")


class NothingToSetOff(Conflict):
    code = "award_nothing_to_set_off"
    template = gettext_noop("The other side owes us nothing that this could be set off against.")


def settle_award(award_id: UUID, *, how: str, key: str, by: Actor, at: datetime) -> AwardStep:
    """Give out what can be given: all that is not settled yet, without what a deposit still has to be filled up for.

    Set off is at most what the payee owes us. The same call under the same key is one settlement.
    Raises UnknownChoice, AwardNotFound, AwardInOtherState, DepositTooLow, NothingToSetOff, KeyMissing, KeyUsedOtherwise,
    NotPermitted, and what posting an entry raises (there may be too little in the cash box).
    """
    key = written_key(key)
    with act_transaction():
        award = lock_award(award_id, permission=SETTLE_AWARD, by=by)
        check_choice("how", how, WAYS[award.means])
        known = AwardStep.objects.filter(branch_id=award.branch_id, key=key).first()
        if known is not None:
            if known.award_id != award.id or known.how != how:
                raise KeyUsedOtherwise(key=key, field="key")
            return known
        check_state(award, AwardState.APPROVED)
        missing = missing_for(award)
        amount = award.unsettled - missing
        if not amount.amount:
            raise DepositTooLow(missing=missing.amount, currency=missing.currency, field="how")
        number = AwardStep.objects.filter(branch_id=award.branch_id, award=award).count()
        event = record_of_award("settled", award, {"how": how, "of": amount.minor_units()}, by=by, at=at)
        books = AwardBooks(award, permission=SETTLE_AWARD, event_id=event.id, by=by, at=at)
        if how == Settlement.OFFSET:
            amount = _at_most(amount, books.owes_us())
        entry_id = books.settle(amount, Settlement(how), number=number)
        award.settled_minor += amount.minor_units()
        if award.settled_minor == award.amount_minor:
            award.state = AwardState.SETTLED
        award.save(update_fields=["settled_minor", "state"])
        told = {"how": how, "key": key, "amount_minor": amount.minor_units(), "entry_id": entry_id}
        return note_step(award, StepKind.SETTLED, by=by, at=at, **told)


def _at_most(amount: Money, owed_to_us: Money) -> Money:
    if owed_to_us.amount <= 0:
        raise NothingToSetOff(field="how")
    return owed_to_us if owed_to_us < amount else amount
