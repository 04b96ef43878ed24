"""Time limits: so much of a unit from a moment on, or ahead of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shouhou.kernel.days import months_after
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.calendars import Calendar, Hours, every_day
from shouhou.kernel.working_time.lengths import CountFrom, Span
from shouhou.kernel.working_time.moments import (
    AmountTooSmall,
    EndBeforeStart,
    MomentOutOfRange,
    microseconds,
    refuse_years_outside,
)
from shouhou.kernel.working_time.stretches import day_starts
from shouhou.kernel.working_time.timeline import HORIZON_YEARS, NoWorkingTimeWithinHorizon, Timeline

_ONE_DAY = timedelta(days=1)
_MONTHS = {Span.MONTHS: 1, Span.YEARS: 12}
_ELAPSED = {Span.HOURS, Span.WORKING_HOURS}


class WindowWithoutHours(Invalid):
    code = "window_without_hours"
    template = gettext_noop("Only hours run in a window (%(window)s); %(unit)s do not.")


@dataclass(frozen=True, slots=True)
class Limit:
    """`amount` of `unit`. `window`: hours run only in it. `count`: which day is the first of a limit in days, months, years.

    Raises AmountTooSmall, WindowWithoutHours.
    """

    amount: int
    unit: Span
    window: Hours | None = None
    count: CountFrom = CountFrom.DAY_AFTER

    def __post_init__(self) -> None:
        counts_today = self.unit not in _ELAPSED and self.count is CountFrom.SAME_DAY
        if self.amount < counts_today:
            raise AmountTooSmall(amount=self.amount, least=int(counts_today))
        if self.window is not None and self.unit not in _ELAPSED:
            raise WindowWithoutHours(window=str(self.window), unit=str(self.unit))


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends. What happens before `at` (UTC) is in time.

    A limit in days ends with its last day, so that `at` is midnight after it. `unpublished`: years on the way whose holidays are
    not all known.
    """

    at: datetime
    last_day: date
    unpublished: tuple[int, ...] = ()


class Clock:
    """Time limits along one calendar. Days are those of the calendar's zone; a day with any hours is a working day."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._timelines: dict[tuple[Span, Hours | None], Timeline] = {}

    def due(self, at: datetime, limit: Limit) -> Due:
        """When the limit ends that begins at the moment.

        Hours run from the moment; days, months and years from the day after it, or from its own day.
        Raises MomentWithoutZone, MomentOutOfRange, NoWorkingTimeWithinHorizon.
        """
        today = self._day_of(at)
        timeline = self.timeline(limit)
        try:
            if timeline is not None:
                end = timeline.add(at, timedelta(hours=limit.amount))
            elif limit.unit is Span.HOURS:
                end = at.astimezone(UTC) + timedelta(hours=limit.amount)
            else:
                end = day_starts(self._last_day(today, limit) + _ONE_DAY, self.calendar.zone)
            # The moment itself no longer belongs to it; but a limit of no length at all has no day before it.
            last_day = max(end - timedelta.resolution, at).astimezone(self.calendar.zone).date()
            refuse_years_outside(last_day.year)
        except (OverflowError, ValueError):
            raise MomentOutOfRange() from None
        counts_work = limit.unit in (Span.WORKING_HOURS, Span.WORKING_DAYS)
        return Due(end, last_day, self.calendar.unpublished(today, last_day) if counts_work else ())

    def ahead(self, at: datetime, limit: Limit) -> datetime:
        """The mirror image: the moment so long before. With days, months and years it is the beginning of that day.

        Raises what `due` raises.
        """
        today = self._day_of(at)
        timeline = self.timeline(limit)
        try:
            if timeline is not None:
                return timeline.subtract(at, timedelta(hours=limit.amount))
            if limit.unit is Span.HOURS:
                return at.astimezone(UTC) - timedelta(hours=limit.amount)
            return day_starts(self._first_day(today, limit), self.calendar.zone)
        except (OverflowError, ValueError):
            raise MomentOutOfRange() from None

    def working_days(self, start: datetime, end: datetime) -> int:
        """Working days after the day of the start, up to that of the end. Raises EndBeforeStart, MomentWithoutZone."""
        first, last = self._in_order(start, end)
        after = (first + _ONE_DAY * number for number in range(1, (last - first).days + 1))
        return sum(1 for day in after if self.calendar.hours_on(day))

    def natural_days(self, start: datetime, end: datetime) -> int:
        """Days after the day of the start, up to that of the end. Raises EndBeforeStart, MomentWithoutZone."""
        first, last = self._in_order(start, end)
        return (last - first).days

    def timeline(self, limit: Limit) -> Timeline | None:
        """The working time along which the limit runs; None for one that runs by the clock or by the day."""
        if limit.unit not in _ELAPSED or (limit.unit is Span.HOURS and limit.window is None):
            return None
        key = (limit.unit, limit.window)
        if key not in self._timelines:
            self._timelines[key] = Timeline(self._calendar(*key))
        return self._timelines[key]

    def _calendar(self, unit: Span, window: Hours | None) -> Calendar:
        if window is None:
            return self.calendar
        return every_day([window], self.calendar.zone) if unit is Span.HOURS else self.calendar.within(window)

    def _last_day(self, today: date, limit: Limit) -> date:
        same_day = limit.count is CountFrom.SAME_DAY
        match limit.unit:
            case Span.DAYS:
                return today + _ONE_DAY * (limit.amount - same_day)
            case Span.WORKING_DAYS:
                return self._nth_working_day(today - _ONE_DAY if same_day else today, limit.amount, _ONE_DAY)
        end = months_after(today, limit.amount * _MONTHS[limit.unit])
        # It ends on the day before the same day; where the month has no such day, with the month.
        return end - _ONE_DAY if same_day and end.day == today.day else end

    def _first_day(self, today: date, limit: Limit) -> date:
        same_day = limit.count is CountFrom.SAME_DAY
        match limit.unit:
            case Span.DAYS:
                return today - _ONE_DAY * (limit.amount - same_day)
            case Span.WORKING_DAYS:
                return self._nth_working_day(today + _ONE_DAY if same_day else today, limit.amount, -_ONE_DAY)
        begin = months_after(today, -limit.amount * _MONTHS[limit.unit])
        return begin + _ONE_DAY if same_day and begin.day == today.day else begin

    def _nth_working_day(self, day: date, number: int, step: timedelta) -> date:
        begun = day
        while number:
            day += step
            number -= bool(self.calendar.hours_on(day))
            if abs(day.year - begun.year) > HORIZON_YEARS:
                raise NoWorkingTimeWithinHorizon(day_starts(begun, self.calendar.zone))
        return day

    def _day_of(self, at: datetime) -> date:
        microseconds(at)
        refuse_years_outside(at.year)
        return at.astimezone(self.calendar.zone).date()

    def _in_order(self, start: datetime, end: datetime) -> tuple[date, date]:
        first, last = self._day_of(start), self._day_of(end)
        if end < start:
            raise EndBeforeStart(start=start.isoformat(), end=end.isoformat())
        return first, last


def begun_days(start: datetime, end: datetime, *, hours: int = 24) -> int:
    """Each full so many hours is a day, and a remainder one more. Raises EndBeforeStart, MomentWithoutZone."""
    taken = microseconds(end) - microseconds(start)
    if taken < 0:
        raise EndBeforeStart(start=start.isoformat(), end=end.isoformat())
    return -(-taken // (hours * 3_600_000_000))
