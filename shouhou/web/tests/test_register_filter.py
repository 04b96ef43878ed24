"""The register narrowed: each filter alone and together, chips, columns, and what is no choice."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.models import Branch
from shouhou.web.book import PAGE
from shouhou.web.book_columns import COLUMNS, USUAL
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tests.test_register import fill, numbers
from shouhou.workorders.rules import WorkType
from tests.cast import NOW, Cast, Crew

REGISTER = reverse("register")


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def asked(client: Client, **fields: Any) -> Any:
    return client.get(REGISTER, fields)


@pytest.mark.parametrize(
    ("fields", "stage", "call"),
    [
        ({"work_class": "A"}, "received", {"work_class": "A"}),
        ({"work_class": "none"}, "unclassed", {}),
        ({"work_type": "installation"}, "received", {"work_type": WorkType.INSTALLATION}),
        ({"urgent": "1"}, "received", {"urgent": True}),
        ({"product_class": "gas"}, "received", {"unit": "gas"}),
        ({"received_to": "2026-11-22"}, "received", {"at": NOW - timedelta(days=1)}),
        ({"received_from": "2026-11-24"}, "received", {"at": NOW + timedelta(days=1)}),
        ({"received_from": "2026-11-20", "received_to": "2026-11-20"}, "received", {"at": NOW - timedelta(days=3)}),
        ({"state": "on_hold"}, "on_hold", {}),
        ({"technician": "him"}, "dispatched", {}),
    ],
)
def test_each_filter_shows_its_lines_and_no_other(
    desk: Client, qd: Crew, fields: dict[str, str], stage: Any, call: dict[str, Any]
) -> None:
    qd.receive()
    if call.get("unit"):
        call = {"unit": qd.gas_unit}
        fields = {"product_class": qd.gas_unit.product_model.product_class.code}
    if "technician" in fields:
        fields = {"technician": str(qd.technician.id)}
    meant = qd.order(stage, **call).first
    assert numbers(asked(desk, **fields)) == [meant.number]
    assert len(numbers(asked(desk))) == 2


def test_the_zone_is_that_of_the_place_when_the_call_came(desk: Client, qd: Crew) -> None:
    order = qd.receive()
    assert numbers(asked(desk, zone=qd.site.zone)) == [order.number]
    assert numbers(asked(desk, zone="suburb" if qd.site.zone == "city" else "city")) == []


def test_carried_over_is_what_waits_since_an_earlier_day(desk: Client, qd: Crew) -> None:
    left = qd.receive(at=timezone.now() - timedelta(days=2), urgent=True)
    qd.receive(at=timezone.now())
    assert numbers(asked(desk, carried_over="1")) == [left.number]
    assert numbers(asked(desk, carried_over="1", urgent="1", state="open")) == [left.number]
    assert numbers(asked(desk, carried_over="1", work_class="A")) == []


def test_filters_narrow_together(desk: Client, qd: Crew) -> None:
    qd.receive(work_class="A")
    qd.receive(urgent=True)
    both = qd.receive(work_class="A", urgent=True)
    assert numbers(asked(desk, work_class="A", urgent="1")) == [both.number]


def test_each_filter_has_a_chip_that_takes_it_away(desk: Client, qd: Crew) -> None:
    page = asked(desk, state="open", work_class="A", urgent="1", received_from="2026-11-01")
    chips = {str(chip.label): parse_qs(chip.without[1:]) for chip in page.context["shown"].chips()}
    assert set(chips) == {"Work class", "Urgent", "Received from"}
    assert chips["Urgent"] == {"state": ["open"], "work_class": ["A"], "received_from": ["2026-11-01"]}
    assert all(chip.without.replace("&", "&amp;") in page.text for chip in page.context["shown"].chips())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "moon"),
        ("work_class", "\x00"),
        ("received_from", "2026-02-31"),
        ("technician", "x"),
        ("product_class", "<script>alert(1)</script>"),
        ("state", "é"),
    ],
)
def test_what_is_no_choice_narrows_nothing_and_is_said(desk: Client, qd: Crew, field: str, value: str) -> None:
    order = qd.receive()
    page = asked(desk, **{field: value})
    assert numbers(page) == [order.number]
    assert field in page.context["shown"].form.errors
    assert "<script>alert" not in page.text


def test_days_in_the_wrong_order_are_said(desk: Client) -> None:
    page = asked(desk, received_from="2026-11-23", received_to="2026-11-22")
    assert "The last day lies before the first." in page.text


def test_a_technician_of_another_branch_is_no_choice(desk: Client, qd: Crew, jn: Crew) -> None:
    order = qd.receive()
    page = asked(desk, technician=jn.technician.id)
    assert numbers(page) == [order.number]
    assert jn.technician.name not in page.text


def test_a_day_is_the_day_of_the_branch(desk: Client, qd: Crew) -> None:
    Branch.objects.filter(id=qd.branch.id).update(time_zone="Asia/Shanghai")
    late = qd.receive(at=NOW.replace(hour=15, minute=59))  # one minute before midnight in Qingdao
    qd.receive(at=NOW.replace(hour=16, minute=0))
    assert numbers(asked(desk, received_to="2026-11-23")) == [late.number]


def test_the_pages_of_a_narrowed_list_are_turned_both_ways(desk: Client, qd: Crew) -> None:
    meant = []
    for minute in range(PAGE + 3):
        qd.receive(at=NOW + timedelta(minutes=2 * minute))
        meant.append(qd.receive(at=NOW + timedelta(minutes=2 * minute + 1), work_class="A").number)
    first = asked(desk, work_class="A", columns="technician")
    assert numbers(first) == meant[::-1][:PAGE]
    second = desk.get(REGISTER + first.context["older"])
    assert numbers(second) == meant[::-1][PAGE:]
    back = desk.get(REGISTER + second.context["newer"])
    assert numbers(back) == numbers(first)
    assert [column.key for column in back.context["columns"]] == ["technician"]


@pytest.mark.parametrize(
    "address",
    ["?work_class=C&work_type=repair&urgent=", "?columns=serial&columns=zone&columns=product_class", "?state=open"],
)
def test_a_narrowed_list_costs_no_more_queries_when_it_is_long(desk: Client, qd: Crew, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(REGISTER + address).status_code == 200
        return len(queries)

    fill(qd, 5)
    short = cost()
    fill(qd, 45)
    assert cost() == short


def test_the_columns_are_those_of_the_address_in_their_order(desk: Client, qd: Crew) -> None:
    qd.receive()
    page = desk.get(REGISTER + "?columns=serial&columns=customer&columns=nonsense&columns=serial")
    assert [column.key for column in page.context["columns"]] == ["serial", "customer"]
    assert qd.unit.serial in page.text
    usual = [column.key for column in desk.get(REGISTER).context["columns"]]
    assert tuple(usual) == USUAL


def test_every_column_can_be_shown(desk: Client, qd: Crew) -> None:
    qd.order("struck_off")
    page = asked(desk, columns=list(COLUMNS))
    assert page.status_code == 200
    assert [column.key for column in page.context["columns"]] == list(COLUMNS)


def test_htmx_gets_the_list_alone_and_an_address_without_what_is_empty(desk: Client, qd: Crew) -> None:
    qd.receive()
    fields = {"work_class": "C", "zone": "", "received_from": "", "technician": ""}
    part = desk.get(REGISTER, fields, headers={"HX-Request": "true", "HX-Source": "form#filter"})
    assert "<html" not in part.text
    assert 'id="list"' in part.text
    assert part["HX-Push-Url"] == f"{REGISTER}?work_class=C"
    assert "HX-Request" in part["Vary"]
    assert part.context["panel"]


def test_nothing_of_another_branch_is_found_by_any_filter(desk: Client, cast: Cast) -> None:
    cast.jn.receive(urgent=True, work_class="A")
    for fields in ({"urgent": "1"}, {"work_class": "A"}, {"state": "open"}, {"zone": "city"}):
        assert numbers(asked(desk, **fields)) == []
