from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.tests.working_time_cast import random_calendar
from shouhou.kernel.working_time.many import Many, MomentMissing
from shouhou.kernel.working_time.moments import AmountTooSmall, EndBeforeStart, MomentOutOfRange
from shouhou.kernel.working_time.timeline import NoWorkingTimeWithinHorizon, Timeline

MANY = [Many(Timeline(random_calendar(Random(seed)))) for seed in range(6)]
NOW = np.datetime64("2026-09-30T08:30", "us")
HOUR = np.timedelta64(1, "h")

works = st.one_of(st.just(timedelta(0)), st.timedeltas(timedelta(0), timedelta(hours=200)))
# In NumPy all moments are those of UTC.
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001
cases = st.lists(st.tuples(instants, works), min_size=1, max_size=50)


def utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


@given(st.sampled_from(MANY), cases)
def test_many_come_out_as_each_by_itself(many: Many, asked: list[tuple[datetime, timedelta]]) -> None:
    single = many.timeline
    at = np.array([moment for moment, _ in asked], "datetime64[us]")
    work = np.array([length for _, length in asked], "timedelta64[us]")
    due = many.add(at, work)
    assert [utc(one) for one in due.tolist()] == [single.add(utc(moment), length) for moment, length in asked]
    begun = [utc(one) for one in many.subtract(at, work).tolist()]
    assert begun == [single.subtract(utc(moment), length) for moment, length in asked]
    assert (many.measure(at, due) == work).all()
    later = at + work
    measured = [single.measure(utc(moment), utc(moment) + length) for moment, length in asked]
    assert many.measure(at, later).tolist() == measured


def test_more_than_fit_into_one_piece() -> None:
    at = NOW + np.arange(100_000) * np.timedelta64(1, "m")
    due = MANY[0].add(at, HOUR)
    assert (due[1:] >= due[:-1]).all()
    for number in (0, 32_767, 32_768, 99_999):
        single = MANY[0].timeline.add(utc(at[number].item()), timedelta(hours=1))
        assert utc(due[number].item()) == single


def test_what_is_given_broadcasts() -> None:
    found = MANY[0].add(np.array([[NOW], [NOW + HOUR]]), np.arange(3) * HOUR)
    assert found.shape == (2, 3)
    assert found[1, 2] == MANY[0].add(np.array([NOW + HOUR]), 2 * HOUR)[0]
    assert MANY[0].add(np.array([], "datetime64[us]"), HOUR).size == 0
    assert MANY[0].measure(np.array([], "datetime64[us]"), np.array([], "datetime64[us]")).size == 0


def test_one_that_is_wrong_refuses_all() -> None:
    many, at = MANY[0], np.array([NOW, NOW])
    with pytest.raises(AmountTooSmall):
        many.add(at, np.array([1, -1]) * HOUR)
    with pytest.raises(EndBeforeStart):
        many.measure(at, np.array([NOW, NOW - HOUR]))
    with pytest.raises(MomentMissing):
        many.add(np.array([NOW, np.datetime64("NaT", "us")]), HOUR)
    with pytest.raises(MomentOutOfRange):
        many.add(np.array([NOW, np.datetime64("1899-12-31")], "datetime64[us]"), HOUR)
    with pytest.raises(NoWorkingTimeWithinHorizon):
        many.add(at, np.array([1, 2**50], "timedelta64[us]") * 8000)
    with pytest.raises(TypeError):
        many.add(np.array([1, 2]), HOUR)
    assert many.add(at, HOUR).size == 2
