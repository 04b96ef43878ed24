"""The repair-count clock: how often a unit was repaired, how long it stood in the shop, what was replaced.

Rights of the law hang on these counts. They are those of the unit that the customer has now: a replacement starts them again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shouhou.assets.warranty.happenings import Fault, LeftOut
from shouhou.assets.warranty.reading import Life
from shouhou.assets.warranty.spans import days_in, merged, nights, without
from shouhou.assets.warranty.standstills import is_left_out, spans_left_out
from shouhou.assets.warranty.stays import Stay
from shouhou.policies.rules.rights import CountsRepairDays


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTime:
    """One stretch in the shop and the days that it makes. Repairs that touch are one stretch.

    `left_out` is what the rule in force took out of it (`days_left_out`), `counted_all_the_same` what was noted but no rule
    takes out.
    """

    repairs: tuple[str, ...]
    on: date
    until: date
    days: int
    lasts: bool
    days_left_out: int = 0
    left_out: tuple[LeftOut, ...] = ()
    counted_all_the_same: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What has been counted by the moment of the question. Repairs are counted when they are finished.

    `performance_repairs` and `severe_repairs`: of faults that are on the list of performance faults, or dangerous.
    `parts_wait_days`: nights waiting for parts outside the shop. `current_…`: of the repair that lasts, else 0.
    `days_left_out`: days in the shop that a rule takes out, and which are not among the `repair_days`.
    """

    repairs: int
    by_fault: Mapping[str, int]
    performance_repairs: int
    severe_repairs: int
    replaced_parts: Mapping[str, int]
    replaced_assemblies: Mapping[str, int]
    in_shop: tuple[ShopTime, ...]
    repair_days: int
    days_left_out: int
    parts_wait_days: int
    current_repair_days: int
    current_parts_wait_days: int
    last_repaired_on: date | None
    parts_repaired_on: Mapping[str, date]

    def failed_before(self, fault: Fault) -> int:
        """Repairs of performance faults after which the unit fails again with this one."""
        return self.performance_repairs if fault.performance else 0

    def severe_before(self, fault: Fault) -> int:
        """Repairs of dangerous faults that did not cure them, or after which a new one appears."""
        return self.severe_repairs if fault.severe else 0


def counts_of(life: Life, counting: CountsRepairDays | None) -> Counts:
    """Counts the life of the unit. `counting` is the rule that says how hours become days, where there is one."""
    finished = [one for _, one in life.finished]
    in_shop = tuple(_shop_times(life, life.stays, counting))
    running = [one for one in life.stays if one.ended_at is None]
    shop = merged(one.until(life.at) for one in life.stays)
    return Counts(
        repairs=len(finished),
        by_fault=Counter(one.fault.code for one in finished),
        performance_repairs=sum(one.fault.performance for one in finished),
        severe_repairs=sum(one.fault.severe for one in finished),
        replaced_parts=Counter(part for one in finished for part in one.parts),
        replaced_assemblies=Counter(assembly for one in finished for assembly in one.assemblies),
        in_shop=in_shop,
        repair_days=sum(one.days for one in in_shop),
        days_left_out=sum(one.days_left_out for one in in_shop),
        parts_wait_days=sum(
            nights(span, life.history.zone) for span in without(merged(one.until(life.at) for one in life.waits), shop)
        ),
        current_repair_days=sum(one.days for one in _shop_times(life, running, counting)),
        current_parts_wait_days=_days_without_the_part(life, running),
        last_repaired_on=max((day for day, _ in life.finished), default=None),
        parts_repaired_on={part: day for day, one in life.finished for part in one.parts_touched},
    )


def _shop_times(life: Life, stays: Iterable[Stay], counting: CountsRepairDays | None) -> Iterable[ShopTime]:
    stays = list(stays)
    zone = life.history.zone
    for span in merged(one.until(life.at) for one in stays):
        held = [one for one in stays if span[0] <= one.begun_at <= span[1]]
        noted = [one for stay in held for one in stay.left_out]
        days = days_in(span, spans_left_out(held, counting), zone=zone, counting=counting)
        yield ShopTime(
            repairs=tuple(one.repair for one in held),
            on=life.history.day_of(span[0]),
            until=life.history.day_of(span[1]),
            days=days,
            days_left_out=days_in(span, (), zone=zone, counting=counting) - days,
            lasts=any(one.ended_at is None for one in held),
            left_out=tuple(one for one in noted if is_left_out(one, counting)),
            counted_all_the_same=tuple(one for one in noted if not is_left_out(one, counting)),
        )


def _days_without_the_part(life: Life, running: list[Stay]) -> int:
    """Nights from hand-in to the day until which the part of an unfinished repair was missing.

    The law counts from hand-in, not from the day on which the part was found to be missing.
    """
    handed_in = {one.repair: one.begun_at for one in running}
    finished = {one.repair for one in life.stays} - handed_in.keys()
    without_part = []
    for wait in life.waits:
        if wait.repair in handed_in or (wait.ended_at is None and wait.repair not in finished):
            begun, end = wait.until(life.at)
            without_part.append(nights((min(handed_in.get(wait.repair, begun), begun), end), life.history.zone))
    return max(without_part, default=0)
