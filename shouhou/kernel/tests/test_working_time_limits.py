from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar as other_source
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.days import months_after
from shouhou.kernel.errors import Invalid
from shouhou.kernel.working_time.calendars import Calendar, SpecialDay, read_hours, read_window
from shouhou.kernel.working_time.china import ZONE, chinese_calendar, published_years, special_days
from shouhou.kernel.working_time.clock import Clock, Limit, WindowWithoutHours, begun_days
from shouhou.kernel.working_time.lengths import CountFrom, Span
from shouhou.kernel.working_time.moments import AmountTooSmall, EndBeforeStart, MomentOutOfRange, MomentWithoutZone
from shouhou.kernel.working_time.steps import steps
from shouhou.kernel.working_time.stretches import day_starts
from shouhou.kernel.working_time.timeline import NoWorkingTimeWithinHorizon

OFFICE = read_hours("09:00-12:00,13:00-18:00")
CLOCK = Clock(chinese_calendar(OFFICE))
WINDOW = read_window("09:00-18:00")
SAME = CountFrom.SAME_DAY

spans = st.sampled_from(Span)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2026, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("asked", "limit", "due"),
    [
        ("2026-09-30T14:01", Limit(4, Span.HOURS, WINDOW), "2026-10-01T09:01"),  # the platform's own example
        ("2026-09-30T14:00", Limit(4, Span.HOURS, WINDOW), "2026-09-30T18:00"),
        ("2026-09-30T20:00", Limit(4, Span.HOURS, WINDOW), "2026-10-01T13:00"),
        ("2026-09-30T14:01", Limit(4, Span.WORKING_HOURS, WINDOW), "2026-10-08T09:01"),
        ("2026-09-30T14:01", Limit(4, Span.WORKING_HOURS), "2026-10-08T09:01"),
        ("2026-09-30T11:00", Limit(4, Span.WORKING_HOURS), "2026-09-30T16:00"),
        ("2026-10-10T11:00", Limit(4, Span.WORKING_HOURS), "2026-10-10T16:00"),  # a Saturday that is worked
        ("2026-09-30T14:01", Limit(24, Span.HOURS), "2026-10-01T14:01"),
        ("2026-09-30T00:00", Limit(1, Span.DAYS), "2026-10-02T00:00"),
        ("2026-09-30T23:59", Limit(7, Span.DAYS), "2026-10-08T00:00"),
        ("2026-09-30T23:59", Limit(0, Span.DAYS), "2026-10-01T00:00"),
        ("2026-09-30T23:59", Limit(7, Span.DAYS, count=SAME), "2026-10-07T00:00"),
        ("2026-09-30T14:01", Limit(1, Span.WORKING_DAYS), "2026-10-09T00:00"),
        ("2026-09-30T14:01", Limit(3, Span.WORKING_DAYS), "2026-10-11T00:00"),  # the Saturday again
        ("2026-09-30T14:01", Limit(1, Span.WORKING_DAYS, count=SAME), "2026-10-01T00:00"),
        ("2026-10-01T14:01", Limit(1, Span.WORKING_DAYS, count=SAME), "2026-10-09T00:00"),
        ("2026-01-31T10:00", Limit(1, Span.MONTHS), "2026-03-01T00:00"),
        ("2024-01-31T10:00", Limit(1, Span.MONTHS), "2024-03-01T00:00"),
        ("2026-01-31T10:00", Limit(1, Span.MONTHS, count=SAME), "2026-03-01T00:00"),
        ("2026-03-01T10:00", Limit(1, Span.MONTHS, count=SAME), "2026-04-01T00:00"),
        ("2024-02-29T10:00", Limit(1, Span.YEARS), "2025-03-01T00:00"),
        ("2024-02-29T10:00", Limit(4, Span.YEARS), "2028-03-01T00:00"),
    ],
)
def test_limits_end_as_the_texts_say(asked: str, limit: Limit, due: str) -> None:
    found = CLOCK.due(china(asked), limit)
    assert found.at == china(due)
    assert found.last_day == (china(due) - timedelta.resolution).date()
    assert found.unpublished == ()


