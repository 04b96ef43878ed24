"""Half-open periods: the start belongs to it, the end does not; no end means open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shouhou.kernel.errors import Invalid, gettext_noop


class PeriodEndsBeforeStart(Invalid):
    code = "period_ends_before_start"
    template = gettext_noop("The end (%(end)s) must come after the start (%(start)s).")


@dataclass(frozen=True, slots=True)
class Period[T: (date, datetime)]:
    """``[start, end)``. Raises PeriodEndsBeforeStart for an empty or reversed one."""

    start: T
    end: T | None = None

    def __post_init__(self) -> None:
        if self.end is not None and not self.start < self.end:
            raise PeriodEndsBeforeStart(start=self.start.isoformat(), end=self.end.isoformat())

    def __contains__(self, moment: T) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlaps(self, other: Period[T]) -> bool:
        """Whether some moment lies in both. Periods that only touch do not overlap."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
