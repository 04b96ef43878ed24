from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.numbers import dated_number, running_number

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_numbers_of_the_trade() -> None:
    assert dated_number("QD", date(2026, 11, 23), 42) == "QD261123-0042"
    assert running_number("QD", 871) == "QD-000871"


@given(st.tuples(days, st.integers(1, 9999)), st.tuples(days, st.integers(1, 9999)))
def test_dated_numbers_sort_as_they_were_given(one: tuple[date, int], other: tuple[date, int]) -> None:
    assert (dated_number("QD", *one) < dated_number("QD", *other)) == (one < other)


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_running_numbers_are_never_the_same(one: int, other: int) -> None:
    assert (running_number("QD", one) == running_number("QD", other)) == (one == other)
