"""Stock on the command line: prove every part, list what is where, ask where a part is."""

import json
import sys
from collections import Counter
from typing import Any

import click
from django.utils.translation import gettext

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch
from shouhou.audit.snapshot import one_snapshot
from shouhou.catalog.queries import get_part
from shouhou.cli.administration import CHANNEL, get_branch
from shouhou.cli.terminal import refusals_explained, table
from shouhou.stock.queries import find_availability, find_places, find_stock_at
from shouhou.stock.verifying import StockFault, count_checked, find_stock_faults

_SHOWN = 100


@click.group()
def stock() -> None:
    """Spare parts: what is where, proof."""


@stock.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one object.")
def verify_stock(as_json: bool) -> None:
    """Add everything up anew: balances, reservations, costs and their account in the books, serial numbers, old parts.

    Exit code 1 when anything does not hold.
    """
    counts: Counter[str] = Counter()
    shown: list[StockFault] = []
    with one_snapshot():
        checked = count_checked()
        for branch in Branch.objects.order_by("path"):
            for fault in find_stock_faults(branch):
                counts[fault.kind] += 1
                if len(shown) < _SHOWN:
                    shown.append(fault)
    click.echo(_as_json(checked, counts, shown) if as_json else _as_text(checked, counts, shown))
    if counts:
        sys.exit(1)


@stock.command("list")
@click.argument("branch")
@click.option("--json", "as_json", is_flag=True, help="Print it as one list.")
def list_stock(branch: str, as_json: bool) -> None:
    """What is in the stores and vans of a BRANCH: place, part, quantity, of which reserved."""
    by = product_itself(channel=CHANNEL)
    plain = [
        {
            "place": place.code,
            "part": one.part.number,
            "quantity": str(one.quantity),
            "reserved": str(one.reserved),
            "unit": one.unit,
        }
        for place in find_places(get_branch(branch), by=by)
        for one in find_stock_at(place, by=by)
    ]
    _print(plain, as_json=as_json)


@stock.command("where")
@click.argument("part")
@click.option("--json", "as_json", is_flag=True, help="Print it as one list.")
def find_part(part: str, as_json: bool) -> None:
    """Where a PART (its number) can be had, over all branches."""
    with refusals_explained():
        found = find_availability(get_part(part), by=product_itself(channel=CHANNEL))
    plain = [
        {
            "branch": one.branch.code,
            "place": one.place.code,
            "quantity": str(one.quantity),
            "available": str(one.available),
        }
        for one in found
    ]
    _print(plain, as_json=as_json)


def _print(plain: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    elif plain:
        click.echo(table([list(one.values()) for one in plain], indent=""))


def _as_json(checked: dict[str, int], counts: Counter[str], shown: list[StockFault]) -> str:
    found = [
        {"kind": one.kind, "branch": str(one.branch_id), "subject": str(one.subject), "detail": one.detail}
        for one in shown
    ]
    account = {"holds": not counts, "checked": checked, "faults": dict(counts), "findings": found}
    return json.dumps(account, ensure_ascii=False, indent=2)


def _as_text(checked: dict[str, int], counts: Counter[str], shown: list[StockFault]) -> str:
    lines = [", ".join(f"{what} {count}" for what, count in checked.items())]
    if not counts:
        return "\n".join([*lines, gettext("Everything holds.")])
    lines.append(table([(kind, str(count)) for kind, count in counts.most_common()]))
    lines += [f"  {one.kind}  {one.subject}  {one.detail}".rstrip() for one in shown]
    if counts.total() > len(shown):
        lines.append("  …")
    return "\n".join(lines)
