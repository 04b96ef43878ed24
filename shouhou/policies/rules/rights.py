"""What a rule can give: a small closed set of kinds, each with its own parameters.

Every kind answers one or more questions (`topics`). Rules that answer the same question compete; engine and schema share
these classes.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Literal

from shouhou.policies.rules.words import (
    Basis,
    Bearer,
    Exclusion,
    Less,
    Pause,
    Precedence,
    Remedy,
    Restart,
    Segment,
    Side,
    Span,
    Uncounted,
)

# Keys that a pack does not know are refused; pydantic reads this, the engine does not need it.
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivesRemedy:
    """The customer may choose one of the options; a refund is `less` something, the rest is free unless a bearer is named."""

    kind: Literal["remedy"]
    options: tuple[Remedy, ...]
    less: Less = Less.NOTHING
    bearer: Bearer | None = None
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"remedy.{option}" for option in self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivesGuarantee:
    """A period within which goods must be right. It ends with the days or months, or with the kilometres, whichever is first.

    `parts` names what the period is for; None where the source gives no list, then the certificate decides (`main_part`).
    """

    kind: Literal["guarantee"]
    segment: Segment
    days: int | None = None
    months: int | None = None
    km: int | None = None
    parts: tuple[str, ...] | None = None
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"guarantee.{self.segment}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsClock:
    """From which day guarantee periods run, what stops them meanwhile, and what makes them start again."""

    kind: Literal["clock"]
    basis: Basis | None = None
    pauses: tuple[Pause, ...] = ()
    restarts: tuple[Restart, ...] = ()
    topics: ClassVar[tuple[str, ...]] = ("clock",)
    __pydantic_config__: ClassVar = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsDeduction:
    """What use costs the customer on a refund.

    Depreciation: price × `rate` a day from the invoice on. Usage fee: price × kilometres / 1000 × coefficient, `rate` at most.
    Where the source gives only a range, `rate_to` is its upper end and the amount is a range too.
    """

    kind: Literal["deduction"]
    of: Literal["depreciation", "usage_fee"]
    rate: Decimal
    rate_to: Decimal | None = None
    minus: tuple[Pause, ...] = ()
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"deduction.{self.of}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsLimit:
    """A time within which somebody has to act, or may: `amount` of `unit` since an event. `window`: hours run only in it."""

    kind: Literal["limit"]
    act: str
    side: Side
    amount: int
    unit: Span
    since: str
    window: str | None = None
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"limit.{self.act}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsBurden:
    """Who has to prove how it stands with the goods."""

    kind: Literal["burden"]
    on: Bearer
    of: Literal["defect", "transit_damage"] = "defect"
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"burden.{self.of}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Up to this share (inclusive), so much is paid."""

    up_to: Decimal
    share: Decimal
    __pydantic_config__: ClassVar = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class GivesMoney:
    """An amount beside the remedy: a fact times a share, with floor and cap, or a number of points.

    `per` multiplies it by a number of days; `bands` pick the share by another fact; `cap_share` is a share of the price.
    """

    kind: Literal["money"]
    what: str
    of: str | None = None
    share: Decimal = Decimal(1)
    per: str | None = None
    by: str | None = None
    bands: tuple[Band, ...] = ()
    floor: Decimal | None = None
    cap: Decimal | None = None
    cap_share: Decimal | None = None
    points: int | None = None
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"money.{self.what}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsBearer:
    """Who pays the freight, an inspection, the re-send."""

    kind: Literal["bearer"]
    of: str
    bearer: Bearer
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"bearer.{self.of}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excludes:
    """A finding takes the rights of defective goods away; `stands: false` says that it may not."""

    kind: Literal["exclusion"]
    findings: tuple[Exclusion, ...]
    stands: bool = True
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"exclusion.{finding}" for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsDuty:
    """Something that has to be there, or be kept, at least so long or so much."""

    kind: Literal["duty"]
    what: str
    at_least: int | None = None
    unit: Span | None = None
    since: str | None = None
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"duty.{self.what}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsRhythm:
    """Something that comes again every so many days or months."""

    kind: Literal["rhythm"]
    of: str
    every: int
    unit: Span
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"rhythm.{self.of}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsLadder:
    """What follows the first time, the second, the third; the last step stays."""

    kind: Literal["ladder"]
    of: str
    steps: tuple[str, ...]
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"ladder.{self.of}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsRepairDays:
    """How hours in repair become days: each full `hours` is a day, a remainder one more. What is excluded does not count."""

    kind: Literal["repair_day"]
    hours: int
    excludes: tuple[Uncounted, ...] = ()
    topics: ClassVar[tuple[str, ...]] = ("repair_day",)
    __pydantic_config__: ClassVar = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsPrecedence:
    """How different answers to the named questions are put in order (a name ending in `*` stands for all that begin so).

    It governs its own layer and those after it; what the law gives stays beside it.
    """

    kind: Literal["precedence"]
    over: tuple[str, ...]
    rule: Precedence
    __pydantic_config__: ClassVar = _STRICT

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"precedence.{topic}" for topic in self.over)


Then = (
    GivesRemedy
    | GivesGuarantee
    | SetsClock
    | SetsDeduction
    | SetsLimit
    | SetsBurden
    | GivesMoney
    | SetsBearer
    | Excludes
    | SetsDuty
    | SetsRhythm
    | SetsLadder
    | CountsRepairDays
    | SetsPrecedence
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Limits of a number, of days since a date, of months since a date; `not_past`: the date has not gone by."""

    at_least: Decimal | None = None
    more_than: Decimal | None = None
    at_most: Decimal | None = None
    less_than: Decimal | None = None
    from_day: int | None = None
    to_day: int | None = None
    within_months: int | None = None
    not_past: bool = field(default=False)
    __pydantic_config__: ClassVar = _STRICT
