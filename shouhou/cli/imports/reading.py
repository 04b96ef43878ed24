"""From a row of a foreign spreadsheet to a call. Pure: what a row says, not whether it may be received."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shouhou.cli.imports.mapping import ColumnMapping
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.sheets import SheetRow, unsafe_cell
from shouhou.workorders.rules import CallChannel, WorkType

_LONGEST_SOURCE = 80
# What the tables can hold; what is longer is refused by name instead of being cut.
_LONGEST = {
    "name": 80, "contact_name": 80, "phone": 40, "address": 200, "model": 40, "serial": 40, "contract_number": 40,
    "fault_code": 30,
}  # fmt: skip


class RowMalformed(Invalid):
    code = "row_malformed"
    template = gettext_noop("The line cannot be taken apart: %(reason)s")


class TimeMissing(Invalid):
    code = "received_at_missing"
    template = gettext_noop("The time of the call is missing.")


class DateUnreadable(Invalid):
    code = "date_unreadable"
    template = gettext_noop("“%(value)s” in the column %(column)s is not a date; write it as 2026-11-23 09:30.")


class ValueTooLong(Invalid):
    code = "value_too_long"
    template = gettext_noop("The value in the column %(column)s has %(length)s characters; at most %(most)s are kept.")


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as the row tells it. `source` is its stable key: the given number, or a digest of what the row says."""

    source: str
    received_at: datetime
    texts: Mapping[str, str]
    sale_date: date | None
    installed_date: date | None

    def __getitem__(self, what: str) -> str:
        return self.texts.get(what, "")


def read_call(
    row: SheetRow, *, places: Mapping[str, int], width: int, mapping: ColumnMapping, zone: ZoneInfo
) -> CallRow:
    """What the row says. Raises RowMalformed, TimeMissing, DateUnreadable, ValueUnknown, ValueTooLong."""
    if row.fault:
        raise RowMalformed(reason=row.fault)
    if len(row.cells) > width and any(row.cells[width:]):
        raise RowMalformed(reason=f"{len(row.cells)} > {width}")
    cells: dict[str, Any] = dict(mapping.constants)
    for what, place in places.items():
        cell = row.cells[place] if place < len(row.cells) else ""
        cell = unsafe_cell(cell) if isinstance(cell, str) else cell
        if cell or what not in cells:
            cells[what] = cell
    times = {
        what: _moment(cells.get(what, ""), what, mapping, zone)
        for what in ("received_at", "sale_date", "installed_date")
    }
    if times["received_at"] is None:
        raise TimeMissing(field="received_at")
    texts = {what: mapping.meaning(what, str(cell)) for what, cell in cells.items() if what not in times}
    for what, most in _LONGEST.items():
        if len(texts.get(what, "")) > most:
            raise ValueTooLong(column=what, length=len(texts[what]), most=most, field=what)
    texts["channel"] = texts.get("channel") or CallChannel.OTHER
    texts["work_type"] = texts.get("work_type") or WorkType.REPAIR
    sale, installed = (
        moment and moment.astimezone(zone).date() for moment in (times["sale_date"], times["installed_date"])
    )
    return CallRow(
        source=_source(texts, times),
        received_at=times["received_at"],
        texts=texts,
        sale_date=sale,
        installed_date=installed,
    )


def _moment(value: Any, column: str, mapping: ColumnMapping, zone: ZoneInfo) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone)
    if not value:
        return None
    for form in mapping.dates:
        try:
            return datetime.strptime(value, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise DateUnreadable(value=value[:60], column=column, field=column) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _source(texts: Mapping[str, str], times: Mapping[str, datetime | None]) -> str:
    given = texts.get("source", "")
    if given and len(given) <= _LONGEST_SOURCE:
        return given
    said = {what: text for what, text in texts.items() if text} | {
        what: str(time) for what, time in times.items() if time
    }
    content = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return "row:" + hashlib.sha256(content.encode()).hexdigest()[:40]
