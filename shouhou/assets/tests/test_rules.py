from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.assets.rules import months_after

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(days, st.integers(0, 240))
def test_it_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 1), 72, date(2032, 3, 1)),
    ],
)
def test_dates_of_the_trade(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
