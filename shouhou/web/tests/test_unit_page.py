"""The page of a unit: who would pay for a repair, its guarantee drawn, what the customer may ask for, its sale and its life."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.assets.actions import (
    RepairOf,
    Sale,
    begin_repair,
    end_repair,
    read_meter,
    record_sale,
    register_asset,
    replace_unit,
)
from shouhou.assets.models import Asset, UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.catalog.models import FaultCode
from shouhou.entitlements.actions import record_finding, withdraw_finding
from shouhou.web.tests.conftest import SignIn
from shouhou.web.unit_page import UnitCoverage
from tests.cast import Cast, Crew, unchanged

NOW = datetime.now(UTC)
SOLD = Sale(
    sale_date=date(2026, 3, 10),
    sale_proof="invoice",
    delivered_date=date(2026, 3, 12),
    delivery_proof="waybill",
    installed_date=date(2026, 3, 20),
    trader_installs=True,
)
TYPED: dict[str, Any] = {
    "sale_date": "2026-03-10",
    "sale_proof": "invoice",
    "delivered_date": "2026-03-12",
    "delivery_proof": "waybill",
    "installed_date": "2026-03-20",
    "trader_installs": "true",
    "price": "3299",
    "channel": "online",
    "platform": "taobao",
    "promises": ["damage_resend", "arrival"],
}


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


@pytest.fixture
def sell(qd: Crew) -> Callable[..., Asset]:
    def sell(**known: Any) -> Asset:
        told = {name: getattr(SOLD, name) for name in Sale.__dataclass_fields__} | known
        return record_sale(qd.unit.id, sale=Sale(**told), by=qd.clerk, at=NOW, today=date(2026, 11, 23))

    return sell


def repaired(
    crew: Crew, number: str, begun: date, ended: date | None = None, *, fault: FaultCode | None = None
) -> None:
    repair = RepairOf(crew.branch.id, crew.unit.id, number)
    begin_repair(
        repair,
        fault_code_id=fault.id if fault else None,
        at=datetime(begun.year, begun.month, begun.day, 2, tzinfo=UTC),
    )
    if ended:
        end_repair(repair, at=datetime(ended.year, ended.month, ended.day, 8, tzinfo=UTC), parts=["motor"])


def page(client: Client, crew: Crew) -> Any:
    answer = client.get(reverse("asset", args=[crew.unit.id]))
    assert answer.status_code == 200
    return answer


def coverage(answer: Any) -> UnitCoverage:
    found: UnitCoverage = answer.context["coverage"]
    return found


def send(client: Client, act: str, crew: Crew, *more: Any, **fields: Any) -> Any:
    return client.post(reverse(act, args=[crew.unit.id, *more]), fields)


# The guarantee


def test_the_guarantee_is_drawn_and_stands_in_a_table(desk: Client, qd: Crew, sell: Callable[..., Asset]) -> None:
    sell()
    repaired(qd, "QD260601-0001", date(2026, 6, 1), date(2026, 6, 7))
    answer = page(desk, qd)
    warranty = coverage(answer).warranty
    assert warranty is not None
    assert [picture.layout for picture in warranty.pictures] == ["wide", "narrow"]
    whole = next(one for one in warranty.periods if one.name == "Whole unit")
    assert (whole.start, whole.last_day) == (date(2026, 3, 20), date(2027, 3, 25))
    assert [step for step in whole.steps if "2026-06-01" in step] == [
        "in repair 2026-06-01 – 2026-06-07: 6 days do not count, so until 2027-03-25 (QD260601-0001)"
    ]
    assert any("installed on 2026-03-20" in step for step in whole.steps)
    text = answer.text
    assert text.count('<svg class="warranty') == 2
    assert "2027-03-25" in text
    for one in warranty.periods:
        assert all(f'href="{reverse("policy_rule", args=[cited.rule_id])}"' in text for cited in one.rules)


def test_the_picture_is_said_to_those_who_do_not_see_it(desk: Client, qd: Crew, sell: Callable[..., Asset]) -> None:
    sell()
    text = page(desk, qd).text
    for layout in ("wide", "narrow"):
        assert f'aria-labelledby="warranty-{layout}-title" aria-describedby="warranty-{layout}-desc"' in text
        assert f'<desc id="warranty-{layout}-desc">Whole unit: 2026-03-20 to 2027-03-19, open; ' in text


def test_a_repair_that_lasts_and_a_replacement(desk: Client, qd: Crew, sell: Callable[..., Asset]) -> None:
    sell()
    replace_unit(qd.unit.id, replaced_at=datetime(2026, 4, 10, 2, tzinfo=UTC), reason="到货即坏", by=qd.clerk, at=NOW)
    repaired(qd, "QD261101-0001", date(2026, 11, 1))
    answer = page(desk, qd)
    warranty, rights = coverage(answer).warranty, coverage(answer).rights
    assert warranty is not None
    assert rights is not None
    steps = warranty.periods[0].steps
    assert any("unit replaced on 2026-04-10" in step for step in steps)
    assert any("in repair since 2026-11-01" in step for step in steps)
    assert rights.in_repair
    assert next(one.bar.anew for one in warranty.pictures[0].bars) == (date(2026, 4, 10),)


def test_a_missing_date_is_named_and_each_way_to_read_it_is_drawn(
    desk: Client, qd: Crew, sell: Callable[..., Asset]
) -> None:
    sell(installed_date=None)
    answer = page(desk, qd)
    shown = coverage(answer)
    assert shown.warranty is None
    assert "date the installation was finished" in shown.words.unclear
    assert len(shown.ways) == 2
    assert all(way.warranty and way.warranty.pictures for way in shown.ways)
    assert shown.ways[0].assumption in answer.text
    assert answer.text.count('<svg class="warranty') == 4


def test_goods_without_a_rule_say_so(desk: Client, qd: Crew, sell: Callable[..., Asset]) -> None:
    sell()
    model = qd.unit.product_model
    model.product_class.rules_class = "other"
    model.product_class.save()
    model.guarantee_months = 0
    model.save()
    assert "No rule gives goods of this kind a guarantee period." in page(desk, qd).text


def test_the_certificate_is_one_of_the_periods(desk: Client, qd: Crew, sell: Callable[..., Asset]) -> None:
    sell()
    warranty = coverage(page(desk, qd)).warranty
    assert warranty is not None
    certificate = warranty.periods[-1]
    assert (certificate.name, certificate.last_day, certificate.rules) == ("Certificate", date(2027, 3, 19), [])


def test_what_the_customer_may_ask_for_grows_with_the_failures(
    desk: Client, qd: Crew, cast: Cast, sell: Callable[..., Asset]
) -> None:
    def named() -> tuple[set[str], set[str]]:
        rights = coverage(page(desk, qd)).rights
        assert rights is not None
        return {what for one in rights.now for what in one.what}, set(
            rights.after_next.what if rights.after_next else ()
        )

    sell()
    assert "free repair" in named()[0]
    repaired(qd, "QD260501-0001", date(2026, 5, 1), date(2026, 5, 1), fault=cast.fault_code)
    now, then = named()
    assert "replacement" not in now
    assert "replacement" in then
    repaired(qd, "QD260601-0001", date(2026, 6, 1), date(2026, 6, 1), fault=cast.fault_code)
    assert "replacement" in named()[0]
    assert "E4 压缩机过热保护" in page(desk, qd).text


def test_a_life_costs_no_more_queries(desk: Client, qd: Crew, sell: Callable[..., Asset]) -> None:
    sell()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk, qd)
        return len(queries)

    repaired(qd, "QD260501-0001", date(2026, 5, 1), date(2026, 5, 3))
    before = cost()
    for month in (6, 7, 8, 9):
        repaired(qd, f"QD260{month}01-0001", date(2026, month, 1), date(2026, month, 3))
        read_meter(qd.unit.id, km=month, read_at=datetime(2026, month, 4, tzinfo=UTC), by=qd.clerk, at=NOW)
    assert cost() == before


# The sale


def test_the_sale_is_written_down(desk: Client, qd: Crew) -> None:
    assert send(desk, "asset_sale", qd, **TYPED).status_code == 303
    unit = Asset.objects.get(id=qd.unit.id)
    assert (unit.sale_date, unit.sale_proof, unit.delivered_date) == (date(2026, 3, 10), "invoice", date(2026, 3, 12))
    assert (unit.delivery_proof, unit.installed_date, unit.trader_installs) == ("waybill", date(2026, 3, 20), True)
    assert (unit.price, unit.channel, unit.platform) == (Decimal("3299.00"), "online", "taobao")
    assert unit.promises == ["arrival", "damage_resend"]
    text = page(desk, qd).text
    assert "Taobao" in text
    assert "arrival promise" in text
    assert "¥3,299.00" in text


@pytest.mark.parametrize(("said", "known"), [("true", True), ("false", False), ("unknown", None)])
def test_whether_installation_was_sold_may_be_unknown(said: str, known: bool | None, desk: Client, qd: Crew) -> None:
    assert send(desk, "asset_sale", qd, **TYPED | {"trader_installs": said}).status_code == 303
    assert Asset.objects.get(id=qd.unit.id).trader_installs is known


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("sale_date", "2999-01-01"),
        ("sale_date", "soon"),
        ("delivered_date", "2999-01-01"),
        ("installed_date", "2026-03-01"),
        ("price", "-1"),
        ("price", "1.005"),
        ("price", "much"),
        ("channel", "street"),
        ("platform", "no_such_place"),
        ("promises", ["no_such_promise"]),
        ("sale_proof", "hearsay"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_all_is_kept(
    field: str, typed: Any, desk: Client, qd: Crew
) -> None:
    with unchanged():
        answer = send(desk, "asset_sale", qd, **TYPED | {field: typed})
    assert answer.status_code == 422
    form = answer.context["forms"]["sale"]
    assert list(form.errors) == [field]
    assert f'id="sale_{field}_error"' in answer.text
    kept = {name: form[name].value() for name in TYPED if name != field}
    assert kept == {name: value for name, value in TYPED.items() if name != field} | (
        {"trader_installs": True} if field != "trader_installs" else {}
    )


def test_a_word_of_the_companys_own_may_stay(desk: Client, qd: Crew) -> None:
    Asset.objects.filter(id=qd.unit.id).update(platform="own_shop", promises=["own_promise"])
    given = TYPED | {"platform": "own_shop", "promises": ["own_promise"]}
    assert send(desk, "asset_sale", qd, **given).status_code == 303
    assert Asset.objects.get(id=qd.unit.id).promises == ["own_promise"]


# The life


def test_the_meter_is_read(desk: Client, qd: Crew) -> None:
    assert send(desk, "asset_meter", qd, km="1200", at="2026-05-01T10:00").status_code == 303
    row = UnitHappening.objects.get(asset_id=qd.unit.id)
    assert (row.kind, row.km, row.at) == (HappeningKind.METER_READ, 1200, datetime(2026, 5, 1, 2, tzinfo=UTC))
    assert "1,200 km" in page(desk, qd).text


def test_the_unit_is_replaced(desk: Client, qd: Crew) -> None:
    assert send(desk, "asset_replacement", qd, at="2026-05-01T10:00", reason="到货即坏").status_code == 303
    row = UnitHappening.objects.get(asset_id=qd.unit.id)
    assert (row.kind, row.reason) == (HappeningKind.REPLACED, "到货即坏")
    assert "到货即坏" in page(desk, qd).text


@pytest.mark.parametrize(
    ("act", "fields", "field"),
    [
        ("meter", {"km": "-1", "at": "2026-05-01T10:00"}, "km"),
        ("meter", {"km": "99999999", "at": "2026-05-01T10:00"}, "km"),
        ("meter", {"km": "far", "at": "2026-05-01T10:00"}, "km"),
        ("meter", {"km": "5", "at": "2999-05-01T10:00"}, "at"),
        ("meter", {"km": "5", "at": ""}, "at"),
        ("replacement", {"at": "2099-05-01T10:00", "reason": "坏"}, "at"),
        ("replacement", {"at": "2026-05-01T10:00", "reason": "长" * 201}, "reason"),
    ],
)
def test_a_wrong_line_is_refused_beside_its_field(
    act: str, fields: dict[str, str], field: str, desk: Client, qd: Crew
) -> None:
    with unchanged():
        answer = send(desk, f"asset_{act}", qd, **fields)
    assert answer.status_code == 422
    form = answer.context["forms"][act]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in fields} == fields


def test_a_wrong_line_is_taken_back_and_stays_to_be_seen(desk: Client, qd: Crew) -> None:
    row = read_meter(qd.unit.id, km=12, read_at=NOW, by=qd.clerk, at=NOW)
    with unchanged():
        answer = send(desk, "asset_line_back", qd, row.id, reason=" ")
    assert answer.status_code == 422
    assert f'id="back-{row.id}_error"' in answer.text
    assert send(desk, "asset_line_back", qd, row.id, reason="空调没有里程表").status_code == 303
    answer = page(desk, qd)
    (line,) = answer.context["life"]
    assert line.back.reason == "空调没有里程表"
    assert "<s>Meter read · 12 km</s>" in answer.text
    with unchanged():
        again = send(desk, "asset_line_back", qd, row.id, reason="再撤")
    assert again.status_code == 422


def test_a_line_of_another_unit_is_not_found(desk: Client, qd: Crew, jn: Crew) -> None:
    foreign = read_meter(jn.unit.id, km=12, read_at=NOW, by=jn.clerk, at=NOW)
    other = read_meter(qd.gas_unit.id, km=12, read_at=NOW, by=qd.clerk, at=NOW)
    for row in (foreign, other):
        with unchanged():
            assert send(desk, "asset_line_back", qd, row.id, reason="错了").status_code == 404


@pytest.mark.parametrize("act", ["asset_sale", "asset_meter", "asset_replacement"])
def test_only_the_desk_of_the_branch_writes_it_down(act: str, qd: Crew, jn: Crew, as_: SignIn) -> None:
    fields = TYPED | {"km": "5", "at": "2026-05-01T10:00"}
    abroad, accountant = as_(jn.clerk), as_(qd.actors[Role.ACCOUNTANT])
    others = [as_(qd.actors[role]) for role in (Role.TECHNICIAN, Role.PARTS_KEEPER, Role.MANAGER)]
    with unchanged():
        assert send(abroad, act, qd, **fields).status_code == 404
        assert {send(client, act, qd, **fields).status_code for client in (accountant, *others)} == {403}
    assert reverse(act, args=[qd.unit.id]) not in page(accountant, qd).text
    assert send(as_(qd.supervisor), act, qd, **fields).status_code == 303


# Findings


def test_findings_are_shown_with_their_evidence_and_what_withdrew_them(desk: Client, qd: Crew) -> None:
    stands = record_finding(qd.unit.id, exclusion="misuse", evidence="外机被水泥封住", by=qd.clerk, at=NOW)
    text = page(desk, qd).text
    assert "外机被水泥封住" in text
    assert "takes the free repair away" in text
    withdraw_finding(stands.id, reason="照片是另一台", by=qd.clerk, at=NOW)
    text = page(desk, qd).text
    assert "<s>misuse</s>" in text
    assert "照片是另一台" in text
    assert "takes the free repair away" not in text


# Lists name the certificate for what it is, and never ask for the verdict of each unit


def test_many_units_cost_no_more_queries(desk: Client, qd: Crew) -> None:
    pages = [
        reverse("customer", args=[qd.customer.id]),
        reverse("intake", query={"customer": qd.customer.id}),
    ]

    def cost() -> list[int]:
        found = []
        for address in pages:
            with CaptureQueriesContext(connection) as queries:
                answer = desk.get(address)
            assert "Certificate until" in answer.text
            found.append(len(queries))
        return found

    Asset.objects.filter(customer=qd.customer).update(sale_date=date(2026, 3, 1))
    before = cost()
    for number in range(5):
        register_asset(
            customer_id=qd.customer.id,
            product_model=qd.unit.product_model,
            serial=f"MORE{number}",
            sale_date=date(2026, 3, 1),
            by=qd.clerk,
            at=NOW,
            today=date(2026, 11, 23),
        )
    assert cost() == before
