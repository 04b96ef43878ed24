"""Repair cards: where each is, what was worked, used, asked and waited for, and who inspected it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from shouhou.api.fields import Amount, Answer, Count, Day, Input, Line, Name, Price, Prose, Quantity, Word
from shouhou.api.paging import Page
from shouhou.custody.rules import Side
from shouhou.workorders.rules import WorkClass
from shouhou.workshop import queries
from shouhou.workshop.models import BenchWork, CustomerQuestion, Inspection, PartUsed, PartWait, RepairCard
from shouhou.workshop.rules import CardStatus, Evidence, Outcome

_Point = Annotated[list[int], Field(min_length=3, max_length=3)]
Strokes = Annotated[
    list[list[_Point]],
    Field(
        max_length=400, description="Strokes of points [x, y, milliseconds].", examples=[[[[10, 10, 0], [60, 80, 40]]]]
    ),
]
_Note = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
_Bench = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]


class OpenCardInput(Input):
    """Without a day the one that the receipt promises is planned, without a fault the reported one is written."""

    planned_on: Day | None = None
    fault: Prose = ""


class BenchInput(Input):
    """Who mends it, and where."""

    technician_id: UUID
    bench: _Bench = Field(examples=["一号台"])


class StartInput(Input):
    """Whose time it is, and for which class of work; without them one's own (or his who has the card), and that of the order."""

    technician_id: UUID | None = None
    work_class: WorkClass | None = None


class StopInput(Input):
    """Whose time ends."""

    technician_id: UUID | None = None


class DiagnosisInput(Input):
    """What is wrong with it."""

    diagnosis: Prose
    fault_code: Word = ""


class PartUsedInput(Input):
    """A part by its number."""

    part: Word = Field(examples=["CBB65-35"])
    quantity: Quantity


class QuestionInput(Input):
    """What would be done, and what it would cost the customer."""

    question: _Note
    amount: Price | None = None


class AnswerInput(Input):
    """The customer's word with what shows it: a note of what he wrote or said, or his signature."""

    agreed: bool
    evidence: Evidence
    answered_by: Name
    note: _Note = ""
    strokes: Strokes = []


class WaitInput(Input):
    """Which part is not to be had: in words, or by its number."""

    what: Line = ""
    part: Word = ""


class FinishInput(Input):
    """What was done."""

    work_done: Prose


class GiveUpInput(Input):
    """Back as it is, or the customer has a right to another one or his money."""

    outcome: Literal["as_is", "right"]
    reason: Prose


class InspectionInput(Input):
    """Every point of `inspection_list` with its answer."""

    checks: dict[Word, Literal["ok", "not_ok", "not_applicable"]] = Field(max_length=40, examples=[{"safe": "ok"}])


class SentBackInput(Input):
    """What is not right yet."""

    reason: Line


class HandBackSide(Input):
    """One side of the hand-back: a name with a signature, or why there is none."""

    name: Name = ""
    strokes: Strokes = []
    refusal: Line = ""

    def side(self) -> Side:
        """As the act takes it."""
        return Side(self.name, self.strokes, self.refusal)


class HandBackInput(Input):
    """The receipt's number as it was scanned or typed, or the customer's declaration that it is lost."""

    giver: HandBackSide
    customer: HandBackSide
    receipt_code: _Bench = ""
    declaration: _Note = ""


def _plain(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


class CardAnswer(Answer):
    """One repair card."""

    id: UUID
    branch_id: UUID
    number: str = Field(examples=["XH-QD261123-0001"])
    work_order_id: UUID
    asset_id: UUID
    receipt_id: UUID
    status: CardStatus
    fault: str
    planned_on: date
    technician_id: UUID | None
    bench: str
    diagnosis: str
    outcome: Outcome | None
    work_done: str = Field(description="What was done, or why it cannot be mended.")
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: RepairCard) -> Self:
        return cls(**_card(row))


def _card(row: RepairCard) -> dict[str, Any]:
    links = ("id", "branch_id", "work_order_id", "asset_id", "receipt_id", "technician_id")
    told = ("number", "fault", "planned_on", "bench", "diagnosis", "work_done", "opened_at", "closed_at")
    outcome = Outcome(row.outcome) if row.outcome else None
    return _plain(row, *links, *told) | {"status": CardStatus(row.status), "outcome": outcome}


class CardPage(Page):
    rows: list[CardAnswer]


class StretchAnswer(Answer):
    """A stretch of real work; without an end it lasts."""

    id: UUID
    technician_id: UUID
    work_class: WorkClass
    starts_at: datetime
    ends_at: datetime | None

    @classmethod
    def of(cls, row: BenchWork) -> Self:
        plain = _plain(row, "id", "technician_id", "starts_at", "ends_at")
        return cls(**plain, work_class=WorkClass(row.work_class))


class PartUsedAnswer(Answer):
    """A part that went into the unit."""

    id: UUID
    part: str
    quantity: Count
    technician_id: UUID
    at: datetime

    @classmethod
    def of(cls, row: PartUsed) -> Self:
        return cls(**_plain(row, "id", "quantity", "technician_id", "at"), part=row.part.number)


class QuestionAnswer(Answer):
    """What the customer was asked, and what he answered."""

    id: UUID
    question: str
    amount: Amount | None
    currency: str
    asked_at: datetime
    agreed: bool | None = Field(description="Null while the answer is awaited.")
    answered_at: datetime | None
    answered_by: str
    evidence: Evidence | None
    note: str

    @classmethod
    def of(cls, row: CustomerQuestion) -> Self:
        told = ("id", "question", "amount", "currency", "asked_at", "agreed", "answered_at", "answered_by", "note")
        return cls(**_plain(row, *told), evidence=Evidence(row.evidence) if row.evidence else None)


class WaitAnswer(Answer):
    """What was waited for; without an end it is."""

    id: UUID
    what: str
    part: str | None
    starts_at: datetime
    ends_at: datetime | None

    @classmethod
    def of(cls, row: PartWait) -> Self:
        return cls(**_plain(row, "id", "what", "starts_at", "ends_at"), part=row.part.number if row.part else None)


class InspectionAnswer(Answer):
    """Passed, or sent back to the bench with the reason."""

    id: UUID
    passed: bool
    checks: dict[str, str]
    reason: str
    inspector_id: UUID
    at: datetime

    @classmethod
    def of(cls, row: Inspection) -> Self:
        return cls(**_plain(row, "id", "passed", "checks", "reason", "inspector_id", "at"))


class WholeCardAnswer(CardAnswer):
    """A card with everything that is written on it."""

    inspection_list: list[str] = Field(description="The points to be answered at the inspection.")
    stretches: list[StretchAnswer]
    parts_used: list[PartUsedAnswer]
    questions: list[QuestionAnswer]
    waits: list[WaitAnswer]
    inspections: list[InspectionAnswer]

    @classmethod
    def of(cls, row: RepairCard) -> Self:
        return cls(
            **_card(row),
            inspection_list=[point.code for point in queries.points_of(row)],
            stretches=[StretchAnswer.of(one) for one in queries.find_stretches(row)],
            parts_used=[PartUsedAnswer.of(one) for one in queries.find_parts_used(row)],
            questions=[QuestionAnswer.of(one) for one in queries.find_questions(row)],
            waits=[WaitAnswer.of(one) for one in queries.find_waits(row)],
            inspections=[InspectionAnswer.of(one) for one in queries.find_inspections(row)],
        )
