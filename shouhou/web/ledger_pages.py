"""What the pages of the books show: accounts by kind, a statement with everything its lines rest on, an entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, User
from shouhou.audit.queries import find_events
from shouhou.kernel.money import Money
from shouhou.ledger.queries import (
    AccountStatement,
    find_accounts,
    find_lines_of,
    find_reversal_of,
    find_sums_of_kinds,
    get_entry,
)
from shouhou.ledger.rules import NOTHING, AccountKind
from shouhou.ledger.verifying import find_open_clearings
from shouhou.web.owner_names import Named, name_all

MOST_CHOICES = 500


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a list. `since` is there while a clearing account has not returned to zero."""

    id: UUID
    kind: AccountKind
    owner: Named
    balance: Money
    held: Money
    available: Money
    since: datetime | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class AccountGroup:
    """The accounts of one kind that are shown, and what all of that kind come to together, per currency."""

    kind: AccountKind
    lines: list[AccountLine]
    sums: list[Money]


@dataclass(frozen=True, slots=True)
class Cited:
    """The rule of a line; its page, where the rule has one."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a statement: what came or went, and what it rests on."""

    at: datetime
    entry_id: UUID
    memo: str
    source: Named | None
    rule: Cited | None
    came: Decimal | None
    went: Decimal | None
    balance: Decimal


@dataclass(frozen=True, slots=True)
class PostingShown:
    """A line of an entry."""

    account_id: UUID
    kind: AccountKind
    owner: Named
    debit: Decimal | None
    credit: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An entry with all that stands behind it: who, why, by which rule, what it takes back or was taken back by."""

    entry: Any
    lines: list[PostingShown]
    source: Named | None
    rule: Cited | None
    who: str
    channel: str
    event_id: UUID | None
    reversal: Any


def group_accounts(accounts: Sequence[Any], *, branch: Branch, by: Actor, at: datetime) -> list[AccountGroup]:
    """The accounts under their kinds, in the order of the kinds. Queries for names, sums and open clearing accounts only."""
    order = list(AccountKind)
    sums = find_sums_of_kinds(branch, by=by)
    shown = sorted(account_lines(accounts, branch=branch, at=at), key=lambda one: order.index(one.kind))
    return [
        AccountGroup(kind, list(lines), [total for of, total in sums if of == kind])
        for kind, lines in groupby(shown, key=lambda one: one.kind)
    ]


def account_lines(accounts: Sequence[Any], *, branch: Branch, at: datetime) -> list[AccountLine]:
    """The accounts as a list shows them, in the order in which they come."""
    names = name_all((one.owner for one in accounts), branch=branch)
    clearing = any(one.must_return_to_zero and one.balance_minor for one in accounts)
    open_ones = {one.account_id: one for one in find_open_clearings(branch, at=at)} if clearing else {}
    return [
        AccountLine(
            one.id,
            AccountKind(one.kind),
            names[one.owner],
            one.balance,
            one.held,
            one.available,
            since=open_ones[one.id].since if one.id in open_ones else None,
            days=open_ones[one.id].age.days if one.id in open_ones else 0,
        )
        for one in accounts
    ]


def account_choices(branch: Branch, *, by: Actor, without: frozenset[AccountKind]) -> list[tuple[str, Any]]:
    """The accounts of a branch for a choice, grouped by kind; at most MOST_CHOICES."""
    kinds = [one for one in AccountKind if one not in without]
    accounts = list(find_accounts(branch, by=by, kinds=kinds)[:MOST_CHOICES])
    names = name_all((one.owner for one in accounts), branch=branch)
    chosen: list[tuple[str, Any]] = [("", "")]
    for kind in kinds:
        some = [one for one in accounts if one.kind == kind]
        if some:
            words = [
                (str(one.id), f"{kind.label} · {names[one.owner].name} · {one.balance.amount} {one.currency}")
                for one in some
            ]
            chosen.append((str(kind.label), words))
    return chosen


def show_lines(statement: AccountStatement, *, branch: Branch) -> list[LineShown]:
    """The lines of a statement with what they come from in words."""
    names = name_all((one.source for one in statement.lines if one.source != NOTHING), branch=branch)
    return [
        LineShown(
            one.at,
            one.entry_id,
            one.memo,
            names.get(one.source),
            cited(one.rule),
            one.growth.amount if one.growth.amount > 0 else None,
            -one.growth.amount if one.growth.amount < 0 else None,
            one.balance.amount,
        )
        for one in statement.lines
    ]


def show_entry(entry_id: UUID, *, by: Actor) -> EntryShown:
    """An entry with its lines in words. Raises EntryNotFound, NotPermitted."""
    entry = get_entry(entry_id, by=by)
    branch = by.branch_of(entry.branch_id)
    postings = list(find_lines_of(entry))
    wanted = [one.account.owner for one in postings] + ([entry.source] if entry.source != NOTHING else [])
    names = name_all(wanted, branch=branch)
    posted = find_events(branch_id=branch.id, chain_id=entry.id).first()
    who = User.objects.filter(id=posted.actor_id).first() if posted and posted.actor_id else None
    return EntryShown(
        entry,
        [
            PostingShown(
                one.account_id,
                AccountKind(one.account.kind),
                names[one.account.owner],
                one.amount.amount if one.amount_minor > 0 else None,
                -one.amount.amount if one.amount_minor < 0 else None,
                one.currency,
            )
            for one in postings
        ],
        names.get(entry.source),
        cited(entry.rule),
        str(who) if who else "",
        posted.channel if posted else "",
        posted.id if posted else None,
        find_reversal_of(entry),
    )


def cited(rule: str) -> Cited | None:
    """`jd.late@2026-01-01` with the page of the rule; None where an entry rests on none."""
    if not rule:
        return None
    name = rule.partition("@")[0]
    plain = name.replace(".", "").replace("-", "").replace("_", "").isalnum()
    return Cited(rule, reverse("policy_rule", args=[name]) if plain else "")


def sheet_rows(statement: AccountStatement, lines: Sequence[LineShown]) -> Iterator[list[str]]:
    """The statement as rows of a sheet: the same figures as on the page."""
    yield [
        pgettext("ledger", "Time"),
        _("Entry"),
        pgettext("ledger", "What for"),
        _("Comes from"),
        _("Rule"),
        _("Came"),
        _("Went"),
        _("Balance"),
        _("Currency"),
    ]
    currency = statement.account.currency
    yield ["", "", _("Opening"), "", "", "", "", str(statement.opening.amount), currency]
    for one in lines:
        yield [
            f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}",
            str(one.entry_id),
            one.memo,
            said(one.source),
            one.rule.name if one.rule else "",
            _plain(one.came),
            _plain(one.went),
            str(one.balance),
            currency,
        ]
    yield ["", "", _("Closing"), "", "", "", "", str(statement.closing.amount), currency]


def said(named: Named | None) -> str:
    """Kind and name in one line."""
    return f"{named.kind} {named.name}".strip() if named else ""


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)
