"""Calendar arithmetic of the law: months that end on the same day. Pure."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day some calendar months later, or the last day of that month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
