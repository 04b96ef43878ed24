"""Holds: money set aside, then posted (whole or in part), voided, or timed out. Each ends once."""

from datetime import UTC, datetime
from uuid import UUID

from shouhou.access.actions import ReasonOwed
from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.money import Money
from shouhou.kernel.texts import written
from shouhou.ledger.actions._books import (
    Accounts,
    KeyUsedOtherwise,
    branch_of,
    check_available,
    check_currency,
    entry_under_key,
    insert_under_key,
    lock_accounts,
    write_entry,
)
from shouhou.ledger.models import Hold, HoldMove, JournalEntry, LedgerAccount
from shouhou.ledger.queries import HoldNotFound
from shouhou.ledger.rules import NOTHING, Draft, HoldStatus, Reference, Side, on_side, positive, written_key

PLACE_HOLD = "ledger.place_hold"
END_HOLD = "ledger.end_hold"


class HoldEnded(Conflict):
    code = "hold_ended"
    template = gettext_noop("The hold has ended already (%(status)s).")


class HoldRunOut(Conflict):
    code = "hold_run_out"
    template = gettext_noop("The time of the hold is over.")


class HoldNotRunOut(Conflict):
    code = "hold_not_run_out"
    template = gettext_noop("The time of the hold is not over.")


class MoreThanHeld(Invalid):
    code = "more_than_held"
    template = gettext_noop("Only %(held)s %(currency)s are held.")


class HoldEndsBeforeItBegins(Invalid):
    code = "hold_ends_before_it_begins"
    template = gettext_noop("A hold ends after it begins.")


def place_hold(
    account_id: UUID,
    *,
    amount: Money,
    key: str,
    by: Actor,
    at: datetime,
    expires_at: datetime | None = None,
    memo: str = "",
    source: Reference = NOTHING,
    permission: str = PLACE_HOLD,
) -> Hold:
    """Set an amount aside on an account. The same call under the same key gives the hold of the first.

    From `expires_at` on it can only be timed out; without one it stays until somebody ends it.
    Raises AmountNotPositive, AmountTooLarge, FinerThanMinorUnit, HoldEndsBeforeItBegins, KeyMissing, KeyUsedOtherwise,
    AccountNotFound, AccountInOtherCurrency, BalanceTooLow, TextTooLong, NotPermitted.
    """
    hold = Hold(
        account_id=account_id,
        key=written_key(key),
        amount_minor=positive(amount).minor_units(),
        memo=written(memo, most=200, field="memo"),
        placed_at=at,
        expires_at=expires_at,
    )
    source = source.checked("source")
    hold.source_kind, hold.source_id = source.kind, source.id
    if expires_at is not None and expires_at <= at:
        raise HoldEndsBeforeItBegins(field="expires_at")
    hold.fingerprint = fingerprint_of(hold, currency=amount.currency)
    with act_transaction():
        accounts = lock_accounts([account_id], permission=permission, by=by)
        account = accounts[account_id]
        known = Hold.objects.filter(branch_id=account.branch_id, key=hold.key).first()
        if known is not None:
            if bytes(known.fingerprint) != hold.fingerprint:
                raise KeyUsedOtherwise(key=hold.key, field="key")
            return known
        check_currency(account, amount)
        check_available(account, amount)
        hold.branch_id = account.branch_id
        insert_under_key(hold)
        data = {"key": hold.key, "amount": [str(amount.amount), amount.currency], "fingerprint": hold.fingerprint.hex()}
        _move(hold, HoldMove.Kind.PLACED, by=by, at=at, data=data)
        return hold


def post_hold(
    hold_id: UUID,
    *,
    to: UUID,
    key: str,
    by: Actor,
    at: datetime,
    amount: Money | None = None,
    memo: str = "",
    rule: str = "",
    event_id: UUID | None = None,
    permission: str = END_HOLD,
) -> JournalEntry:
    """Pay what was held (or a part of it: the rest is free again) from the hold's account to another. Repeats as `post_entry`.

    Raises HoldNotFound, HoldEnded, HoldRunOut, MoreThanHeld, and what `post_entry` does.
    """
    with act_transaction():
        held = _seen(hold_id, permission=permission, by=by)
        accounts = lock_accounts([held.account_id, to], permission=permission, by=by)
        whole = Money.of_minor_units(held.amount_minor, accounts[held.account_id].currency)
        draft = _payment(held, to, amount or whole, accounts, key=key, memo=memo, rule=rule, event_id=event_id)
        if known := entry_under_key(draft, branch_id=branch_of(accounts)):
            return known
        hold = _locked_pending(held)
        if hold.expires_at is not None and hold.expires_at <= at:
            raise HoldRunOut(field="hold")
        paid = amount or whole
        if whole < paid:
            raise MoreThanHeld(held=whole.amount, currency=whole.currency, field="amount")
        _move(hold, HoldMove.Kind.POSTED, by=by, at=at, data={"amount": [str(paid.amount), paid.currency]})
        account = accounts[hold.account_id]
        account.held_minor -= hold.amount_minor  # as the database has just done
        return write_entry(draft, accounts, by=by, at=at)


