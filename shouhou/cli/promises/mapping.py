"""Which column of a foreign export means what, and its rows as promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.sheets import read_rows
from shouhou.kernel.working_time.stretches import day_starts
from shouhou.policies.schema.marked import read_marked
from shouhou.policies.schema.strict import read_strictly

_STRICT = ConfigDict(extra="forbid")
Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ColumnMissing(Invalid):
    code = "promise_column_missing"
    template = gettext_noop("%(file)s has no column “%(column)s”.")


class TimeUnreadable(Invalid):
    code = "promise_time_unreadable"
    template = gettext_noop("“%(value)s” is no time; one is written like 2026-11-23 09:30.")


class TimeOwed(Invalid):
    code = "promise_time_missing"
    template = gettext_noop("The column “%(column)s” is empty.")


class SumUnreadable(Invalid):
    code = "promise_sum_unreadable"
    template = gettext_noop("%(file)s, line %(line)s: “%(value)s” is no amount.")


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(f"no time zone: {zone}")
    return zone


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SumOf:
    """What is added up in another file beside the orders: all lines with the number of the order."""

    file: Column
    number: Column
    column: Column


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class PromiseMapping:
    """The columns of an export. `due_is` day: what is due at a midnight is in time until that day is over.

    `void`: orders with one of these values owe nothing. `zone`: that of times without one. `sums`: facts of formulas.
    """

    number: Column
    begun: Column
    due: Column
    kept: Column
    due_is: Literal["moment", "day"] = "moment"
    zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    void: dict[Column, tuple[str, ...]] = field(default_factory=dict)
    sums: dict[Literal["paid_amount", "goods_amount", "freight"], SumOf] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """All that must be in the file."""
        return (self.number, self.begun, self.due, self.kept, *self.void)


@plain_dataclass(frozen=True, slots=True)
class PromisedOrder:
    """One order: from when, by when, when it was kept, if it was; and what the formulas may ask of it."""

    number: str
    begun: datetime
    due: datetime
    kept: datetime | None
    is_void: bool
    facts: Mapping[str, Decimal]


@plain_dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read, and why."""

    line: int
    refusal: Invalid


_SHAPE = TypeAdapter(PromiseMapping)


def read_promise_mapping(path: Path) -> PromiseMapping:
    """The mapping in a YAML file. Raises PackRefused with the line of the first fault."""
    return read_strictly(_SHAPE, read_marked(path.read_text(encoding="utf-8"), file=path.name))


def read_orders(path: Path, mapping: PromiseMapping) -> Iterator[PromisedOrder | BadLine]:
    """The orders of a file, CSV or XLSX. Files of sums lie beside it. Raises FileUnreadable, ColumnMissing, SumUnreadable."""
    sums = {fact: _sums(path.parent / one.file, one) for fact, one in mapping.sums.items()}
    zone = ZoneInfo(mapping.zone)
    for line, row in _records(path, mapping.columns):
        try:
            number = row[mapping.number]
            due = _time(row, mapping.due, zone)
            if mapping.due_is == "day":
                due = day_starts(due.astimezone(zone).date() + timedelta(days=1), zone)
            yield PromisedOrder(
                number,
                _time(row, mapping.begun, zone),
                due,
                _time(row, mapping.kept, zone) if row[mapping.kept] else None,
                any(row[column] in values for column, values in mapping.void.items()),
                {fact: found[number] for fact, found in sums.items() if number in found},
            )
        except (TimeUnreadable, TimeOwed) as refusal:
            yield BadLine(line, refusal)


def _sums(path: Path, wanted: SumOf) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line, row in _records(path, (wanted.number, wanted.column)):
        try:
            found[row[wanted.number]] += Decimal(row[wanted.column])
        except InvalidOperation:
            raise SumUnreadable(file=path.name, line=line, value=row[wanted.column]) from None
    return dict(found)


def _records(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    rows = read_rows(path)
    head = [str(cell).strip() for cell in next(rows).cells]
    for column in columns:
        if column not in head:
            raise ColumnMissing(file=path.name, column=column)
    for row in rows:
        if not row.blank:
            cells = [str(cell).strip() for cell in row.cells] + [""] * len(head)
            yield row.line, {column: cells[head.index(column)] for column in columns}


def _time(row: Mapping[str, str], column: str, zone: ZoneInfo) -> datetime:
    text = row[column]
    if not text:
        raise TimeOwed(column=column)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise TimeUnreadable(value=text) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
