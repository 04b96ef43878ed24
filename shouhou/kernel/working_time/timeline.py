"""Working time along one calendar: add, subtract, measure. Exact to the microsecond.

A calendar is a list of stretches with the work done before each, so that every question is a bisection. Years are made when they
are first asked for; what was made is never changed, only replaced, so that threads can share a timeline.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.calendars import Calendar
from shouhou.kernel.working_time.moments import (
    EPOCH,
    FIRST_YEAR,
    LAST_YEAR,
    MICROSECOND,
    AmountTooSmall,
    EndBeforeStart,
    microseconds,
    moment_of,
    refuse_years_outside,
    year_starts,
)
from shouhou.kernel.working_time.stretches import stretches_of_year

HORIZON_YEARS = 30
HORIZON = timedelta(days=HORIZON_YEARS * 366) // MICROSECOND


class NoWorkingTimeWithinHorizon(Invalid):
    code = "no_working_time_within_horizon"
    template = gettext_noop("The calendar has too little working time within %(years)s years of %(moment)s.")

    def __init__(self, moment: datetime) -> None:
        super().__init__(years=HORIZON_YEARS, moment=moment.isoformat())


@dataclass(frozen=True, slots=True)
class Known:
    """The years that were made, from the first to the last, which are the microseconds from `start` until before `end`.

    `before` is the work done when a stretch begins; it has one entry more than there are stretches, the work of all of them.
    """

    first: int
    last: int
    start: int
    end: int
    starts: list[int]
    ends: list[int]
    before: list[int]

    def done(self, moment: int) -> int:
        """The work done until the moment, counted from where `before` begins."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        end = self.ends[index]
        return self.before[index] + (moment if moment < end else end) - self.starts[index]


_NONE = Known(0, 0, 0, 0, [], [], [0])


class Timeline:
    """One calendar, ready to be asked. Moments come back in UTC.

    Work that ends exactly at the end of a stretch is due at that end, not at the next beginning. No work at all is due at once,
    or at the next beginning where nothing is worked. `subtract` is the mirror image.
    """

    __slots__ = ("calendar", "known")

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.known = _NONE

    def add(self, at: datetime, work: timedelta) -> datetime:
        """The earliest moment at which so much was worked since `at`.

        Raises MomentWithoutZone, AmountTooSmall for negative work, MomentOutOfRange, NoWorkingTimeWithinHorizon.
        """
        moment, amount = microseconds(at), work // MICROSECOND
        if amount < 0:
            raise AmountTooSmall(amount=str(work), least=0)
        known = self.known
        if not known.start <= moment < known.end:
            known = self.covering(at.year, at.year)
        while True:
            target = known.done(moment) + amount
            # Without work the moment must lie before the end of a stretch, with work it may be that end.
            index = (bisect_left if amount else bisect_right)(known.before, target) - 1
            if index < len(known.starts):
                break
            known = self.further(known, at, step=1)
        due = known.starts[index] + target - known.before[index]
        if due - moment > HORIZON:
            raise NoWorkingTimeWithinHorizon(at)
        return EPOCH + timedelta(microseconds=due)

    def subtract(self, at: datetime, work: timedelta) -> datetime:
        """The latest moment from which so much is worked until `at`. Raises what `add` raises."""
        moment, amount = microseconds(at), work // MICROSECOND
        if amount < 0:
            raise AmountTooSmall(amount=str(work), least=0)
        known = self.known
        if not known.start <= moment < known.end:
            known = self.covering(at.year, at.year)
        while True:
            target = known.done(moment) - amount
            index = (bisect_right if amount else bisect_left)(known.before, target) - 1
            if index >= 0:
                break
            known = self.further(known, at, step=-1)
        begun = known.starts[index] + target - known.before[index]
        if moment - begun > HORIZON:
            raise NoWorkingTimeWithinHorizon(at)
        return EPOCH + timedelta(microseconds=begun)

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """What is worked from the start until before the end. Raises EndBeforeStart, MomentWithoutZone, MomentOutOfRange."""
        first, last = _in_order(start, end)
        known = self.known
        if not known.start <= first <= last < known.end:
            known = self.covering(start.year, end.year)
        return timedelta(microseconds=known.done(last) - known.done(first))

    def stretches(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The working time from the start until before the end, piece by piece, in UTC. Raises what `measure` raises."""
        first, last = _in_order(start, end)
        known = self.covering(start.year, end.year)
        index = max(bisect_right(known.starts, first) - 1, 0)
        pieces = zip(known.starts[index:], known.ends[index:], strict=True)
        cut = ((max(one, first), min(other, last)) for one, other in pieces if one < last)
        return [(moment_of(one), moment_of(other)) for one, other in cut if one < other]

    def covering(self, first: int, last: int) -> Known:
        """All that was made so far, and at least these years of any time zone. Raises MomentOutOfRange."""
        refuse_years_outside(first)
        refuse_years_outside(last)
        # The year of a zone begins in that of UTC before it and ends in the one after, which is soon asked for anyway.
        return self._with_years(first - 1, last + 1)

    def _with_years(self, first: int, last: int) -> Known:
        known = self.known
        if known is not _NONE:
            first, last = min(first, known.first), max(last, known.last)
        if (first, last) != (known.first, known.last):
            self.known = known = _made(self.calendar, first, last, known)
        return known

    def further(self, known: Known, at: datetime, *, step: int) -> Known:
        """One year more after the last, or before the first. Raises NoWorkingTimeWithinHorizon where that leads too far."""
        first, last = (known.first, known.last + 1) if step > 0 else (known.first - 1, known.last)
        too_far = (last - at.year if step > 0 else at.year - first) > HORIZON_YEARS + 1
        if first < FIRST_YEAR - 1 or last > LAST_YEAR + 1 or too_far:
            raise NoWorkingTimeWithinHorizon(at)
        return self._with_years(first, last)


def _in_order(start: datetime, end: datetime) -> tuple[int, int]:
    first, last = microseconds(start), microseconds(end)
    if last < first:
        raise EndBeforeStart(start=start.isoformat(), end=end.isoformat())
    return first, last


def _made(calendar: Calendar, first: int, last: int, known: Known) -> Known:
    """The years from first to last, with those that are there already."""
    pieces = []
    for year in range(first, last + 1):
        if year == known.first:
            pieces += list(zip(known.starts, known.ends, strict=True))
        if not known.first <= year <= known.last:
            pieces += stretches_of_year(calendar, year)
    starts, ends = [one for one, _ in pieces], [other for _, other in pieces]
    before = list(accumulate((other - one for one, other in pieces), initial=0))
    # What lies outside the supported years is there for its neighbours' sake: nobody asks from there.
    opens, closes = year_starts(max(first, FIRST_YEAR)), year_starts(min(last, LAST_YEAR) + 1)
    return Known(first, last, opens, closes, starts, ends, before)
