"""The shape of a pack file. Keys that are not here are refused."""

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from shouhou.policies.rules.rights import Bounds, Then
from shouhou.policies.rules.words import CountFrom, JudgedBy, Layer, Matter, Standing

_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=False)

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=600)]
LayerName = Literal["statute", "region", "industry", "platform", "brand", "seller", "contract"]
# A year alone where the source gives no day; null where it gives none at all; left out: as the pack says.
Day = date | int | None | Literal["as_pack"]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class BothLanguages:
    zh: Text
    en: Text


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SourceEntry:
    """`refs` name sources of the vocabulary."""

    title: BothLanguages
    refs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Applies:
    """For which sales. What is left out does not matter; a group stands for all its classes."""

    classes: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    platforms: tuple[str, ...] | None = None
    brands: tuple[str, ...] | None = None
    promises: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Example:
    """Facts and what must come out. `given` stands over the pack's sample; null takes a fact of the sample away."""

    given: dict[str, bool | int | str | tuple[str, ...] | None]
    expect: dict[str, bool | int | str | None]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class RuleEntry:
    id: Code
    title: BothLanguages
    text: BothLanguages
    then: Annotated[Then, Field(discriminator="kind")]
    when: dict[str, bool | str | tuple[str, ...] | Bounds] = field(default_factory=dict)
    matters: tuple[Matter, ...] | None = None
    applies: Applies | None = None
    since: Day = "as_pack"
    until: Day = "as_pack"
    judged_by: JudgedBy | None = None
    source: SourceEntry | None = None
    article: str | None = None
    mark: str | None = None
    verified: Standing | None = None
    supersedes: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ProductRow:
    """One line of a product list: guarantee of the whole unit and of its main parts, and what a day of use costs."""

    of: str
    whole_months: int
    main_months: int | None = None
    main_parts: tuple[str, ...] | None = None
    daily_rate: Decimal | None = None
    daily_rate_to: Decimal | None = None
    mark: str
    verified: Standing
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class PackEntry:
    """A pack: one source. What rules leave out, they take from here."""

    pack: Code
    title: BothLanguages
    layer: LayerName
    source: SourceEntry
    matters: tuple[Matter, ...]
    since: date | int | None
    until: date | int | None = None
    judged_by: JudgedBy = JudgedBy.SALE
    count_days_from: CountFrom = CountFrom.DAY_AFTER
    applies: Applies = field(default_factory=Applies)
    mark: str | None = None
    verified: Standing | None = None
    sample: dict[str, bool | int | str | tuple[str, ...]] = field(default_factory=dict)
    products: tuple[ProductRow, ...] = ()
    rules: tuple[RuleEntry, ...] = ()


def layer_of(name: LayerName) -> Layer:
    """The layer with this name."""
    return Layer[name.upper()]
