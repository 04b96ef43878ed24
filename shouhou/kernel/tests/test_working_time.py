from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouhou.kernel.errors import Invalid
from shouhou.kernel.tests.working_time_cast import Oracle, differences, random_calendar
from shouhou.kernel.working_time.calendars import (
    Calendar,
    CalendarEmpty,
    Hours,
    HoursEndBeforeStart,
    HoursMalformed,
    HoursOverlap,
    SpecialDay,
    WeekMalformed,
    every_day,
    read_hours,
    read_window,
)
from shouhou.kernel.working_time.moments import (
    AmountTooSmall,
    EndBeforeStart,
    MomentOutOfRange,
    MomentWithoutZone,
)
from shouhou.kernel.working_time.timeline import NoWorkingTimeWithinHorizon, Timeline

CHINA, BERLIN, NEW_YORK = (ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York"))
HOUR, NONE = timedelta(hours=1), timedelta(0)
OFFICE = read_hours("09:00-12:00,13:00-18:00")
WEEK = (OFFICE,) * 5 + ((),) * 2
# One for each of several calendars, made once: hypothesis asks them about everything else.
TIMELINES = [Timeline(random_calendar(Random(seed))) for seed in range(12)]

timelines = st.sampled_from(TIMELINES)
moments = st.datetimes(datetime(2026, 2, 2), datetime(2026, 11, 25), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(hours=100))


def at(text: str, zone: ZoneInfo = CHINA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.fixture
def office() -> Timeline:
    return Timeline(Calendar(CHINA, WEEK, {date(2026, 10, 1): SpecialDay((), "国庆节")}))


@given(timelines, moments, amounts)
def test_what_was_added_is_measured(timeline: Timeline, start: datetime, work: timedelta) -> None:
    assert timeline.measure(start, timeline.add(start, work)) == work
    assert timeline.measure(timeline.subtract(start, work), start) == work


@given(timelines, moments, amounts)
def test_subtracting_leads_back_to_where_work_began(timeline: Timeline, start: datetime, work: timedelta) -> None:
    assert timeline.subtract(timeline.add(start, work), work) == timeline.add(start, NONE)
    assert timeline.add(timeline.subtract(start, work), work) == timeline.subtract(start, NONE)


@given(timelines, moments, moments, amounts, amounts)
def test_later_or_more_is_never_earlier(
    timeline: Timeline, one: datetime, other: datetime, work: timedelta, more: timedelta
) -> None:
    first, last = sorted([one, other])
    assert timeline.add(first, work) <= timeline.add(last, work)
    assert timeline.subtract(first, work) <= timeline.subtract(last, work)
    assert timeline.add(first, NONE) <= timeline.add(first, work) < timeline.add(first, work + more)


@given(timelines, moments, amounts, amounts)
def test_it_makes_no_difference_in_how_many_pieces_work_is_done(
    timeline: Timeline, start: datetime, one: timedelta, other: timedelta
) -> None:
    assert timeline.add(timeline.add(start, one), other) == timeline.add(start, one + other)


@given(timelines, moments, moments, moments)
def test_measures_add_up(timeline: Timeline, one: datetime, other: datetime, third: datetime) -> None:
    first, middle, last = sorted([one, other, third])
    assert timeline.measure(first, middle) + timeline.measure(middle, last) == timeline.measure(first, last)
    pieces = timeline.stretches(first, last)
    assert sum((end - start for start, end in pieces), NONE) == timeline.measure(first, last)
    assert all(first <= start < end <= last for start, end in pieces)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6))
def test_it_agrees_with_minute_by_minute(seed: int) -> None:
    calendar = random_calendar(Random(seed))
    assert differences(Timeline(calendar), Oracle(calendar), Random(seed), 1000) == 0


