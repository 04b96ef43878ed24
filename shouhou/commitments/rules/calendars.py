"""What one calendar of the company says of its own, and the working time that follows from several, laid one on the other. Pure.

At the bottom lies the calendar of the company, which says everything; on it lie those of the branches on the way down. Each
says only what is different there: the hours of a week, whether the days of China count, single days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.calendars import (
    Calendar,
    CalendarEmpty,
    Hours,
    HoursMalformed,
    SpecialDay,
    WeekMalformed,
    in_order,
    read_hours,
)
from shouhou.kernel.working_time.china import published_years, special_days

# As the days of China are: in Chinese.
_WEEKEND = "周末"
# The code of the calendar that all others lie on.
COMPANY = "company"
CHANGE_CALENDAR = "commitments.change_calendar"
MOST_DAYS, MOST_AT_ONCE = 4000, 366

type Week = tuple[tuple[Hours, ...], ...]


class EndsBeforeItBegins(Invalid):
    code = "days_end_before_start"
    template = gettext_noop("The last day (%(last)s) is before the first (%(first)s).")


class DayTwice(Invalid):
    code = "calendar_day_twice"
    template = gettext_noop("%(day)s is named twice.")


class NoDayNamed(Invalid):
    code = "calendar_day_missing"
    template = gettext_noop("Name at least one day.")


class TooManyDays(Invalid):
    code = "calendar_too_many_days"
    template = gettext_noop("At most %(most)s days can be changed at once.")


class CalendarFull(Invalid):
    code = "calendar_full"
    template = gettext_noop("A calendar holds at most %(most)s days of its own.")


class DayOutOfReach(Invalid):
    code = "calendar_day_out_of_reach"
    template = gettext_noop("%(day)s does not lie between 1970 and 2199.")


class PublicDays(TextChoices):
    """Whose holidays and make-up days count."""

    CHINA = "china", _("Holidays and make-up days of China")
    NONE = "none", _("No public holidays")


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of which a calendar says something. `hours`: none at all on a day off, None for those of a usual working day."""

    hours: tuple[Hours, ...] | None
    name: str = ""

    def __post_init__(self) -> None:
        if self.hours is not None:
            object.__setattr__(self, "hours", in_order(self.hours))


@dataclass(frozen=True, slots=True)
class Said:
    """What one calendar says of its own. None (of the zone: nothing) where what lies below it counts.

    Raises WeekMalformed, HoursOverlap, CalendarEmpty for a week without any hours.
    """

    week: Week | None = None
    public_days: PublicDays | None = None
    zone: str = ""
    days: Mapping[date, OwnDay] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.week is not None:
            if len(self.week) != 7:
                raise WeekMalformed(days=len(self.week), field="week")
            if not any(self.week):
                raise CalendarEmpty(field="week")
            object.__setattr__(self, "week", tuple(map(in_order, self.week)))
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))


_OFFICE_HOURS = read_hours("09:00-12:00,13:00-18:00")
# What counts from the first start on, until the company says something else.
SHIPPED = Said((_OFFICE_HOURS,) * 5 + ((),) * 2, PublicDays.CHINA, "Asia/Shanghai")


def built(layers: Sequence[Said], *, zone: str) -> Calendar:
    """The calendar that follows, the first layer at the bottom, which must say week and public days.

    A make-up day has the hours of the first working day of the week: nobody says which weekday it makes up for.
    """
    week = week_of(layers)
    usual = next(filter(None, week))
    special = {
        day: SpecialDay(usual if is_worked else (), name) for day, (is_worked, name) in _public(layers, week).items()
    }
    for one in layers:
        for day, own in one.days.items():
            special[day] = SpecialDay(usual if own.hours is None else own.hours, own.name)
    return Calendar(
        ZoneInfo(zone), week, special, published_years() if public_days(layers) == PublicDays.CHINA else None
    )


def week_of(layers: Sequence[Said]) -> Week:
    """The hours of each weekday: what the uppermost layer says that says anything."""
    return next(one.week for one in reversed(layers) if one.week is not None)


def public_days(layers: Sequence[Said]) -> PublicDays:
    """Whose holidays count, found the same way."""
    return next(one.public_days for one in reversed(layers) if one.public_days is not None)


def _public(layers: Sequence[Said], week: Week) -> Mapping[date, tuple[bool, str]]:
    if public_days(layers) != PublicDays.CHINA:
        return {}
    # Whoever works on Saturdays is off on those that lie in a holiday.
    adjoining = {day: (False, _WEEKEND) for day in _weekends_in_holidays() if week[day.weekday()]}
    return {**adjoining, **special_days()}


