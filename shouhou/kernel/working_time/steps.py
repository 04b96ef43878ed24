"""How a limit was counted, day by day, so that people can check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shouhou.kernel.working_time.clock import Clock, Due, Limit
from shouhou.kernel.working_time.lengths import CountFrom, Span

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of hours, or a day. `counted`: the time, or the days, that ran by its end; None for a day that does not count.

    `name` is that of a special day.
    """

    day: date
    start: datetime | None = None
    end: datetime | None = None
    counted: timedelta | int | None = None
    name: str = ""


def steps(clock: Clock, at: datetime, limit: Limit, due: Due) -> list[Step]:
    """Stretches of the hours that ran, each working day and each day skipped, or the last day alone where all days count."""
    timeline = clock.timeline(limit)
    if timeline is not None:
        return _hours(clock, timeline.stretches(at, due.at))
    if limit.unit is Span.WORKING_DAYS:
        return _days(clock, at.astimezone(clock.calendar.zone).date(), limit, due)
    return [Step(due.last_day, name=_name(clock, due.last_day))]


def _hours(clock: Clock, stretches: list[tuple[datetime, datetime]]) -> list[Step]:
    found, counted = [], timedelta(0)
    for start, end in stretches:
        counted += end - start
        start, end = (one.astimezone(clock.calendar.zone) for one in (start, end))
        found.append(Step(start.date(), start, end, counted, _name(clock, start.date())))
    return found


def _days(clock: Clock, today: date, limit: Limit, due: Due) -> list[Step]:
    found, number = [], 0
    day = today if limit.count is CountFrom.SAME_DAY else today + _ONE_DAY
    while day <= due.last_day:
        is_worked = bool(clock.calendar.hours_on(day))
        number += is_worked
        found.append(Step(day, counted=number if is_worked else None, name=_name(clock, day)))
        day += _ONE_DAY
    return found


def _name(clock: Clock, day: date) -> str:
    special = clock.calendar.special.get(day)
    return "" if special is None else special.name
