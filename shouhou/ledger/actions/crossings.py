"""Money that crosses branches: two transactions, one on each side, and between them an account that says it is on its way.

1. `send_across`, at the branch that sends: its own account against “on its way to the other branch”; a crossing stays behind.
2. `receive_crossing`, at the branch that receives: its own account against its current account with the sender.
3. `confirm_crossing`, at the sender again: from “on its way” to its current account with the receiver.

The worker does 2 and 3. Each may be repeated: an entry is known by its key, a crossing by whether it has arrived. So whoever
dies between two of them leaves nothing that another does not finish, and nothing is booked twice.
"""

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.queries import BranchClosed
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.texts import written
from shouhou.ledger.actions._books import (
    BalanceTooLow,
    KeyUsedOtherwise,
    OnlyByCrossing,
    insert_under_key,
    lock_accounts,
)
from shouhou.ledger.actions.entries import post_entry
from shouhou.ledger.actions.opening import OwnerMissing, open_account
from shouhou.ledger.models import Crossing, JournalEntry, LedgerAccount
from shouhou.ledger.queries import AccountNotFound, key_over_there, received_entry
from shouhou.ledger.rules import BETWEEN_BRANCHES, AccountKind, Line, Reference, positive, written_key

SEND_ACROSS = "ledger.send_across"
_FIRST_PUT_OFF, _LONGEST_PUT_OFF = timedelta(minutes=1), timedelta(hours=6)


class _Told(TypedDict):
    permission: str
    by: Actor
    at: datetime


class CrossingStaysHere(Invalid):
    code = "crossing_stays_here"
    template = gettext_noop("This is the same branch. An entry does that.")


class CrossingNotReceived(Conflict):
    code = "crossing_not_received"
    template = gettext_noop("The other branch has not booked it yet.")


def send_across(
    out: Line,
    *,
    to: Branch,
    into_kind: str,
    into_owner: Reference,
    key: str,
    by: Actor,
    at: datetime,
    memo: str = "",
    rule: str = "",
    permission: str = SEND_ACROSS,
) -> Crossing:
    """Book money out of an account and leave word that it belongs to an account of another branch.

    `out` is the line here; over there it is the same amount on the other side. Repeats as with `post_entry`.
    Raises CrossingStaysHere, BranchClosed, UnknownChoice, OwnerMissing, WordMalformed, and what `post_entry` does.
    """
    check_choice("into_kind", into_kind, AccountKind.values)
    into_owner = into_owner.checked("into_owner")
    # Read, not locked: what is on its way to a branch that closes just now arrives on the accounts that it has.
    if Branch.objects.get(id=to.id).closed_at:
        raise BranchClosed(branch=to.name, field="to")
    if not (into_owner.kind and into_owner.id):
        raise OwnerMissing(field="into_owner")
    units = out.amount.minor_units()
    positive(out.amount if units > 0 else -out.amount)
    account = LedgerAccount.objects.visible_to(by).filter(id=out.account_id).first()
    if account is None:
        raise AccountNotFound(field="account")
    if {account.kind, into_kind} & BETWEEN_BRANCHES:
        raise OnlyByCrossing(field="into_kind")
    if to.id == account.branch_id:
        raise CrossingStaysHere(field="to")
    crossing = Crossing(
        branch_id=account.branch_id,
        account_id=account.id,
        to_branch_id=to.id,
        key=written_key(key),
        into_kind=into_kind,
        into_owner_kind=into_owner.kind,
        into_owner_id=into_owner.id,
        amount_minor=-units,
        currency=out.amount.currency,
        memo=written(memo, most=200, field="memo"),
        rule=written(rule, most=200, field="rule"),
        sent_at=at,
        next_try_at=at,
    )
    crossing.fingerprint = seal_of(crossing)
    told: _Told = {"permission": permission, "by": by, "at": at}
    with act_transaction():
        on_its_way = _account_with(crossing, AccountKind.BRANCH_CLEARING, **told)
        lock_accounts([account.id, on_its_way], permission=permission, by=by)
        if known := Crossing.objects.filter(branch_id=account.branch_id, key=crossing.key).first():
            if bytes(known.fingerprint) != crossing.fingerprint:
                raise KeyUsedOtherwise(key=crossing.key, field="key")
            return known
        insert_under_key(crossing)
        _post(crossing, [out, Line(on_its_way, -out.amount)], "sent", **told)
        record(
            branch_id=crossing.branch_id,
            chain_id=crossing.id,
            verb="ledger.crossing.sent",
            subject=("ledger_crossing", crossing.id),
            by=by,
            at=at,
            data={
                "key": crossing.key,
                "to_branch": str(to.id),
                "into": [into_kind, into_owner.kind, into_owner.id],
                "amount": [str(crossing.amount.amount), crossing.currency],
                "account": str(account.id),
                "fingerprint": crossing.fingerprint.hex(),
            },
            opens=True,
        )
        return crossing