def void_hold(hold_id: UUID, *, reason: str, by: Actor, at: datetime, permission: str = END_HOLD) -> Hold:
    """Give what was held free again, for a reason. Raises HoldNotFound, HoldEnded, ReasonOwed, TextTooLong, NotPermitted."""
    reason = written(reason, most=200, field="reason")
    if not reason:
        raise ReasonOwed(field="reason")
    with act_transaction():
        held = _seen(hold_id, permission=permission, by=by)
        lock_accounts([held.account_id], permission=permission, by=by)
        hold = _locked_pending(held)
        _move(hold, HoldMove.Kind.VOIDED, by=by, at=at, reason=reason, data={"reason": reason})
        return hold


def time_out_hold(hold_id: UUID, *, by: Actor, at: datetime, permission: str = END_HOLD) -> Hold:
    """Give free what was held longer than it might be. Raises HoldNotFound, HoldEnded, HoldNotRunOut, NotPermitted."""
    with act_transaction():
        held = _seen(hold_id, permission=permission, by=by)
        lock_accounts([held.account_id], permission=permission, by=by)
        hold = _locked_pending(held)
        if hold.expires_at is None or at < hold.expires_at:
            raise HoldNotRunOut(field="hold")
        _move(hold, HoldMove.Kind.TIMED_OUT, by=by, at=at, data={})
        return hold


def fingerprint_of(hold: Hold, *, currency: str) -> bytes:
    """What tells a repeat from another hold under the same key."""
    return digest(
        {
            "account": str(hold.account_id),
            "amount": [hold.amount_minor, currency],
            "memo": hold.memo,
            "source": [hold.source_kind, hold.source_id],
            "expires": hold.expires_at.astimezone(UTC).isoformat() if hold.expires_at else None,
        }
    )


def _payment(
    hold: Hold,
    to: UUID,
    amount: Money,
    accounts: Accounts,
    *,
    key: str,
    memo: str,
    rule: str,
    event_id: UUID | None,
) -> Draft:
    account: LedgerAccount = accounts[hold.account_id]
    shrinks = Side.CREDIT if account.normal_side == Side.DEBIT else Side.DEBIT
    return Draft(
        key=key,
        lines=(on_side(shrinks, account.id, amount), on_side(account.normal_side, to, amount)),
        memo=memo or hold.memo,
        source=hold.source,
        rule=rule,
        event_id=event_id,
        hold_id=hold.id,
    ).checked()


def _seen(hold_id: UUID, *, permission: str, by: Actor) -> Hold:
    """The hold as it was at some moment; its account, at least, never changes."""
    hold = Hold.objects.visible_to(by).filter(id=hold_id).first()
    if hold is None:
        raise HoldNotFound(field="hold")
    by.require(permission, hold.branch_id)
    return hold


def _locked_pending(hold: Hold) -> Hold:
    """The hold as it is under the lock of its account, which everybody takes who ends one. Raises HoldEnded."""
    now = Hold.objects.filter(branch_id=hold.branch_id).get(id=hold.id)
    if now.status != HoldStatus.PENDING:
        raise HoldEnded(status=now.get_status_display(), field="hold")
    return now


def _move(
    hold: Hold, kind: HoldMove.Kind, *, by: Actor, at: datetime, data: dict[str, object], reason: str = ""
) -> None:
    begins = kind == HoldMove.Kind.PLACED
    change = hold.amount_minor if begins else -hold.amount_minor
    HoldMove.objects.create(branch_id=hold.branch_id, hold=hold, kind=kind, change_minor=change, reason=reason, at=at)
    if not begins:
        hold.status = kind.value  # the database moves it with the insert
    record(
        branch_id=hold.branch_id,
        chain_id=hold.id,
        verb=f"ledger.hold.{kind.value}",
        subject=("ledger_hold", hold.id),
        by=by,
        at=at,
        data=data,
        opens=begins,
    )
