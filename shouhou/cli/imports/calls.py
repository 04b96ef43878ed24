"""Calls from a spreadsheet into the register, row by row through the same act that a clerk uses."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.cli.imports.mapping import ColumnMapping
from shouhou.cli.imports.reading import CallRow, read_call
from shouhou.cli.known import find_known_customer, find_known_unit
from shouhou.cli.terminal import explained
from shouhou.customers.models import Customer, Site
from shouhou.kernel.errors import Refusal
from shouhou.kernel.phones import PhoneInvalid, normal_phone
from shouhou.kernel.sheets import Cell, FileUnreadable, SafeWriter, SheetRow, read_rows
from shouhou.workorders.actions import NewAsset, NewCustomer, receive_call
from shouhou.workorders.actions.calls import ReceivedAlready
from shouhou.workorders.models import WorkOrder

# Rows written in one transaction: each commit waits for the disk, and a long transaction makes clerks wait.
_BATCH = 25


@dataclass
class ImportAccount:
    """What became of the rows: new, already there and rejected together are all that were read."""

    read: int = 0
    new: int = 0
    already_there: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    blank_lines: int = 0
    unused_columns: list[str] = field(default_factory=list)


class Rejects:
    """The rejects file: made with the first bad row, so that a clean import leaves none behind."""

    def __init__(self, path: Path, header: tuple[Cell, ...]) -> None:
        self.path, self.header = path, header
        self._writer: SafeWriter | None = None

    def write(self, row: SheetRow, refusal: Refusal) -> None:
        """The row as it was, behind its line and the reason."""
        if self._writer is None:
            self._writer = SafeWriter(self.path)
            self._writer.write(["line", "reason_code", "reason", *self.header])
        self._writer.write([row.line, refusal.code, explained(refusal), *row.cells])

    def close(self) -> None:
        """End the file, if there is one."""
        if self._writer:
            self._writer.close()


def import_calls(
    file: Path,
    *,
    branch: Branch,
    mapping: ColumnMapping,
    rejects: Path,
    by: Actor,
    now: Callable[[], datetime],
    progress: Callable[[int], None],
) -> ImportAccount:
    """Import a file. Raises FileUnreadable and ColumnsMissing before anything is written; bad rows go to the rejects file."""
    account = ImportAccount()
    rows = read_rows(file, sheet=mapping.sheet)
    header = next((row for row in rows if not row.blank), None)
    if header is None or header.fault:
        raise FileUnreadable(file=file.name, reason=header.fault if header else "empty")
    places, account.unused_columns = mapping.places(header.cells)
    zone, width = mapping.zone or ZoneInfo(branch.time_zone), len(header.cells)
    rejected = Rejects(rejects, header.cells)
    try:
        for batch in batched(_counted(rows, account, progress), _BATCH, strict=False):
            with transaction.atomic():
                for row in batch:
                    try:
                        call = read_call(row, places=places, width=width, mapping=mapping, zone=zone)
                        _receive(call, branch=branch, by=by, at=now())
                        account.new += 1
                    except ReceivedAlready:
                        account.already_there += 1
                    except Refusal as refusal:
                        account.rejected[refusal.code] += 1
                        rejected.write(row, refusal)
    finally:
        rejected.close()
    return account


def _counted(rows: Iterator[SheetRow], account: ImportAccount, progress: Callable[[int], None]) -> Iterator[SheetRow]:
    for row in rows:
        progress(1)
        if row.blank:
            account.blank_lines += 1
        else:
            account.read += 1
            yield row


def _receive(call: CallRow, *, branch: Branch, by: Actor, at: datetime) -> WorkOrder:
    customer = _known_customer(call, branch)
    unit = find_known_unit(model=call["model"], serial=call["serial"], customer=customer, branch=branch, by=by)
    caller = NewCustomer(
        name=call["name"],
        phone=call["phone"],
        address=call["address"],
        kind=call["customer_kind"] or Customer.Kind.PERSON,
        zone=call["zone"] or Site.Zone.CITY,
    )
    asset = NewAsset(
        product_model=call["model"],
        serial=call["serial"],
        sale_date=call.sale_date,
        installed_date=call.installed_date,
        contract_number=call["contract_number"],
    )
    return receive_call(
        branch=branch,
        customer=customer.id if customer else caller,
        asset=unit.id if unit else asset,
        fault=call["fault"],
        fault_code=call["fault_code"],
        contact_name=call["contact_name"],
        phone=call["phone"],
        address=call["address"],
        channel=call["channel"],
        work_type=call["work_type"],
        work_class=call["work_class"],
        urgent=bool(call["urgent"]),
        source=call.source,
        received_at=call.received_at,
        by=by,
        at=at,
    )


def _known_customer(call: CallRow, branch: Branch) -> Customer | None:
    try:
        phone = normal_phone(call["phone"])
    except PhoneInvalid:
        return None  # the act says so, with its own words
    return find_known_customer(name=call["name"], phone=phone, branch=branch)
