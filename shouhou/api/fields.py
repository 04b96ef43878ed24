"""The kinds of field that requests and answers are made of: bounded as the columns are, and strict."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from shouhou.policies.schema.vocabulary import vocabulary

# Neither database stores NUL in text. (Lone surrogates never get here: the JSON parser refuses them.)
_TEXT: Final = r"^[^\x00]*$"

Word = Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)]
Name = Annotated[str, StringConstraints(max_length=80, pattern=_TEXT)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]
Prose = Annotated[str, StringConstraints(max_length=2000, pattern=_TEXT)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=30, pattern=r"^[^\x00-\x20/]+$")]


def _fits_in_capitals(serial: str) -> str:
    # "ß" becomes "SS": what fits as it was typed may be too long as it is stored.
    if len(serial.upper()) > 40:
        raise PydanticCustomError("string_too_long", "String should have at most 40 characters", {"max_length": 40})
    return serial


def one_of(choices: Sequence[str]) -> AfterValidator:
    """A text out of a closed list that no single enumeration holds."""

    def check(value: str) -> str:
        if value not in choices:
            raise PydanticCustomError("enum", "One of: {expected}", {"expected": ", ".join(choices)})
        return value

    return AfterValidator(check)


def rules_word(kind: Literal["classes", "parts", "regions"]) -> AfterValidator:
    """A word that the rule packs know, or nothing."""

    def check(value: str) -> str:
        known: dict[str, object] = getattr(vocabulary(), kind)
        if value and value not in known:
            raise PydanticCustomError("enum", "Empty, or one of: {expected}", {"expected": ", ".join(known)})
        return value

    return AfterValidator(check)


Serial = Annotated[Word, AfterValidator(_fits_in_capitals)]
BranchName = Annotated[
    str,
    StringConstraints(max_length=40, pattern=_TEXT),
    Field(description="Code or id of one of your branches.", examples=["QD"]),
]

_WRITTEN_OUT = re.compile(r"\d{4}-\d{2}-\d{2}([Tt ].+)?")
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


def _written_out(value: Any) -> Any:
    # Without this a date may also be a count of seconds: 0 and "0" would be the first of January 1970.
    if not isinstance(value, str) or not _WRITTEN_OUT.fullmatch(value):
        raise PydanticCustomError("date_malformed", "Write dates as 2026-11-23 and times as 2026-11-23T09:30:00+08:00")
    return value


def _in_our_time(value: datetime) -> datetime:
    if not _EARLIEST <= value <= _LATEST:
        raise PydanticCustomError("date_out_of_range", "The year must lie between 1970 and 2199")
    return value


def _day_in_our_time(value: date) -> date:
    if not _EARLIEST.date() <= value <= _LATEST.date():
        raise PydanticCustomError("date_out_of_range", "The year must lie between 1970 and 2199")
    return value


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),
    AfterValidator(_in_our_time),
    Field(strict=False, description="With its zone.", examples=["2026-11-23T09:30:00+08:00"]),
]
Day = Annotated[
    date,
    BeforeValidator(_written_out),
    AfterValidator(_day_in_our_time),
    Field(strict=False, examples=["2026-11-23"]),
]
Price = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2, examples=["12.50"])]
Quantity = Annotated[Decimal, Field(max_digits=12, decimal_places=3, examples=["1"])]
# A sum just made and the same sum read back from the database are written alike.
Amount = Annotated[Decimal, PlainSerializer(lambda value: f"{value:.2f}", return_type=str), Field(examples=["38.50"])]
Count = Annotated[Decimal, PlainSerializer(lambda value: f"{value:.3f}", return_type=str), Field(examples=["1.000"])]
Minutes = Annotated[int, Field(ge=0, le=10_080)]


class Input(BaseModel):
    """What a caller sends. A field that is not known is refused, never dropped silently."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What we answer. Made from our own rows, so it is written out as it is."""

    model_config = ConfigDict(frozen=True)
