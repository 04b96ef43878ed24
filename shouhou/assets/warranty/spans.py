"""Stretches of time: put together, cut, and counted as days."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from shouhou.kernel.working_time.clock import begun_days
from shouhou.policies.rules.rights import CountsRepairDays

type Span = tuple[datetime, datetime]

_NOTHING = timedelta(0)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few stretches as there can be, earliest first: what overlaps or touches is one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def within(spans: Iterable[Span], frame: Span) -> list[Span]:
    """What of them lies in the frame."""
    cut = ((max(start, frame[0]), min(end, frame[1])) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What of them lies in none of the holes."""
    edges = [hole for hole in merged(holes) if hole[0] < hole[1]]
    left: list[Span] = []
    for start, end in spans:
        inner = [(start, start), *within(edges, (start, end)), (end, end)]
        left += [(one[1], other[0]) for one, other in pairwise(inner) if one[1] < other[0]]
    return left


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which the day begins in the zone."""
    return datetime.combine(day, time(0), tzinfo=zone)


def nights(span: Span, zone: ZoneInfo) -> int:
    """Days between two moments on the calendar of the zone: none within one day, one over midnight."""
    return (span[1].astimezone(zone).date() - span[0].astimezone(zone).date()).days


def days_in(span: Span, left_out: Iterable[Span], *, zone: ZoneInfo, counting: CountsRepairDays | None) -> int:
    """Days that one stay in repair takes.

    With a rule that counts (family cars): each full so many hours is a day and a remainder one more, less what the rule leaves
    out. Without one: nights between hand-in and hand-back; then there is no rule that could leave anything out either.
    """
    if counting is None:
        return nights(span, zone)
    taken = sum((end - start for start, end in without([span], left_out)), _NOTHING)
    return begun_days(span[0], span[0] + taken, hours=counting.hours)
