"""The guarantee of a unit as segments: each with its rule, and every step that moved its end.

Ends are computed from the history whenever they are asked for, so that a date that is put right puts the end right.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shouhou.assets.warranty.periods import Periods, Term
from shouhou.assets.warranty.reading import Life
from shouhou.assets.warranty.spans import midnight
from shouhou.assets.warranty.standstills import Standstill, standstills
from shouhou.assets.warranty.start import Start, start_of
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Restart, Segment

_DAY = timedelta(days=1)


class Moved(StrEnum):
    """What moves the end of a segment."""

    START = "start"
    INSTALLATION_PENDING = "installation_pending"
    LATER_START = "later_start"
    REPAIR = "repair"
    PARTS_WAIT = "parts_wait"
    REPLACEMENT = "replacement"
    PART_REPAIR = "part_repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What set the end or moved it: from `on` to `until` this happened, and the rule adds `days` to the end.

    The first step of a segment sets its end and moves nothing. `repairs` names the repairs that it is about; `lasts`: it has
    not ended, so the end moves on with every day.
    """

    why: Moved
    rule: Rule
    on: date
    until: date
    days: int
    end: date
    repairs: tuple[str, ...] = ()
    lasts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantySegment:
    """One period of guarantee; both days belong to it. `parts`: what it is for; None means the whole unit, or, for main parts
    of which the rule has no list, those that the certificate names.

    `used_up_on`: the day of the first reading beyond `km`, nothing in between being known. `read_on`: of the last reading.
    `needs`: facts that could still open it or move its end.
    """

    kind: Segment
    rule: Rule
    parts: tuple[str, ...] | None
    start: date
    last_day: date
    steps: tuple[Step, ...]
    km: int | None = None
    used_up_on: date | None = None
    read_on: date | None = None
    needs: tuple[str, ...] = ()

    @property
    def lasts(self) -> bool:
        """The clock stands still: the end is that of today, and moves on."""
        return any(step.lasts for step in self.steps)

    @property
    def is_of_the_unit(self) -> bool:
        """It runs from the start of the unit's guarantee, not from a repair."""
        return self.kind is not Segment.REPAIRED and self.steps[0].why is not Moved.PART_REPAIR

    def is_open(self, on: date) -> bool | None:
        """Whether the guarantee holds on the day; None while a fact of `needs`, or the meter on that day, would decide it."""
        if on < self.start or (self.used_up_on is not None and self.used_up_on <= on):
            return False
        if on > self.last_day:
            return None if self.needs else False
        if self.needs or (self.km is not None and self.read_on != on):
            return None
        return True


def segments_of(life: Life, periods: Periods) -> tuple[WarrantySegment, ...]:
    """All periods that the rules give this unit, the longest of a kind first, then those of repairs.

    Raises StartNotKnown: from when they run cannot be said, with each day that it can have been.
    """
    own = [term for term in periods.terms if not term.is_of_a_repair]
    found: list[WarrantySegment] = []
    if own:
        start = start_of(life, periods)
        needs = _needs_of_clocks(life, periods)
        for term in own:
            of_unit = _of_unit(life, periods, term, start, needs)
            found += [of_unit, *_of_repaired_parts(life, periods, term, of_unit, needs)]
    order = list(Segment)
    found.sort(key=lambda one: (order.index(one.kind), -one.last_day.toordinal(), one.rule.rank, one.parts or ()))
    return (*found, *_of_repairs(life, periods))


def _needs_of_clocks(life: Life, periods: Periods) -> tuple[str, ...]:
    """Facts that would say whether a further rule stops the clocks of this unit, or starts them again."""
    sure = {pause for one in periods.sure_clocks for pause in one.then.pauses}
    stood, parts = bool(life.stays or life.waits), any(one.parts_touched for _, one in life.finished)
    return tuple(
        dict.fromkeys(
            name
            for one in periods.clocks
            if (stood and set(one.then.pauses) - sure) or (parts and Restart.PART_REPAIR in one.then.restarts)
            for name in one.needs
        )
    )


