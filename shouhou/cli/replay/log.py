"""Reading a recorded event log: each row is one state of one incident, at a time. Nothing here touches the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import Enum
from itertools import chain, pairwise
from pathlib import Path

from shouhou.kernel.sheets import SheetRow, read_rows, unique_columns

_TIMES = ("%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S")
_UNKNOWN = ("", "?")
_LONGEST_NUMBER = 60
# Without these a row says nothing; of all other columns the value may be unknown.
NEEDED = ("number", "incident_state", "sys_updated_at")


class State(Enum):
    """What the recorded states mean here."""

    NEW = "New"
    ACTIVE = "Active"
    AWAITING = "Awaiting"
    RESOLVED = "Resolved"
    CLOSED = "Closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One readable row. An unknown text is empty, an unknown time None."""

    line: int
    number: str
    state: State
    recorded_state: str
    at: datetime
    opened_at: datetime | None
    changes: int
    reassignments: int
    reopenings: int
    group: str
    assignee: str
    caller: str
    location: str
    category: str
    subcategory: str
    symptom: str
    unit: str
    urgent: bool
    contact: str
    resolution: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, and why."""

    line: int
    reason: str
    detail: str = ""


@dataclass
class Log:
    """All rows of a file: entries by incident in the order of time, and what could not be read."""

    incidents: dict[str, list[Entry]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    duplicates: int = 0
    blank_lines: int = 0
    rows_read: int = 0
    moved: int = 0  # rows that stand in the file before an earlier one of their incident


class RowUnreadable(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason)


def read_log(path: Path, *, zone: tzinfo) -> Log:
    """Read a log file. Raises FileUnreadable only when it is no spreadsheet at all; bad rows are listed."""
    log = Log()
    rows = read_rows(path)
    columns: dict[str, int] = {}
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        if not columns and not row.fault:
            if row.blank:
                log.blank_lines += 1
            else:
                columns = {name.lower(): place for place, name in enumerate(unique_columns(row.cells))}
            continue
        if row.blank:
            log.blank_lines += 1
            continue
        log.rows_read += 1
        try:
            entry = _entry(row, columns, zone)
        except RowUnreadable as error:
            log.bad.append(BadRow(row.line, error.reason, error.detail))
            continue
        if row.cells in seen:
            log.duplicates += 1
            continue
        seen.add(row.cells)
        log.incidents.setdefault(entry.number, []).append(entry)
    for entries in log.incidents.values():
        log.moved += sum(_order(one) > _order(two) for one, two in pairwise(entries))
        entries.sort(key=_order)
    return log


def in_order_of_time(incidents: Iterable[list[Entry]]) -> list[Entry]:
    """The rows of several incidents, interleaved as they happened."""
    return sorted(chain.from_iterable(incidents), key=_order)


def opened(entries: list[Entry]) -> datetime:
    """When the call came: as the record says, or else the time of its first row."""
    return entries[0].opened_at or entries[0].at


def _order(entry: Entry) -> tuple[datetime, int, int]:
    return entry.at, entry.changes, entry.line


def _entry(row: SheetRow, columns: dict[str, int], zone: tzinfo) -> Entry:
    if row.fault:
        raise RowUnreadable("malformed_line", row.fault)
    if missing := [name for name in NEEDED if name not in columns]:
        raise RowUnreadable("column_missing", ", ".join(missing))
    if len(row.cells) > len(columns):
        raise RowUnreadable("too_many_cells", str(len(row.cells)))

    def text(name: str) -> str:
        place = columns.get(name, len(row.cells))
        value = str(row.cells[place]) if place < len(row.cells) else ""
        return "" if value in _UNKNOWN else value

    def moment(name: str) -> datetime | None:
        place = columns.get(name, len(row.cells))
        value = row.cells[place] if place < len(row.cells) else ""
        return None if value in _UNKNOWN else _moment(value, name, zone)

    number, recorded, at = text("number"), text("incident_state"), moment("sys_updated_at")
    if not number or len(number) > _LONGEST_NUMBER:
        raise RowUnreadable("number_missing" if not number else "number_too_long")
    if at is None:
        raise RowUnreadable("time_missing", "sys_updated_at")
    return Entry(
        line=row.line,
        number=number,
        state=_state(recorded),
        recorded_state=recorded,
        at=at,
        opened_at=moment("opened_at") or moment("sys_created_at"),
        changes=_count(text("sys_mod_count"), "sys_mod_count"),
        reassignments=_count(text("reassignment_count"), "reassignment_count"),
        reopenings=_count(text("reopen_count"), "reopen_count"),
        group=text("assignment_group"),
        assignee=text("assigned_to"),
        caller=text("caller_id"),
        location=text("location"),
        category=text("category"),
        subcategory=text("subcategory"),
        symptom=text("u_symptom"),
        unit=text("cmdb_ci"),
        urgent=text("priority").startswith("1"),
        contact=text("contact_type"),
        resolution=text("closed_code"),
    )


def _state(recorded: str) -> State:
    if recorded.startswith(State.AWAITING.value):
        return State.AWAITING
    try:
        return State(recorded)
    except ValueError:
        raise RowUnreadable("unknown_state", recorded or "—") from None


def _moment(value: str | datetime, column: str, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone)
    for form in _TIMES:
        try:
            return datetime.strptime(value, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise RowUnreadable("malformed_date", f"{column}: {value}")


def _count(value: str, column: str) -> int:
    if not value:
        return 0
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise RowUnreadable("malformed_count", f"{column}: {value}")
    return int(value)
