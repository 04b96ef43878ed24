"""Branches: where the company keeps its registers."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from shouhou.access.models import Branch
from shouhou.access.queries import Series
from shouhou.access.rules import NumberKind
from shouhou.api.fields import Answer, BranchName, Input, Line, Name, Word, rules_word

_Phone = Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00]*$")]
_Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,8}$")]
_Zone = Annotated[Word, Field(examples=["Asia/Shanghai"])]
_Region = Annotated[
    Word,
    rules_word("regions"),
    Field(
        description="What the rule packs call the region of its customers; empty where it is not known.",
        examples=["shandong"],
    ),
]


class PlaceAnswer(Answer):
    """A branch as the administration knows it."""

    id: UUID
    parent_id: UUID | None
    code: str = Field(examples=["QD"])
    name: str
    kind: Branch.Kind
    time_zone: str
    phone: str
    address: str
    region: str
    closed_at: datetime | None

    @classmethod
    def of(cls, row: Branch) -> Self:
        return cls(
            id=row.id,
            parent_id=row.parent_id,
            code=row.code,
            name=row.name,
            kind=Branch.Kind(row.kind),
            time_zone=row.time_zone,
            phone=row.phone,
            address=row.address,
            region=row.region,
            closed_at=row.closed_at,
        )


class PlaceList(Answer):
    """From the top of the company down."""

    rows: list[PlaceAnswer]


class PlaceChange(Input):
    """What is written of a branch from now on, all of it. Code and place in the tree stay."""

    name: Name = Field(examples=["青岛分公司"])
    time_zone: _Zone
    phone: _Phone
    address: Line
    region: _Region


class PlaceInput(Input):
    """A branch to be opened below another one. Its code begins its numbers and stays for good."""

    parent: BranchName
    code: _Prefix = Field(examples=["YT"])
    name: Name = Field(examples=["烟台分公司"])
    kind: Literal["centre", "branch"] = "branch"
    time_zone: _Zone = "Asia/Shanghai"
    phone: _Phone = ""
    address: Line = ""
    region: _Region = ""


class SeriesAnswer(Answer):
    """One series of numbers of a branch, as it stands today."""

    kind: NumberKind
    prefix: str = Field(description="Empty where the numbers have none.")
    next_number: int
    next_text: str = Field(description="The next number as it will be printed.", examples=["QD261123-0042"])

    @classmethod
    def of(cls, series: Series) -> Self:
        return cls(kind=series.kind, prefix=series.prefix, next_number=series.next_number, next_text=series.next_text)


class SeriesList(Answer):
    rows: list[SeriesAnswer]


class PrefixInput(Input):
    prefix: _Prefix


class NextNumberInput(Input):
    next_number: int = Field(ge=1, le=999_999_999)
