"""Reading commitments: what is owed and by when, the history of one, and which calendar counts."""

from shouhou.commitments.queries.calendars import calendar_of, clock_for, clock_of, current_calendar
from shouhou.commitments.queries.commitments import (
    CommitmentNotFound,
    commitments_of,
    find_due,
    find_open,
    get_commitment,
    marks_of,
)

__all__ = [
    "CommitmentNotFound",
    "calendar_of",
    "clock_for",
    "clock_of",
    "commitments_of",
    "current_calendar",
    "find_due",
    "find_open",
    "get_commitment",
    "marks_of",
]
