"""Visits, the lines that are written on them, and what ends them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from shouhou.api.fields import Amount, Answer, Count, Input, Line, Minutes, Moment, Name, Price, Prose, Quantity, Word
from shouhou.api.paging import Page
from shouhou.workorders.models import Visit, WorkOrderLine
from shouhou.workorders.rules import LineKind, VisitStatus


class DispatchInput(Input):
    """Whom to send, and the time agreed with the customer where there is one."""

    technician_id: UUID
    planned_start: Moment | None = None
    planned_end: Moment | None = None


class VisitAnswer(Answer):
    """One trip of a technician."""

    id: UUID
    work_order_id: UUID
    technician_id: UUID
    sequence: int
    status: VisitStatus
    planned_start: datetime | None
    planned_end: datetime | None
    dispatched_at: datetime
    accepted_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    reason: str = Field(description="Why it was refused, withdrawn or not completed.")

    @classmethod
    def of(cls, row: Visit) -> Self:
        return cls(
            id=row.id,
            work_order_id=row.work_order_id,
            technician_id=row.technician_id,
            sequence=row.sequence,
            status=VisitStatus(row.status),
            planned_start=row.planned_start,
            planned_end=row.planned_end,
            dispatched_at=row.dispatched_at,
            accepted_at=row.accepted_at,
            departed_at=row.departed_at,
            arrived_at=row.arrived_at,
            ended_at=row.ended_at,
            reason=row.reason,
        )


class VisitPage(Page):
    rows: list[VisitAnswer]


class LineInput(Input):
    """What was spent on this visit. A part is named by its number and costs what the list says."""

    kind: LineKind
    quantity: Quantity
    description: Line = Field("", examples=["更换电容"])
    part: Word = Field("", examples=["CBB65-35"])
    unit: Annotated[str, StringConstraints(max_length=10, pattern=r"^[^\x00]*$")] = ""
    unit_price: Price | None = None


class LineAnswer(Answer):
    """A line of an order. A line that was taken back stays, beside the one that reverses it."""

    id: UUID
    visit_id: UUID
    kind: LineKind
    part: str | None = Field(description="Number of the part.")
    description: str
    quantity: Count
    unit: str
    unit_price: Amount
    amount: Amount
    currency: str
    reverses_id: UUID | None
    written_at: datetime

    @classmethod
    def of(cls, row: WorkOrderLine) -> Self:
        return cls(
            id=row.id,
            visit_id=row.visit_id,
            kind=LineKind(row.kind),
            part=row.part.number if row.part else None,
            description=row.description,
            quantity=row.quantity,
            unit=row.unit,
            unit_price=row.unit_price,
            amount=row.amount,
            currency=row.currency,
            reverses_id=row.reverses_id,
            written_at=row.written_at,
        )


class CompletionInput(Input):
    """What was found and done. Minutes that are left out are taken from the recorded times."""

    fault_found: Prose = Field(examples=["电容老化"])
    fault_code: str = Field(
        "",
        max_length=30,
        pattern=r"^[^\x00]*$",
        description="The fault that it turned out to be. By it the repair counts, not by the one that was reported.",
        examples=["E4"],
    )
    work_done: Prose = Field(examples=["更换电容"])
    checks: dict[Word, Word] = Field(
        {},
        max_length=30,
        description="Answers to the checklist: ok, not_ok or not_applicable.",
        examples=[{"safe": "ok"}],
    )
    labour_minutes: Minutes | None = None
    travel_minutes: Minutes | None = None


class NonCompletionInput(Input):
    """Why it cannot be finished on this visit."""

    reason: Line = Field(examples=["缺压缩机"])
    fault_found: Prose = ""
    work_done: Prose = ""
    waits_for_part: bool = Field(False, description="A part is not to be had: the days of waiting count apart.")


_Point = tuple[
    Annotated[int, Field(ge=0, le=10_000)],
    Annotated[int, Field(ge=0, le=10_000)],
    Annotated[int, Field(ge=0, le=86_400_000)],
]


class SignatureInput(Input):
    """The customer's signature: strokes of points [x, y, milliseconds since the first]."""

    signer_name: Name = Field(examples=["王建华"])
    strokes: list[list[_Point]] = Field(max_length=400, examples=[[[[10, 10, 0], [60, 80, 40]]]])
