"""The service package of a model: its page, the adviser, the decision."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.assets.models import Asset
from shouhou.entitlements.models import ServicePackage
from shouhou.entitlements.package_queries import package_on
from shouhou.entitlements.rules.scope import ScopeItem, Strategy, Terms, usual_lines
from shouhou.web.package_figures import measure
from shouhou.web.package_inputs import begun_with
from shouhou.web.tests.conftest import SignIn
from tests.cast import Cast, unchanged

type Fields = dict[str, Any]

FIGURES: Fields = {
    "price": "6999",
    "life_years": "10",
    "complexity": "complex",
    "peak_share": "60",
    "patented": "false",
    "units_a_year": "8000",
    "repairs_a_year": "0.15",
    "repair_cost": "220",
    "free_months": "72",
}


def typed(strategy: Strategy = Strategy.FULL, **given: Any) -> Fields:
    """A whole form for deciding."""
    begun = {name: value for name, value in begun_with(strategy, usual_lines(strategy)).items() if value is not None}
    return begun | {"reason": "高价耐用，安装复杂", "valid_from": timezone.localdate().isoformat()} | given


@pytest.fixture
def chief(as_: SignIn, cast: Cast) -> Client:
    return as_(cast.headquarters[Role.HQ])


@pytest.fixture
def address(cast: Cast) -> str:
    return reverse("catalogue_package", args=[cast.air_conditioner.id])


def decide(client: Client, cast: Cast, fields: Fields) -> Any:
    return client.post(reverse("catalogue_package_decide", args=[cast.air_conditioner.id]), fields)


def test_the_adviser_says_what_it_proposes_and_why(chief: Client, address: str) -> None:
    page = chief.get(address, FIGURES).content.decode()
    assert "Proposed: Full" in page
    assert "6999 yuan is a high price (3000 and more)" in page
    assert "198.00" in page  # 0.15 × 220 × 72 ÷ 12
    assert 'name="repair_cost" value="220"' in page  # carried on to the decision


def test_what_is_not_known_is_asked_for(chief: Client, address: str) -> None:
    page = chief.get(address, {"price": "2000"}).content.decode()
    assert "No proposal yet" in page
    asked = page.split("Please find out:")[1].split("</p>")[0]
    assert "Life expectancy" in asked
    assert "Price of a unit" not in asked


@pytest.mark.parametrize(
    "wrong", [{"price": "-1"}, {"peak_share": "101"}, {"units_a_year": "many"}, {"complexity": "x"}]
)
def test_a_figure_that_cannot_be_is_said_beside_it(wrong: Fields, chief: Client, address: str, cast: Cast) -> None:
    name = next(iter(wrong))
    with unchanged():
        asked, decided = chief.get(address, FIGURES | wrong), decide(chief, cast, typed() | FIGURES | wrong)
    assert (asked.status_code, decided.status_code) == (200, 422)
    for answer in (asked, decided):
        assert f'id="id_{name}_error"' in answer.content.decode()
        assert "Proposed:" not in answer.content.decode()


def test_a_package_is_decided_and_shown_with_the_model(chief: Client, as_: SignIn, cast: Cast, address: str) -> None:
    fields = typed(guidance_extra="首年上门回访") | FIGURES
    assert decide(chief, cast, fields).status_code == 303
    package = package_on(cast.air_conditioner, day=timezone.localdate())
    assert package is not None
    assert (package.strategy, package.advice["proposed"]) == ("full", "full")
    assert package.advice["figures"]["price"] == "6999"
    assert {line.item: line.extra for line in package.scope}[ScopeItem.GUIDANCE] == "首年上门回访"
    model = reverse("catalogue_entry", args=["products", cast.air_conditioner.id])
    for place in (address, model):
        page = as_(cast.qd.clerk).get(place).content.decode()
        assert "首年上门回访" in page
        assert "answered within 4 hours" in page
        assert "Ask the adviser" not in page


def test_what_is_refused_stands_beside_its_field_and_is_kept(chief: Client, cast: Cast) -> None:
    cases: list[tuple[Fields, str]] = [
        (typed(guidance_terms="none", guidance_number=""), "guidance_terms"),
        (typed(sanbao_terms="none"), "sanbao_terms"),
        (typed(repair_number="721"), "repair_number"),
        (typed(reason=" "), "reason"),
        (typed(valid_from=(timezone.localdate() - timedelta(days=1)).isoformat()), "valid_from"),
    ]
    for fields, field in cases:
        with unchanged():
            answer = decide(chief, cast, fields | {"parts_extra": "原厂件"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in page
        assert 'value="原厂件"' in page


def test_a_special_package_says_what_is_special(chief: Client, cast: Cast) -> None:
    with unchanged():
        refused = decide(chief, cast, typed(Strategy.SPECIAL))
    assert "says what is special about it" in refused.content.decode()
    assert decide(chief, cast, typed(Strategy.SPECIAL, repair_extra="旺季延时上门")).status_code == 303


def test_only_the_headquarters_decides(as_: SignIn, cast: Cast) -> None:
    for actor in (cast.headquarters[Role.ADMINISTRATOR], cast.qd.actors[Role.MANAGER], cast.qd.clerk):
        client = as_(actor)
        with unchanged():
            assert decide(client, cast, typed()).status_code == 403


def test_hostile_text_stays_text(chief: Client, cast: Cast, address: str) -> None:
    decide(chief, cast, typed(reason="<script>alert(1)</script>", parts_extra='"><img src=x>'))
    page = chief.get(address).content.decode()
    assert ServicePackage.objects.count() == 1
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


def test_a_later_package_waits_and_an_earlier_one_stays(chief: Client, cast: Cast, address: str) -> None:
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    decide(chief, cast, typed())
    decide(chief, cast, typed(Strategy.ADEQUATE, valid_from=later))
    decide(chief, cast, typed(repair_number="12"))
    page = chief.get(address).content.decode()
    assert "to come" in page
    assert "answered within 12 hours" in page.split("Earlier and later")[0]
    assert page.split("Earlier and later")[1].count("<details") == 2


def test_figures_are_measured_where_there_is_something_to_measure(cast: Cast) -> None:
    by, today = cast.headquarters[Role.HQ], timezone.localdate()
    nothing = measure(cast.gas_heater, by=by, today=today)
    assert nothing.repairs == 0
    assert "repairs_a_year" not in nothing.figures
    now = timezone.now() - timedelta(days=2)
    for crew, number in ((cast.qd, 3), (cast.jn, 2)):
        for _ in range(number):
            crew.receive(at=now)
    cast.qd.order("cancelled", at=now)
    Asset.objects.filter(id=cast.qd.unit.id, branch=cast.qd.branch).update(price=Decimal("2599.00"))
    all_seen = measure(cast.air_conditioner, by=by, today=today)
    assert (all_seen.units, all_seen.repairs) == (2, 5)
    assert all_seen.figures["repairs_a_year"] == Decimal("2.50")
    assert all_seen.figures["price"] == Decimal("2599.00")
    assert all_seen.figures["free_months"] == cast.air_conditioner.guarantee_months
    own = measure(cast.air_conditioner, by=cast.qd.supervisor, today=today)
    assert (own.units, own.repairs) == (1, 3)


def test_the_season_is_read_off_enough_calls(cast: Cast) -> None:
    by, now = cast.headquarters[Role.HQ], timezone.now() - timedelta(days=1)
    for _ in range(23):
        cast.qd.receive(at=now)
    assert "peak_share" not in measure(cast.air_conditioner, by=by, today=timezone.localdate()).figures
    cast.qd.receive(at=now)
    assert measure(cast.air_conditioner, by=by, today=timezone.localdate()).figures["peak_share"] == 100


def test_a_long_history_costs_no_more_queries(chief: Client, cast: Cast, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(address).status_code == 200
        return len(queries)

    decide(chief, cast, typed())
    cost()
    before = cost()
    for hours in range(1, 5):
        assert decide(chief, cast, typed(repair_number=str(hours))).status_code == 303
    assert cost() == before


def test_every_kind_of_work_has_its_fields(chief: Client, address: str) -> None:
    page = chief.get(address).content.decode()
    for item in ScopeItem:
        assert f'name="{item}_terms"' in page
    assert f'value="{Terms.NONE}"' not in page.split('name="sanbao_terms"')[1].split("</select>")[0]
