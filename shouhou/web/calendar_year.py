"""The year of a calendar as a page shows it: twelve months, the days that differ, and one day on its own."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouhou.commitments.queries.calendars import Pile
from shouhou.commitments.rules.calendars import DayOfYear, OwnDay, Said, built, day_of, week_of
from shouhou.kernel.working_time.calendars import Calendar
from shouhou.web.calendar_words import day_words, hours_words, layer_name, stretch_words

FIRST, LAST = 1970, 2199


@dataclass(frozen=True, slots=True)
class Cell:
    """One day in its month. `kind`: worked, rest, off, makeup, hours."""

    day: date
    kind: str
    mark: str
    label: str
    own: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    title: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that follow each other and differ in the same way."""

    first: date
    last: date
    when: str
    number: int
    kind: str
    mark: str
    what: str
    hours: str
    name: str
    who: str
    own: bool


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day on its own. `own`: what the uppermost calendar says of it; `below`: what it would be otherwise, in words."""

    day: date
    title: str
    kind: str
    mark: str
    what: str
    hours: str
    name: str
    who: str
    own: OwnDay | None
    below: str


class YearShown:
    """A calendar and one year of it. Needs no query beyond those of the pile."""

    def __init__(self, pile: Pile, year: int, *, today: date) -> None:
        self.pile, self.year, self.today = pile, year, today
        self.said = pile.said
        self.week = week_of(self.said)
        self._marks = {
            "off": pgettext("mark of a day", "off"),
            "makeup": pgettext("mark of a day", "on"),
            "hours": pgettext("mark of a day", "hrs"),
        }

    @cached_property
    def calendar(self) -> Calendar:
        return self.pile.calendar

    @cached_property
    def unpublished(self) -> bool:
        """Whether the public holidays of the year are not all known yet."""
        return bool(self.calendar.unpublished(date(self.year, 1, 1), date(self.year, 12, 31)))

    @property
    def before(self) -> int | None:
        return self.year - 1 if self.year > FIRST else None

    @property
    def after(self) -> int | None:
        return self.year + 1 if self.year < LAST else None

    @cached_property
    def worked(self) -> int:
        """How many days of the year are worked."""
        return sum(1 for one in self._days if one.hours)

    @cached_property
    def months(self) -> list[Month]:
        by_day = {one.day: one for one in self._days}
        weeks = Weeks()
        return [
            Month(
                number,
                dateformat.format(date(self.year, number, 1), "F"),
                [
                    [self._cell(by_day[day]) if day.month == number else None for day in week]
                    for week in weeks.monthdatescalendar(self.year, number)
                ],
            )
            for number in range(1, 13)
        ]

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The days of the year that are not like others of their weekday."""
        special = [one for one in self._days if one.is_special]
        return [
            self._stretch([one for _number, one in found])
            for _key, found in groupby(
                enumerate(special),
                key=lambda one: (
                    one[1].day.toordinal() - one[0],
                    one[1].name,
                    one[1].said_by,
                    self._kind(one[1]),
                    one[1].hours,
                ),
            )
        ]

    def on(self, day: date) -> DayShown:
        """One day, with what there is to change."""
        one = day_of(self.said, self.calendar, day)
        own = self.pile.own.said
        without = [*self.said[:-1], Said(own.week, own.public_days, own.zone)]
        below = day_of(without, built(without, zone=self.pile.zone), day)
        return DayShown(
            day,
            day_words(day),
            self._kind(one),
            self._marks.get(self._kind(one), ""),
            self._what(one),
            hours_words(one.hours),
            one.name,
            self._who(one),
            own.days.get(day),
            self._below(below),
        )

    def _below(self, one: DayOfYear) -> str:
        return _(", ").join(filter(None, [self._what(one), one.name, hours_words(one.hours) if one.hours else ""]))

    @cached_property
    def _days(self) -> list[DayOfYear]:
        first, last = date(self.year, 1, 1).toordinal(), date(self.year, 12, 31).toordinal()
        return [day_of(self.said, self.calendar, date.fromordinal(number)) for number in range(first, last + 1)]

    def _kind(self, one: DayOfYear) -> str:
        usual = self.week[one.day.weekday()]
        if not one.is_special or (one.hours == usual != () and not one.is_public):
            return "worked" if one.hours else "rest"
        if not one.hours:
            return "off"
        return "hours" if usual and not one.is_public else "makeup"

    def _what(self, one: DayOfYear) -> str:
        return {
            "worked": _("working day"),
            "rest": _("no working day"),
            "off": _("day off"),
            "makeup": _("make-up working day"),
            "hours": _("own hours"),
        }[self._kind(one)]

    def _who(self, one: DayOfYear) -> str:
        if one.said_by is not None:
            return layer_name(self.pile.layers[one.said_by])
        return _("State Council") if one.is_public else _("as every week")

    def _is_own(self, one: DayOfYear) -> bool:
        return one.said_by == len(self.said) - 1

    def _cell(self, one: DayOfYear) -> Cell:
        kind = self._kind(one)
        told = [day_words(one.day), self._what(one), one.name, self._who(one) if one.is_special else ""]
        return Cell(
            one.day,
            kind,
            self._marks.get(kind, ""),
            _(", ").join(filter(None, told)),
            self._is_own(one),
            one.day == self.today,
        )

    def _stretch(self, days: list[DayOfYear]) -> Stretch:
        first, last = days[0], days[-1]
        return Stretch(
            first.day,
            last.day,
            stretch_words(first.day, last.day),
            len(days),
            self._kind(first),
            self._marks.get(self._kind(first), ""),
            self._what(first),
            hours_words(first.hours),
            first.name,
            self._who(first),
            self._is_own(first),
        )
