"""`shouhou policy replay`: what a proposed pack would have changed on the orders of the past."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from django.db.models import Sum
from django.utils.translation import gettext

from shouhou.access.models import Branch
from shouhou.cli.administration import get_branch
from shouhou.cli.terminal import refusals_explained, table
from shouhou.entitlements.queries import find_stored_questions
from shouhou.entitlements.rules.what_if import Change, Outcome, changes_between
from shouhou.policies.queries import packs_in_force
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.plain import plain
from shouhou.policies.schema.loading import book_of, read_pack
from shouhou.policies.wording import joined, word
from shouhou.workorders.models import VoucherEntry, WorkOrder

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Replayed:
    """An order whose verdict would be another, with what its customer was charged."""

    branch: str
    number: str
    charged: Decimal
    change: Change[UUID]

    @property
    def given_back(self) -> Decimal:
        """What would not have been charged: the work was charged, and would be no longer."""
        before, after = self.change.before.work_class, self.change.after.work_class
        return self.charged if before == "A" and after not in ("A", None) else _NOTHING

    def as_json(self) -> dict[str, Any]:
        return {
            "branch": self.branch,
            "number": self.number,
            "on": self.change.question.on.isoformat(),
            "before": _outcome_json(self.change.before),
            "after": _outcome_json(self.change.after),
            "gained": sorted(self.change.gained),
            "lost": sorted(self.change.lost),
            "refund_difference": f"{self.change.refund_difference:.2f}",
            "charged": f"{self.charged:.2f}",
        }

    def as_row(self) -> tuple[str, ...]:
        before, after = self.change.before, self.change.after
        return (
            self.number,
            self.change.question.on.isoformat(),
            f"{before.work_class or '?'} → {after.work_class or '?'}",
            f"{before.last_day or '–'} → {after.last_day or '–'}" if before.last_day != after.last_day else "",
            _signed("+", self.change.gained) + _signed(" -", self.change.lost),
            f"{self.change.refund_difference:+.2f}" if self.change.refund_difference else "",
            f"{self.charged:.2f}" if self.charged else "",
        )


@click.command("replay")
@click.argument("file", type=_FILE)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only verdicts from this day on, by the branch's clock."
)
@click.option("--branch", "code", help="Only this branch.")
@click.option("--json", "as_json", is_flag=True, help="Print the orders and the totals as one object.")
def replay_pack(file: Path, since: datetime | None, code: str | None, as_json: bool) -> None:
    """Which verdicts of past orders would be others if the pack in FILE were in force. Changes nothing.

    The pack takes the place of the one with its name, or is added. Every order is asked about with what was known of it.
    """
    with refusals_explained():
        pack = read_pack(file.read_text(encoding="utf-8"), file=file.name)
        now = packs_in_force()
        old, new = book_of(now), book_of([*(one for one in now if one.id != pack.id), pack])
        branches = [get_branch(code)] if code else list(Branch.objects.order_by("path"))
    counted = {"asked": 0}
    changed = [one for branch in branches for one in _replayed(branch, old, new, since=since, counted=counted)]
    totals = {
        "asked": counted["asked"],
        "changed": len(changed),
        "other_class": sum(one.change.before.work_class != one.change.after.work_class for one in changed),
        "refunds": f"{sum((one.change.refund_difference for one in changed), _NOTHING):.2f}",
        "charged": f"{sum((one.charged for one in changed), _NOTHING):.2f}",
        "no_longer_charged": f"{sum((one.given_back for one in changed), _NOTHING):.2f}",
    }
    if as_json:
        orders = [one.as_json() for one in changed]
        click.echo(json.dumps({"orders": orders, "totals": totals}, ensure_ascii=False, indent=2))
        return
    if changed:
        heads = [gettext("order"), gettext("day"), gettext("class"), gettext("free until"), gettext("rights")]
        rows = [(*heads, gettext("refund"), gettext("charged")), *(one.as_row() for one in changed)]
        click.echo(table(rows, indent=""))
    click.echo(
        gettext(
            "%(asked)s verdicts, %(changed)s others, %(other_class)s of another class. Refunds: %(refunds)s. Charged on these "
            "orders: %(charged)s, of which %(no_longer_charged)s would not have been."
        )
        % totals
    )


def _replayed(
    branch: Branch, old: RuleBook, new: RuleBook, *, since: datetime | None, counted: dict[str, int]
) -> Iterator[Replayed]:
    start = since.replace(tzinfo=ZoneInfo(branch.time_zone)) if since else None
    for batch in find_stored_questions(branch, since=start):
        counted["asked"] += len(batch)
        found = list(changes_between(old, new, batch))
        about = [one.key for one in found]
        orders = WorkOrder.objects.filter(branch_id=branch.id, id__in=about)
        numbers: dict[UUID, str] = dict(orders.values_list("id", "number"))
        entries = VoucherEntry.objects.filter(branch_id=branch.id, work_order_id__in=about)
        charges = dict(entries.values_list("work_order_id").annotate(total=Sum("charge")))
        for one in found:
            if one.key in numbers:
                yield Replayed(branch.code, numbers[one.key], charges.get(one.key, _NOTHING), one)


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "work_class": outcome.work_class and str(outcome.work_class),
        "lines": {str(kind): str(payer) for kind, payer in outcome.payers},
        "last_day": plain(outcome.last_day),
        "remedies": sorted(outcome.remedies),
        "refund": plain(outcome.refund),
    }


def _signed(sign: str, remedies: frozenset[str]) -> str:
    return sign + joined(word("remedy", one) for one in sorted(remedies)) if remedies else ""
