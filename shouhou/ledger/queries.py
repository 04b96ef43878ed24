"""Reading the books: accounts, entries, holds, and the statement of an account."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_LEDGER
from shouhou.access.wall import BranchQuerySet
from shouhou.kernel.errors import NotFound
from shouhou.kernel.money import Money
from shouhou.kernel.periods import Period
from shouhou.ledger.models import Crossing, Hold, JournalEntry, LedgerAccount, Posting
from shouhou.ledger.rules import AccountKind, HoldStatus, Reference, Side, growth


class AccountNotFound(NotFound):
    code = "ledger_account_not_found"


class EntryNotFound(NotFound):
    code = "ledger_entry_not_found"


class HoldNotFound(NotFound):
    code = "ledger_hold_not_found"


def get_account(account_id: UUID, *, by: Actor) -> LedgerAccount:
    """One account of the actor's branches. Raises AccountNotFound, NotPermitted."""
    found = LedgerAccount.objects.visible_to(by).filter(id=account_id).first()
    if found is None:
        raise AccountNotFound(field="account")
    by.require(SEE_LEDGER, found.branch_id)
    return found


def find_accounts(
    branch: Branch, *, by: Actor, kinds: Collection[str] = (), owner: Reference | None = None
) -> BranchQuerySet[LedgerAccount]:
    """The accounts of a branch, by kind and owner. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_LEDGER, branch.id)
    rows = LedgerAccount.objects.at(branch)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if owner is not None:
        rows = rows.filter(owner_kind=owner.kind, owner_id=owner.id)
    return rows.order_by("kind", "owner_kind", "owner_id", "currency", "id")


def find_sums_of_kinds(branch: Branch, *, by: Actor) -> list[tuple[AccountKind, Money]]:
    """What stands on all accounts of a kind together, per currency, in the order of the kinds. Raises as `find_accounts` does."""
    rows = find_accounts(branch, by=by).order_by().values("kind", "currency").annotate(total=Sum("balance_minor"))
    order = list(AccountKind)
    sums = [
        (AccountKind(row["kind"]), Money.of_minor_units(int(row["total"]), row["currency"]))
        for row in rows.order_by("currency")
    ]
    return sorted(sums, key=lambda one: order.index(one[0]))


def get_entry(entry_id: UUID, *, by: Actor) -> JournalEntry:
    """One entry of the actor's branches. Raises EntryNotFound, NotPermitted."""
    found = JournalEntry.objects.visible_to(by).filter(id=entry_id).first()
    if found is None:
        raise EntryNotFound(field="entry")
    by.require(SEE_LEDGER, found.branch_id)
    return found


def find_lines_of(entry: JournalEntry) -> BranchQuerySet[Posting]:
    """The postings of an entry with their accounts, in its order."""
    rows = Posting.objects.filter(branch_id=entry.branch_id, entry_id=entry.id)
    return rows.select_related("account").order_by("line")


def find_postings_on(account: LedgerAccount, since: datetime | None, until: datetime | None) -> BranchQuerySet[Posting]:
    """What was posted on an account from `since` up to, and without, `until`, with the entries; as it was posted."""
    rows = Posting.objects.filter(branch_id=account.branch_id, account_id=account.id)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows.select_related("entry").order_by("at", "id")


def balance_before(account: LedgerAccount, posting: Posting | None, *, at: datetime | None) -> int:
    """What stood on an account before a posting in minor units; without one at the moment, or nothing at its beginning."""
    rows = Posting.objects.filter(branch_id=account.branch_id, account_id=account.id)
    if posting is not None:
        rows = rows.filter(Q(at__lt=posting.at) | Q(at=posting.at, id__lt=posting.id))
    elif at is not None:
        rows = rows.filter(at__lt=at)
    else:
        return 0
    return growth(Side(account.normal_side), int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0))


def find_reversal_of(entry: JournalEntry) -> JournalEntry | None:
    """The entry that took another one back."""
    return JournalEntry.objects.filter(branch_id=entry.branch_id, reverses_id=entry.id).first()


