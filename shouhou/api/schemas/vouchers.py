"""Vouchers, their signed lines, and the journal."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from shouhou.api.fields import Amount, Answer, BranchName, Input
from shouhou.api.paging import Page
from shouhou.audit.models import Event
from shouhou.forms.models import FormSheet
from shouhou.workorders.models import Voucher, VoucherEntry
from shouhou.workorders.rules import VoucherState


class IssueInput(Input):
    """To whom the voucher is handed."""

    technician_id: UUID


class VoucherAnswer(Answer):
    """The life card of one unit. There is one paper, so it is in one place."""

    id: UUID
    branch_id: UUID
    number: str = Field(examples=["QD-000871"])
    asset_id: UUID
    state: VoucherState
    holder_id: UUID | None = Field(description="The technician who has it.")
    work_order_id: UUID | None = Field(description="The order for which it is out.")
    since: datetime

    @classmethod
    def of(cls, row: Voucher) -> Self:
        return cls(**cls.fields_of(row))

    @staticmethod
    def fields_of(row: Voucher) -> dict[str, Any]:
        return {
            "id": row.id,
            "branch_id": row.branch_id,
            "number": row.number,
            "asset_id": row.asset_id,
            "state": row.state,
            "holder_id": row.holder_id,
            "work_order_id": row.work_order_id,
            "since": row.since,
        }


class EntryAnswer(Answer):
    """One visit's line on the voucher."""

    id: UUID
    work_order_id: UUID
    visit_id: UUID
    entered_at: datetime
    work_class: str
    completed: bool
    fault_found: str
    fault_code: str | None = Field(description="The fault that it turned out to be, if it has a code.")
    work_done: str
    checks: dict[str, str]
    labour_minutes: int
    travel_minutes: int
    charge: Amount
    currency: str
    signer_name: str
    signed_at: datetime | None = Field(description="When it was signed, or the refusal to sign was written down.")
    unsigned_reason: str
    seal: str = Field(description="SHA-256 over the line, the strokes and the picture; it stands in the journal, too.")

    @classmethod
    def of(cls, row: VoucherEntry) -> Self:
        return cls(
            id=row.id,
            work_order_id=row.work_order_id,
            visit_id=row.visit_id,
            entered_at=row.entered_at,
            work_class=row.work_class,
            completed=row.completed,
            fault_found=row.fault_found,
            fault_code=row.fault_code.code if row.fault_code else None,
            work_done=row.work_done,
            checks=row.checks,
            labour_minutes=row.labour_minutes,
            travel_minutes=row.travel_minutes,
            charge=row.charge,
            currency=row.currency,
            signer_name=row.signer_name,
            signed_at=row.signed_at,
            unsigned_reason=row.unsigned_reason,
            seal=row.seal,
        )


class FullVoucherAnswer(VoucherAnswer):
    """A voucher with its lines, oldest first."""

    entries: list[EntryAnswer]


class EventAnswer(Answer):
    """One thing that happened."""

    id: UUID
    sequence: int
    verb: str = Field(examples=["workorders.work_order.dispatched"])
    subject_kind: str
    subject_id: UUID
    actor_id: UUID | None = Field(description="The user; null for the product itself.")
    channel: str
    at: datetime
    data: dict[str, Any]
    hash: str = Field(description="SHA-256 over this event and the hash of the one before.")

    @classmethod
    def of(cls, row: Event) -> Self:
        return cls(
            id=row.id,
            sequence=row.sequence,
            verb=row.verb,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            actor_id=row.actor_id,
            channel=row.channel,
            at=row.at,
            data=row.data,
            hash=bytes(row.hash).hex(),
        )


class EventPage(Page):
    rows: list[EventAnswer]


class PrintInput(Input):
    second_line: bool = Field(False, description="With a second line in English.")


class PrintPageInput(PrintInput):
    branch: BranchName


class PrintAnswer(Answer):
    """A sheet that was printed just now. Every print is counted."""

    sheet_id: UUID
    form_code: str = Field(examples=["SF001"])
    issue: int
    print_count: int
    pdf: str = Field(description="The PDF, base64.")

    @classmethod
    def of(cls, row: FormSheet, pdf: str) -> Self:
        return cls(sheet_id=row.id, form_code=row.form_code, issue=row.issue, print_count=row.print_count, pdf=pdf)
