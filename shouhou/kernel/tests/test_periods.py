from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.periods import Period, PeriodEndsBeforeStart

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
lengths = st.none() | st.integers(1, 400)
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(days=length) if length else None), days, lengths
)


@given(periods, periods, days)
def test_two_periods_overlap_when_a_day_lies_in_both(one: Period[date], other: Period[date], day: date) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    if day in one and day in other:
        assert one.overlaps(other)
    assert one.overlaps(other) == (max(one.start, other.start) in one and max(one.start, other.start) in other)


@given(periods)
def test_the_start_belongs_to_it_and_the_end_does_not(period: Period[date]) -> None:
    assert period.start in period
    assert period.start - timedelta(days=1) not in period
    assert period.end is None or period.end not in period


def test_periods_that_touch_do_not_overlap() -> None:
    first = Period(date(2026, 1, 1), date(2026, 2, 1))
    assert not first.overlaps(Period(date(2026, 2, 1)))


@given(days, st.integers(0, 400))
def test_it_refuses_an_empty_or_reversed_period(start: date, length: int) -> None:
    with pytest.raises(PeriodEndsBeforeStart):
        Period(start, start - timedelta(days=length))
