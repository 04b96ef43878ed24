"""Which calendar a branch promises by."""

from functools import cache

from shouhou.access.models import Branch
from shouhou.kernel.working_time.calendars import read_hours
from shouhou.kernel.working_time.china import chinese_calendar
from shouhou.kernel.working_time.clock import Clock

DEFAULT_HOURS = "09:00-12:00,13:00-18:00"


def current_calendar(branch: Branch) -> str:
    """The key of the calendar, as it stands now, by which the branch's promises run. It is kept with each of them."""
    return ""


@cache
def clock_for(calendar: str) -> Clock:
    """The clock of a calendar as it stood under that key; the empty key is the one that comes with the product."""
    return Clock(chinese_calendar(read_hours(DEFAULT_HOURS)))
