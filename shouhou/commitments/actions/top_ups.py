"""A seller fills his deposit up again."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.models import TopUp, TopUpReceipt
from shouhou.commitments.queries.awards import find_top_ups
from shouhou.commitments.rules.award_words import Settlement
from shouhou.kernel.choices import check_choice
from shouhou.kernel.ids import uuid7
from shouhou.kernel.money import Money
from shouhou.ledger.actions import KeyUsedOtherwise, lock_available, open_account, post_entry
from shouhou.ledger.rules import AccountKind, Reference, credit, debit, positive, written_key

RECORD_TOP_UP = "commitments.record_top_up"

_INTO = {Settlement.BANK: AccountKind.BANK, Settlement.CASH: AccountKind.BRANCH_CASH}


def record_top_up(
    branch: Branch, *, owner: Reference, amount: Money, into: str, key: str, by: Actor, at: datetime
) -> TopUpReceipt:
    """Book what a seller paid in: first what he still had to fill up, the longest due first; the rest is deposit.

    With the last of what is overdue his restriction is over. The same call under the same key is one payment.
    Raises UnknownChoice, KeyMissing, KeyUsedOtherwise, OwnerMissing, AmountNotPositive, AmountTooLarge, FinerThanMinorUnit,
    WordMalformed, TextTooLong, BranchNotVisible, NotPermitted.
    """
    by.require(RECORD_TOP_UP, branch.id)
    check_choice("into", into, list(_INTO))
    owner, key, units = owner.checked("owner"), written_key(key), positive(amount).minor_units()
    with act_transaction():
        bank = _account(branch, _INTO[Settlement(into)], Reference("branch", str(branch.id)), amount, by=by, at=at)
        deposit, due = (
            _account(branch, kind, owner, amount, by=by, at=at)
            for kind in (AccountKind.SELLER_DEPOSIT, AccountKind.TOP_UP_DUE)
        )
        # Before anything is looked at: a repeat waits here for the first, and then finds it.
        lock_available([bank, deposit, due], permission=RECORD_TOP_UP, by=by)
        known = TopUpReceipt.objects.filter(branch_id=branch.id, key=key).first()
        if known is not None:
            said = (known.owner_kind, known.owner_id, known.amount_minor, known.currency, known.into)
            if said != (owner.kind, owner.id, units, amount.currency, into):
                raise KeyUsedOtherwise(key=key, field="key")
            return known
        receipt_id = uuid7()
        data = {"owner": [owner.kind, owner.id], "amount": [units, amount.currency], "into": into}
        event = record(
            branch_id=branch.id,
            chain_id=receipt_id,
            verb="commitments.top_up.received",
            subject=("top_up_receipt", receipt_id),
            by=by,
            at=at,
            data=data,
            opens=True,
        )
        open_ones = find_top_ups(owner, branch_id=branch.id).filter(currency=amount.currency).select_for_update()
        filled = Money.of_minor_units(_fill(list(open_ones), units), amount.currency)
        lines = [debit(bank, amount)]
        lines += [credit(due, filled)] if filled.amount else []
        lines += [credit(deposit, amount - filled)] if filled < amount else []
        entry = post_entry(
            lines,
            key=f"top-up {receipt_id}",
            source=Reference("top_up_receipt", str(receipt_id)),
            event_id=event.id,
            permission=RECORD_TOP_UP,
            by=by,
            at=at,
        )
        return TopUpReceipt.objects.create(
            id=receipt_id,
            branch=branch,
            key=key,
            owner_kind=owner.kind,
            owner_id=owner.id,
            currency=amount.currency,
            amount_minor=units,
            filled_minor=filled.minor_units(),
            into=into,
            entry_id=entry.id,
            by=by.user,
            at=at,
        )


def _fill(open_ones: list[TopUp], units: int) -> int:
    """Spread so much over what is missing, in order; gives how much of it was needed."""
    left = units
    for row in open_ones:
        part = min(left, row.open_minor)
        if part:
            row.open_minor -= part
            row.save(update_fields=["open_minor"])
            left -= part
    return units - left


def _account(branch: Branch, kind: AccountKind, owner: Reference, amount: Money, *, by: Actor, at: datetime) -> UUID:
    told = {"currency": amount.currency, "permission": RECORD_TOP_UP}
    return open_account(branch, kind=kind, owner=owner, by=by, at=at, **told).id
