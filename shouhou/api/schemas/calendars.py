"""Working calendars: which days and hours are worked, what is changed of them, and when a limit ends."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from shouhou.api.fields import Answer, Day, Input, Moment, Word
from shouhou.commitments.queries.calendars import Layer, Pile
from shouhou.commitments.rules.calendars import (
    MOST_AT_ONCE,
    DayOfYear,
    OwnDay,
    PublicDays,
    Said,
    hours_text,
    public_days,
    typed_hours,
    week_of,
)
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.calendars import read_window
from shouhou.kernel.working_time.clock import Due, Limit
from shouhou.kernel.working_time.lengths import CountFrom, Span

_Hours = Annotated[
    str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$"), Field(examples=["09:00-12:00,13:00-18:00"])
]
_DayName = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$"), Field(examples=["店庆"])]
_WEEK = Field(min_length=7, max_length=7, description="Hours of each weekday, Monday first; empty: not worked.")


class LimitUnclear(Invalid):
    code = "limit_unclear"
    template = gettext_noop("Name a rule, or an amount and a unit, not both.")


class OwnDayAnswer(Answer):
    """A day of which the calendar says something itself."""

    day: date
    hours: str | None = Field(description="Empty on a day off; null: those of a usual working day.")
    name: str


class LayerAnswer(Answer):
    """One calendar and what it says itself. What it leaves open (null), those below it say."""

    code: str = Field(examples=["QD"])
    week: list[str] | None
    public_days: PublicDays | None
    days: list[OwnDayAnswer]

    @classmethod
    def of(cls, layer: Layer) -> Self:
        said = layer.said
        return cls(
            code=layer.code,
            week=None if said.week is None else [hours_text(one) for one in said.week],
            public_days=said.public_days,
            days=[
                OwnDayAnswer(day=day, hours=None if own.hours is None else hours_text(own.hours), name=own.name)
                for day, own in sorted(said.days.items())
            ],
        )


class CalendarAnswer(Answer):
    """A calendar: what counts, and the layers that say so, that of the company at the bottom (first)."""

    code: str = Field(examples=["QD"])
    number: int = Field(description="How often it was changed.")
    time_zone: str
    week: list[str] = Field(description="What counts, from wherever. Monday first; empty: not worked.")
    public_days: PublicDays
    layers: list[LayerAnswer]

    @classmethod
    def of(cls, pile: Pile) -> Self:
        return cls(
            code=pile.own.code,
            number=pile.number,
            time_zone=pile.zone,
            week=[hours_text(one) for one in week_of(pile.said)],
            public_days=public_days(pile.said),
            layers=[LayerAnswer.of(one) for one in pile.layers],
        )


class SpecialDayAnswer(Answer):
    """A day that is not like others of its weekday."""

    day: date
    hours: str = Field(description="Empty: not worked.")
    name: str
    said_by: str | None = Field(description="Code of the calendar that says so; null: the State Council.")

    @classmethod
    def of(cls, one: DayOfYear, layers: tuple[Layer, ...]) -> Self:
        said_by = None if one.said_by is None else layers[one.said_by].code
        return cls(day=one.day, hours=hours_text(one.hours), name=one.name, said_by=said_by)


class CalendarYearAnswer(Answer):
    """The special days of one year."""

    year: int
    published: bool = Field(description="False: the public holidays of the year are not all known yet.")
    rows: list[SpecialDayAnswer]


class CalendarDayInput(Input):
    """What a day is from now on."""

    day: Day
    as_usual: bool = Field(
        default=False, description="Take back what the calendar said of it; nothing else is given then."
    )
    hours: _Hours | None = Field(default="", description="Empty on a day off; null: those of a usual working day.")
    name: _DayName = ""

    def own(self) -> OwnDay | None:
        """Raises what `typed_hours` raises."""
        if self.as_usual:
            return None
        return OwnDay(None if self.hours is None else typed_hours(self.hours), self.name)


class CalendarDaysInput(Input):
    days: list[CalendarDayInput] = Field(min_length=1, max_length=MOST_AT_ONCE)


class CalendarWeekInput(Input):
    """The week from now on. Null: what the calendars below it say."""

    week: Annotated[list[_Hours], _WEEK] | None
    public_days: Annotated[PublicDays, Field(strict=False)] | None

    def said(self) -> Said:
        """Raises what `typed_hours` and `Said` raise."""
        return Said(None if self.week is None else tuple(map(typed_hours, self.week)), self.public_days)


class DueInput(Input):
    """A limit: that of a rule, or an amount of a unit."""

    at: Moment
    calendar: Word = Field(default="company", description="Code of a calendar, e.g. that of a branch.", examples=["QD"])
    rule: Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, examples=["jd-disputes-2025.evidence"]
    )
    amount: int | None = Field(default=None, ge=0, le=100_000)
    unit: Annotated[Span, Field(strict=False)] | None = None
    window: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="Hours run only in it.", examples=["09:00-18:00"]
    )
    count_days_from: Annotated[CountFrom, Field(strict=False)] = CountFrom.DAY_AFTER

    def limit(self) -> Limit | None:
        """The limit that is given; None where a rule says it. Raises LimitUnclear and what `read_window` and Limit raise."""
        given = self.amount is not None, self.unit is not None
        if any(given) == (self.rule is not None) or any(given) != all(given):
            raise LimitUnclear(field="rule")
        if self.amount is None or self.unit is None:
            return None
        return Limit(self.amount, self.unit, read_window(self.window) if self.window else None, self.count_days_from)


class DueAnswer(Answer):
    """What happens before `due` is in time."""

    due: datetime
    last_day: date
    unpublished_years: list[int] = Field(description="Years on the way whose holidays are not all known yet.")
    rule: str | None = Field(description="The version of the rule that was asked.")

    @classmethod
    def of(cls, due: Due, *, rule: str | None) -> Self:
        return cls(due=due.at, last_day=due.last_day, unpublished_years=list(due.unpublished), rule=rule)
