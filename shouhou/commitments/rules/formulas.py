"""What a breach owes, as data: a fixed sum, so much a day, a share of something, or a sum by how late it was.

A formula gives an exact amount, unrounded and without floor and cap, from the facts that it names. It never guesses a fact.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

_STRICT = ConfigDict(extra="forbid")

DELAYS = ("days_late", "hours_late")
BASES = ("paid_amount", "goods_amount", "freight")
FACTS = (*DELAYS, *BASES)

type Delay = Literal["days_late", "hours_late"]
type Base = Literal["paid_amount", "goods_amount", "freight"]
type Facts = Mapping[str, Decimal]

Amount = Annotated[Decimal, Field(gt=0, le=10_000_000, decimal_places=4)]
Share = Annotated[Decimal, Field(gt=0, le=10, decimal_places=6)]

_NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Fixed:
    """The same sum for every breach."""

    kind: Literal["fixed"]
    amount: Amount

    @property
    def needs(self) -> tuple[str, ...]:
        return ()

    def faults(self) -> Iterator[str]:
        yield from ()

    def owed(self, facts: Facts) -> Decimal:
        return self.amount


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class PerDay:
    """So much for each day late, a sum or a share of something; the first `free_days` owe nothing."""

    kind: Literal["per_day"]
    amount: Amount | None = None
    share: Share | None = None
    of: Base | None = None
    free_days: Annotated[int, Field(ge=0)] = 0

    @property
    def needs(self) -> tuple[str, ...]:
        return ("days_late", *([self.of] if self.of else []))

    def faults(self) -> Iterator[str]:
        yield from _sum_or_share(self.amount, self.share, self.of)

    def owed(self, facts: Facts) -> Decimal:
        days = max(facts["days_late"] - self.free_days, _NOTHING)
        return days * _sum_of(self.amount, self.share, self.of, facts)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ShareOf:
    """A share of something, however late it was."""

    kind: Literal["share"]
    share: Share
    of: Base

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.of,)

    def faults(self) -> Iterator[str]:
        yield from ()

    def owed(self, facts: Facts) -> Decimal:
        return self.share * facts[self.of]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Tier:
    """What is owed up to and including that delay; the last one has no end."""

    up_to: Annotated[Decimal, Field(gt=0)] | None = None
    amount: Amount | None = None
    share: Share | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Tiers:
    """A sum, or a share of something, by how late it was."""

    kind: Literal["tiers"]
    by: Delay
    steps: Annotated[tuple[Tier, ...], Field(min_length=1)]
    of: Base | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.by, *([self.of] if self.of else []))

    def faults(self) -> Iterator[str]:
        for one in self.steps:
            yield from _sum_or_share(one.amount, one.share, self.of)
        ends = [one.up_to for one in self.steps]
        if ends[-1] is not None or None in ends[:-1]:
            yield "the last step, and no other, has no end"
        elif any(one.up_to and other.up_to and other.up_to <= one.up_to for one, other in pairwise(self.steps)):
            yield "the steps do not go up"
        owed = [one.amount or one.share or _NOTHING for one in self.steps]
        if any(later < sooner for sooner, later in pairwise(owed)):
            yield "a longer delay would owe less"

    def owed(self, facts: Facts) -> Decimal:
        delay = facts[self.by]
        if delay <= 0:
            return _NOTHING
        step = next(one for one in self.steps if one.up_to is None or delay <= one.up_to)
        return _sum_of(step.amount, step.share, self.of, facts)


Formula = Annotated[Fixed | PerDay | ShareOf | Tiers, Field(discriminator="kind")]


def _sum_or_share(amount: Decimal | None, share: Decimal | None, of: str | None) -> Iterator[str]:
    if (amount is None) == (share is None):
        yield "it is either an amount or a share"
    elif (share is None) != (of is None):
        yield "a share is of something, an amount is not"


def _sum_of(amount: Decimal | None, share: Decimal | None, of: str | None, facts: Facts) -> Decimal:
    if amount is not None:
        return amount
    return (share or _NOTHING) * facts[of or ""]
