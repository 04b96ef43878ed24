"""The catalogue's screens: lists, entries, the price list."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.catalog.actions import add_part, retire_entry, set_price
from shouhou.catalog.models import FaultCode, Part, ProductClass, ProductModel, TravelBand, WorkCode
from shouhou.catalog.queries import price_of
from shouhou.catalog.rules import FourPrices, Side
from shouhou.web.tests.conftest import SignIn
from tests.cast import Cast, unchanged

ADDED: list[tuple[str, dict[str, Any]]] = [
    ("catalogue_classes", {"code": "tv", "name": "电视机", "rules_class": "colour_tv"}),
    (
        "catalogue_products",
        {"product_class": "ac", "code": "KFR-72", "name": "海风 KFR-72", "guarantee_months": 72, "brand": "haifeng"},
    ),
    ("catalogue_faults", {"product_class": "ac", "code": "E9", "name": "缺氟", "severe": "on"}),
    ("catalogue_parts", {"number": "P-1", "name": "风扇", "unit": "只", "price": "12.50"}),
    ("catalogue_work_codes", {"product_class": "ac", "code": "W1", "name": "加氟", "hours": "1.5"}),
    ("catalogue_travel_bands", {"code": "T1", "name": "市区", "from_km": 0}),
]
lists = pytest.mark.parametrize(("name", "fields"), ADDED, ids=[name for name, _ in ADDED])


@pytest.fixture
def administrator(as_: SignIn, cast: Cast) -> Client:
    return as_(cast.qd.administrator)


@lists
def test_an_entry_is_added_and_found(name: str, fields: dict[str, Any], administrator: Client) -> None:
    assert administrator.post(reverse(name), fields).status_code == 303
    page = administrator.get(reverse(name), {"q": fields["name"][:2]}).content.decode()
    assert fields["name"] in page
    assert fields["name"] not in administrator.get(reverse(name), {"q": "zzz"}).content.decode()


@lists
def test_a_taken_code_comes_back_beside_its_field(name: str, fields: dict[str, Any], administrator: Client) -> None:
    administrator.post(reverse(name), fields)
    with unchanged():
        again = administrator.post(reverse(name), fields | {"name": "另一个"})
    page = again.content.decode()
    assert again.status_code == 422
    assert "is in the catalogue already" in page
    assert "另一个" in page


@lists
def test_everybody_reads_and_administrators_write(name: str, fields: dict[str, Any], as_: SignIn, cast: Cast) -> None:
    for actor in (cast.qd.clerk, cast.qd.technician_actor):
        client = as_(actor)
        assert "<details" not in client.get(reverse(name)).content.decode().split("<main")[1]
        with unchanged():
            assert client.post(reverse(name), fields).status_code == 403


def test_an_entry_is_corrected_retired_and_taken_up_again(administrator: Client, cast: Cast) -> None:
    args = ["faults", cast.fault_code.id]
    fields = {"name": "过热保护", "severe": "on"}
    assert administrator.post(reverse("catalogue_change", args=args), fields).status_code == 303
    code = FaultCode.objects.get()
    assert (code.name, code.severe, code.performance_fault) == ("过热保护", True, False)
    assert administrator.post(reverse("catalogue_retire", args=args)).status_code == 303
    assert "过热保护" not in administrator.get(reverse("catalogue_faults")).content.decode()
    assert "过热保护" in administrator.get(reverse("catalogue_faults"), {"state": "retired"}).content.decode()
    assert administrator.post(reverse("catalogue_reinstate", args=args)).status_code == 303
    assert "过热保护" in administrator.get(reverse("catalogue_faults")).content.decode()


def test_what_may_not_be_done_says_so_and_keeps_what_was_typed(administrator: Client, cast: Cast) -> None:
    product_class = cast.air_conditioner.product_class
    with unchanged():
        retire = administrator.post(reverse("catalogue_retire", args=["classes", product_class.id]))
        change = administrator.post(
            reverse("catalogue_change", args=["products", cast.air_conditioner.id]),
            {"name": "新名称", "guarantee_months": "9999"},
        )
    assert retire.status_code == change.status_code == 422
    assert "models of this class are in use" in retire.content.decode()
    assert "新名称" in change.content.decode()
    assert "between 0 and 600" in change.content.decode()


@pytest.mark.parametrize("main_part", [True, False, None])
def test_a_fault_code_says_what_the_rules_ask(main_part: bool | None, administrator: Client, cast: Cast) -> None:
    args = ["faults", cast.fault_code.id]
    fields = {
        "name": "过热保护",
        "faulty_part": "motor",
        "main_part": {True: "true", False: "false", None: "unknown"}[main_part],
    }
    assert administrator.post(reverse("catalogue_change", args=args), fields).status_code == 303
    code = FaultCode.objects.get()
    assert (code.faulty_part, code.main_part) == ("motor", main_part)
    page = administrator.get(reverse("catalogue_entry", args=args)).content.decode()
    assert {True: "<dd>yes</dd>", False: "<dd>no</dd>", None: "<dd>not known</dd>"}[main_part] in page


@pytest.mark.parametrize("known", [True, False, None])
def test_a_class_says_what_is_usual_with_such_goods(known: bool | None, administrator: Client, cast: Cast) -> None:
    args, kind = ["classes", cast.air_conditioner.product_class.id], cast.air_conditioner.product_class
    said = {True: "true", False: "false", None: "unknown"}[known]
    fields = {"name": kind.name, "rules_class": kind.rules_class, "trader_installs": said, "bulky": said}
    assert administrator.post(reverse("catalogue_change", args=args), fields).status_code == 303
    kind.refresh_from_db()
    assert (kind.trader_installs, kind.bulky) == (known, known)
    page = administrator.get(reverse("catalogue_entry", args=args)).content.decode()
    assert page.count({True: "<dd>yes</dd>", False: "<dd>no</dd>", None: "<dd>not known</dd>"}[known]) == 2


def test_a_part_says_what_the_rules_call_it(administrator: Client, cast: Cast) -> None:
    args = ["parts", cast.capacitor.id]
    fields = {"name": "外风机电机", "unit": "台", "rules_part": "motor"}
    assert administrator.post(reverse("catalogue_change", args=args), fields).status_code == 303
    assert Part.objects.get(id=cast.capacitor.id).rules_part == "motor"
    assert "<dd>motor</dd>" in administrator.get(reverse("catalogue_entry", args=args)).content.decode()


def test_words_that_the_rules_do_not_know_are_refused_beside_their_field(administrator: Client, cast: Cast) -> None:
    wrong: list[tuple[str, Any, dict[str, str]]] = [
        ("classes", cast.air_conditioner.product_class.id, {"rules_class": "television"}),
        ("products", cast.air_conditioner.id, {"guarantee_months": "12", "brand": "海风"}),
        ("faults", cast.fault_code.id, {"faulty_part": "engine"}),
        ("parts", cast.capacitor.id, {"unit": "件", "rules_part": "engine"}),
    ]
    for slug, entry, fields in wrong:
        with unchanged():
            answer = administrator.post(reverse("catalogue_change", args=[slug, entry]), {"name": "新名称"} | fields)
        assert answer.status_code == 422
        assert f'id="id_{list(fields)[-1]}_error"' in answer.content.decode()


def test_intake_no_longer_offers_what_is_retired(administrator: Client, as_: SignIn, cast: Cast) -> None:
    clerk = as_(cast.qd.clerk)
    address = reverse("intake", query={"caller": "x", "new": "1"})
    assert cast.gas_heater.name in clerk.get(address).content.decode()
    administrator.post(reverse("catalogue_retire", args=["products", cast.gas_heater.id]))
    assert cast.gas_heater.name not in clerk.get(address).content.decode()


def test_a_price_is_set_for_a_day_to_come_and_withdrawn(administrator: Client, cast: Cast) -> None:
    args = ["parts", cast.capacitor.id]
    day = timezone.localdate() + timedelta(days=9)
    four = {"out_charged": "42.00", "out_settled": "30", "in_charged": "0", "in_settled": "33.5", "currency": "CNY"}
    answer = administrator.post(reverse("catalogue_price", args=args), four | {"valid_from": day.isoformat()})
    assert answer.status_code == 303
    assert _charged(cast.capacitor, day) == Decimal("42.00")
    assert _charged(cast.capacitor, day - timedelta(days=1)) == Decimal("38.50")
    for page in (reverse("catalogue_prices"), reverse("catalogue_entry", args=args)):
        assert day.isoformat() in administrator.get(page).content.decode()
    back = administrator.post(reverse("catalogue_price_back", args=args), {"valid_from": day.isoformat()})
    assert back.status_code == 303
    assert _charged(cast.capacitor, day) == Decimal("38.50")


def test_a_price_that_is_refused_stays_in_the_form(administrator: Client, cast: Cast) -> None:
    args, day = ["parts", cast.capacitor.id], (timezone.localdate() - timedelta(days=1)).isoformat()
    fields = {"valid_from": day, "out_charged": "77.70", "currency": "CNY"}
    with unchanged():
        past = administrator.post(reverse("catalogue_price", args=args), fields)
        empty = administrator.post(reverse("catalogue_price", args=args), fields | {"out_charged": ""})
        gone = administrator.post(reverse("catalogue_price_back", args=args), {"valid_from": day})
    assert "does not change the past" in past.content.decode()
    assert "77.70" in past.content.decode()
    assert "at least one of the four prices" in empty.content.decode()
    assert (past.status_code, empty.status_code, gone.status_code) == (422, 422, 404)


def test_only_what_is_priced_has_prices(administrator: Client, cast: Cast) -> None:
    fields = {"valid_from": "2030-01-01", "out_charged": "1", "currency": "CNY"}
    with unchanged():
        for slug, entry in (("products", cast.air_conditioner), ("none", cast.capacitor), ("faults", cast.capacitor)):
            answer = administrator.post(reverse("catalogue_price", args=[slug, entry.id]), fields)
            assert answer.status_code == 404


def test_the_price_list_is_narrowed(administrator: Client, cast: Cast) -> None:
    for name, fields in ADDED[4:]:
        administrator.post(reverse(name), fields)
    pages = {
        slug: administrator.get(reverse("catalogue_prices"), {"list": slug}).content.decode()
        for slug in ("parts", "work-codes", "travel-bands", "<script>")
    }
    assert "压缩机电容" in pages["parts"]
    assert "加氟" in pages["work-codes"]
    assert "市区" in pages["travel-bands"]
    assert "压缩机电容" in pages["<script>"]
    assert (
        "加氟"
        not in administrator.get(
            reverse("catalogue_prices"), {"list": "work-codes", "product_class": "gas"}
        ).content.decode()
    )


def test_a_long_list_is_read_page_by_page_at_a_constant_cost(administrator: Client, cast: Cast) -> None:
    costs, seen = [], []
    for start, end in ((0, 10), (10, 120)):
        for number in range(start, end):
            shared: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": timezone.now()}
            add_part(number=f"N-{number:03}", name="件", unit="件", price=Decimal(number), **shared)
        with CaptureQueriesContext(connection) as queries:
            administrator.get(reverse("catalogue_prices"))
            administrator.get(reverse("catalogue_parts"))
        costs.append(len(queries))
    after: str | None = ""
    while after is not None:
        page = administrator.get(reverse("catalogue_parts"), {"after": after, "q": "N-"}).context["page"]
        seen += [row.number for row in page.rows]
        after = page.next or None
    assert seen == [f"N-{number:03}" for number in range(120)]
    assert costs[0] == costs[1]


@pytest.mark.parametrize("after", ["x", "AAAA", "=", "é", "0" * 500])
def test_a_mark_that_is_none_is_ignored(after: str, administrator: Client) -> None:
    page = administrator.get(reverse("catalogue_parts"), {"after": after, "state": after, "product_class": after})
    assert page.status_code == 200


def test_a_part_on_the_visit_costs_what_the_list_says_today(as_: SignIn, administrator: Client, cast: Cast) -> None:
    life = cast.qd.order("on_site", at=timezone.now() - timedelta(days=1))
    today = timezone.localdate()
    prices, dated = FourPrices(out_charged=Decimal("41.00")), {"branch": cast.qd.branch, "at": timezone.now()}
    set_price(
        cast.capacitor,
        prices=prices,
        valid_from=today,
        today=today,
        by=cast.qd.administrator,
        **dated,  # type: ignore[arg-type]
    )
    client = as_(cast.qd.technician_actor)
    assert "¥41.00" in client.get(reverse("visit_parts", args=[life.visit.id]), {"q": "电容"}).content.decode()
    line = {"kind": "part", "q": "CBB65-35", "quantity": "2"}
    assert client.post(reverse("visit_line", args=[life.visit.id]), line).status_code == 303
    assert life.visit.lines.get().amount == Decimal("82.00")
    retire_entry(cast.capacitor, by=cast.qd.administrator, **dated)  # type: ignore[arg-type]
    with unchanged():
        refused = client.post(reverse("visit_line", args=[life.visit.id]), line)
    assert refused.status_code == 422
    assert "no longer in use" in refused.content.decode()


def _charged(part: Part, day: Any) -> Decimal | None:
    price = price_of(part, day=day, in_warranty=False, side=Side.CHARGED)
    return price.amount if price else None


def test_all_lists_hold_what_was_added(administrator: Client) -> None:
    for name, fields in ADDED:
        administrator.post(reverse(name), fields)
    assert ProductModel.objects.get(code="KFR-72").guarantee_months == 72
    assert FaultCode.objects.get(code="E9").severe
    assert ProductClass.objects.get(code="tv").rules_class == "colour_tv"
    assert ProductModel.objects.get(code="KFR-72").brand == "haifeng"
    assert _charged(Part.objects.get(number="P-1"), timezone.localdate()) == Decimal("12.50")
    assert WorkCode.objects.get().hours == Decimal("1.50")
    assert TravelBand.objects.get().from_km == 0
