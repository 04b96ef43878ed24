"""Entries: posted under a caller's key, corrected by reversal only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shouhou.access.actions import ReasonOwed
from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.ledger.actions._books import branch_of, entry_under_key, lock_accounts, write_entry
from shouhou.ledger.models import JournalEntry, Posting
from shouhou.ledger.queries import EntryNotFound
from shouhou.ledger.rules import CROSSING, NOTHING, Draft, Line, Reference

POST_ENTRY = "ledger.post_entry"
REVERSE_ENTRY = "ledger.reverse_entry"


class EntryReversedAlready(Conflict):
    code = "entry_reversed_already"
    template = gettext_noop("This entry has been reversed already.")


class ReversalStays(Conflict):
    code = "reversal_stays"
    template = gettext_noop("This is a reversal itself. Post the entry anew.")


class CrossingStays(Conflict):
    code = "crossing_stays"
    template = gettext_noop("This entry has its counterpart in another branch. Send the money back instead.")


def post_entry(
    lines: Sequence[Line],
    *,
    key: str,
    by: Actor,
    at: datetime,
    memo: str = "",
    source: Reference = NOTHING,
    rule: str = "",
    event_id: UUID | None = None,
    permission: str = POST_ENTRY,
) -> JournalEntry:
    """Put balanced lines on accounts of one branch. The same call under the same key gives the entry of the first.

    `source` is what it comes from, `rule` the version of the rule that demands it, `event_id` the event that brought it about,
    `permission` that of the act of which it is a part, where it is not posted for its own sake.
    Raises TooFewLines, EntryUnbalanced, AmountNotPositive, AmountTooLarge, FinerThanMinorUnit, KeyMissing, KeyUsedOtherwise,
    AccountNotFound, AccountInOtherCurrency, EntryCrossesBranches, BalanceTooLow, BalanceTooHigh, TextTooLong, NotPermitted.
    """
    draft = Draft(key=key, lines=tuple(lines), memo=memo, source=source, rule=rule, event_id=event_id).checked()
    with act_transaction():
        accounts = lock_accounts([line.account_id for line in draft.lines], permission=permission, by=by)
        known = entry_under_key(draft, branch_id=branch_of(accounts))
        return known or write_entry(draft, accounts, by=by, at=at)


def reverse_entry(
    entry_id: UUID, *, key: str, reason: str, by: Actor, at: datetime, permission: str = REVERSE_ENTRY
) -> JournalEntry:
    """The entry that takes another one back, line by line; once, and with a reason. Repeats as with `post_entry`.

    Raises EntryNotFound, ReasonOwed, EntryReversedAlready, ReversalStays, CrossingStays, BalanceTooLow, KeyMissing,
    KeyUsedOtherwise, TextTooLong, NotPermitted.
    """
    if not reason.strip():
        raise ReasonOwed(field="reason")
    with act_transaction():
        # An entry and its postings never change, so they may be read before anything is locked.
        entry = JournalEntry.objects.visible_to(by).filter(id=entry_id).first()
        if entry is None:
            raise EntryNotFound(field="entry")
        by.require(permission, entry.branch_id)
        postings = Posting.objects.filter(branch_id=entry.branch_id, entry_id=entry.id).order_by("line")
        draft = Draft(
            key=key,
            lines=tuple(-posting.as_line() for posting in postings),
            memo=reason,
            source=entry.source,
            rule=entry.rule,
            reverses_id=entry.id,
        ).checked()
        accounts = lock_accounts([line.account_id for line in draft.lines], permission=permission, by=by)
        if known := entry_under_key(draft, branch_id=entry.branch_id):
            return known
        if entry.source_kind == CROSSING:
            raise CrossingStays(field="entry")
        if entry.reverses_id:
            raise ReversalStays(field="entry")
        if JournalEntry.objects.filter(branch_id=entry.branch_id, reverses_id=entry.id).exists():
            raise EntryReversedAlready(field="entry")
        reversal = write_entry(draft, accounts, by=by, at=at)
        record(
            branch_id=entry.branch_id,
            chain_id=entry.id,
            verb="ledger.entry.reversed",
            subject=("journal_entry", entry.id),
            by=by,
            at=at,
            data={"reversal": str(reversal.id), "reason": draft.memo},
        )
        return reversal