@cache
def _weekends_in_holidays() -> frozenset[date]:
    """The Saturdays and Sundays that adjoin a day off: the State Council counts them to the holiday, e.g. 1 to 7 October."""
    known = special_days()
    found: set[date] = set()
    for day in (day for day, (is_worked, _name) in known.items() if not is_worked):
        for step in (-1, 1):
            beside = date.fromordinal(day.toordinal() + step)
            while beside.weekday() >= 5 and beside not in known:
                found.add(beside)
                beside = date.fromordinal(beside.toordinal() + step)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """One day as the calendar has it. `said_by`: the layer that says so; None where the week says it, or the State Council.

    `is_public`: the State Council says so. `as_usual`: what it would be without the layer on top.
    """

    day: date
    hours: tuple[Hours, ...]
    name: str = ""
    said_by: int | None = None
    is_public: bool = False

    @property
    def is_special(self) -> bool:
        """Whether it is not like others of its weekday."""
        return self.is_public or self.said_by is not None


def day_of(layers: Sequence[Said], calendar: Calendar, day: date) -> DayOfYear:
    """One day of the calendar that was built from the layers, and who says so."""
    special = calendar.special.get(day)
    if special is None:
        return DayOfYear(day, calendar.hours_on(day))
    said_by = next((number for number in reversed(range(len(layers))) if day in layers[number].days), None)
    return DayOfYear(day, special.hours, special.name, said_by, is_public=said_by is None)


def days_from(first: date, last: date | None) -> list[date]:
    """All days from the first to the last, which is the first where none is named. Raises EndsBeforeItBegins, TooManyDays."""
    until = last or first
    if until < first:
        raise EndsBeforeItBegins(first=first.isoformat(), last=until.isoformat(), field="last")
    if (until - first).days >= MOST_AT_ONCE:
        raise TooManyDays(most=MOST_AT_ONCE, field="last")
    return [date.fromordinal(number) for number in range(first.toordinal(), until.toordinal() + 1)]


def with_days(said: Said, named: Iterable[tuple[date, OwnDay | None]]) -> Said:
    """The same with these days said anew; None takes back what was said of a day.

    Raises NoDayNamed, DayTwice, DayOutOfReach, TooManyDays, CalendarFull.
    """
    days, seen = dict(said.days), set[date]()
    for day, own in named:
        if day in seen:
            raise DayTwice(day=day.isoformat(), field="days")
        if not 1970 <= day.year < 2200:
            raise DayOutOfReach(day=day.isoformat(), field="first")
        seen.add(day)
        days.pop(day, None)
        days |= {} if own is None else {day: own}
    if not seen:
        raise NoDayNamed(field="days")
    if len(seen) > MOST_AT_ONCE:
        raise TooManyDays(most=MOST_AT_ONCE, field="days")
    if len(days) > MOST_DAYS:
        raise CalendarFull(most=MOST_DAYS)
    return Said(said.week, said.public_days, said.zone, days)


# Marks of Chinese keyboards, and several dashes, beside those of the file.
_TYPED = str.maketrans("，、；;：–—～~－", ",,,,:-----", " ")
_HOUR = re.compile(r"(?<!\d)(\d{1,2})(?::(\d{2}))?(?!\d)")


def typed_hours(text: str) -> tuple[Hours, ...]:
    """Hours as people type them: `9-12，13:00–18:00`; nothing for a day off. Raises HoursMalformed and what Hours raise."""
    plain = text.translate(_TYPED).strip(",")
    if not plain:
        return ()
    try:
        return read_hours(_HOUR.sub(lambda found: f"{int(found[1]):02}:{found[2] or '00'}", plain))
    except HoursMalformed:
        raise HoursMalformed(text=text) from None


def hours_text(hours: Iterable[Hours]) -> str:
    """As `read_hours` reads them."""
    return ",".join(map(str, hours))


def plain(said: Said) -> dict[str, Any]:
    """For the table and the journal: text, lists and nothing else."""
    return {
        "zone": said.zone,
        "week": None if said.week is None else [hours_text(hours) for hours in said.week],
        "public_days": said.public_days and said.public_days.value,
        "days": {day.isoformat(): plain_day(own) for day, own in sorted(said.days.items())},
    }


def plain_day(own: OwnDay) -> dict[str, Any]:
    """One day, the same way."""
    return {"hours": None if own.hours is None else hours_text(own.hours), "name": own.name}


def read_said(stored: Mapping[str, Any]) -> Said:
    """What `plain` wrote."""
    week, public = stored["week"], stored["public_days"]
    return Said(
        None if week is None else tuple(map(_read_stored, week)),
        None if public is None else PublicDays(public),
        stored["zone"],
        {
            date.fromisoformat(day): OwnDay(None if own["hours"] is None else _read_stored(own["hours"]), own["name"])
            for day, own in stored["days"].items()
        },
    )


def _read_stored(text: str) -> tuple[Hours, ...]:
    return read_hours(text) if text else ()
