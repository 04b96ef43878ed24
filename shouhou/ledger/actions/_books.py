"""What all acts share: accounts locked in one order, an entry written under its key, available money looked at."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.statements import insert_once
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.money import Money
from shouhou.ledger.models import Crossing, Hold, JournalEntry, LedgerAccount, Posting
from shouhou.ledger.queries import AccountNotFound
from shouhou.ledger.rules import BETWEEN_BRANCHES, CROSSING, MOST_MINOR_UNITS, Draft, Line, growth, plain_line

# A balance stays far below the 64 bits of its column, beyond which SQLite would begin to round.
_MOST_ON_ACCOUNT = MOST_MINOR_UNITS * 1000


class BalanceTooLow(Conflict):
    code = "balance_too_low"
    template = gettext_noop("Only %(available)s %(currency)s are available; %(wanted)s were asked for.")


class BalanceTooHigh(Conflict):
    code = "balance_too_high"
    template = gettext_noop("The account cannot hold that much.")


class KeyUsedOtherwise(Conflict):
    code = "ledger_key_used"
    template = gettext_noop("Something else has been booked under the key “%(key)s”.")


class EntryCrossesBranches(Invalid):
    code = "entry_crosses_branches"
    template = gettext_noop(
        "An entry stays in one branch; money goes to another through a clearing account on both sides."
    )


class OnlyByCrossing(Invalid):
    code = "only_by_crossing"
    template = gettext_noop("Money between branches is booked by sending it, not by an entry of its own.")


class AccountInOtherCurrency(Invalid):
    code = "account_in_other_currency"
    template = gettext_noop("The account is kept in %(account)s, not in %(given)s.")


type Accounts = Mapping[UUID, LedgerAccount]


def lock_accounts(keys: Collection[UUID], *, permission: str, by: Actor) -> Accounts:
    """The accounts, locked in the order of their keys so that two entries never wait for each other in a ring.

    Raises AccountNotFound, EntryCrossesBranches, NotPermitted.
    """
    rows = LedgerAccount.objects.visible_to(by).filter(id__in=set(keys)).order_by("id")
    # What refers to an account does not change it; only others who would count it up have to wait.
    accounts = {one.id: one for one in rows.select_for_update(no_key=True)}
    if len(accounts) < len(set(keys)):
        raise AccountNotFound(field="account")
    branches = {one.branch_id for one in accounts.values()}
    if len(branches) > 1:
        raise EntryCrossesBranches(field="lines")
    by.require(permission, *branches)
    return accounts


def branch_of(accounts: Accounts) -> UUID:
    """The one branch of locked accounts."""
    return next(iter(accounts.values())).branch_id


def entry_under_key(draft: Draft, *, branch_id: UUID) -> JournalEntry | None:
    """The entry that the same call has written before. Raises KeyUsedOtherwise.

    Looked up under the lock of the accounts: two calls that say the same touch the same accounts, so one waits for the other.
    """
    known = JournalEntry.objects.filter(branch_id=branch_id, key=draft.key).first()
    if known is not None and bytes(known.fingerprint) != draft.fingerprint:
        raise KeyUsedOtherwise(key=draft.key, field="key")
    return known


def write_entry(draft: Draft, accounts: Accounts, *, by: Actor, at: datetime) -> JournalEntry:
    """Write a checked draft on locked accounts.

    Raises AccountInOtherCurrency, OnlyByCrossing, BalanceTooLow, BalanceTooHigh, KeyUsedOtherwise.
    """
    if draft.source.kind != CROSSING and any(one.kind in BETWEEN_BRANCHES for one in accounts.values()):
        raise OnlyByCrossing(field="lines")
    _check_balances(draft.lines, accounts)
    branch_id = branch_of(accounts)
    entry = JournalEntry(
        branch_id=branch_id,
        key=draft.key,
        fingerprint=draft.fingerprint,
        lines=len(draft.lines),
        memo=draft.memo,
        source_kind=draft.source.kind,
        source_id=draft.source.id,
        rule=draft.rule,
        event_id=draft.event_id,
        reverses_id=draft.reverses_id,
        hold_id=draft.hold_id,
        at=at,
    )
    postings = [
        Posting(
            branch_id=branch_id,
            entry_id=entry.id,
            account_id=line.account_id,
            line=number,
            amount_minor=line.amount.minor_units(),
            currency=line.amount.currency,
            at=at,
        )
        for number, line in enumerate(draft.lines, start=1)
    ]
    # What grows comes first: an account that two lines touch then never falls below zero in between. The entry comes last, and
    # the database adds its postings up (see `guards`).
    postings.sort(key=lambda one: growth(accounts[one.account_id].normal_side, one.amount_minor) < 0)
    Posting.objects.bulk_create(postings)
    insert_under_key(entry)
    record(
        branch_id=branch_id,
        chain_id=entry.id,
        verb="ledger.entry.posted",
        subject=("journal_entry", entry.id),
        by=by,
        at=at,
        data={
            "key": entry.key,
            "lines": [plain_line(line) for line in draft.lines],
            "fingerprint": draft.fingerprint.hex(),
        },
        opens=True,
    )
    return entry


def insert_under_key(row: Crossing | Hold | JournalEntry) -> None:
    """Insert a row whose key is unique in its branch. Raises KeyUsedOtherwise.

    It waits for another transaction that uses the key just now. That one says something else, or we would have met at the lock.
    """
    if not insert_once(row, unique=("branch_id", "key")):
        raise KeyUsedOtherwise(key=row.key, field="key")


def check_available(account: LedgerAccount, wanted: Money) -> None:
    """Raise BalanceTooLow where the amount is more than is available on an account that may not fall below zero."""
    if not account.may_be_negative and account.available < wanted:
        raise BalanceTooLow(
            available=account.available.amount, wanted=wanted.amount, currency=account.currency, field="amount"
        )


def check_currency(account: LedgerAccount, amount: Money) -> None:
    """Raise AccountInOtherCurrency."""
    if amount.currency != account.currency:
        raise AccountInOtherCurrency(account=account.currency, given=amount.currency, field="amount")


def _check_balances(lines: Sequence[Line], accounts: Accounts) -> None:
    grown = dict.fromkeys(accounts, 0)
    for line in lines:
        account = accounts[line.account_id]
        check_currency(account, line.amount)
        grown[line.account_id] += growth(account.normal_side, line.amount.minor_units())
    for key, minor_units in grown.items():
        account = accounts[key]
        if abs(account.balance_minor + minor_units) > _MOST_ON_ACCOUNT:
            raise BalanceTooHigh(field="amount")
        if minor_units < 0:
            check_available(account, Money.of_minor_units(-minor_units, account.currency))
