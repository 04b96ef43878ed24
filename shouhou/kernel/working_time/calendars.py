"""Calendars: which hours of which days are worked, by the clock on the wall of one time zone."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.moments import DAY, MICROSECOND

_WRITTEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


class HoursEndBeforeStart(Invalid):
    code = "hours_end_before_start"
    template = gettext_noop("Hours end before they begin: %(hours)s.")


class HoursOverlap(Invalid):
    code = "hours_overlap"
    template = gettext_noop("Hours of one day overlap: %(first)s and %(second)s.")


class HoursMalformed(Invalid):
    code = "hours_malformed"
    template = gettext_noop(
        "“%(text)s” are no hours; those are written like 09:00-18:00, several with a comma between them."
    )


class WeekMalformed(Invalid):
    code = "week_malformed"
    template = gettext_noop("A week has seven days, Monday first, not %(days)s.")


class CalendarEmpty(Invalid):
    code = "calendar_empty"
    template = gettext_noop("The calendar has no working time at all.")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """From when to when is worked, by the clock on the wall: the start belongs to it, the end does not.

    An end at 0:00 is midnight after the day. Raises HoursEndBeforeStart also for empty ones.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise HoursEndBeforeStart(hours=str(self))

    @property
    def start(self) -> int:
        """Microseconds after midnight."""
        return _after_midnight(self.opens)

    @property
    def end(self) -> int:
        """Microseconds after midnight."""
        return _after_midnight(self.closes) or DAY

    def __str__(self) -> str:
        closes = "24:00" if self.closes == time.min else _shown(self.closes)
        return f"{_shown(self.opens)}-{closes}"

    def and_also(self, other: Hours) -> tuple[Hours, ...]:
        """What lies in both: one stretch or none."""
        start, end = (self if self.start >= other.start else other), (self if self.end <= other.end else other)
        return (Hours(start.opens, end.closes),) if start.start < end.end else ()


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that is not like others of its weekday: a holiday (no hours), a make-up day, hours of its own."""

    hours: tuple[Hours, ...]
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", in_order(self.hours))


@dataclass(frozen=True, eq=False)
class Calendar:
    """Hours of each weekday (Monday first), and the days that differ.

    `published` holds the years whose special days are all known; of any other year a result says that it was not. None where
    there is nothing to wait for. Raises WeekMalformed, HoursOverlap, CalendarEmpty.
    """

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    published: Container[int] | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise WeekMalformed(days=len(self.week))
        object.__setattr__(self, "week", tuple(in_order(hours) for hours in self.week))
        object.__setattr__(self, "special", MappingProxyType(dict(self.special)))
        if not any(self.week) and not any(one.hours for one in self.special.values()):
            raise CalendarEmpty()

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """What is worked on the day, earliest first."""
        found = self.special.get(day)
        return self.week[day.weekday()] if found is None else found.hours

    def with_days(self, days: Mapping[date, SpecialDay]) -> Calendar:
        """The same calendar with a branch's own days, which go before what it said of them."""
        return replace(self, special={**self.special, **days})

    def within(self, window: Hours) -> Calendar:
        """The same calendar with only the hours that lie in the window. Raises CalendarEmpty when none do."""

        def cut(hours: tuple[Hours, ...]) -> tuple[Hours, ...]:
            return tuple(left for one in hours for left in one.and_also(window))

        special = {day: SpecialDay(cut(one.hours), one.name) for day, one in self.special.items()}
        return replace(self, week=tuple(cut(hours) for hours in self.week), special=special)

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """Years from the first day to the last whose special days are not all known."""
        known = self.published
        return () if known is None else tuple(y for y in range(first.year, last.year + 1) if y not in known)


def every_day(hours: Iterable[Hours], zone: ZoneInfo) -> Calendar:
    """The same hours on each day of the year."""
    return Calendar(zone, (tuple(hours),) * 7)


def in_order(hours: Iterable[Hours]) -> tuple[Hours, ...]:
    """Earliest first. Raises HoursOverlap; hours that only touch do not overlap."""
    found = tuple(sorted(hours, key=lambda one: one.start))
    for one, other in pairwise(found):
        if other.start < one.end:
            raise HoursOverlap(first=str(one), second=str(other))
    return found


def read_hours(text: str) -> tuple[Hours, ...]:
    """Hours as people write them: `09:00-12:00,13:00-18:00`. Raises HoursMalformed and what Hours and `in_order` raise."""
    found = [_WRITTEN.fullmatch(one.strip()) for one in text.split(",")]
    if not all(found):
        raise HoursMalformed(text=text)
    return in_order(
        Hours(time(int(one[1]), int(one[2])), time(int(one[3] or 0), int(one[4] or 0))) for one in found if one
    )


def read_window(text: str) -> Hours:
    """One stretch of hours: `09:00-18:00`. Raises what `read_hours` raises."""
    found = read_hours(text)
    if len(found) != 1:
        raise HoursMalformed(text=text)
    return found[0]


def _after_midnight(clock: time) -> int:
    return timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    ) // MICROSECOND  # fmt: skip


def _shown(clock: time) -> str:
    return clock.isoformat("auto" if clock.second or clock.microsecond else "minutes")
