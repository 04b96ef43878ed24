"""The days off and make-up working days (调休) that the State Council publishes each year."""

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from shouhou.kernel.working_time.calendars import Calendar, Hours, SpecialDay

ZONE = ZoneInfo("Asia/Shanghai")
# The first year whose days were compared day by day, and the last for which days of rest by law can be foretold.
FIRST_YEAR, LAST_YEAR = 2004, 2099


def chinese_calendar(hours: tuple[Hours, ...]) -> Calendar:
    """The same hours on each working day of China.

    A year that is not published has the holidays that the law itself fixes, without days swapped around them (2004 – 2099), or
    none at all (before and after); the calendar tells such years as unpublished.
    """
    days = special_days()
    special = {day: SpecialDay(hours if is_worked else (), name) for day, (is_worked, name) in days.items()}
    return Calendar(ZONE, (hours,) * 5 + ((),) * 2, special, published_years())


@cache
def special_days() -> dict[date, tuple[bool, str]]:
    """Holidays and make-up days: whether they are worked, and the name in Chinese."""
    # Reading the package takes longer than starting some commands takes altogether.
    from holidays import country_holidays

    found = country_holidays("CN", years=range(FIRST_YEAR, LAST_YEAR + 1), language="zh_CN")
    off = {day: (False, name) for day, name in found.items()}
    return off | dict.fromkeys(found.weekend_workdays, (True, "调休上班"))


@cache
def published_years() -> range:
    """The years whose notice the package knows: it names swapped days for each of them."""
    from holidays.countries.china import ChinaStaticHolidays

    return range(FIRST_YEAR, max(ChinaStaticHolidays.special_public_holidays) + 1)
