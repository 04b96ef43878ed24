"""How every act moves parts: balances locked in one order and checked, movements under the caller's key, an event, the books.

A repeat is found when the act would be refused, or when its first line is there already: so the usual act looks for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.statements import insert_once
from shouhou.catalog.models import Part
from shouhou.catalog.rules import KeptAs
from shouhou.kernel.errors import Conflict, Refusal, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.ids import uuid7
from shouhou.kernel.quantities import of_thousandths
from shouhou.ledger.rules import NOTHING, Reference
from shouhou.stock.actions._serials import bring_serials, tell_directory
from shouhou.stock.actions._values import post_values, values_of
from shouhou.stock.models import Balance, Movement, Place
from shouhou.stock.rules import MoveKind, goes


class PartNotAvailable(Conflict):
    code = "part_not_available"
    template = gettext_noop(
        "Only %(available)s %(unit)s of %(part)s are available at %(place)s; %(wanted)s were asked for."
    )


class MoveNotPossible(Conflict):
    code = "stock_move_not_possible"
    template = gettext_noop("Parts do not go from “%(start)s” to “%(end)s” in this way.")


class BeforeLastCount(Conflict):
    code = "before_last_count"
    template = gettext_noop("%(place)s has been counted since. Book it with a time after the count.")


class KeptOtherwise(Conflict):
    code = "part_kept_otherwise"
    template = gettext_noop(
        "The unit of %(part)s, or how it is kept, was changed. Stock that is there keeps to the former one."
    )


class StockKeyUsed(Conflict):
    code = "stock_key_used"
    template = gettext_noop("Something else has been booked in stock under the key “%(key)s”.")


class PlacesInOtherBranches(Conflict):
    code = "stock_crosses_branches"
    template = gettext_noop("Both places must be of one branch; parts go to another by a transfer.")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an act: so many thousandths of a part from one place to another; a serial number goes alone.

    `value` in minor units is what comes into our stock; what leaves it goes at its average cost. `returns` is the issue of which
    it gives something back.
    """

    kind: MoveKind
    part: Part
    start: Place
    end: Place
    units: int
    serial: str = ""
    value: int = 0
    returns: Movement | None = None

    def plain(self) -> list[Any]:
        """As values of JSON."""
        ends = [str(self.start.id), str(self.end.id)]
        returns = str(self.returns.id) if self.returns else ""
        return [self.kind.value, str(self.part.id), *ends, self.units, self.serial, self.value, returns]


@dataclass(frozen=True, slots=True)
class Act:
    """Who moves parts, when, under which key, for what; by `permission`, that of the act, it also posts to the books."""

    branch_id: UUID
    key: str
    permission: str
    by: Actor
    at: datetime
    about: Reference = NOTHING
    memo: str = ""
    other_branch: Branch | None = None
    # The reservation that the act ends, and how: called under the lock of its balance.
    reservation_id: UUID | None = None
    frees: Callable[[Balance], None] | None = None

    def fingerprint(self, steps: Sequence[Step]) -> bytes:
        """What tells a repeat from another act under the same key."""
        about = [self.about.kind, self.about.id]
        ends = str(self.reservation_id or "")
        return digest({"steps": [one.plain() for one in steps], "about": about, "memo": self.memo, "ends": ends})


type Balances = dict[tuple[UUID, UUID], Balance]


def move(act: Act, steps: Sequence[Step]) -> list[Movement]:
    """Write all steps as one act, or give what the same call has written before.

    Raises PartNotAvailable, MoveNotPossible, BeforeLastCount, KeptOtherwise, SerialElsewhere, StockKeyUsed,
    PlacesInOtherBranches.
    """
    fingerprint = act.fingerprint(steps)
    balances = _locked_balances(act, steps)
    try:
        values = values_of(act.branch_id, steps)
        if act.frees:
            act.frees(balances[steps[0].start.id, steps[0].part.id])
        _check(act, steps, balances)
        serials = bring_serials(act.branch_id, steps, balances)
    except Refusal as refusal:
        return _known(act, fingerprint, otherwise=refusal)
    rows = _rows(act, steps, balances, values, serials, fingerprint)
    for row in rows:
        if not insert_once(row, unique=("branch_id", "key", "line")):
            return _known(act, fingerprint, otherwise=StockKeyUsed(key=act.key, field="key"))
    tell_directory(act.branch_id, steps)
    event = record(
        branch_id=act.branch_id,
        chain_id=rows[0].act_id,
        verb=f"stock.parts.{steps[0].kind.value}",
        subject=("stock_act", rows[0].act_id),
        by=act.by,
        at=act.at,
        data={
            "key": act.key,
            "fingerprint": fingerprint.hex(),
            "lines": [told(row) for row in rows],
            "about": [act.about.kind, act.about.id],
            "memo": act.memo,
        },
        opens=True,
    )
    post_values(act, rows, event_id=event.id)
    return rows


