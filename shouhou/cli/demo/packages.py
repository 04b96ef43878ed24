"""What the demonstration company does for its models after the sale, as its service department decided it."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.catalog.queries import get_product_model
from shouhou.entitlements.actions import decide_package
from shouhou.entitlements.rules.figures import Complexity, Figures
from shouhou.entitlements.rules.scope import ScopeItem, Strategy, usual_lines

# Model, strategy, what is special about it, why, and what the adviser was told.
PACKAGES: tuple[tuple[str, Strategy, dict[ScopeItem, str], str, Figures | None], ...] = (
    (
        "KFR-72LW/HF3", Strategy.FULL, {}, "单价高、使用年限长、安装复杂，六项服务全部提供",
        Figures(
            price=Decimal("6999.00"), life_years=Decimal(10), complexity=Complexity.COMPLEX, peak_share=Decimal(60),
            patented=False, units_a_year=8000, repairs_a_year=Decimal("0.15"), repair_cost=Decimal("220.00"),
            free_months=72,
        ),
    ),
    (
        "KFR-35GW/HF1", Strategy.SPECIAL, {ScopeItem.REPAIR: "六至八月夜间上门，不加价"}, "旺季集中在夏天，以夜间上门作为特色",
        Figures(
            price=Decimal("2599.00"), life_years=Decimal(6), complexity=Complexity.MEDIUM, peak_share=Decimal(60),
            patented=False, units_a_year=4000, repairs_a_year=Decimal("0.12"), repair_cost=Decimal("180.00"),
            free_months=72,
        ),
    ),
    ("BCD-218D", Strategy.ADEQUATE, {}, "插电即用，不需要安装和指导", None),
)  # fmt: skip


def decide_packages(hq: Branch, *, by: Actor, at: datetime) -> None:
    """Decide the first packages, from the day on which the company begins."""
    for code, strategy, extras, reason, figures in PACKAGES:
        life = None if figures is None or figures.life_years is None else int(figures.life_years)
        lines = [replace(line, extra=extras.get(line.item, "")) for line in usual_lines(strategy, life_years=life)]
        decide_package(
            get_product_model(code), strategy=strategy, lines=lines, reason=reason, figures=figures,
            valid_from=at.astimezone(ZoneInfo(hq.time_zone)).date(), branch=hq, by=by, at=at,
        )  # fmt: skip
