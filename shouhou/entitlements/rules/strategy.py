"""The adviser: which of the three strategies suits a model, and why. It proposes; people decide.

Full suits what is expensive, lives long and is complex; special what is of middle value, seasonal or patented and lives from
distinctive extras; adequate what only bears a choice of services, at the risk that buyers are dissatisfied. Each thing that is
known of a model speaks for one or more of them with points; the strategy with most points is proposed, and of two that are
even the one that is better for the buyer. Where something is not known, every value that it could have is tried: if all lead to
the same strategy it is proposed all the same, else nothing is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Literal

from django.utils.translation import gettext, gettext_noop

from shouhou.entitlements.rules.figures import Complexity, Costs, Figures, checked_figures, costs_of
from shouhou.entitlements.rules.scope import Strategy

type Factor = Literal["price", "life", "complexity", "season", "patent", "volume", "burden"]
type Points = tuple[int, int, int]  # for full, special, adequate


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """Where the adviser draws its lines. They are rules of thumb of this product, not facts: every reason names them."""

    price: tuple[Decimal, Decimal] = (Decimal(500), Decimal(3000))
    life: tuple[Decimal, Decimal] = (Decimal(3), Decimal(8))
    season: Decimal = Decimal(40)
    volume: tuple[Decimal, Decimal] = (Decimal(500), Decimal(5000))
    burden: tuple[Decimal, Decimal] = (Decimal(3), Decimal(10))


# In the rows of price, life, complexity and volume the lead of full over each of the others never shrinks from one level to the
# next, and in that of the burden never grows: so a higher price, which also makes the burden lighter, never speaks against full.
WEIGHTS: dict[Factor, tuple[Points, ...]] = {
    "price": ((0, 0, 2), (2, 2, 0), (4, 1, 0)),
    "life": ((0, 0, 1), (1, 1, 0), (2, 1, 0)),
    "complexity": ((0, 0, 1), (1, 1, 0), (3, 1, 0)),
    "season": ((0, 0, 0), (0, 3, 0)),
    "patent": ((0, 0, 0), (0, 3, 0)),
    "volume": ((0, 0, 2), (0, 0, 0), (1, 0, 0)),
    "burden": ((1, 0, 0), (0, 0, 0), (0, 0, 2)),
}
WORDS: dict[Factor, tuple[str, ...]] = {
    "price": (
        gettext_noop("%(value)s yuan is a low price (below %(lower)s): an elaborate service would weigh on it."),
        gettext_noop("%(value)s yuan is a middle price (%(lower)s up to %(upper)s): extras set the product apart."),
        gettext_noop("%(value)s yuan is a high price (%(upper)s and more): who pays it expects every service."),
    ),
    "life": (
        gettext_noop("%(value)s years of life are few (below %(lower)s): it is replaced rather than repaired."),
        gettext_noop("%(value)s years of life are a middling span (%(lower)s up to %(upper)s)."),
        gettext_noop("%(value)s years of life are many (%(upper)s and more): parts and repairs are wanted for long."),
    ),
    "complexity": (
        gettext_noop("It is simple: buyers can install and use it by themselves."),
        gettext_noop("It is of middling complexity: some buyers need help with it."),
        gettext_noop("It is complex: trained people have to install it, explain it and repair it."),
    ),
    "season": (
        gettext_noop("%(value)s%% of a year's work falls in three months (below %(upper)s%%): the work is even."),
        gettext_noop("%(value)s%% of a year's work falls in three months (%(upper)s%% and more): it is seasonal."),
    ),
    "patent": (
        gettext_noop("Nothing in it is patented: others can look after it as well."),
        gettext_noop("It is patented: a service that nobody else can give sets it apart."),
    ),
    "volume": (
        gettext_noop("%(value)s units a year are few (below %(lower)s): they hardly bear a service of their own."),
        gettext_noop("%(value)s units a year are a middling number (%(lower)s up to %(upper)s)."),
        gettext_noop("%(value)s units a year are many (%(upper)s and more): they bear a service of their own."),
    ),
    "burden": (
        gettext_noop(
            "Repairs in the guarantee take %(value)s%% of the price (at most %(lower)s%%): more can be afforded."
        ),
        gettext_noop("Repairs in the guarantee take %(value)s%% of the price (between %(lower)s%% and %(upper)s%%)."),
        gettext_noop("Repairs in the guarantee take %(value)s%% of the price (more than %(upper)s%%): little is left."),
    ),
}
# Which figures a factor rests on.
NEEDS: dict[Factor, tuple[str, ...]] = {
    "price": ("price",),
    "life": ("life_years",),
    "complexity": ("complexity",),
    "season": ("peak_share",),
    "patent": ("patented",),
    "volume": ("units_a_year",),
    "burden": ("price", "repairs_a_year", "repair_cost", "free_months"),
}
_ORDER = (Strategy.FULL, Strategy.SPECIAL, Strategy.ADEQUATE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """What one thing that is known speaks for, and how much."""

    factor: Factor
    level: int
    points: Points
    params: dict[str, Any]

    def __str__(self) -> str:
        """In the reader's language."""
        return gettext(WORDS[self.factor][self.level]) % self.params


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """What the adviser says. `proposed` is None as long as something that is not known could change it (`possible`)."""

    figures: Figures
    costs: Costs
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    possible: frozenset[Strategy]

    @property
    def proposed(self) -> Strategy | None:
        return next(iter(self.possible)) if len(self.possible) == 1 else None

    @property
    def totals(self) -> Points:
        """The points of what is known, for each strategy."""
        return _sum(one.points for one in self.reasons)

    @property
    def is_even(self) -> bool:
        """Whether another strategy has as many points as the one that is proposed."""
        return self.proposed is not None and not self.missing and self.totals.count(max(self.totals)) > 1

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a decision."""
        return {
            "figures": self.figures.as_json(),
            "proposed": self.proposed or "",
            "points": dict(zip(_ORDER, self.totals, strict=True)),
        }


def advise(figures: Figures, *, marks: Marks | None = None) -> Advice:
    """Which strategy suits a model of which this is known. Raises FigureInvalid."""
    figures, marks = checked_figures(figures), marks or Marks()
    costs = costs_of(figures)
    reasons = tuple(one for factor in WEIGHTS if (one := _reason(factor, figures, costs, marks)) is not None)
    known = {one.factor for one in reasons}
    open_rows = [rows for factor, rows in WEIGHTS.items() if factor not in known]
    said = [one.points for one in reasons]
    return Advice(
        figures=figures,
        costs=costs,
        reasons=reasons,
        missing=_missing(figures, known),
        possible=frozenset(_winner(_sum([*said, *others])) for others in product(*open_rows)),
    )


def _reason(factor: Factor, figures: Figures, costs: Costs, marks: Marks) -> Reason | None:
    found = _level(factor, figures, costs, marks)
    if found is None:
        return None
    level, params = found
    return Reason(factor=factor, level=level, points=WEIGHTS[factor][level], params=params)


def _level(factor: Factor, figures: Figures, costs: Costs, marks: Marks) -> tuple[int, dict[str, Any]] | None:
    match factor:
        case "price":
            return _between(figures.price, marks.price)
        case "life":
            return _between(figures.life_years, marks.life)
        case "volume":
            return _between(figures.units_a_year, marks.volume)
        case "complexity":
            return None if figures.complexity is None else (list(Complexity).index(figures.complexity), {})
        case "patent":
            return None if figures.patented is None else (int(figures.patented), {})
        case "season":
            if figures.peak_share is None:
                return None
            return int(figures.peak_share >= marks.season), {"value": figures.peak_share, "upper": marks.season}
        case "burden":
            if costs.share is None:
                return None
            lower, upper = marks.burden
            level = 0 if costs.share <= lower else 1 if costs.share <= upper else 2
            return level, {"value": costs.share, "lower": lower, "upper": upper}


def _between(value: Decimal | int | None, marks: tuple[Decimal, Decimal]) -> tuple[int, dict[str, Any]] | None:
    if value is None:
        return None
    return sum(value >= mark for mark in marks), {"value": value, "lower": marks[0], "upper": marks[1]}


def _missing(figures: Figures, known: set[Factor]) -> tuple[str, ...]:
    needed = [name for factor, names in NEEDS.items() if factor not in known for name in names]
    return tuple(dict.fromkeys(name for name in needed if getattr(figures, name) is None))


def _sum(points: Iterable[Points]) -> Points:
    full = special = adequate = 0
    for one in points:
        full, special, adequate = full + one[0], special + one[1], adequate + one[2]
    return full, special, adequate


def _winner(points: Points) -> Strategy:
    return max(_ORDER, key=lambda strategy: (points[_ORDER.index(strategy)], -_ORDER.index(strategy)))