def receive_crossing(crossing: Crossing, *, by: Actor, at: datetime) -> JournalEntry:
    """Book it at the branch to which it goes. What the account over there cannot take stands as not yet explained.

    A payment of a debt, say, that has been paid in the meantime: whoever keeps those books sees it and sorts it out.
    Raises what opening an account and posting do.
    """
    if known := received_entry(crossing):
        return known
    try:
        try:
            return _book_there(crossing, crossing.into_kind, crossing.into_owner, by=by, at=at)
        except BalanceTooLow:
            return _book_there(crossing, AccountKind.SUSPENSE, crossing.as_source, by=by, at=at)
    except KeyUsedOtherwise:
        # Another worker has just booked it on the other of the two.
        if known := received_entry(crossing):
            return known
        raise


def confirm_crossing(crossing: Crossing, *, by: Actor, at: datetime) -> Crossing:
    """Say at the branch that sent it that it has arrived. Raises CrossingNotReceived."""
    if received_entry(crossing) is None:
        raise CrossingNotReceived(field="crossing")
    with act_transaction():
        row = Crossing.objects.filter(branch_id=crossing.branch_id).select_for_update(no_key=True).get(id=crossing.id)
        if row.arrived_at is not None:
            return row
        told: _Told = {"permission": SEND_ACROSS, "by": by, "at": at}
        on_its_way = _account_with(row, AccountKind.BRANCH_CLEARING, **told)
        current = _account_with(row, AccountKind.BRANCH_CURRENT, **told)
        _post(row, [Line(current, row.amount), Line(on_its_way, -row.amount)], "arrived", **told)
        row.arrived_at = at
        row.save(update_fields=["arrived_at"])
        record(
            branch_id=row.branch_id,
            chain_id=row.id,
            verb="ledger.crossing.arrived",
            subject=("ledger_crossing", row.id),
            by=by,
            at=at,
            data={},
        )
        return row


def put_off_crossing(crossing: Crossing, *, at: datetime) -> None:
    """Try it again later, each time twice as late. Only when it is tried is said here, so it leaves no event."""
    wait = min(_FIRST_PUT_OFF * 2 ** min(crossing.tries, 20), _LONGEST_PUT_OFF)
    waiting = Crossing.objects.filter(branch_id=crossing.branch_id, id=crossing.id, arrived_at=None)
    waiting.update(tries=crossing.tries + 1, next_try_at=at + wait)


def seal_of(crossing: Crossing) -> bytes:
    """What tells a repeat from another crossing under the same key, and a crossing from what somebody made of it later."""
    return digest(
        {
            "account": str(crossing.account_id),
            "to": str(crossing.to_branch_id),
            "into": [crossing.into_kind, crossing.into_owner_kind, crossing.into_owner_id],
            "amount": [crossing.amount_minor, crossing.currency],
            "memo": crossing.memo,
            "rule": crossing.rule,
        }
    )


def _account_with(crossing: Crossing, kind: AccountKind, *, permission: str, by: Actor, at: datetime) -> UUID:
    """The sender's account of that kind with the branch to which it goes."""
    here, other = by.branch_of(crossing.branch_id), Reference("branch", str(crossing.to_branch_id))
    return open_account(
        here, kind=kind, owner=other, currency=crossing.currency, permission=permission, by=by, at=at
    ).id


def _book_there(crossing: Crossing, kind: str, owner: Reference, *, by: Actor, at: datetime) -> JournalEntry:
    there, sender = by.branch_of(crossing.to_branch_id), Reference("branch", str(crossing.branch_id))

    def account(kind: str, owner: Reference) -> UUID:
        currency = crossing.currency
        return open_account(there, kind=kind, owner=owner, currency=currency, permission=SEND_ACROSS, by=by, at=at).id

    lines = [
        Line(account(kind, owner), crossing.amount),
        Line(account(AccountKind.BRANCH_CURRENT, sender), -crossing.amount),
    ]
    return post_entry(
        lines,
        key=key_over_there(crossing.id),
        memo=crossing.memo,
        rule=crossing.rule,
        source=crossing.as_source,
        permission=SEND_ACROSS,
        by=by,
        at=at,
    )


def _post(crossing: Crossing, lines: list[Line], step: str, *, permission: str, by: Actor, at: datetime) -> None:
    post_entry(
        lines,
        key=f"crossing {crossing.id} {step}",
        memo=crossing.memo,
        rule=crossing.rule,
        source=crossing.as_source,
        permission=permission,
        by=by,
        at=at,
    )
