"""What calendars say, laid one on the other; what people type; what is refused by name."""

from datetime import date, time
from typing import Any

import pytest

from shouhou.commitments.rules.calendars import (
    MOST_AT_ONCE,
    MOST_DAYS,
    SHIPPED,
    CalendarFull,
    DayOutOfReach,
    DayTwice,
    EndsBeforeItBegins,
    NoDayNamed,
    OwnDay,
    PublicDays,
    Said,
    TooManyDays,
    built,
    day_of,
    days_from,
    plain,
    read_said,
    typed_hours,
    with_days,
)
from shouhou.kernel.errors import Refusal
from shouhou.kernel.working_time.calendars import (
    CalendarEmpty,
    Hours,
    HoursEndBeforeStart,
    HoursMalformed,
    HoursOverlap,
    WeekMalformed,
)

NATIONAL_DAY, MAKE_UP, MONDAY, SATURDAY = date(2026, 10, 1), date(2026, 10, 10), date(2026, 11, 23), date(2026, 11, 28)
SHOP = typed_hours("10-20")


def shown(layers: list[Said], day: date) -> str:
    return ",".join(map(str, built(layers, zone="Asia/Shanghai").hours_on(day)))


def test_from_the_first_start_on_weekdays_are_worked_and_the_days_of_china_count() -> None:
    assert shown([SHIPPED], MONDAY) == "09:00-12:00,13:00-18:00"
    assert shown([SHIPPED], SATURDAY) == shown([SHIPPED], NATIONAL_DAY) == ""
    assert shown([SHIPPED], MAKE_UP) == "09:00-12:00,13:00-18:00"
    assert 2026 in (built([SHIPPED], zone="Asia/Shanghai").published or ())


def test_what_lies_above_says_only_what_is_different() -> None:
    branch = Said(days={MONDAY: OwnDay((), "店庆"), SATURDAY: OwnDay(None, "促销")})
    assert shown([SHIPPED, branch], MONDAY) == ""
    assert shown([SHIPPED, branch], SATURDAY) == "09:00-12:00,13:00-18:00"
    assert shown([SHIPPED, branch], NATIONAL_DAY) == ""
    on_top = Said(days={MONDAY: OwnDay(SHOP)})
    assert shown([SHIPPED, branch, on_top], MONDAY) == "10:00-20:00"


def test_a_week_of_its_own_also_decides_what_a_make_up_day_has() -> None:
    branch = Said(week=(SHOP,) * 6 + ((),))
    assert shown([SHIPPED, branch], SATURDAY) == shown([SHIPPED, branch], MAKE_UP) == "10:00-20:00"
    assert shown([SHIPPED, branch], NATIONAL_DAY) == ""


def test_whoever_works_on_saturdays_is_off_on_those_in_a_holiday() -> None:
    shop = Said(week=(SHOP,) * 7)
    # Notice for 2026: 1 to 3 January, 15 to 23 February, 1 to 7 October.
    for first, last in ((date(2026, 1, 1), 3), (date(2026, 2, 15), 23), (date(2026, 10, 1), 7)):
        assert {shown([SHIPPED, shop], first.replace(day=day)) for day in range(first.day, last + 1)} == {""}
        assert shown([SHIPPED, shop], first.replace(day=last + 1)) == "10:00-20:00"
    assert shown([SHIPPED, shop], date(2025, 12, 31)) == shown([SHIPPED, shop], date(2026, 9, 30)) == "10:00-20:00"


def test_the_days_of_china_can_be_left_out() -> None:
    calendar = built([SHIPPED, Said(public_days=PublicDays.NONE)], zone="Asia/Tokyo")
    assert calendar.hours_on(NATIONAL_DAY)
    assert not calendar.hours_on(MAKE_UP)
    assert calendar.published is None
    assert calendar.zone.key == "Asia/Tokyo"


