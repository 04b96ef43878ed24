"""One year of a calendar as stretches of real time, also where clocks are put forward or back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shouhou.kernel.working_time.calendars import Calendar
from shouhou.kernel.working_time.moments import DAY, EPOCH, MICROSECOND, moment_of, year_starts

_FIRST_DAY = date(1970, 1, 1)
_SECOND = 1_000_000
# Time zones have changed twice within a day, never within six hours.
_STEP = 6 * 3600 * _SECOND


def stretches_of_year(calendar: Calendar, year: int) -> Iterator[tuple[int, int]]:
    """`(start, end)` in microseconds from 1970 UTC, earliest first, all the working time of one year of UTC.

    A moment is worked when the clock on the wall shows worked hours. So an hour that the clock skips is not there, and one
    that it shows twice counts twice.
    """
    for start, end, ahead in _offsets(calendar.zone, year_starts(year), year_starts(year + 1)):
        # Within it the clock on the wall runs evenly, `ahead` of UTC.
        for number in range((start + ahead) // DAY, (end + ahead - 1) // DAY + 1):
            midnight = number * DAY - ahead
            for hours in calendar.hours_on(_FIRST_DAY + timedelta(days=number)):
                opens, closes = max(midnight + hours.start, start), min(midnight + hours.end, end)
                if opens < closes:
                    yield opens, closes


def _offsets(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The period cut where the zone's clock is put forward or back: `(start, end, ahead of UTC)`, all in microseconds."""
    since, ahead = start, _ahead(zone, start)
    for at in range(start, end, _STEP):
        until = min(at + _STEP, end)
        later = _ahead(zone, until)
        if later != ahead:
            change = _change(zone, at, until)
            yield since, change, ahead
            since, ahead = change, later
    if since < end:
        yield since, end, ahead


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second between the two at which the clock is as it is after them."""
    new = _ahead(zone, after)
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        if _ahead(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def _ahead(zone: ZoneInfo, at: int) -> int:
    here = moment_of(at).astimezone(zone)
    return (here.replace(tzinfo=EPOCH.tzinfo) - here) // MICROSECOND


@lru_cache(maxsize=4096)
def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day in the zone, in UTC; where the clock skips midnight, the moment at which it skips."""
    midnight = (day - _FIRST_DAY).days * DAY
    around = (midnight - DAY, midnight + DAY)
    starts = [
        max(start, midnight - ahead)
        for start, end, ahead in _offsets(zone, *around)
        if end + ahead > midnight
    ]  # fmt: skip
    return moment_of(min(starts))