def _of_unit(life: Life, periods: Periods, term: Term, start: Start, needs: tuple[str, ...]) -> WarrantySegment:
    zone = life.history.zone
    steps: list[Step] = []
    for one in start.days:
        why = Moved.START if not steps else Moved.INSTALLATION_PENDING if one.pending else Moved.LATER_START
        since = steps[-1].until if steps else one.day
        steps.append(_set(steps, why, one.rule, since, one.day, term.last_day(one.day)))
    begin = start.days[-1].day if start.days else None
    if (restart := periods.rule_of_restart(Restart.REPLACEMENT)) is not None:
        for day in life.replaced:
            if begin is not None:
                frame = (midnight(begin, zone), midnight(day, zone))
                _stand_still(steps, standstills(life.earlier_stays, life.earlier_waits, frame, life, periods), zone)
            steps.append(_set(steps, Moved.REPLACEMENT, restart, day, day, term.last_day(day)))
            begin = day
    if begin is None:
        raise AssertionError("start_of gives a day unless a replacement gives one")
    frame = (midnight(begin, zone), life.at)
    _stand_still(steps, standstills(life.stays, life.waits, frame, life, periods), zone)
    return _segment(life, term, begin, steps, needs)


def _set(steps: list[Step], why: Moved, rule: Rule, on: date, until: date, end: date) -> Step:
    days = (end - steps[-1].end).days if steps else 0
    return Step(why=why, rule=rule, on=on, until=until, days=days, end=end)


def _stand_still(steps: list[Step], stood: Iterable[Standstill], zone: ZoneInfo) -> None:
    """What begins when the period is over no longer moves its end."""
    for one in stood:
        on, until = (moment.astimezone(zone).date() for moment in one.span)
        if on <= (end := steps[-1].end):
            steps.append(
                Step(
                    why=Moved(one.pause),
                    rule=one.rule,
                    on=on,
                    until=until,
                    days=one.days,
                    end=end + one.days * _DAY,
                    repairs=one.repairs,
                    lasts=one.lasts,
                )
            )


def _of_repaired_parts(
    life: Life, periods: Periods, term: Term, of_unit: WarrantySegment, needs: tuple[str, ...]
) -> list[WarrantySegment]:
    """Where the period of a repaired part starts again, and so outlasts that of the unit."""
    rule = periods.rule_of_restart(Restart.PART_REPAIR)
    if rule is None:
        return []
    found = []
    for part in sorted({part for _, one in life.finished for part in one.parts_touched}):
        if not term.covers(part):
            continue
        steps: list[Step] = []
        covered_until = of_unit.last_day
        for day, stay in life.finished:
            # A repair after the guarantee, which was paid for, finds no period that could start again.
            if part not in stay.parts_touched or life.history.day_of(stay.begun_at) > covered_until:
                continue
            end = term.last_day(day)
            steps = [Step(why=Moved.PART_REPAIR, rule=rule, on=day, until=day, days=0, end=end, repairs=(stay.repair,))]
            frame = (stay.ended_at or life.at, life.at)
            _stand_still(steps, standstills(life.stays, life.waits, frame, life, periods), life.history.zone)
            covered_until = max(covered_until, steps[-1].end)
        if steps and steps[-1].end > of_unit.last_day:
            found.append(_segment(life, term, steps[0].on, steps, needs, part=part))
    return found


def _of_repairs(life: Life, periods: Periods) -> list[WarrantySegment]:
    """What every finished repair is guaranteed for."""
    found = []
    for day, stay in life.finished:
        for term in periods.terms:
            if term.is_of_a_repair:
                step = Step(
                    why=Moved.START,
                    rule=term.rule,
                    on=day,
                    until=day,
                    days=0,
                    end=term.last_day(day),
                    repairs=(stay.repair,),
                )
                found.append(_segment(life, term, day, [step], (), part=stay.fault.part))
    return found


def _segment(
    life: Life, term: Term, start: date, steps: list[Step], needs: tuple[str, ...], *, part: str | None = None
) -> WarrantySegment:
    km = term.then.km
    beyond = (one.on for one in life.readings if km is not None and one.km > km)
    return WarrantySegment(
        kind=term.then.segment,
        rule=term.rule,
        parts=(part,) if part else term.then.parts,
        start=start,
        last_day=steps[-1].end,
        steps=tuple(steps),
        km=km,
        used_up_on=next(beyond, None),
        read_on=life.readings[-1].on if life.readings else None,
        needs=tuple(dict.fromkeys((*term.needs, *needs))),
    )