def test_each_day_tells_who_says_so() -> None:
    layers = [SHIPPED, Said(days={MONDAY: OwnDay((), "台风")})]
    calendar = built(layers, zone="Asia/Shanghai")
    told = {day: day_of(layers, calendar, day) for day in (NATIONAL_DAY, MONDAY, SATURDAY)}
    assert (told[NATIONAL_DAY].is_public, told[NATIONAL_DAY].name, told[NATIONAL_DAY].said_by) == (True, "国庆节", None)
    assert (told[MONDAY].said_by, told[MONDAY].name, told[MONDAY].is_special) == (1, "台风", True)
    assert not told[SATURDAY].is_special


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9-12,13-18", "09:00-12:00,13:00-18:00"),
        (" 09:00–12:00，13：30～18：00 ", "09:00-12:00,13:30-18:00"),
        ("13-18、9-12", "09:00-12:00,13:00-18:00"),
        ("0-24", "00:00-24:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, read: str) -> None:
    assert ",".join(map(str, typed_hours(typed))) == read


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("18-9", HoursEndBeforeStart),
        ("9-9", HoursEndBeforeStart),
        ("22:00-06:00", HoursEndBeforeStart),
        ("9-12,11-18", HoursOverlap),
        ("9-12-18", HoursMalformed),
        ("9:5-12", HoursMalformed),
        ("9-25", HoursMalformed),
        ("上午", HoursMalformed),
        ("900-1200", HoursMalformed),
    ],
)
def test_hours_that_make_no_sense_are_refused(typed: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as caught:
        typed_hours(typed)
    if refusal is HoursMalformed:
        assert caught.value.params == {"text": typed}


@pytest.mark.parametrize(
    ("week", "refusal"),
    [
        (((),) * 7, CalendarEmpty),
        ((SHOP,) * 6, WeekMalformed),
        (((Hours(time(9), time(12)), Hours(time(11), time(13))),) * 7, HoursOverlap),
    ],
)
def test_a_week_that_makes_no_sense_is_refused(week: Any, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        Said(week=week)


def test_a_day_is_said_anew_and_taken_back() -> None:
    said = with_days(SHIPPED, [(MONDAY, OwnDay((), "台风")), (SATURDAY, OwnDay(None))])
    assert said.days == {MONDAY: OwnDay((), "台风"), SATURDAY: OwnDay(None)}
    assert with_days(said, [(MONDAY, None)]).days == {SATURDAY: OwnDay(None)}
    assert with_days(said, [(MONDAY, OwnDay(SHOP))]).days[MONDAY] == OwnDay(SHOP)
    assert said.week == SHIPPED.week


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ([], NoDayNamed),
        ([(MONDAY, None), (MONDAY, OwnDay(()))], DayTwice),
        ([(date(26, 1, 1), OwnDay(()))], DayOutOfReach),
        ([(date(2200, 1, 1), OwnDay(()))], DayOutOfReach),
        ([(date.fromordinal(737000 + n), OwnDay(())) for n in range(MOST_AT_ONCE + 1)], TooManyDays),
    ],
)
def test_days_that_make_no_sense_are_refused(days: Any, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        with_days(SHIPPED, days)


def test_a_calendar_can_be_full() -> None:
    full = Said(days={date.fromordinal(737000 + n): OwnDay(()) for n in range(MOST_DAYS)})
    with pytest.raises(CalendarFull):
        with_days(full, [(date(1999, 1, 1), OwnDay(()))])
    assert len(with_days(full, [(date.fromordinal(737000), OwnDay(SHOP))]).days) == MOST_DAYS


def test_a_stretch_of_days_has_both_ends() -> None:
    assert days_from(MONDAY, None) == [MONDAY]
    assert days_from(MONDAY, date(2026, 11, 25)) == [MONDAY, date(2026, 11, 24), date(2026, 11, 25)]
    with pytest.raises(EndsBeforeItBegins):
        days_from(SATURDAY, MONDAY)
    with pytest.raises(TooManyDays):
        days_from(MONDAY, date(2027, 11, 24))
    assert len(days_from(MONDAY, date(2027, 11, 23))) == MOST_AT_ONCE


def test_it_is_stored_as_text_and_read_back() -> None:
    said = with_days(SHIPPED, [(MONDAY, OwnDay((), "台风")), (SATURDAY, OwnDay(None)), (NATIONAL_DAY, OwnDay(SHOP))])
    assert read_said(plain(said)) == said
    assert read_said(plain(Said())) == Said()
    assert plain(said)["days"]["2026-11-23"] == {"hours": "", "name": "台风"}
