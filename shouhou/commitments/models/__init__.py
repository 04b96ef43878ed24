from shouhou.commitments.models.awards import Award, AwardStep, TopUp, TopUpReceipt
from shouhou.commitments.models.calendars import CalendarEdition, WorkCalendar
from shouhou.commitments.models.commitments import STANDING_FIELDS, Commitment, CommitmentMark, CommitmentNotice
from shouhou.commitments.models.excuses import Excuse, ExcuseEvidence, ExcuseRuling

__all__ = [
    "STANDING_FIELDS",
    "Award",
    "AwardStep",
    "CalendarEdition",
    "Commitment",
    "CommitmentMark",
    "CommitmentNotice",
    "Excuse",
    "ExcuseEvidence",
    "ExcuseRuling",
    "TopUp",
    "TopUpReceipt",
    "WorkCalendar",
]