def _known(act: Act, fingerprint: bytes, *, otherwise: Refusal) -> list[Movement]:
    """What the same call has written before. Raises StockKeyUsed; `otherwise` where nothing has this key."""
    rows = Movement.objects.filter(branch_id=act.branch_id, key=act.key).order_by("line")
    known = list(rows)
    if not known:
        raise otherwise
    if bytes(known[0].fingerprint) != fingerprint:
        raise StockKeyUsed(key=act.key, field="key")
    return known


def _locked_balances(act: Act, steps: Sequence[Step]) -> Balances:
    """The balances at both ends of all steps, locked in the order of their keys, opened where a part is new at a place."""
    ends = {(place.id, one.part.id): (place, one.part) for one in steps for place in (one.start, one.end)}
    found = _lock(act.branch_id, ends)
    if len(found) < len(ends):
        for key in sorted(set(ends) - set(found)):
            place, part = ends[key]
            if place.branch_id != act.branch_id:
                raise PlacesInOtherBranches(field="place")
            insert_once(_new_balance(place, part), unique=("branch_id", "part_id", "place_id"))
        found = _lock(act.branch_id, ends)
    return found


def locked_balance(place: Place, part: Part) -> Balance:
    """One balance, locked, opened where the part is new at the place."""
    ends = {(place.id, part.id): (place, part)}
    found = _lock(place.branch_id, ends)
    if not found:
        insert_once(_new_balance(place, part), unique=("branch_id", "part_id", "place_id"))
        found = _lock(place.branch_id, ends)
    return found[place.id, part.id]


def _lock(branch_id: UUID, ends: dict[tuple[UUID, UUID], tuple[Place, Part]]) -> Balances:
    places, parts = {place for place, _part in ends}, {part for _place, part in ends}
    rows = Balance.objects.filter(branch_id=branch_id, part_id__in=parts, place_id__in=places).order_by("id")
    found = {(one.place_id, one.part_id): one for one in rows.select_for_update(no_key=True)}
    return {key: found[key] for key in ends if key in found}


def _new_balance(place: Place, part: Part) -> Balance:
    return Balance(
        branch_id=place.branch_id,
        place_id=place.id,
        part_id=part.id,
        unit=part.unit,
        kept_as=part.kept_as,
        ours=place.ours,
        old=place.old,
        may_be_negative=place.may_be_negative,
    )


def _check(act: Act, steps: Sequence[Step], balances: Balances) -> None:
    taken: Counter[tuple[UUID, UUID]] = Counter()
    for one in steps:
        if not goes(one.kind, one.start.kind, one.end.kind):
            raise MoveNotPossible(start=one.start.get_kind_display(), end=one.end.get_kind_display(), field="place")
        for place in (one.start, one.end):
            balance = balances[place.id, one.part.id]
            if (balance.unit, balance.kept_as) != (one.part.unit, one.part.kept_as):
                raise KeptOtherwise(part=one.part.number, field="part")
            if any(counted and act.at < counted for counted in (balance.counted_at, place.counted_at)):
                raise BeforeLastCount(place=place.shown, field="at")
        taken[one.start.id, one.part.id] += one.units
    for one in steps:
        balance, wanted = balances[one.start.id, one.part.id], taken[one.start.id, one.part.id]
        if not balance.may_be_negative and balance.units - balance.reserved_units < wanted:
            raise PartNotAvailable(
                available=balance.available,
                wanted=of_thousandths(wanted),
                unit=balance.unit,
                part=one.part.number,
                place=one.start.shown,
                field="quantity",
            )


def _rows(
    act: Act,
    steps: Sequence[Step],
    balances: Balances,
    values: Sequence[int],
    serials: Mapping[tuple[UUID, str], UUID],
    fingerprint: bytes,
) -> list[Movement]:
    act_id = uuid7()
    return [
        Movement(
            branch_id=act.branch_id,
            act_id=act_id,
            key=act.key,
            line=line,
            fingerprint=fingerprint,
            kind=one.kind,
            part_id=one.part.id,
            taken_from_id=balances[one.start.id, one.part.id].id,
            given_to_id=balances[one.end.id, one.part.id].id,
            units=one.units,
            unit=one.part.unit,
            serial_id=serials.get((one.part.id, one.serial)),
            value_minor=values[line - 1],
            returns_id=one.returns.id if one.returns else None,
            about_kind=act.about.kind,
            about_id=act.about.id,
            memo=act.memo,
            at=act.at,
        )
        for line, one in enumerate(steps, start=1)
    ]


def told(row: Movement) -> list[Any]:
    """A movement as its event tells it."""
    ends = [str(row.taken_from_id), str(row.given_to_id)]
    serial = str(row.serial_id) if row.serial_id else ""
    return [str(row.id), row.kind, str(row.part_id), *ends, row.units, serial, row.value_minor]


def is_whole(part: Part) -> bool:
    """Whether there is no half of it."""
    return part.kept_as != KeptAs.MEASURED
