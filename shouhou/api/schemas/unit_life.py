"""The life of a unit: its sale, what happened to it, and the guarantee periods that follow from both."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from shouhou.api.fields import Answer, Day, Input, Line, Moment, Price, Prose, Word
from shouhou.api.schemas.answers import CountsTold, RuleTold, SegmentTold, SupposedTold, UnclearTold
from shouhou.assets.models import UnitHappening
from shouhou.assets.rules import Channel, HappeningKind, ProofKind
from shouhou.policies.rules.words import Uncounted

_Promise = Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z][a-z0-9_-]*$")]


class SaleInput(Input):
    """What is known of the sale, all of it: what is left out is not known."""

    sale_date: Day | None = None
    sale_proof: ProofKind = ProofKind.NONE
    delivered_date: Day | None = None
    delivery_proof: ProofKind = ProofKind.NONE
    installed_date: Day | None = None
    trader_installs: bool | None = Field(None, description="Installation was sold with the unit; null: not known.")
    price: Price | None = Field(None, description="As on the invoice, in CNY.")
    channel: Channel | None = None
    platform: Word = Field("", description="As rule packs call the marketplace.", examples=["taobao"])
    promises: list[_Promise] = Field([], max_length=20, description="As rule packs call them.", examples=[["arrival"]])


class MeterReadingInput(Input):
    """What the meter showed."""

    km: int = Field(ge=0, le=5_000_000)
    read_at: Moment | None = Field(None, description="Now, if it is not given.")


class ReplacementInput(Input):
    """The customer got another unit for this one."""

    replaced_at: Moment | None = Field(None, description="Now, if it is not given.")
    reason: Line = ""


class LeftOutInput(Input):
    """Part of a repair that need not count as days in repair, and what shows it."""

    repair: Line = Field(
        description="Number of the repair, as the lines of the life name it.", examples=["QD261123-0001"]
    )
    reason: Uncounted
    starts_at: Moment
    ends_at: Moment
    evidence: Prose = Field(examples=["救援车辆行程记录，见照片"])


class HappeningAnswer(Answer):
    """One line in the life of a unit. It is never changed; what was wrong is taken back by a further line."""

    id: UUID
    asset_id: UUID
    kind: HappeningKind
    at: datetime
    ends_at: datetime | None
    repair: str = Field(description="Number of the repair that it belongs to.")
    fault_code: str | None
    parts: list[str]
    assemblies: list[str]
    km: int | None
    reason: str
    evidence: str = Field(description="What shows that the time need not count.")
    takes_back_id: UUID | None
    recorded_at: datetime

    @classmethod
    def of(cls, row: UnitHappening) -> Self:
        return cls(
            id=row.id,
            asset_id=row.asset_id,
            kind=HappeningKind(row.kind),
            at=row.at,
            ends_at=row.ends_at,
            repair=row.repair,
            fault_code=row.fault_code.code if row.fault_code else None,
            parts=row.parts,
            assemblies=row.assemblies,
            km=row.km,
            reason=row.reason,
            evidence=row.evidence,
            takes_back_id=row.takes_back_id,
            recorded_at=row.recorded_at,
        )


class HistoryAnswer(Answer):
    """The life of a unit, and its guarantee as the rules in force reckon it today."""

    happenings: list[HappeningAnswer] = Field(description="All lines, also those taken back, as things happened.")
    segments: list[SegmentTold] = Field(description="Empty where no rule gives a period, or the history is unclear.")
    counts: CountsTold | None
    unclear: UnclearTold | None
    supposed: list[SupposedTold] = Field(description="For each way to read an unclear history, what it comes to.")
    rules: dict[str, RuleTold]

    @classmethod
    def told(cls, happenings: list[UnitHappening], answer: dict[str, Any], rules: dict[str, Any]) -> Self:
        """`answer` and `rules` are those of the coverage verdict on the unit."""
        names = ("segments", "counts", "unclear", "supposed")
        shown = {name: answer[name] for name in names}
        return cls.model_validate(
            {"happenings": [HappeningAnswer.of(one) for one in happenings], "rules": rules} | shown
        )
