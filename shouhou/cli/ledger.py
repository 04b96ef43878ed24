"""The books on the command line: prove every fen, list accounts, print the statement of one."""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from django.utils import timezone
from django.utils.translation import gettext

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch
from shouhou.audit.snapshot import one_snapshot
from shouhou.cli.administration import CHANNEL, get_branch
from shouhou.cli.terminal import refusals_explained, table
from shouhou.kernel.periods import Period
from shouhou.ledger.queries import AccountStatement, find_accounts, get_account, get_statement
from shouhou.ledger.rules import AccountKind, Reference
from shouhou.ledger.verifying import (
    LedgerFault,
    OnItsWay,
    OpenClearing,
    count_checked,
    find_ledger_faults,
    find_on_their_way,
    find_open_clearings,
)

_SHOWN = 100
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def ledger() -> None:
    """The books: accounts, statements, proof."""


@dataclass
class Proof:
    """What was looked at and what was found; of very many faults only the first are kept."""

    checked: dict[str, int]
    counts: Counter[str] = field(default_factory=Counter)
    shown: list[LedgerFault] = field(default_factory=list)
    clearings: list[OpenClearing] = field(default_factory=list)
    on_their_way: list[OnItsWay] = field(default_factory=list)


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one object.")
def verify_ledger(as_json: bool) -> None:
    """Add everything up anew: entries, running totals, holds; and list clearing accounts that are not at zero, with their age.

    Exit code 1 when anything does not hold; an open clearing account alone is no fault.
    """
    with one_snapshot():
        proof = _prove(timezone.now())
    click.echo(_as_json(proof) if as_json else _as_text(proof))
    if proof.counts:
        sys.exit(1)


@ledger.command("accounts")
@click.argument("branch")
@click.option("--kind", type=click.Choice(AccountKind.values), help="Only this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print the accounts as one list.")
def list_accounts(branch: str, kind: str | None, as_json: bool) -> None:
    """The accounts of a BRANCH: key, kind, owner, balance, of which held."""
    rows = find_accounts(get_branch(branch), kinds=[kind] if kind else (), by=product_itself(channel=CHANNEL))
    plain = [
        {
            "id": str(one.id),
            "kind": one.kind,
            "owner": _plain_owner(one.owner),
            "currency": one.currency,
            "balance": str(one.balance.amount),
            "held": str(one.held.amount),
        }
        for one in rows
    ]
    if as_json:
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    elif plain:
        columns = ("id", "kind", "owner", "balance", "held", "currency")
        click.echo(table([[one[column] for column in columns] for one in plain], indent=""))


@ledger.command("statement")
@click.argument("account", type=click.UUID)
@click.option("--from", "first", type=_DAY, required=True, help="First day.")
@click.option("--until", type=_DAY, help="The day after the last; without it all that follows.")
@click.option("--json", "as_json", is_flag=True, help="Print the statement as one object.")
def print_statement(account: UUID, first: datetime, until: datetime | None, as_json: bool) -> None:
    """The statement of an ACCOUNT: what stood on it, what came and went, what stands on it. Days are those of its branch."""
    by = product_itself(channel=CHANNEL)
    with refusals_explained(), one_snapshot():
        place = Branch.objects.get(id=get_account(account, by=by).branch_id)
        zone = ZoneInfo(place.time_zone)
        period = Period(_start_of(first.date(), zone), _start_of(until.date(), zone) if until else None)
        found = get_statement(account, period=period, by=by)
    if as_json:
        click.echo(json.dumps(_plain_statement(found), ensure_ascii=False, indent=2))
        return
    rows = [["", gettext("Opening"), "", str(found.opening.amount)]]
    rows += [
        [f"{line.at.astimezone(zone):%Y-%m-%d %H:%M}", line.memo, str(line.growth.amount), str(line.balance.amount)]
        for line in found.lines
    ]
    rows.append(["", gettext("Closing"), "", str(found.closing.amount)])
    click.echo(f"{found.account.get_kind_display()}  {_plain_owner(found.account.owner)}  {found.account.currency}")
    click.echo(table(rows, indent=""))


def _prove(at: datetime) -> Proof:
    proof = Proof(checked=count_checked())
    for branch in Branch.objects.order_by("path"):
        for fault in find_ledger_faults(branch):
            proof.counts[fault.kind] += 1
            if len(proof.shown) < _SHOWN:
                proof.shown.append(fault)
        proof.clearings += find_open_clearings(branch, at=at)
        proof.on_their_way += find_on_their_way(branch, at=at)
    return proof


def _as_json(proof: Proof) -> str:
    plain = {
        "holds": not proof.counts,
        "checked": proof.checked,
        "faults": dict(proof.counts),
        "findings": [
            {"kind": one.kind, "branch": str(one.branch_id), "subject": str(one.subject), "detail": one.detail}
            for one in proof.shown
        ],
        "clearings": [
            {
                "account": str(one.account_id),
                "branch": str(one.branch_id),
                "kind": one.kind,
                "owner": _plain_owner(one.owner),
                "balance": str(one.balance.amount),
                "currency": one.balance.currency,
                "since": one.since.isoformat(),
                "days": one.age.days,
            }
            for one in proof.clearings
        ],
        "on_their_way": [
            {
                "crossing": str(one.crossing_id),
                "from": str(one.branch_id),
                "to": str(one.to_branch_id),
                "amount": str(one.amount.amount),
                "currency": one.amount.currency,
                "since": one.since.isoformat(),
                "days": one.age.days,
                "tries": one.tries,
            }
            for one in proof.on_their_way
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _as_text(proof: Proof) -> str:
    lines = [", ".join(f"{what} {count}" for what, count in proof.checked.items())]
    if proof.clearings:
        lines.append(gettext("Not back at zero (account, owner, balance, days):"))
        lines.append(
            table(
                [one.kind, _plain_owner(one.owner), f"{one.balance.amount} {one.balance.currency}", str(one.age.days)]
                for one in proof.clearings
            )
        )
    if proof.on_their_way:
        lines.append(gettext("On its way to another branch (from, to, amount, days):"))
        codes = dict(Branch.objects.values_list("id", "code"))
        lines.append(
            table(
                (
                    codes[one.branch_id],
                    codes[one.to_branch_id],
                    f"{one.amount.amount} {one.amount.currency}",
                    str(one.age.days),
                )
                for one in proof.on_their_way
            )
        )
    if not proof.counts:
        return "\n".join([*lines, gettext("Everything holds.")])
    lines.append(table([(kind, str(count)) for kind, count in proof.counts.most_common()]))
    lines += [f"  {one.kind}  {one.subject}  {one.detail}".rstrip() for one in proof.shown]
    if proof.counts.total() > len(proof.shown):
        lines.append("  …")
    return "\n".join(lines)


def _plain_statement(statement: AccountStatement) -> dict[str, Any]:
    return {
        "account": str(statement.account.id),
        "currency": statement.account.currency,
        "from": statement.period.start.isoformat(),
        "until": statement.period.end.isoformat() if statement.period.end else None,
        "opening": str(statement.opening.amount),
        "lines": [
            {
                "at": line.at.isoformat(),
                "entry": str(line.entry_id),
                "memo": line.memo,
                "source": _plain_owner(line.source),
                "rule": line.rule,
                "growth": str(line.growth.amount),
                "balance": str(line.balance.amount),
            }
            for line in statement.lines
        ],
        "closing": str(statement.closing.amount),
    }


def _plain_owner(reference: Reference) -> str:
    return f"{reference.kind}:{reference.id}" if reference.kind else ""


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
