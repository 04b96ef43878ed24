import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import get_language, gettext

from shouhou.cli.promises.arrival import ArrivalAccount, Bill, judge_arrivals
from shouhou.cli.promises.mapping import read_orders, read_promise_mapping
from shouhou.cli.terminal import explained, refusals_explained, stop, table
from shouhou.commitments.rules.remedies import Remedy
from shouhou.commitments.rules.remedy_reading import get_remedy, read_remedies
from shouhou.commitments.rules.words import State

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BAD_SHOWN = 5


@click.group()
def promises() -> None:
    """Promises, judged by what happened."""


@promises.command("arrival")
@click.argument("file", type=_FILE)
@click.option("--mapping", "mapping_file", type=_FILE, required=True, help="YAML: which column means what.")
@click.option("--remedies", "remedy_files", type=_FILE, multiple=True, help="YAML: formulas for what a late one owes.")
@click.option(
    "--remedy", "remedy_ids", multiple=True, metavar="ID", help="One of the formulas that come with the product."
)
@click.option("--at", "moment", help="Judge as of this moment (2026-11-23T18:00+08:00); now when not given.")
@click.option("--missed", is_flag=True, help="List each missed promise, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def arrival(
    file: Path,
    mapping_file: Path,
    remedy_files: tuple[Path, ...],
    remedy_ids: tuple[str, ...],
    moment: str | None,
    missed: bool,
    as_json: bool,
) -> None:
    """Whether the orders in FILE (CSV or XLSX) arrived as promised, how late, and what each formula would have cost.

    Nothing is stored. Rows that cannot be read are named and left out.
    """
    at = _moment(moment) if moment else timezone.now()
    with refusals_explained():
        remedies = [get_remedy(one) for one in remedy_ids]
        for one in remedy_files:
            remedies += read_remedies(one.read_text(encoding="utf-8"), file=one.name).remedies
        account = judge_arrivals(read_orders(file, read_promise_mapping(mapping_file)), remedies, at=at)
    if as_json:
        click.echo(json.dumps(_as_json(account, listed=missed), ensure_ascii=False, indent=2))
    else:
        click.echo(_as_text(account, listed=missed))


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        stop(gettext("“%(text)s” is no moment; one is written like 2026-09-30T16:30.") % {"text": text})
    return at if at.tzinfo else timezone.make_aware(at)


def _as_json(account: ArrivalAccount, *, listed: bool) -> dict[str, Any]:
    days = account.days_late
    answer: dict[str, Any] = {
        "read": account.read,
        **{str(state): account.states[state] for state in State if account.states[state]},
        "days_late": {"total": sum(days), "median": account.median_days, "most": days[-1] if days else 0},
        "remedies": [
            {
                "id": bill.remedy.id,
                "orders": bill.orders,
                "amount": _amount(bill.amount),
                "currency": bill.remedy.currency,
                "largest": _amount(bill.largest),
                "at_floor": bill.bound["floor"],
                "at_cap": bill.bound["cap"],
                "without_facts": bill.without_facts,
            }
            for bill in account.bills
        ],
        "not_read": [{"line": one.line, "reason": explained(one.refusal)} for one in account.bad],
    }
    if listed:
        answer["missed"] = [
            {
                "number": one.order.number,
                "days_late": one.days_late,
                "amounts": [None if amount is None else _amount(amount) for amount in one.amounts],
            }
            for one in account.missed
        ]
    return answer


def _as_text(account: ArrivalAccount, *, listed: bool) -> str:
    days = account.days_late
    rows = [(gettext("read"), str(account.read))]
    rows += [(str(state.label), str(account.states[state])) for state in State if account.states[state]]
    if days:
        said = gettext("%(total)s in all, median %(median)g, at most %(most)s")
        rows.append(
            (gettext("days late"), said % {"total": sum(days), "median": account.median_days, "most": days[-1]})
        )
    lines = [table(rows, indent="")]
    if account.bills:
        head = (
            gettext("formula"), gettext("orders"), gettext("amount"), gettext("largest"), gettext("at floor"),
            gettext("at cap"), gettext("not computable"),
        )  # fmt: skip
        lines += ["", table([head, *(_bill(bill) for bill in account.bills)], indent="")]
    if listed and account.missed:
        columns = (gettext("order"), gettext("days late"), *(bill.remedy.id for bill in account.bills))
        each = [
            (
                one.order.number,
                str(one.days_late),
                *("–" if amount is None else _amount(amount) for amount in one.amounts),
            )
            for one in account.missed
        ]
        lines += ["", table([columns, *each], indent="")]
    for one in account.bad[:_BAD_SHOWN]:
        lines.append(
            gettext("Line %(line)s was left out: %(reason)s") % {"line": one.line, "reason": explained(one.refusal)}
        )
    if len(account.bad) > _BAD_SHOWN:
        lines.append(
            gettext("and %(number)s more lines that cannot be read") % {"number": len(account.bad) - _BAD_SHOWN}
        )
    return "\n".join(lines)


def _bill(bill: Bill) -> tuple[str, ...]:
    return (
        _title(bill.remedy),
        str(bill.orders),
        f"{_amount(bill.amount)} {bill.remedy.currency}",
        _amount(bill.largest),
        str(bill.bound["floor"]),
        str(bill.bound["cap"]),
        str(bill.without_facts),
    )


def _title(remedy: Remedy) -> str:
    return remedy.title.zh if (get_language() or "").startswith("zh") else remedy.title.en


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"