def test_it_makes_no_difference_what_was_asked_before() -> None:
    calendar, other = random_calendar(Random(1)), Timeline(random_calendar(Random(1)))
    for year in (2026, 1999, 2071, 2027, 1971):
        other.add(datetime(year, 6, 1, tzinfo=UTC), HOUR)
    for year in (1971, 1999, 2026, 2071):
        moment = datetime(year, 1, 1, tzinfo=UTC)
        for work in (NONE, HOUR, 5000 * HOUR):
            assert other.add(moment, work) == Timeline(calendar).add(moment, work)
            assert other.subtract(moment, work) == Timeline(calendar).subtract(moment, work)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-09-30T16:30", 1, "2026-09-30T17:30"),
        ("2026-09-30T16:30", 1.5, "2026-09-30T18:00"),  # the end of the day, not the beginning of the next
        ("2026-09-30T16:30", 4, "2026-10-02T11:30"),  # over a holiday
        ("2026-09-30T11:00", 1, "2026-09-30T12:00"),
        ("2026-09-30T11:00", 2, "2026-09-30T14:00"),  # over noon
        ("2026-09-30T12:30", 1, "2026-09-30T14:00"),
        ("2026-09-30T18:00", 0, "2026-10-02T09:00"),  # six o'clock is no longer worked
        ("2026-09-30T17:59", 0, "2026-09-30T17:59"),
        ("2026-10-03T10:00", 0, "2026-10-05T09:00"),  # a Saturday
        ("2026-09-30T09:00", 40, "2026-10-07T18:00"),
    ],
)
def test_work_fills_the_hours(office: Timeline, start: str, hours: float, due: str) -> None:
    assert office.add(at(start), hours * HOUR) == at(due)


def test_it_is_exact_to_the_microsecond(office: Timeline) -> None:
    tick = timedelta(microseconds=1)
    assert office.add(at("2026-09-30T17:59:59.999999"), tick) == at("2026-09-30T18:00")
    assert office.add(at("2026-09-30T17:59:59.999999"), 2 * tick) == at("2026-10-02T09:00:00.000001")


@pytest.mark.parametrize(
    ("zone", "day", "worked"),
    [
        (BERLIN, "2026-03-29", 3),  # 2:00 becomes 3:00
        (BERLIN, "2026-10-25", 5),  # 3:00 becomes 2:00
        (NEW_YORK, "2026-03-08", 3),
        (NEW_YORK, "2026-11-01", 5),
        (BERLIN, "2026-03-30", 4),
    ],
)
def test_an_hour_that_is_skipped_is_not_worked_and_one_that_is_shown_twice_counts_twice(
    zone: ZoneInfo, day: str, worked: int
) -> None:
    nights = Timeline(every_day(read_hours("00:00-04:00"), zone))
    start = at(f"{day}T00:00", zone)
    assert nights.measure(start, at(f"{day}T12:00", zone)) == worked * HOUR
    assert nights.add(start, worked * HOUR) == at(f"{day}T04:00", zone)


def test_hours_that_begin_within_the_skipped_hour_begin_after_it() -> None:
    nights = Timeline(every_day(read_hours("02:30-04:00"), BERLIN))
    assert nights.add(at("2026-03-29T00:00", BERLIN), NONE) == at("2026-03-29T03:00", BERLIN)
    assert nights.measure(at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)) == HOUR


def test_a_day_that_a_zone_leaves_out_is_not_worked() -> None:
    samoa = ZoneInfo("Pacific/Apia")
    always = Timeline(every_day(read_hours("09:00-17:00"), samoa))
    assert always.measure(at("2011-12-29T00:00", samoa), at("2012-01-01T00:00", samoa)) == 16 * HOUR


def test_around_the_clock_is_elapsed_time() -> None:
    always = Timeline(every_day(read_hours("00:00-24:00"), BERLIN))
    start = at("2026-03-28T12:34:56.789", BERLIN)
    assert always.add(start, 48 * HOUR) == start.astimezone(UTC) + 48 * HOUR


def test_own_days_go_before_the_calendars() -> None:
    closed, open_ = date(2026, 9, 30), date(2026, 10, 3)
    calendar = Calendar(CHINA, WEEK, {closed: SpecialDay(OFFICE)})
    own = Timeline(calendar.with_days({closed: SpecialDay((), "盘点"), open_: SpecialDay(read_hours("10:00-11:00"))}))
    assert own.measure(at("2026-09-30T00:00"), at("2026-10-04T00:00")) == 17 * HOUR
    assert Timeline(calendar).measure(at("2026-09-30T00:00"), at("2026-10-04T00:00")) == 24 * HOUR


