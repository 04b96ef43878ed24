"""The same answers as a timeline's for a million moments at once, as NumPy arrays."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.moments import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    AmountTooSmall,
    EndBeforeStart,
    MomentOutOfRange,
    moment_of,
    year_starts,
)
from shouhou.kernel.working_time.timeline import HORIZON, Known, NoWorkingTimeWithinHorizon, Timeline

type Moments = NDArray[np.datetime64]
type Works = NDArray[np.timedelta64]
type Whole = NDArray[np.int64]


class MomentMissing(Invalid):
    code = "moment_missing"
    template = gettext_noop("One of the moments is none (NaT).")


# Small enough for the processor's cache, large enough that Python costs nothing.
_AT_ONCE = 1 << 15
_LARGEST_TABLE = 1 << 20
_NEVER = np.iinfo(np.int64).max


class _Sorted:
    """Which of the sorted values is the last that is not above x: a table by the leading bits of x, then a step or two."""

    def __init__(self, values: Whole) -> None:
        self.least = int(values[0])
        width = int(values[-1]) - self.least
        gaps = np.diff(values)
        gap = int(gaps[gaps > 0].min(initial=width))
        self.shift = max(gap.bit_length() - 1, (width // _LARGEST_TABLE).bit_length())
        begins = self.least + (np.arange((width >> self.shift) + 1, dtype=np.int64) << self.shift)
        self.table = (np.searchsorted(values, begins, side="right") - 1).astype(np.intp)
        self.next = np.append(values[1:], _NEVER)
        reached = np.append(self.table[1:], len(values) - 1)
        self.steps = int((reached - self.table).max())

    def find(self, x: Whole) -> NDArray[np.intp]:
        """Every x must lie between the least and the greatest value's bucket."""
        found = self.table.take((x - self.least) >> self.shift, mode="clip")
        for _ in range(self.steps):
            found += self.next.take(found) <= x
        return found


class _Tables:
    """What a timeline knows, as arrays. `slack` is added to the work done to get the moment at which it is done."""

    def __init__(self, known: Known) -> None:
        self.known = known
        # A beginning without work stands before all others, so that every moment has a stretch that began before it.
        begins = min([known.start, *known.starts[:1]]) - DAY
        starts = np.array([begins, *known.starts], np.int64)
        self.ends = np.array([begins, *known.ends], np.int64)
        before = np.array([0, *known.before[:-1]], np.int64)
        self.slack = starts - before
        self.total = known.before[-1]
        self.by_start = _Sorted(starts)
        self.by_work = _Sorted(before)

    def done(self, moments: Whole) -> Whole:
        """The work done until each moment."""
        index = self.by_start.find(moments)
        done: Whole = np.minimum(moments, self.ends.take(index)) - self.slack.take(index)
        return done


class Many:
    """A timeline for arrays. Moments are `datetime64` in UTC, work is `timedelta64`; both come back in microseconds.

    What is given broadcasts. A moment that is none (NaT) is refused, and one refusal refuses all.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._tables: _Tables | None = None

    def add(self, at: Moments, work: Works | np.timedelta64) -> Moments:
        """For each the earliest moment at which so much was worked since. Raises what Timeline.add raises."""
        return self._moved(at, work, step=1)

    def subtract(self, at: Moments, work: Works | np.timedelta64) -> Moments:
        """For each the latest moment from which so much is worked until then. Raises what Timeline.subtract raises."""
        return self._moved(at, work, step=-1)

    def measure(self, start: Moments, end: Moments) -> Works:
        """For each pair what is worked from the start until before the end. Raises what Timeline.measure raises."""
        first, last = np.broadcast_arrays(_whole(start, "datetime64[us]"), _whole(end, "datetime64[us]"))
        if (wrong := last < first).any():
            one, other = (moment_of(int(found[wrong][0])).isoformat() for found in (first, last))
            raise EndBeforeStart(start=one, end=other)
        worked = np.empty(first.shape, np.int64)
        if worked.size:
            tables = self._tables_of(self._covering(np.stack([first.min(), last.max()])))
            for begins, ends, found in _parts(first, last, worked):
                found[:] = tables.done(ends) - tables.done(begins)
        return worked.view("timedelta64[us]")

    def _moved(self, at: Moments, work: Works | np.timedelta64, *, step: int) -> Moments:
        moments, amounts = np.broadcast_arrays(_whole(at, "datetime64[us]"), _whole(work, "timedelta64[us]"))
        if (wrong := amounts < 0).any():
            raise AmountTooSmall(amount=str(amounts[wrong][0].astype("timedelta64[us]")), least=0)
        moved = np.empty(moments.shape, np.int64)
        if not moments.size:
            return moved.view("datetime64[us]")
        known = self._covering(moments)
        _refuse_too_far(moments, amounts)
        while (short := _move(self._tables_of(known), moments, amounts, moved, step)) is not None:
            known = self.timeline.further(known, moment_of(short), step=step)
        _refuse_too_far(moments, abs(moved - moments))
        return moved.view("datetime64[us]")

    def _covering(self, moments: Whole) -> Known:
        least, most = int(moments.min()), int(moments.max())
        if least < year_starts(FIRST_YEAR) or most >= year_starts(LAST_YEAR + 1):
            raise MomentOutOfRange()
        return self.timeline.covering(moment_of(least).year, moment_of(most).year)

    def _tables_of(self, known: Known) -> _Tables:
        tables = self._tables
        if tables is None or tables.known is not known:
            self._tables = tables = _Tables(known)
        return tables


def _move(tables: _Tables, moments: Whole, amounts: Whole, moved: Whole, step: int) -> int | None:
    """Fills in the moments that lie so much work away; or returns the first one whose work the known years do not hold."""
    for begins, works, found in _parts(moments, amounts, moved):
        target = tables.done(begins) + step * works
        # Work may end where a stretch ends and begin where one begins; a moment without work lies otherwise.
        sought = target - (works > 0 if step > 0 else works == 0)
        short = sought >= tables.total if step > 0 else sought < 0
        if short.any():
            return int(begins[short][0])
        found[:] = target + tables.slack.take(tables.by_work.find(sought))
    return None


def _refuse_too_far(moments: Whole, away: Whole) -> None:
    if (wrong := away > HORIZON).any():
        raise NoWorkingTimeWithinHorizon(moment_of(int(moments[wrong][0])))


def _parts(*arrays: Whole) -> Iterator[list[Whole]]:
    """The same pieces of each, as flat views where the array allows; the last one always does."""
    flat = [one.reshape(-1) for one in arrays]
    for begin in range(0, flat[0].size, _AT_ONCE):
        yield [one[begin : begin + _AT_ONCE] for one in flat]


def _whole(given: Moments | Works | np.timedelta64, unit: str) -> Whole:
    """Microseconds; smaller digits are dropped. Raises MomentMissing for NaT, TypeError for another kind of array."""
    found = np.asarray(given)
    if found.dtype.kind != np.dtype(unit).kind:
        raise TypeError(f"{found.dtype} is not {unit}")
    if np.isnat(found).any():
        raise MomentMissing()
    return found.astype(unit).view(np.int64)