@given(moments, moments, spans, st.integers(1, 40), st.integers(1, 40))
def test_limits_are_monotone_and_never_end_before_they_begin(
    one: datetime, other: datetime, unit: Span, amount: int, more: int
) -> None:
    first, last = sorted([one, other])
    limit = Limit(min(amount, 20), unit)
    assert first < CLOCK.due(first, limit).at <= CLOCK.due(last, limit).at
    assert CLOCK.due(first, limit).at < CLOCK.due(first, Limit(limit.amount + more, unit)).at
    assert CLOCK.ahead(first, limit) <= CLOCK.ahead(last, limit) < last


@given(moments, st.integers(0, 200))
def test_days_that_were_added_are_measured(at: datetime, amount: int) -> None:
    end = CLOCK.due(at, Limit(amount, Span.WORKING_DAYS)).at - timedelta.resolution
    assert CLOCK.working_days(at, end) == amount
    assert CLOCK.natural_days(at, CLOCK.due(at, Limit(amount, Span.DAYS)).at - timedelta.resolution) == amount


@given(moments, st.integers(1, 60), st.sampled_from([Span.DAYS, Span.WORKING_DAYS]))
def test_counting_the_day_itself_is_a_day_less(at: datetime, amount: int, unit: Span) -> None:
    same, after = (CLOCK.due(at, Limit(amount, unit, count=count)).at for count in (SAME, CountFrom.DAY_AFTER))
    assert same <= after
    if unit is Span.DAYS or CLOCK.calendar.hours_on(at.astimezone(ZONE).date()):
        assert same == CLOCK.due(at, Limit(amount - 1, unit)).at


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 48))
def test_months_are_those_of_the_calendar(day: date, months: int) -> None:
    asked = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    assert CLOCK.due(asked, Limit(months, Span.MONTHS)).last_day == months_after(day, months)
    assert CLOCK.ahead(asked, Limit(months, Span.MONTHS)) == day_starts(months_after(day, -months), ZONE)


@pytest.mark.parametrize(
    ("limit", "begin"),
    [
        (Limit(1, Span.MONTHS), "2026-09-08T00:00"),
        (Limit(3, Span.DAYS), "2026-10-05T00:00"),
        (Limit(3, Span.DAYS, count=SAME), "2026-10-06T00:00"),
        (Limit(1, Span.WORKING_DAYS), "2026-09-30T00:00"),
        (Limit(1, Span.WORKING_DAYS, count=SAME), "2026-10-08T00:00"),
        (Limit(3, Span.WORKING_HOURS), "2026-09-30T17:00"),
        (Limit(3, Span.HOURS), "2026-10-08T08:00"),
    ],
)
def test_limits_run_backwards_too(limit: Limit, begin: str) -> None:
    assert CLOCK.ahead(china("2026-10-08T11:00"), limit) == china(begin)


def test_a_day_begins_where_the_zone_says() -> None:
    brazil = ZoneInfo("America/Sao_Paulo")
    # There clocks went from midnight to one o'clock.
    assert day_starts(date(2018, 11, 4), brazil) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert day_starts(date(2018, 11, 5), brazil) == datetime(2018, 11, 5, 2, tzinfo=UTC)


def test_years_that_are_not_published_are_told() -> None:
    after = published_years()[-1] + 1
    asked = datetime(after - 1, 12, 30, 10, tzinfo=ZONE)
    assert CLOCK.due(asked, Limit(5, Span.WORKING_DAYS)).unpublished == (after,)
    assert CLOCK.due(asked, Limit(30, Span.WORKING_HOURS)).unpublished == (after,)
    assert CLOCK.due(asked, Limit(10, Span.DAYS)).unpublished == ()
    assert CLOCK.due(china("2003-12-31T10:00"), Limit(5, Span.WORKING_DAYS)).unpublished == (2003,)
    assert not CLOCK.calendar.hours_on(date(after, 1, 1))