def test_a_window_leaves_what_lies_in_both() -> None:
    narrow = Calendar(CHINA, WEEK, {date(2026, 10, 3): SpecialDay(OFFICE)}).within(read_window("11:00-14:00"))
    assert [str(one) for one in narrow.hours_on(date(2026, 10, 3))] == ["11:00-12:00", "13:00-14:00"]
    assert narrow.hours_on(date(2026, 10, 4)) == ()


@pytest.mark.parametrize("text", ["", "9-18", "09:00", "09:00-25:00", "09:00-18:00;19:00-20:00", "24:00-01:00"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(HoursMalformed):
        read_hours(text)
    assert [str(one) for one in read_hours("13:00-24:00, 09:00-12:00")] == ["09:00-12:00", "13:00-24:00"]


def test_a_window_is_one_stretch() -> None:
    assert str(read_window("09:00-18:00")) == "09:00-18:00"
    with pytest.raises(HoursMalformed):
        read_window("09:00-12:00,13:00-18:00")


def test_hours_end_after_they_begin() -> None:
    for opens, closes in ((time(9), time(9)), (time(18), time(9))):
        with pytest.raises(HoursEndBeforeStart):
            Hours(opens, closes)


def test_hours_may_touch_but_not_overlap() -> None:
    assert len(read_hours("09:00-12:00,12:00-18:00")) == 2
    for overlapping in ("09:00-12:01,12:00-18:00", "09:00-18:00,10:00-11:00"):
        with pytest.raises(HoursOverlap):
            read_hours(overlapping)
    with pytest.raises(HoursOverlap):
        SpecialDay((*OFFICE, read_window("17:00-19:00")))


def test_a_calendar_without_working_time_is_refused() -> None:
    for special in ({}, {date(2026, 1, 1): SpecialDay(())}):
        with pytest.raises(CalendarEmpty):
            Calendar(CHINA, ((),) * 7, special)
    with pytest.raises(CalendarEmpty):
        Calendar(CHINA, WEEK).within(read_window("12:00-13:00"))
    with pytest.raises(WeekMalformed):
        Calendar(CHINA, (OFFICE,) * 5)


@pytest.fixture
def one_day() -> Timeline:
    return Timeline(Calendar(CHINA, ((),) * 7, {date(2026, 5, 1): SpecialDay(OFFICE)}))


def test_it_looks_for_working_time_as_far_as_the_horizon(one_day: Timeline) -> None:
    assert one_day.add(at("2026-01-01T00:00"), 8 * HOUR) == at("2026-05-01T18:00")
    assert one_day.add(at("2000-01-01T00:00"), NONE) == at("2026-05-01T09:00")
    assert one_day.subtract(at("2027-01-01T00:00"), 8 * HOUR) == at("2026-05-01T09:00")
    for start, work in (("2026-01-01T00:00", 8.5), ("2027-01-01T00:00", 1), ("1990-01-01T00:00", 1)):
        with pytest.raises(NoWorkingTimeWithinHorizon):
            one_day.add(at(start), work * HOUR)
    for start, work in (("2027-01-01T00:00", 8.5), ("2026-01-01T00:00", 1), ("2090-01-01T00:00", 1)):
        with pytest.raises(NoWorkingTimeWithinHorizon):
            one_day.subtract(at(start), work * HOUR)


def test_what_is_no_question_is_refused_by_name(office: Timeline) -> None:
    now, naive = at("2026-09-30T10:00"), datetime(2026, 9, 30, 10)  # noqa: DTZ001
    for refusal, act in (
        (AmountTooSmall, lambda: office.add(now, -HOUR)),
        (AmountTooSmall, lambda: office.subtract(now, -HOUR)),
        (EndBeforeStart, lambda: office.measure(now, now - HOUR)),
        (EndBeforeStart, lambda: office.stretches(now, now - HOUR)),
        (MomentWithoutZone, lambda: office.add(naive, HOUR)),
        (MomentWithoutZone, lambda: office.subtract(naive, HOUR)),
        (MomentWithoutZone, lambda: office.measure(now, naive)),
        (MomentOutOfRange, lambda: office.add(at("1899-12-31T00:00"), HOUR)),
        (MomentOutOfRange, lambda: office.measure(now, at("2201-01-01T10:00"))),
    ):
        with pytest.raises(Invalid) as caught:
            act()
        assert type(caught.value) is refusal
