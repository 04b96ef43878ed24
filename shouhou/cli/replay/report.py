"""The report of a replay: every row in exactly one place, every act performed or refused."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from statistics import median
from typing import Any

from django.utils.translation import gettext

from shouhou.cli.replay.log import BadRow
from shouhou.cli.terminal import table
from shouhou.workorders.models import WorkOrder

_MOST_EXAMPLES = 20
UNREADABLE, DUPLICATE, ALREADY_THERE = "unreadable", "duplicate", "already_there"


@dataclass
class Report:
    """What became of a file."""

    file: str
    branch: str
    rows_read: int = 0
    blank_lines: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    examples: list[BadRow] = field(default_factory=list)
    rows_moved: int = 0
    records: int = 0
    records_already_there: int = 0
    performed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    end_states: Counter[str] = field(default_factory=Counter)
    to_dispatch: list[float] = field(default_factory=list)
    to_close: list[float] = field(default_factory=list)
    seconds: float = 0

    def enter_bad(self, rows: Iterable[BadRow]) -> None:
        """Account for rows that could not be read."""
        for row in rows:
            self.rows[UNREADABLE] += 1
            self.unreadable[row.reason] += 1
            if len(self.examples) < _MOST_EXAMPLES:
                self.examples.append(row)

    def enter_order(self, order: WorkOrder | None) -> None:
        """Account for where an incident's order stands at the end."""
        if order is None:
            self.end_states["no_order"] += 1
            return
        self.end_states[order.status] += 1
        for moment, times in ((order.dispatched_at, self.to_dispatch), (order.closed_at, self.to_close)):
            if moment:
                times.append((moment - order.received_at).total_seconds())

    def as_json(self) -> dict[str, Any]:
        """The account as one object."""
        return {
            "file": self.file,
            "branch": self.branch,
            "rows_read": self.rows_read,
            "rows_accounted": self.rows.total(),
            "rows": _sorted(self.rows),
            "rows_unreadable": _sorted(self.unreadable),
            "unreadable_examples": [
                {"line": row.line, "reason": row.reason, "detail": row.detail} for row in self.examples
            ],
            "rows_moved": self.rows_moved,
            "blank_lines": self.blank_lines,
            "records": self.records,
            "records_already_there": self.records_already_there,
            "acts_performed": self.performed.total(),
            "acts_performed_by_kind": _sorted(self.performed),
            "acts_refused_total": self.refused.total(),
            "acts_refused": _sorted(self.refused),
            "end_states": _sorted(self.end_states),
            "time_to_first_dispatch": _figures(self.to_dispatch),
            "time_to_close": _figures(self.to_close),
            "seconds": round(self.seconds, 1),
        }

    def as_text(self) -> str:
        """The account as a page for people."""
        account = self.as_json()
        lines = [
            (gettext("records"), f"{self.records}", _also(gettext("already there"), self.records_already_there)),
            (gettext("rows read"), f"{self.rows_read}", _also(gettext("blank lines"), self.blank_lines)),
            (gettext("rows accounted for"), f"{account['rows_accounted']}", _spelled(self.rows)),
            (gettext("rows moved into the order of time"), f"{self.rows_moved}", ""),
            (gettext("acts performed"), f"{self.performed.total()}", _spelled(self.performed)),
            (gettext("acts refused"), f"{self.refused.total()}", _spelled(self.refused)),
            (gettext("orders per end state"), f"{self.end_states.total()}", _spelled(self.end_states)),
        ]
        for title, times in (
            (gettext("time to first dispatch"), self.to_dispatch),
            (gettext("time to close"), self.to_close),
        ):
            figures = _figures(times)
            if figures["count"]:
                shown = {
                    "median": _duration(figures["median_seconds"]), "p90": _duration(figures["p90_seconds"]),
                    "count": figures["count"],
                }  # fmt: skip
                text = gettext("median %(median)s, 90th percentile %(p90)s (%(count)s orders)") % shown
                lines.append((title, "", text))
        body = table(_folded(lines), indent="")
        bad = [f"  {gettext('line')} {row.line}: {row.reason} {row.detail}".rstrip() for row in self.examples]
        if self.rows[UNREADABLE] > len(bad):
            bad.append("  …")
        return "\n".join([body, *bad])


def nearest_rank(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    return sorted(values)[ceil(share * len(values)) - 1]


def _figures(times: list[float]) -> dict[str, Any]:
    if not times:
        return {"count": 0, "median_seconds": None, "p90_seconds": None}
    return {"count": len(times), "median_seconds": round(median(times)), "p90_seconds": round(nearest_rank(times, 0.9))}


def _duration(seconds: int) -> str:
    days, rest = divmod(timedelta(seconds=seconds), timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes:02d} min"


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return {key: count for key, count in counter.most_common() if count}


def _also(what: str, count: int) -> str:
    return f"{what}: {count}" if count else ""


def _spelled(counter: Counter[str]) -> str:
    return ", ".join(f"{key} {count}" for key, count in _sorted(counter).items())


def _folded(lines: list[tuple[str, str, str]], most: int = 76) -> list[tuple[str, str, str]]:
    """Long third columns over several lines."""
    rows: list[tuple[str, str, str]] = []
    for title, figure, text in lines:
        parts, current = [], ""
        for word in text.split(", "):
            candidate = f"{current}, {word}" if current else word
            if current and len(candidate) > most:
                parts.append(current + ",")
                current = word
            else:
                current = candidate
        first, *others = [*parts, current]
        rows += [(title, figure, first), *(("", "", part) for part in others)]
    return rows