def test_each_day_is_as_another_source_has_it() -> None:
    days = [date(2004, 1, 1) + timedelta(days=number) for number in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]
    assert published_years()[0] == 2004
    assert published_years()[-1] >= 2026
    worked = {day: bool(CLOCK.calendar.hours_on(day)) for day in days}
    differing = {day for day in days if worked[day] != other_source.is_workday(day)}
    # The notice for 2006 makes this Saturday a working day; the other source begins to count it with its own year.
    assert differing == {date(2005, 12, 31)}
    assert special_days()[date(2005, 12, 31)][0]
    assert sum(1 for day in days if worked[day] and day.weekday() > 4) > 140


def test_what_is_no_limit_is_refused_by_name() -> None:
    now = china("2026-09-30T10:00")
    sparse = Clock(Calendar(ZONE, ((),) * 7, {date(2026, 10, 1): SpecialDay(OFFICE)}))
    for refusal, act in (
        (AmountTooSmall, lambda: Limit(-1, Span.DAYS)),
        (AmountTooSmall, lambda: Limit(0, Span.DAYS, count=SAME)),
        (WindowWithoutHours, lambda: Limit(1, Span.DAYS, WINDOW)),
        (MomentWithoutZone, lambda: CLOCK.due(now.replace(tzinfo=None), Limit(1, Span.DAYS))),
        (MomentWithoutZone, lambda: CLOCK.ahead(now.replace(tzinfo=None), Limit(1, Span.DAYS))),
        (MomentOutOfRange, lambda: CLOCK.due(now, Limit(9999, Span.YEARS))),
        (MomentOutOfRange, lambda: CLOCK.due(now, Limit(10**12, Span.HOURS))),
        (MomentOutOfRange, lambda: CLOCK.ahead(now, Limit(9999, Span.YEARS))),
        (NoWorkingTimeWithinHorizon, lambda: sparse.due(now, Limit(2, Span.WORKING_DAYS))),
        (NoWorkingTimeWithinHorizon, lambda: sparse.due(now, Limit(9, Span.WORKING_HOURS))),
        (EndBeforeStart, lambda: CLOCK.working_days(now, now - timedelta(hours=1))),
        (EndBeforeStart, lambda: begun_days(now, now - timedelta(hours=1))),
    ):
        with pytest.raises(Invalid) as caught:
            act()
        assert type(caught.value) is refusal
    assert sparse.due(now, Limit(1, Span.WORKING_DAYS)).last_day == date(2026, 10, 1)


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (1, 1), (24, 1), (24.5, 2), (48, 2)])
def test_a_day_that_has_begun_counts(hours: float, days: int) -> None:
    now = china("2026-09-30T10:00")
    assert begun_days(now, now + timedelta(hours=hours)) == days


def test_steps_show_what_ran_and_what_was_skipped() -> None:
    asked, limit = china("2026-09-30T14:01"), Limit(4, Span.HOURS, WINDOW)
    first, last = steps(CLOCK, asked, limit, CLOCK.due(asked, limit))
    assert (first.start, first.end, first.counted) == (asked, china("2026-09-30T18:00"), timedelta(hours=3, minutes=59))
    assert (last.day, last.counted, last.name) == (date(2026, 10, 1), timedelta(hours=4), "国庆节")
    limit = Limit(2, Span.WORKING_DAYS)
    days = steps(CLOCK, asked, limit, CLOCK.due(asked, limit))
    assert [one.counted for one in days] == [None] * 7 + [1, 2]
    limit = Limit(2, Span.WORKING_DAYS, count=SAME)
    assert [one.counted for one in steps(CLOCK, asked, limit, CLOCK.due(asked, limit))] == [1] + [None] * 7 + [2]
    limit = Limit(7, Span.DAYS)
    assert [one.day for one in steps(CLOCK, asked, limit, CLOCK.due(asked, limit))] == [date(2026, 10, 7)]
