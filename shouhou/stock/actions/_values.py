"""What parts are worth: average cost of the branch, and the entry in the books that goes with every valued movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Sum

from shouhou.access.actors import Actor
from shouhou.audit.statements import insert_once
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.quantities import of_thousandths, share
from shouhou.ledger.actions import open_account, post_entry, send_across
from shouhou.ledger.rules import AccountKind, Reference, credit, debit
from shouhou.stock.models import Costing, Movement
from shouhou.stock.rules import CONTRA, MoveKind

if TYPE_CHECKING:
    from shouhou.stock.actions._moving import Act, Step


class MoreThanIssued(Conflict):
    code = "more_than_issued"
    template = gettext_noop("Only %(left)s of these are still out.")


def values_of(branch_id: UUID, steps: Sequence[Step]) -> list[int]:
    """By how much the branch's own stock grows with each step, in minor units; what leaves it goes at its average cost.

    The costs are locked in the order of their keys. Raises MoreThanIssued.
    """
    costs = _locked_costs(branch_id, {one.part.id for one in steps if one.start.ours != one.end.ours})
    left = {key: (one.units, one.value_minor) for key, one in costs.items()}
    values = []
    for one in steps:
        if one.returns is not None:
            worth = _returned(one.returns, one.units)
        elif one.start.ours and not one.end.ours:
            units, value = left[one.part.id]
            # Of more than there is all goes; that too much was asked for is said where balances are looked at.
            worth = -share(value, part=min(one.units, units), whole=units) if units else 0
        else:
            worth = one.value
        growth = one.end.ours - one.start.ours
        if growth:
            units, value = left[one.part.id]
            left[one.part.id] = (units + growth * one.units, value + worth)
        values.append(worth)
    return values


def _returned(issue: Movement, units: int) -> int:
    """What so much of an issue is worth on its way back: with the last of it all of its value is back. Raises MoreThanIssued."""
    back = Movement.objects.filter(branch_id=issue.branch_id, returns_id=issue.id)
    came = back.aggregate(units=Sum("units"), value=Sum("value_minor"))
    before, value = int(came["units"] or 0), int(came["value"] or 0)
    if before + units > issue.units:
        raise MoreThanIssued(left=of_thousandths(issue.units - before), field="quantity")
    return share(-issue.value_minor, part=before + units, whole=issue.units) - value


def average_value(branch_id: UUID, part_id: UUID, units: int) -> int:
    """What so many thousandths of a part are worth now; nothing where there are none. Needs no lock: it is a proposal."""
    costing = Costing.objects.filter(branch_id=branch_id, part_id=part_id).first()
    if costing is None or not costing.units:
        return 0
    return costing.value_minor * units // costing.units


def post_values(act: Act, movements: Sequence[Movement], *, event_id: UUID) -> None:
    """One entry in the books for the act, in its transaction; none where nothing is worth anything."""
    kind = MoveKind(movements[0].kind)
    came = sum(one.value_minor for one in movements if one.value_minor > 0)
    went = -sum(one.value_minor for one in movements if one.value_minor < 0)
    # A count finds too much of one part and too little of another: both are said.
    for minor_units, grows in ((came, True), (went, False)):
        if not minor_units:
            continue
        amount, source = Money.of_minor_units(minor_units), _source(act, movements[0])
        parts = _account(act, AccountKind.PARTS_STOCK, of=act.branch_id)
        told: _Told = {
            "key": f"stock {act.key} {'in' if grows else 'out'}",
            "memo": act.memo,
            "by": act.by,
            "at": act.at,
        }
        if kind == MoveKind.TRANSFER_OUT and act.other_branch is not None:
            into, owner = AccountKind.PARTS_ON_WAY, Reference("branch", str(act.branch_id))
            out = credit(parts, amount)
            send_across(out, to=act.other_branch, into_kind=into, into_owner=owner, permission=act.permission, **told)
            continue
        of = act.other_branch.id if act.other_branch else act.branch_id
        other = _account(act, CONTRA[kind], of=of)
        grown, shrunk = (parts, other) if grows else (other, parts)
        lines = [debit(grown, amount), credit(shrunk, amount)]
        post_entry(lines, source=source, event_id=event_id, permission=act.permission, **told)


class _Told(TypedDict):
    key: str
    memo: str
    by: Actor
    at: datetime


def _source(act: Act, first: Movement) -> Reference:
    return act.about if act.about.id else Reference("stock_act", str(first.act_id))


def _account(act: Act, kind: AccountKind, *, of: UUID) -> UUID:
    here, owner = act.by.branch_of(act.branch_id), Reference("branch", str(of))
    return open_account(here, kind=kind, owner=owner, by=act.by, at=act.at, permission=act.permission).id


def _locked_costs(branch_id: UUID, parts: set[UUID]) -> dict[UUID, Costing]:
    if not parts:
        return {}
    found = _lock(branch_id, parts)
    for part_id in sorted(parts - set(found)):
        insert_once(Costing(branch_id=branch_id, part_id=part_id), unique=("branch_id", "part_id"))
    return found if len(found) == len(parts) else _lock(branch_id, parts)


def _lock(branch_id: UUID, parts: set[UUID]) -> dict[UUID, Costing]:
    rows = Costing.objects.filter(branch_id=branch_id, part_id__in=parts).order_by("id")
    return {one.part_id: one for one in rows.select_for_update(no_key=True)}
