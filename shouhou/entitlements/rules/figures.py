"""What is known of a model when its service is decided, and what that service costs."""

from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.kernel.errors import Invalid, gettext_noop


class Complexity(TextChoices):
    """How much one has to know to install, use and repair the goods."""

    SIMPLE = "simple", pgettext_lazy("goods", "simple")
    MEDIUM = "medium", pgettext_lazy("goods", "of middling complexity")
    COMPLEX = "complex", pgettext_lazy("goods", "complex")


class FigureInvalid(Invalid):
    code = "figure_invalid"
    template = gettext_noop("This figure must lie between %(least)s and %(most)s.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What the adviser asks for; None is not known, and never guessed.

    `price` and `repair_cost` in CNY a unit and a repair, `life_years` until the goods are replaced, `peak_share` in percent of
    a year's work that falls in its busiest three months (25: even), `units_a_year` sold, `repairs_a_year` of one unit,
    `free_months` of guarantee.
    """

    price: Decimal | None = None
    life_years: Decimal | None = None
    complexity: Complexity | None = None
    peak_share: Decimal | None = None
    patented: bool | None = None
    units_a_year: int | None = None
    repairs_a_year: Decimal | None = None
    repair_cost: Decimal | None = None
    free_months: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a decision: decimals as texts, without what is not known."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in given.items()
            if value is not None
        }


RANGES: dict[str, tuple[Decimal, Decimal]] = {
    "price": (Decimal("0.01"), Decimal(10_000_000)),
    "life_years": (Decimal("0.5"), Decimal(60)),
    "peak_share": (Decimal(25), Decimal(100)),
    "units_a_year": (Decimal(0), Decimal(100_000_000)),
    "repairs_a_year": (Decimal(0), Decimal(100)),
    "repair_cost": (Decimal(0), Decimal(1_000_000)),
    "free_months": (Decimal(0), Decimal(600)),
}


def checked_figures(figures: Figures) -> Figures:
    """The figures, if they can be. Raises FigureInvalid."""
    for name, (least, most) in RANGES.items():
        value = getattr(figures, name)
        if value is None:
            continue
        number = Decimal(value)
        if not number.is_finite() or not least <= number <= most:
            raise FigureInvalid(least=least, most=most, field=name)
    return figures


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """What repairs cost, in CNY rounded to the fen; None where a figure is missing. `share` is percent of the price."""

    a_year: Decimal | None
    in_guarantee: Decimal | None
    over_life: Decimal | None
    share: Decimal | None
    of_a_years_sales: Decimal | None


def costs_of(figures: Figures) -> Costs:
    """Repair cost of a unit and year = repairs of a unit and year × cost of a repair.

    In the guarantee: that × months of guarantee / 12; over its life: that × years of life. Share: cost in the guarantee / price.
    Of a year's sales: cost in the guarantee × units sold in a year.
    """
    a_year = _product(figures.repairs_a_year, figures.repair_cost)
    years_free = None if figures.free_months is None else Decimal(figures.free_months) / 12
    in_guarantee = _product(a_year, years_free)
    share = None if in_guarantee is None or not figures.price else in_guarantee / figures.price * 100
    units = None if figures.units_a_year is None else Decimal(figures.units_a_year)
    return Costs(
        a_year=_fen(a_year),
        in_guarantee=_fen(in_guarantee),
        over_life=_fen(_product(a_year, figures.life_years)),
        share=None if share is None else share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP),
        of_a_years_sales=_fen(_product(in_guarantee, units)),
    )


COST_LABELS = {
    "a_year": _("Repairs of one unit in a year"),
    "in_guarantee": _("Repairs of one unit in the guarantee"),
    "over_life": _("Repairs of one unit in its life"),
    "share": _("Guarantee repairs as a share of the price"),
    "of_a_years_sales": _("Guarantee repairs of all units sold in a year"),
}
# How each is reckoned, in the words of the form.
FORMULAS = {
    "a_year": _("repairs a year × cost of a repair"),
    "in_guarantee": _("repairs a year × cost of a repair × months of guarantee ÷ 12"),
    "over_life": _("repairs a year × cost of a repair × years of life"),
    "share": _("repairs in the guarantee ÷ price"),
    "of_a_years_sales": _("repairs in the guarantee × units sold a year"),
}


def _product(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left * right


def _fen(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
