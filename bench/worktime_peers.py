"""The same hours and holidays in other packages. Make-up days are told to those that have a way to be told of one date."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import businesstimedelta
import numpy as np
import pandas as pd
import pytz
import timegrid
import workclock

from shouhou.kernel.working_time.calendars import read_hours
from shouhou.kernel.working_time.china import ZONE, chinese_calendar, special_days
from shouhou.kernel.working_time.many import Many
from shouhou.kernel.working_time.timeline import Timeline

type Asked = list[tuple[datetime, timedelta]]
type Answers = list[datetime]
# What it was asked, in the form that it takes, and then the answers: only the second call is measured.
type Peer = Callable[[Asked], tuple[Callable[[], object], Callable[[object], Answers]]]

OFFICE = read_hours("09:00-12:00,13:00-18:00")
YEARS = range(2023, 2028)
_NINE, _TWELVE, _ONE, _SIX = time(9), time(12), time(13), time(18)


def _days(*, worked: bool) -> list[date]:
    return sorted(day for day, (is_worked, _) in special_days().items() if is_worked is worked and day.year in YEARS)


def _here(at: datetime) -> datetime:
    return at.astimezone(ZONE).replace(tzinfo=None)


def _read_here(found: object) -> Answers:
    return [pd.Timestamp(one).to_pydatetime().replace(tzinfo=ZONE) for one in found]  # type: ignore[attr-defined]


def _read_aware(found: object) -> Answers:
    return list(found)  # type: ignore[call-overload, no-any-return]


def _read_array(found: object) -> Answers:
    return [one.replace(tzinfo=UTC) for one in found.tolist()]  # type: ignore[attr-defined]


def _arrays(asked: Asked) -> tuple[np.ndarray, np.ndarray]:
    at = np.array([one.replace(tzinfo=None) for one, _ in asked], "datetime64[us]")
    return at, np.array([work for _, work in asked], "timedelta64[us]")


def ours(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    add = Timeline(chinese_calendar(OFFICE)).add
    return lambda: [add(at, work) for at, work in asked], _read_aware


def ours_many(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    many, (at, work) = Many(Timeline(chinese_calendar(OFFICE))), _arrays(asked)
    return lambda: many.add(at, work), _read_array


def _workclock() -> workclock.Schedule:
    rules = [workclock.WorkDay(_NINE, _TWELVE), workclock.WorkDay(_ONE, _SIX), workclock.Holidays(_days(worked=False))]
    return workclock.Schedule(rules, time_zone="Asia/Shanghai")


def by_workclock(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    add = _workclock().add
    return lambda: [add(at, work) for at, work in asked], _read_aware


def by_workclock_many(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    schedule, (at, work) = _workclock(), _arrays(asked)
    return lambda: schedule.add_many(at, work), _read_array


def by_timegrid(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    calendar = timegrid.TimeGridCalendar.create().open_weekdays(_NINE, _TWELVE).open_weekdays(_ONE, _SIX)
    for day in _days(worked=False):
        calendar = calendar.close(day)
    for day in _days(worked=True):
        for opens, closes in ((_NINE, _TWELVE), (_ONE, _SIX)):
            start, end = (datetime.combine(day, clock) for clock in (opens, closes))
            calendar = calendar.set_open_window(f"{start}", start, end)
    given = [(_here(at), work) for at, work in asked]
    return lambda: [calendar.add_work_duration(at, work) for at, work in given], _read_here


def by_businesstimedelta(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    zone = pytz.timezone("Asia/Shanghai")
    hours = businesstimedelta.Rules([
        businesstimedelta.WorkDayRule(_NINE, _SIX, working_days=[0, 1, 2, 3, 4], tz=zone),
        businesstimedelta.LunchTimeRule(_TWELVE, _ONE, working_days=[0, 1, 2, 3, 4], tz=zone),
        businesstimedelta.HolidayRule(set(_days(worked=False)), tz=zone),
    ])  # fmt: skip
    given = [
        (pytz.utc.localize(at.replace(tzinfo=None)), businesstimedelta.BusinessTimeDelta(hours, timedelta=work))
        for at, work in asked
    ]
    return lambda: [at + work for at, work in given], _read_aware


def by_pandas(asked: Asked) -> tuple[Callable[[], object], Callable[[object], Answers]]:
    """Its hours are whole numbers, and so are those asked of it; holidays are looked up when the offset is made."""
    off = [np.datetime64(day) for day in _days(worked=False)]
    hour = pd.offsets.CustomBusinessHour(start=["09:00", "13:00"], end=["12:00", "18:00"], holidays=off)
    given = [(pd.Timestamp(_here(at)), hour * (work // timedelta(hours=1))) for at, work in asked]
    return lambda: [at + work for at, work in given], _read_here


PEERS: dict[str, tuple[Peer, int, bool]] = {
    "Shouhou": (ours, 300_000, True),
    "Shouhou, vectorised": (ours_many, 1_000_000, True),
    "workclock": (by_workclock, 300_000, False),
    "workclock, vectorised": (by_workclock_many, 1_000_000, False),
    "timegrid": (by_timegrid, 2_000, True),
    "businesstimedelta": (by_businesstimedelta, 1_000, False),
    "pandas": (by_pandas, 1_000, False),
}
