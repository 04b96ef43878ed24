"""Proving every fen: adds up anew what the running totals say, and looks whether the rows are still those that acts have written.

The database groups and sums; only what does not hold comes back. Call it inside one snapshot while others go on writing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Cast, Coalesce

from shouhou.access.models import Branch
from shouhou.audit.models import Event
from shouhou.kernel.money import Money
from shouhou.ledger.actions.holds import fingerprint_of
from shouhou.ledger.models import Hold, HoldMove, JournalEntry, LedgerAccount, Posting
from shouhou.ledger.rules import Draft, HoldStatus, Reference, growth
from shouhou.ledger.verifying_crossings import OnItsWay, disagreements, find_on_their_way, wrong_crossings

__all__ = [
    "LedgerFault",
    "OnItsWay",
    "OpenClearing",
    "count_checked",
    "find_ledger_faults",
    "find_on_their_way",
    "find_open_clearings",
]

_BATCH = 500
_POSTED, _PLACED = "ledger.entry.posted", "ledger.hold.placed"


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """One thing that does not hold. `kind` is stable; `subject` is the entry, account or hold that it is about."""

    kind: str
    branch_id: UUID
    subject: UUID
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OpenClearing:
    """A clearing account that has not returned to zero, and since when: the first posting after it last stood at zero."""

    account_id: UUID
    branch_id: UUID
    kind: str
    owner: Reference
    balance: Money
    since: datetime
    age: timedelta


def count_checked() -> dict[str, int]:
    """How much there is to look at, for all branches together."""
    tables = {"accounts": LedgerAccount, "entries": JournalEntry, "postings": Posting, "holds": Hold}
    branches = list(Branch.objects.values_list("id", flat=True))
    return {
        name: sum(model._default_manager.filter(branch_id=branch).count() for branch in branches)
        for name, model in tables.items()
    }


def find_ledger_faults(branch: Branch) -> Iterator[LedgerFault]:
    """Everything in the books of a branch that does not hold, as it is found."""
    for check in (
        _unbalanced,
        _incomplete,
        _orphans,
        _wrong_currency,
        _wrong_totals,
        _below_zero,
        _altered_entries,
        _wrong_reversals,
        _altered_holds,
        _wrong_ends,
        wrong_crossings,
        disagreements,
    ):
        for kind, subject, detail in check(branch):
            yield LedgerFault(kind, branch.id, subject, detail)


def find_open_clearings(branch: Branch, *, at: datetime) -> list[OpenClearing]:
    """Clearing accounts of a branch that are not at zero, the oldest first."""
    accounts = LedgerAccount.objects.at(branch).filter(must_return_to_zero=True).exclude(balance_minor=0)
    found = [
        OpenClearing(one.id, branch.id, one.kind, one.owner, one.balance, since, at - since)
        for one in accounts
        if (since := _open_since(one)) is not None
    ]
    return sorted(found, key=lambda one: (one.since, one.account_id))


type _Found = Iterator[tuple[str, UUID, str]]


def _unbalanced(branch: Branch) -> _Found:
    sums = Posting.objects.at(branch).values("entry_id", "currency").annotate(total=Sum("amount_minor"))
    for row in sums.exclude(total=0).order_by("entry_id", "currency").iterator():
        yield "entry_unbalanced", row["entry_id"], _shown(row["total"], row["currency"])


def _incomplete(branch: Branch) -> _Found:
    postings = Posting.objects.at(branch).filter(entry_id=OuterRef("id")).order_by().values("entry_id")
    entries = JournalEntry.objects.at(branch).annotate(
        found=Coalesce(Subquery(postings.annotate(number=Count("id")).values("number")), 0)
    )
    for key, lines, found in entries.exclude(found=F("lines")).order_by("id").values_list("id", "lines", "found"):
        yield "entry_incomplete", key, f"{found}/{lines}"


def _orphans(branch: Branch) -> _Found:
    entries = JournalEntry.objects.at(branch).filter(id=OuterRef("entry_id"))
    rows = Posting.objects.at(branch).filter(~Exists(entries)).order_by("id")
    for key, entry in rows.values_list("id", "entry_id").iterator():
        yield "posting_without_entry", key, str(entry)


def _wrong_currency(branch: Branch) -> _Found:
    rows = Posting.objects.at(branch).exclude(currency=F("account__currency")).order_by("id")
    for key, given, kept in rows.values_list("id", "currency", "account__currency").iterator():
        yield "posting_currency", key, f"{given} ≠ {kept}"


def _wrong_totals(branch: Branch) -> _Found:
    """Running totals that are not what the rows add up to."""
    postings = Posting.objects.at(branch).filter(account_id=OuterRef("id")).order_by().values("account_id")
    moves = HoldMove.objects.at(branch).filter(hold__account_id=OuterRef("id")).order_by().values("hold__account_id")
    accounts = LedgerAccount.objects.at(branch).annotate(
        posted=Coalesce(Subquery(postings.annotate(total=Sum("amount_minor")).values("total")), 0),
        moved=Coalesce(Subquery(moves.annotate(total=Sum("change_minor")).values("total")), 0),
    )
    for one in accounts.order_by("id").iterator():
        counted = growth(one.normal_side, int(one.posted))
        if counted != one.balance_minor:
            yield (
                "balance_differs",
                one.id,
                f"{_shown(one.balance_minor, one.currency)} ≠ {_shown(counted, one.currency)}",
            )
        moved = int(one.moved)
        if moved != one.held_minor:
            yield "held_differs", one.id, f"{_shown(one.held_minor, one.currency)} ≠ {_shown(moved, one.currency)}"


def _below_zero(branch: Branch) -> _Found:
    rows = LedgerAccount.objects.at(branch).filter(may_be_negative=False, balance_minor__lt=F("held_minor"))
    for one in rows.order_by("id"):
        yield "below_zero", one.id, _shown(one.balance_minor - one.held_minor, one.currency)


def _altered_entries(branch: Branch) -> _Found:
    """Entries that are not what their event says was posted, and events whose entry is gone."""
    for entries in batched(JournalEntry.objects.at(branch).order_by("id").iterator(_BATCH), _BATCH, strict=False):
        keys = [one.id for one in entries]
        told = _told(branch, keys, _POSTED)
        rows = Posting.objects.at(branch).filter(entry_id__in=keys).order_by("entry_id", "line")
        lines = {key: list(some) for key, some in groupby(rows, key=lambda one: one.entry_id)}
        for one in entries:
            said = told.get(one.id)
            if said is None:
                yield "entry_without_event", one.id, one.key
            elif not (said["fingerprint"] == bytes(one.fingerprint).hex() and said["key"] == one.key):
                yield "entry_not_as_posted", one.id, one.key
            elif _draft_of(one, lines.get(one.id, [])).fingerprint != bytes(one.fingerprint):
                yield "entry_altered", one.id, one.key
    entries_there = JournalEntry.objects.at(branch).filter(id=OuterRef("chain_id"))
    for key, content in _events_without(branch, _POSTED, entries_there):
        yield "entry_removed", key, str(content.get("key", ""))


def _wrong_reversals(branch: Branch) -> _Found:
    """Reversals that do not take back exactly what they say they do."""
    pairs = JournalEntry.objects.at(branch).filter(reverses__isnull=False).order_by("id")
    for reversals in batched(pairs.iterator(_BATCH), _BATCH, strict=False):
        keys = {key for one in reversals for key in (one.id, one.reverses_id) if key}
        sums: dict[UUID, set[tuple[UUID, int]]] = {}
        rows = Posting.objects.at(branch).filter(entry_id__in=keys)
        for row in rows.values("entry_id", "account_id").annotate(total=Sum("amount_minor")).order_by():
            sums.setdefault(row["entry_id"], set()).add((row["account_id"], int(row["total"])))
        for one in reversals:
            back = {(account, -total) for account, total in sums.get(one.id, set())}
            if one.reverses_id is None or back != sums.get(one.reverses_id, set()):
                yield "reversal_differs", one.id, one.key


def _altered_holds(branch: Branch) -> _Found:
    for holds in batched(
        Hold.objects.at(branch).select_related("account").order_by("id").iterator(_BATCH), _BATCH, strict=False
    ):
        told = _told(branch, [one.id for one in holds], _PLACED)
        for one in holds:
            seal = fingerprint_of(one, currency=one.account.currency)
            said = told.get(one.id)
            if said is None:
                yield "hold_without_event", one.id, one.key
            elif not seal.hex() == bytes(one.fingerprint).hex() == said["fingerprint"]:
                yield "hold_altered", one.id, one.key
    holds_there = Hold.objects.at(branch).filter(id=OuterRef("chain_id"))
    for key, _content in _events_without(branch, _PLACED, holds_there):
        yield "hold_removed", key, ""


def _wrong_ends(branch: Branch) -> _Found:
    """Holds whose status is not that of their last move, and posted ones without the entry that paid them."""
    moves = HoldMove.objects.at(branch).filter(hold_id=OuterRef("id"))
    ended = Coalesce(Subquery(moves.exclude(kind=HoldMove.Kind.PLACED).values("kind")[:1]), Cast("status", CharField()))
    held = Coalesce(Subquery(moves.order_by().values("hold_id").annotate(total=Sum("change_minor")).values("total")), 0)
    due = Case(When(status=HoldStatus.PENDING, then=F("amount_minor")), default=0)
    rows = Hold.objects.at(branch).annotate(ended=ended, held=held, due=due)
    for key, status in rows.exclude(ended=F("status"), held=F("due")).order_by("id").values_list("id", "status"):
        yield "hold_differs", key, status
    paid = JournalEntry.objects.at(branch).filter(hold_id=OuterRef("id"))
    wrong = Q(status=HoldStatus.POSTED, paid=False) | ~Q(status=HoldStatus.POSTED) & Q(paid=True)
    by_payment = Hold.objects.at(branch).annotate(paid=Exists(paid))
    for key, status in by_payment.filter(wrong).order_by("id").values_list("id", "status"):
        yield "hold_without_entry", key, status


def _told(branch: Branch, keys: list[UUID], verb: str) -> dict[UUID, Any]:
    events = Event.objects.filter(branch_id=branch.id, chain_id__in=keys, sequence=1, verb=verb)
    return dict(events.values_list("chain_id", "data"))


def _events_without(branch: Branch, verb: str, rows: QuerySet[Any]) -> Iterator[tuple[UUID, Any]]:
    events = Event.objects.filter(branch_id=branch.id, sequence=1, verb=verb)
    return events.filter(~Exists(rows)).order_by("chain_id").values_list("chain_id", "data").iterator()


def _draft_of(entry: JournalEntry, postings: list[Posting]) -> Draft:
    return Draft(
        key=entry.key,
        lines=tuple(one.as_line() for one in postings),
        memo=entry.memo,
        source=entry.source,
        rule=entry.rule,
        event_id=entry.event_id,
        reverses_id=entry.reverses_id,
        hold_id=entry.hold_id,
    )


def _open_since(account: LedgerAccount) -> datetime | None:
    """Walk back from today's balance to the moment at which it was zero."""
    left, since = account.balance_minor, None
    rows = Posting.objects.filter(branch_id=account.branch_id, account_id=account.id).order_by("-at", "-id")
    for at, minor_units in rows.values_list("at", "amount_minor").iterator():
        since = at
        left -= growth(account.normal_side, minor_units)
        if left == 0:
            break
    return since


def _shown(minor_units: int, currency: str) -> str:
    return f"{Money.of_minor_units(minor_units, currency).amount} {currency}"
