"""Who pays, and why: what a verdict is asked about, what it says, and what people made of it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, WithJsonSchema, create_model

from shouhou.api.fields import Amount, Answer, Input, Line, Prose
from shouhou.api.paging import Page
from shouhou.api.schemas.answers import CoverageTold, OutlookTold, RuleTold
from shouhou.assets.warranty.happenings import Fault
from shouhou.entitlements.models import Finding, Override, OverrideRuling, Verdict
from shouhou.entitlements.rules.documents import keys_explained
from shouhou.entitlements.rules.words import WorkClass
from shouhou.policies.rules.words import Exclusion

_FAULT_FIELDS: dict[str, Any] = {
    name: {"type": "boolean"} if name in ("performance", "severe", "named") else {"type": ["string", "null"]}
    for name in Fault.__dataclass_fields__
}
_FAULT = {"type": "object", "properties": _FAULT_FIELDS, "additionalProperties": False, "required": ["code"]}
_SHAPES: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer", "minimum": 0},
    "Decimal": {"type": "string", "examples": ["2599.00"]},
    "date": {"type": "string", "format": "date"},
    "frozenset": {"type": "array", "items": {"type": "string"}},
    "str": {"type": "string"},
    "moment": {"type": "string", "examples": ["2026-11-23T09:30:00+08:00"]},
    "fault": _FAULT,
    "history": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"what": {"type": "string"}, "fault": _FAULT, "found": _FAULT},
            "required": ["what"],
        },
    },
}


def _field(key: dict[str, str]) -> Any:
    """Only described here: what may stand in it, `read_question` says, as for the command line."""
    shape = dict(_SHAPES[key["type"]])
    words = key["words"].split(", ") if key["words"] else []
    if words and key["type"] == "frozenset":
        shape["items"] = {"type": "string", "enum": words}
    elif words and key["type"] == "str":
        shape["enum"] = words
    unit = f" ({key['unit']})" if key["unit"] else ""
    described = {"anyOf": [shape, {"type": "null"}], "description": f"{key['zh']} · {key['en']}{unit}"}
    return Annotated[Any, WithJsonSchema(described)]


_FIELDS: dict[str, Any] = {key["name"]: (_field(key), None) for key in keys_explained()}
_Facts: Any = create_model("_Facts", __base__=Input, __module__=__name__, **_FIELDS)


class VerdictInput(_Facts):  # type: ignore[misc]  # made of the facts that the rules know
    """A unit of yours, or facts. A fact that is left out, or null, is not known: what hangs on it stays open."""

    # `allow`, so that the reader of documents refuses a name that is none with those that are near it.
    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})

    asset_id: UUID | None = Field(
        None, description="A unit of yours: the facts are what the books know of it. Facts are not given beside it."
    )
    fault_code: str = Field("", max_length=40, pattern=r"^[^\x00]*$", description="The fault of a unit of yours.")


BESIDE_A_UNIT = {"asset_id", "fault_code", "work_type"}


class VerdictAnswer(Answer):
    """A verdict that was asked for and is stored nowhere."""

    question: dict[str, Any] = Field(description="What it was asked about, as a document that can be asked again.")
    answer: CoverageTold
    rules: dict[str, RuleTold] = Field(description="What each version says that the answer cites.")
    outlook: OutlookTold | None = Field(description="What would change it, if that was asked for.")


class OverrideRulingAnswer(Answer):
    """What the second person said."""

    id: UUID
    confirmed: bool
    reason: str
    ruled_by_id: UUID
    ruled_at: datetime

    @classmethod
    def of(cls, row: OverrideRuling) -> Self:
        return cls(
            id=row.id, confirmed=row.confirmed, reason=row.reason, ruled_by_id=row.ruled_by_id, ruled_at=row.ruled_at
        )


class OverrideAnswer(Answer):
    """Somebody lets another pay than the verdict says."""

    id: UUID
    work_class: WorkClass
    reason: str
    amount: Amount
    limit: Amount | None = Field(description="Of the person who made it; null where there is no limit.")
    counts: bool = Field(description="Whether it decides who pays.")
    waits: bool = Field(description="Whether a second person has to rule on it.")
    made_by_id: UUID | None
    made_at: datetime
    rulings: list[OverrideRulingAnswer]

    @classmethod
    def of(cls, row: Override) -> Self:
        return cls(
            id=row.id,
            work_class=WorkClass(row.work_class),
            reason=row.reason,
            amount=row.amount,
            limit=row.limit,
            counts=row.counts,
            waits=row.waits,
            made_by_id=row.made_by_id,
            made_at=row.made_at,
            rulings=[OverrideRulingAnswer.of(one) for one in row.rulings.all()],
        )


class StoredVerdictAnswer(Answer):
    """A verdict as it was given with an order. It never changes; a later one stands beside it."""

    id: UUID
    work_order_id: UUID
    asset_id: UUID
    sequence: int
    judged_at: datetime
    judged_by_id: UUID | None
    book: str = Field(description="Fingerprint of the rules that were in force.")
    question: dict[str, Any] = Field(description="What was known then, as a document that can be asked again.")
    answer: CoverageTold
    rules: dict[str, RuleTold] = Field(description="What each version says that the answer cites.")
    overrides: list[OverrideAnswer]

    @classmethod
    def of(cls, row: Verdict, texts: dict[str, dict[str, Any]]) -> Self:
        return cls.model_validate(
            {
                "id": row.id,
                "work_order_id": row.about,
                "asset_id": row.asset_id,
                "sequence": row.sequence,
                "judged_at": row.judged_at,
                "judged_by_id": row.judged_by_id,
                "book": row.book,
                "question": row.question,
                "answer": row.answer,
                "rules": texts,
                "overrides": [OverrideAnswer.of(one) for one in row.overrides.all()],
            }
        )


class StoredVerdictPage(Page):
    rows: list[StoredVerdictAnswer]


class OverrideRulingInput(Input):
    """What the second person says."""

    confirm: bool
    reason: Line = Field("", description="A refusal needs one.", examples=["客户确有约定"])


class FindingInput(Input):
    """What was found at a unit, with the evidence."""

    exclusion: Exclusion
    evidence: Prose = Field(examples=["主板进水，见照片"])
    work_order_id: UUID | None = Field(None, description="The order on which it was found.")
    photos: list[UUID] = Field([], max_length=30, description="Photos of that order.")


class FindingAnswer(Answer):
    """A finding, or the withdrawal of one."""

    id: UUID
    asset_id: UUID
    exclusion: str = Field(description="Empty in a withdrawal.", examples=["misuse"])
    evidence: str = Field(description="What was seen; in a withdrawal, why it does not hold.")
    work_order_id: UUID | None
    photos: list[UUID]
    withdraws_id: UUID | None = Field(description="The finding that this one withdraws.")
    found_by_id: UUID | None
    found_at: datetime

    @classmethod
    def of(cls, row: Finding) -> Self:
        return cls(
            id=row.id,
            asset_id=row.asset_id,
            exclusion=row.exclusion,
            evidence=row.evidence,
            work_order_id=row.about,
            photos=row.photos,
            withdraws_id=row.withdraws_id,
            found_by_id=row.found_by_id,
            found_at=row.found_at,
        )


class FindingList(Answer):
    rows: list[FindingAnswer]
