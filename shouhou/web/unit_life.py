"""The life of a unit as a list: what happened to it, what was taken back, what was found at it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shouhou.assets.models import UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.entitlements.models import Finding
from shouhou.policies.wording import fact_value, joined, word
from shouhou.workorders.models import Photo, WorkOrder

_TONES = {
    HappeningKind.REPAIR_BEGUN: "amber",
    HappeningKind.REPAIR_ENDED: "green",
    HappeningKind.PART_WAIT_BEGUN: "amber",
    HappeningKind.PART_WAIT_ENDED: "blue",
    HappeningKind.REPLACED: "red",
}


@dataclass(frozen=True, slots=True)
class LifeLine:
    """One line of the life. `back` is the line that took it back; `order` the one whose repair it was, if it is at hand."""

    row: UnitHappening
    words: str
    detail: str
    tone: str
    order: WorkOrder | None
    back: UnitHappening | None

    @property
    def key(self) -> UUID:
        return self.row.id

    @property
    def at(self) -> datetime:
        return self.row.at


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A finding at the unit with its evidence; one that was withdrawn stays, with the reason. `photos`: those at hand."""

    finding: Finding
    withdrawal: Finding | None
    photos: Sequence[Photo]

    @property
    def what(self) -> str:
        return word("exclusion", self.finding.exclusion)


def life_lines(rows: Sequence[UnitHappening], *, orders: Iterable[WorkOrder]) -> list[LifeLine]:
    """The life, newest first; a line that takes another one back is shown with that one. No queries."""
    back = {row.takes_back_id: row for row in rows if row.takes_back_id}
    by_number = {order.number: order for order in orders}
    lines = [
        _line(row, by_number.get(row.repair.partition("/")[0]), back.get(row.id))
        for row in rows
        if row.kind != HappeningKind.TAKEN_BACK
    ]
    return lines[::-1]


def _line(row: UnitHappening, order: WorkOrder | None, back: UnitHappening | None) -> LifeLine:
    kind = HappeningKind(row.kind)
    detail = " · ".join(_detail(row, numbered=order is None))
    return LifeLine(row, str(kind.label), detail, _TONES.get(kind, "plain"), order, back)


def found_lines(rows: Sequence[Finding], *, photos: Iterable[Photo] = ()) -> list[FoundLine]:
    """The findings in their order, also those that were withdrawn. No queries."""
    withdrawals = {row.withdraws_id: row for row in rows if row.withdraws_id}
    at_hand = {str(photo.id): photo for photo in photos}
    return [
        FoundLine(row, withdrawals.get(row.id), [at_hand[key] for key in row.photos if key in at_hand])
        for row in rows
        if row.exclusion
    ]


def fault_names(rows: Iterable[UnitHappening]) -> Mapping[str, str]:
    """What the fault codes in the life of a unit mean."""
    return {row.fault_code.code: row.fault_code.name for row in rows if row.fault_code}


def _detail(row: UnitHappening, *, numbered: bool) -> Iterator[str]:
    if numbered and row.repair:
        yield row.repair
    if row.fault_code:
        yield f"{row.fault_code.code} {row.fault_code.name}"
    if row.km is not None:
        yield f"{row.km:,} km"
    if row.parts:
        yield _("replaced: %(parts)s") % {"parts": fact_value("faulty_part", row.parts)}
    if row.assemblies:
        yield _("replaced: %(parts)s") % {"parts": joined(fact_value("assembly", one) for one in row.assemblies)}
    if row.reason:
        yield word("uncounted", row.reason) if row.kind == HappeningKind.LEFT_OUT else row.reason
