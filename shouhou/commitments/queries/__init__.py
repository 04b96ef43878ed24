"""Reading commitments: what is owed and by when, the history of one, and which calendar counts."""

from shouhou.commitments.queries.calendars import calendar_of, clock_for, clock_of, current_calendar
from shouhou.commitments.queries.commitments import (
    CommitmentNotFound,
    after_due,
    commitments_of,
    count_owed,
    find_definitions,
    find_due,
    find_owed,
    find_told_to,
    get_commitment,
    marks_of,
    notices_of,
)
from shouhou.commitments.queries.excuses import (
    EvidenceNotFound,
    ExcuseNotFound,
    excuses_of,
    find_waiting_excuses,
    get_evidence,
    get_excuse,
)
from shouhou.commitments.queries.verifying import Misjudged, find_misjudged

__all__ = [
    "CommitmentNotFound",
    "EvidenceNotFound",
    "ExcuseNotFound",
    "Misjudged",
    "after_due",
    "calendar_of",
    "clock_for",
    "clock_of",
    "commitments_of",
    "count_owed",
    "current_calendar",
    "excuses_of",
    "find_definitions",
    "find_due",
    "find_misjudged",
    "find_owed",
    "find_told_to",
    "find_waiting_excuses",
    "get_commitment",
    "get_evidence",
    "get_excuse",
    "marks_of",
    "notices_of",
]
