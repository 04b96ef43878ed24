"""The closed lists that a length of time is written in."""

from enum import StrEnum


class Span(StrEnum):
    """Units in which a time limit is written."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class CountFrom(StrEnum):
    """Which day is day 1 of a limit in days."""

    DAY_AFTER = "day_after"
    SAME_DAY = "same_day"
