"""What of a model's figures can be measured: by its units and by the work on them, in the branches that the reader sees."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, Q
from django.db.models.functions import ExtractMonth

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.catalog.models import ProductModel
from shouhou.workorders.models import VoucherEntry, WorkOrder
from shouhou.workorders.rules import OrderStatus, WorkType

# A season that is read off a handful of calls is chance.
_FEWEST_FOR_A_SEASON = 24


@dataclass(frozen=True, slots=True)
class Measured:
    """What could be measured over the last year, by the name of the figure, and on how much it rests."""

    figures: dict[str, Any]
    units: int
    repairs: int
    charged: int


def measure(model: ProductModel, *, by: Actor, today: date) -> Measured:
    """The figures of a model over the year up to today. Three queries, for as many rows as there may be."""
    since = today - timedelta(days=365)
    units = (
        Asset.objects.visible_to(by)
        .filter(product_model=model)
        .aggregate(number=Count("id"), sold=Count("id", filter=Q(sale_date__gt=since)), price=Avg("price"))
    )
    entries = (
        VoucherEntry.objects.visible_to(by)
        .filter(voucher__asset__product_model=model, charge__gt=0, currency="CNY", entered_at__date__gt=since)
        .aggregate(number=Count("id"), charge=Avg("charge"))
    )
    months = _repairs_by_month(model, by=by, since=since)
    repairs = sum(months.values())
    figures: dict[str, Any] = {"free_months": model.guarantee_months}
    if units["price"]:
        figures["price"] = _rounded(units["price"], "0.01")
    if units["sold"]:
        figures["units_a_year"] = units["sold"]
    if units["number"] and repairs:
        figures["repairs_a_year"] = _rounded(Decimal(repairs) / units["number"], "0.01")
    if entries["number"]:
        figures["repair_cost"] = _rounded(entries["charge"], "0.01")
    if repairs >= _FEWEST_FOR_A_SEASON:
        figures["peak_share"] = _rounded(Decimal(_busiest(months) * 100) / repairs, "0.1")
    return Measured(figures, units["number"], repairs, entries["number"])


def _repairs_by_month(model: ProductModel, *, by: Actor, since: date) -> Counter[int]:
    rows = WorkOrder.objects.visible_to(by).filter(
        asset__product_model=model, work_type=WorkType.REPAIR, received_on__gt=since
    )
    counted = (
        rows.filter(~Q(status=OrderStatus.CANCELLED))
        .annotate(month=ExtractMonth("received_on"))
        .values("month")
        .annotate(number=Count("id"))
    )
    return Counter({row["month"]: row["number"] for row in counted})


def _busiest(months: Counter[int]) -> int:
    """The work of the three neighbouring months that have most of it; December and January are neighbours."""
    return max(sum(months[(first + step) % 12 + 1] for step in range(3)) for first in range(12))


def _rounded(value: Any, step: str) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(step), rounding=ROUND_HALF_UP)