def find_entries_from(source: Reference, *, branch: Branch, by: Actor) -> BranchQuerySet[JournalEntry]:
    """What one source (an order, a claim) has put into the books, oldest first. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_LEDGER, branch.id)
    rows = JournalEntry.objects.at(branch)
    return rows.filter(source_kind=source.kind, source_id=source.id).order_by("at", "id")


def get_hold(hold_id: UUID, *, by: Actor) -> Hold:
    """One hold of the actor's branches. Raises HoldNotFound, NotPermitted."""
    found = Hold.objects.visible_to(by).filter(id=hold_id).select_related("account").first()
    if found is None:
        raise HoldNotFound(field="hold")
    by.require(SEE_LEDGER, found.branch_id)
    return found


def find_holds(branch: Branch, *, by: Actor, status: str = "") -> BranchQuerySet[Hold]:
    """The holds of a branch with their accounts, the newest first. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_LEDGER, branch.id)
    rows = Hold.objects.at(branch).select_related("account")
    return (rows.filter(status=status) if status else rows).order_by("-id")


def find_holds_of(account: LedgerAccount, *, by: Actor) -> BranchQuerySet[Hold]:
    """The holds of an account, in the order in which they were placed. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_LEDGER, account.branch_id)
    return Hold.objects.filter(branch_id=account.branch_id, account_id=account.id).order_by("id")


def find_holds_run_out(branch: Branch, *, at: datetime) -> BranchQuerySet[Hold]:
    """Holds whose time is over and that nobody has ended, the longest overdue first. Served by a partial index."""
    rows = Hold.objects.at(branch)
    return rows.filter(status=HoldStatus.PENDING, expires_at__lte=at).order_by("expires_at", "id")


def find_crossings_due(branch: Branch, *, at: datetime) -> BranchQuerySet[Crossing]:
    """What the branch has sent and has not arrived, and is to be tried now; oldest first. Served by a partial index."""
    return find_crossings_on_their_way(branch).filter(next_try_at__lte=at).order_by("next_try_at", "id")


def find_crossings_on_their_way(branch: Branch) -> BranchQuerySet[Crossing]:
    """What the branch has sent and has not arrived, oldest first."""
    return Crossing.objects.at(branch).filter(arrived_at=None).order_by("sent_at", "id")


def received_entry(crossing: Crossing) -> JournalEntry | None:
    """The entry by which the other branch has booked a crossing."""
    owner = crossing.as_source
    rows = JournalEntry.objects.filter(branch_id=crossing.to_branch_id, key=key_over_there(crossing.id))
    return rows.filter(source_kind=owner.kind, source_id=owner.id).first()


def key_over_there(crossing_id: UUID) -> str:
    """The key of that entry."""
    return f"crossing {crossing_id} received"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A posting on the account. `growth` is above zero where the account grew; `balance` is what stood on it after."""

    at: datetime
    entry_id: UUID
    memo: str
    source: Reference
    rule: str
    amount: Money
    growth: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """What happened on an account in a half-open period; `opening` plus all growth is `closing`."""

    account: LedgerAccount
    period: Period[datetime]
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money


def get_statement(account_id: UUID, *, period: Period[datetime], by: Actor) -> AccountStatement:
    """The statement of an account. Three queries. Raises AccountNotFound, NotPermitted."""
    account = get_account(account_id, by=by)
    side, currency = account.normal_side, account.currency
    rows: Any = Posting.objects.filter(branch_id=account.branch_id, account_id=account.id)
    before = rows.filter(at__lt=period.start).aggregate(total=Sum("amount_minor"))["total"] or 0
    rows = rows.filter(at__gte=period.start)
    if period.end is not None:
        rows = rows.filter(at__lt=period.end)
    opening = balance = growth(side, int(before))
    lines = []
    for posting in rows.select_related("entry").order_by("at", "id"):
        grown = growth(side, posting.amount_minor)
        balance += grown
        lines.append(
            StatementLine(
                at=posting.at,
                entry_id=posting.entry_id,
                memo=posting.entry.memo,
                source=posting.entry.source,
                rule=posting.entry.rule,
                amount=posting.amount,
                growth=Money.of_minor_units(grown, currency),
                balance=Money.of_minor_units(balance, currency),
            )
        )
    return AccountStatement(
        account=account,
        period=period,
        opening=Money.of_minor_units(opening, currency),
        lines=tuple(lines),
        closing=Money.of_minor_units(balance, currency),
    )
