"""The same facts read off the page, asked of the API and of the command line: one verdict."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from shouhou.api.tests.conftest import Caller, caller_for
from shouhou.assets.actions import Sale, record_sale, register_asset
from shouhou.assets.models import Asset
from shouhou.catalog.models import ProductClass, ProductModel
from shouhou.cli.commands import shouhou
from shouhou.entitlements.actions import record_finding
from shouhou.policies.wording import word
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tests.conftest import as_ as as_
from shouhou.web.verdict_words import KINDS
from shouhou.workorders.models import WorkOrder
from tests.cast import Cast, Crew
from tests.screens import Element, read_page

type Json = dict[str, Any]

pytestmark = pytest.mark.one_database

GOODS = (
    "refrigerator", "gas_water_heater", "bicycle", "motorcycle", "mobile_phone", "desktop", "colour_tv", "family_car",
    "furniture", "clothes", "precious_metal", "fresh_food", "",
)  # fmt: skip
# Of these the lines on the screen speak already.
SAID_BY_THE_LINES = {"repair", "on_site", "transport_cost"}


@dataclass(frozen=True)
class Understood:
    """What a reader takes from a verdict, wherever he reads it. `ways`: class and last day under each assumption."""

    work_class: str
    last_day: str
    lines: list[tuple[str, str]]
    by: str
    remedies: list[str]
    ways: list[tuple[str, str]]

    @classmethod
    def on_screen(cls, page: str) -> Self:
        """As it stands on a page."""
        verdict = read_page(page).first(".verdict")
        assert verdict.tag, "no verdict on the page"
        missing = verdict.first(".verdict-missing")
        rule = verdict.first(".verdict-by").first("a").attributes.get("href", "")
        return cls(
            work_class=_letter(verdict),
            last_day=_day(verdict.first(".verdict-until").text),
            lines=[
                (line.first("span").text, line.marks[0].removeprefix("pays-"))
                for line in verdict.first(".verdict-lines").all("li")
            ],
            by=rule.strip("/").rpartition("/")[2],
            remedies=[one.text for one in verdict.first(".verdict-further").all("b")],
            ways=[(_letter(one), _day(one.text)) for one in missing.all("li")],
        )

    @classmethod
    def told(cls, answer: Json) -> Self:
        """As the API or the command line answers."""
        cited = [*answer["rules"], *(rule for line in answer["lines"] for rule in line["rules"])]
        with translation.override("en"):
            return cls(
                work_class=answer["work_class"] or "",
                last_day=answer["last_day"] or "",
                lines=[(str(KINDS[one["kind"]]), one["payer"]) for one in answer["lines"]],
                by=cited[0].partition("@")[0] if cited else "",
                remedies=[
                    word("remedy", one["remedy"])
                    for one in answer["remedies"]
                    if one["remedy"] not in SAID_BY_THE_LINES
                ],
                ways=[(one["work_class"] or "", one["last_day"] or "") for one in answer["supposed"]],
            )


def _letter(of: Element) -> str:
    letter = of.first(".class-tile").text
    return letter if letter in "ABCD" else ""


def _day(text: str) -> str:
    found = re.search(r"\d{4}-\d\d-\d\d", text.rpartition("until")[2] or text)
    return found[0] if found else ""


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


@pytest.fixture
def clerk(qd: Crew) -> Caller:
    return caller_for(qd.clerk)


def unit_sold(cast: Cast, crew: Crew, days: int | None, **sale: Any) -> Asset:
    """An air conditioner sold, delivered and installed that many days ago; None: nobody knows when."""
    now, today = timezone.now(), timezone.localdate()
    unit = register_asset(
        customer_id=crew.customer.id,
        product_model=cast.air_conditioner,
        serial=f"SN{uuid4().hex[:8]}",
        by=crew.clerk,
        at=now,
        today=today,
    )
    day = None if days is None else today - timedelta(days=days)
    told = {"sale_date": day, "delivered_date": day, "installed_date": day, "trader_installs": True} | sale
    record_sale(unit.id, sale=Sale(**told), by=crew.clerk, at=now, today=today)
    return unit


def _new(cast: Cast, crew: Crew) -> Asset:
    return unit_sold(cast, crew, 5)


def _in_guarantee(cast: Cast, crew: Crew) -> Asset:
    return unit_sold(cast, crew, 200, price=Decimal(2599), channel="store")


def _main_parts_only(cast: Cast, crew: Crew) -> Asset:
    return unit_sold(cast, crew, 500)


def _old(cast: Cast, crew: Crew) -> Asset:
    return unit_sold(cast, crew, 365 * 30)


def _under_contract(cast: Cast, crew: Crew) -> Asset:
    unit = _old(cast, crew)
    Asset.objects.filter(id=unit.id).update(contract_number="BY-7")
    return unit


def _misused(cast: Cast, crew: Crew) -> Asset:
    unit = _in_guarantee(cast, crew)
    record_finding(unit.id, exclusion="misuse", evidence="主板进水", by=crew.clerk, at=timezone.now())
    return unit


def _without_dates(cast: Cast, crew: Crew) -> Asset:
    return unit_sold(cast, crew, None)


def _without_the_installation(cast: Cast, crew: Crew) -> Asset:
    return unit_sold(cast, crew, 200, installed_date=None)


UNITS: dict[str, tuple[Callable[[Cast, Crew], Asset], str]] = {
    one.__name__.removeprefix("_"): (one, letter)
    for one, letter in (
        (_new, "C"),
        (_in_guarantee, "C"),
        (_main_parts_only, "C"),
        (_old, "A"),
        (_under_contract, "B"),
        (_misused, "A"),
        (_without_dates, ""),
        (_without_the_installation, "C"),
    )
}


@pytest.mark.parametrize("unit", UNITS)
def test_screen_api_and_command_line_agree(
    unit: str, desk: Client, clerk: Caller, cast: Cast, qd: Crew, tmp_path: Path
) -> None:
    """Asked live at intake, then kept with the order; by the API about the unit, and about its facts by the command line."""
    make, letter = UNITS[unit]
    asset = make(cast, qd)
    live = Understood.on_screen(desk.get(reverse("intake_verdict"), {"asset": str(asset.id), "fault_code": "E4"}).text)
    assert live.work_class == letter

    asked = clerk.post("/entitlements/verdicts", {"asset_id": str(asset.id), "fault_code": "E4"}).json()
    told = Understood.told(asked["answer"])
    # The screen shows the first four ways to read an unclear history, and the drawer all of them.
    assert live.ways == told.ways[:4]
    assert live == Understood(**vars(told) | {"ways": told.ways[:4]})

    file = tmp_path / "facts.json"
    file.write_text(json.dumps(asked["question"]), encoding="utf-8")
    printed = CliRunner().invoke(shouhou, ["entitle", str(file), "--company", "--json"])
    assert json.loads(printed.stdout)["answer"] == asked["answer"]

    call = {"key": uuid4(), "customer": qd.customer.id, "asset": asset.id, "fault": "不制冷", "fault_code": "E4"}
    assert desk.post(reverse("intake"), call).status_code == 303
    order = WorkOrder.objects.get()
    assert order.work_class == letter
    assert Understood.on_screen(desk.get(reverse("order", args=[order.id])).text) == live
    (kept,) = clerk.get(f"/work-orders/{order.id}/verdicts").json()["rows"]
    assert Understood.told(kept["answer"]) == told


def test_a_unit_that_is_only_being_described_is_judged_alike(desk: Client, clerk: Caller, cast: Cast) -> None:
    """Model and dates typed at intake, and the same as a document."""
    day = (timezone.localdate() - timedelta(days=40)).isoformat()
    typed = {"asset": "new", "product_model": cast.air_conditioner.code, "sale_date": day, "installed_date": day}
    live = Understood.on_screen(desk.get(reverse("intake_verdict"), typed).text)
    document = {
        "on": timezone.localdate().isoformat(),
        "product_class": "air_conditioner",
        "brand": "haifeng",
        "region": "shandong",
        "bulky": False,
        "history": [{"what": "sold", "on": day}, {"what": "installed", "on": day}],
    }
    told = Understood.told(clerk.post("/entitlements/verdicts", document).json()["answer"])
    assert live == Understood(**vars(told) | {"ways": told.ways[:4]})
    assert live.work_class == "C"


def test_they_agree_for_goods_of_every_kind(
    desk: Client, clerk: Caller, cast: Cast, qd: Crew, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """A unit sold two hundred days ago, as a class of each kind in turn; no certificate of the model decides for it."""
    asset, file = _in_guarantee(cast, qd), tmp_path / "facts.json"
    ProductModel.objects.filter(id=cast.air_conditioner.id).update(guarantee_months=1)
    letters = set()
    for name in GOODS:
        with subtests.test(name):
            ProductClass.objects.filter(id=cast.air_conditioner.product_class_id).update(rules_class=name)
            live = Understood.on_screen(desk.get(reverse("intake_verdict"), {"asset": str(asset.id)}).text)
            asked = clerk.post("/entitlements/verdicts", {"asset_id": str(asset.id)}).json()
            told = Understood.told(asked["answer"])
            assert live == Understood(**vars(told) | {"ways": told.ways[:4]})
            file.write_text(json.dumps(asked["question"]), encoding="utf-8")
            printed = CliRunner().invoke(shouhou, ["entitle", str(file), "--company", "--json"])
            assert json.loads(printed.stdout)["answer"] == asked["answer"]
            letters.add(live.work_class)
    assert letters >= {"C", ""}
