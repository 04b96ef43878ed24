"""When a technician of the demonstration company is where. Pure."""

from bisect import insort
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8, 0), time(18, 0)
_TRAVEL = timedelta(minutes=30)
_ROUND = 15


def office_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself in working hours, else the next opening."""
    local = moment.astimezone(zone)
    if local.time() < OPENS:
        return datetime.combine(local.date(), OPENS, zone)
    if local.time() >= CLOSES:
        return datetime.combine(local.date() + timedelta(days=1), OPENS, zone)
    return moment


@dataclass
class Diary:
    """The times at which someone is taken: visits with the way there, and absences."""

    taken: list[tuple[datetime, datetime]] = field(default_factory=list)

    def block(self, start: datetime, end: datetime) -> None:
        """Enter an absence."""
        insort(self.taken, (start, end))

    def book(self, start: datetime, end: datetime) -> None:
        """Enter a visit, with the way there before it."""
        insort(self.taken, (start - _TRAVEL, end))

    def first_free(self, earliest: datetime, length: timedelta, zone: ZoneInfo) -> datetime:
        """The start of the first visit of that length for which there is room, on a quarter of an hour."""
        start = _quarter(earliest + _TRAVEL)
        while True:
            start = max(start, office_time(start, zone))
            if (start + length).astimezone(zone).time() > CLOSES:
                start = datetime.combine(start.astimezone(zone).date() + timedelta(days=1), OPENS, zone)
            clash = max(
                (end for begin, end in self.taken if begin < start + length and start - _TRAVEL < end), default=None
            )
            if clash is None:
                return start
            start = _quarter(clash + _TRAVEL)

    def forget_before(self, moment: datetime) -> None:
        """Drop what is long over, so that looking for room stays quick."""
        self.taken = [(start, end) for start, end in self.taken if end > moment]


def _quarter(moment: datetime) -> datetime:
    late = timedelta(minutes=moment.minute % _ROUND, seconds=moment.second, microseconds=moment.microsecond)
    return moment - late + timedelta(minutes=_ROUND) if late else moment
