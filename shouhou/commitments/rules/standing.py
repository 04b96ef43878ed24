"""How a commitment stands at a moment: a function of its terms, of what happened, and of the calendar. Nothing else.

The clock runs from the beginning to the keeping, except while a pause that counts is open and between a keeping and a reopening:
whoever reopens goes on where it stopped. Limits in hours go on with what was left, to the microsecond. Limits in days, months and
years move their last day by as many days as lie between the day of the pause and that of the release (working days by the working
days among them): a pause within one day moves nothing, as the day itself does not count at the beginning either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from shouhou.commitments.rules.terms import Terms
from shouhou.commitments.rules.words import Cause, MarkKind, State
from shouhou.kernel.working_time.clock import Clock, Limit
from shouhou.kernel.working_time.lengths import Span
from shouhou.kernel.working_time.stretches import day_starts

_ONE_DAY = timedelta(days=1)
_BY_HOURS = {Span.HOURS, Span.WORKING_HOURS}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to the clock. `key` pairs a pause with its release."""

    kind: MarkKind
    at: datetime
    key: str = ""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the clock does not run; `end` None while it is open."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands. Moments in UTC.

    `due_at` is the first moment that is too late; None while a pause is open. `step_moments` are those of the steps of the terms,
    None where they are not known while paused; `steps_done` how many of them are behind. `next_at`: when it could next change by
    itself.
    """

    state: State
    started_at: datetime
    due_at: datetime | None
    yellow_at: datetime | None
    orange_at: datetime | None
    paused_since: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None
    steps_done: int
    step_moments: tuple[datetime | None, ...]
    stops: tuple[Stop, ...]


def stand(terms: Terms, marks: Iterable[Mark], clock: Clock, now: datetime) -> Standing:
    """The standing at `now` by everything that is known, whatever the order in which it became known.

    Raises ValueError without a beginning, and what the clock raises.
    """
    told = sorted(marks, key=lambda mark: mark.at)
    start = next((mark.at for mark in told if mark.kind is MarkKind.START), None)
    if start is None:
        raise ValueError("a commitment without a beginning")
    stops, kept_at = _stops(told, start, terms.stops_for)
    course = _Course(terms, clock, start, stops)
    due = course.reach(Decimal(1))
    gone = next((mark.at for mark in told if mark.kind is MarkKind.VOID), None)
    ended = min((at for at in (kept_at, gone) if at is not None), default=None)
    excused = any(mark.kind is MarkKind.EXCUSE for mark in told)
    in_time = ended is not None and (due is None or ended < due)
    breached = not in_time and due is not None and (now >= due or ended is not None)
    paused_since = stops[-1].start if stops and stops[-1].end is None and stops[-1].start <= now else None
    if in_time:
        state = State.VOID if ended == gone and ended != kept_at else State.MET
    elif breached:
        state = State.EXCUSED if excused else State.BREACHED
    else:
        state = State.PAUSED if paused_since is not None and due is None else State.RUNNING
    moments = tuple(course.reach(step.at) for step in terms.steps)
    done = sum(1 for moment in moments if moment is not None and moment <= (now if ended is None else min(now, ended)))
    is_over = ended is not None or state is State.EXCUSED
    ahead = [moment for moment in (due, *moments) if moment is not None and moment > now]
    return Standing(
        state=state,
        started_at=start,
        due_at=due,
        yellow_at=course.reach(terms.yellow),
        orange_at=course.reach(terms.orange),
        paused_since=paused_since if state is State.PAUSED else None,
        breached_at=due if breached else None,
        ended_at=ended,
        next_at=None if is_over or not ahead else min(ahead),
        steps_done=done,
        step_moments=moments,
        stops=stops,
    )


def _stops(
    told: Sequence[Mark], start: datetime, stops_for: frozenset[Cause]
) -> tuple[tuple[Stop, ...], datetime | None]:
    """The stretches in which the clock stood still, merged and in order, and when the promise was kept for good."""
    found: list[Stop] = []
    open_pauses: dict[str, datetime] = {}
    still_since: datetime | None = None
    kept_at: datetime | None = None
    for mark in told:
        at = max(mark.at, start)
        match mark.kind:
            case MarkKind.PAUSE if mark.cause in stops_for and kept_at is None:
                open_pauses.setdefault(mark.key, at)
            case MarkKind.RELEASE:
                open_pauses.pop(mark.key, None)
            case MarkKind.STOP if mark.at >= start and kept_at is None:
                kept_at = at
                open_pauses.clear()
            case MarkKind.REOPEN if kept_at is not None:
                found.append(Stop(kept_at, at))
                kept_at = None
            case _:
                continue
        if open_pauses and still_since is None:
            still_since = at
        elif not open_pauses and still_since is not None:
            found.append(Stop(still_since, at))
            still_since = None
    if still_since is not None:
        found.append(Stop(still_since, None))
    found.sort(key=lambda stop: stop.start)
    return tuple(stop for stop in found if stop.end is None or stop.end > stop.start), kept_at


class _Course:
    """The clock's way through the stretches in which it runs."""

    def __init__(self, terms: Terms, clock: Clock, start: datetime, stops: Sequence[Stop]) -> None:
        self.terms, self.clock, self.start, self.stops = terms, clock, start, stops

    def reach(self, fraction: Decimal) -> datetime | None:
        """When so much of the time is used up; None while an open pause keeps it from being known."""
        limit = self.terms.limit
        if limit is not None and limit.unit in _BY_HOURS and not self.terms.ahead:
            return self._later(self._by_hours(limit, fraction), fraction)
        due = self._by_days(limit)
        if due is None or fraction == 1:
            return due
        return self.start + (due - self.start) * float(fraction)

    def _by_hours(self, limit: Limit, fraction: Decimal) -> datetime | None:
        timeline = self.clock.timeline(limit)
        left = timedelta(microseconds=int(limit.amount * 3_600_000_000 * fraction))
        cursor = self.start
        for stop in self.stops:
            # Two stretches may touch or lie in one another: what is behind the cursor was left out already.
            begins = max(stop.start, cursor)
            used = timeline.measure(cursor, begins) if timeline else begins - cursor
            if used >= left:
                break
            left -= used
            if stop.end is None:
                return None
            cursor = max(stop.end, cursor)
        return timeline.add(cursor, left) if timeline else cursor.astimezone(UTC) + left

    def _later(self, moment: datetime | None, fraction: Decimal) -> datetime | None:
        """A wish of the customer makes the time longer: its share of the way is the same."""
        wish = self.terms.not_before
        if moment is None or wish is None:
            return moment
        by_wish = wish if fraction == 1 else self.start + (wish - self.start) * float(fraction)
        return max(moment, by_wish)

    def _by_days(self, limit: Limit | None) -> datetime | None:
        due = self._unpaused(limit, 0)
        moved = 0
        for stop in self.stops:
            if stop.start >= due:
                break
            if stop.end is None:
                return None
            count = self.clock.working_days if limit and limit.unit is Span.WORKING_DAYS else self.clock.natural_days
            moved += count(stop.start, stop.end)
            due = self._unpaused(limit, moved)
        return max(due, self.terms.not_before) if self.terms.not_before else due

    def _unpaused(self, limit: Limit | None, moved: int) -> datetime:
        """The end with so many days added."""
        zone = self.clock.calendar.zone
        if self.terms.until is not None:
            end = self.terms.until
            if limit is not None and self.terms.ahead:
                # The whole of that day is in time.
                day = self.clock.ahead(end, limit).astimezone(zone).date()
                return day_starts(day + _ONE_DAY * (1 + moved), zone)
            return (end.astimezone(zone) + _ONE_DAY * moved).astimezone(UTC)
        assert limit is not None  # noqa: S101  # a definition has one or the other
        if limit.unit in (Span.DAYS, Span.WORKING_DAYS):
            return self.clock.due(self.start, Limit(limit.amount + moved, limit.unit, None, limit.count)).at
        return day_starts(self.clock.due(self.start, limit).last_day + _ONE_DAY * (1 + moved), zone)
