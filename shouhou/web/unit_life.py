"""The life of a unit as a list: what happened to it, what was taken back, what was found at it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shouhou.assets.models import UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.assets.warranty.counts import Counts
from shouhou.assets.warranty.happenings import LeftOut
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
    """One line of the life. `back` is the line that took it back; `order` the one whose repair it was, if it is at hand.

    `effect`: whether time that need not count is left out of the days in repair.
    """

    row: UnitHappening
    words: str
    detail: str
    tone: str
    order: WorkOrder | None
    back: UnitHappening | None
    effect: str = ""

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


def repairs_in(rows: Iterable[UnitHappening]) -> list[str]:
    """The numbers of the repairs that count, the newest first."""
    rows = list(rows)
    taken = {row.takes_back_id for row in rows}
    begun = [row for row in rows if row.kind == HappeningKind.REPAIR_BEGUN and row.id not in taken]
    return list(dict.fromkeys(row.repair for row in reversed(begun)))


def life_lines(rows: Sequence[UnitHappening], *, orders: Iterable[WorkOrder], counts: Counts | None) -> list[LifeLine]:
    """The life, newest first; a line that takes another one back is shown with that one. No queries.

    `counts`: how the rules in force count it; None where the life is unclear, or no rule gives a guarantee.
    """
    back = {row.takes_back_id: row for row in rows if row.takes_back_id}
    by_number = {order.number: order for order in orders}
    lines = [
        _line(row, by_number.get(row.repair.partition("/")[0]), back.get(row.id), counts)
        for row in rows
        if row.kind != HappeningKind.TAKEN_BACK
    ]
    return lines[::-1]


def _line(row: UnitHappening, order: WorkOrder | None, back: UnitHappening | None, counts: Counts | None) -> LifeLine:
    kind = HappeningKind(row.kind)
    detail = " · ".join(_detail(row, numbered=order is None))
    effect = _effect(row, counts) if kind is HappeningKind.LEFT_OUT and not back and counts else ""
    return LifeLine(row, str(kind.label), detail, _TONES.get(kind, "plain"), order, back, effect)


def _effect(row: UnitHappening, counts: Counts) -> str:
    """What becomes of time that need not count: the stretch in the shop that it lies in, with and without it."""
    for stretch in counts.in_shop:
        if any(_is(row, one) for one in stretch.left_out):
            days = {"days": stretch.days, "all": stretch.days + stretch.days_left_out}
            return _("A rule takes it out: %(days)s days in repair count instead of %(all)s.") % days
        if any(_is(row, one) for one in stretch.counted_all_the_same):
            return _("No rule in force takes it out: it counts all the same.")
    return ""


def _is(row: UnitHappening, one: LeftOut) -> bool:
    return (row.repair, row.reason, row.at, row.ends_at) == (one.repair, one.reason, one.starts_at, one.ends_at)


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
    if row.evidence:
        yield row.evidence
