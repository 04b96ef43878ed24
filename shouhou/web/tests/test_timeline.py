"""One stream for all that happened around a unit: calls, visits, findings, the ways of its voucher."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.web.tests.conftest import SignIn
from shouhou.web.timeline import Happened, read_timeline
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_orders_of_asset
from tests.cast import Crew


def stream(crew: Crew) -> list[Happened]:
    return read_timeline(list(find_orders_of_asset(crew.unit.id, by=crew.clerk)))


def unit_page(client: Client, crew: Crew) -> str:
    answer = client.get(reverse("asset", args=[crew.unit.id]))
    assert answer.status_code == 200
    return answer.text


def test_it_tells_a_whole_life_newest_first(qd: Crew) -> None:
    qd.order("struck_off")
    told = [one.kind for one in stream(qd)]
    assert told == ["closed", "voucher", "voucher", "signed", "fault", "visit", "voucher", "call"] or told == [
        "closed", "voucher", "voucher", "signed", "visit", "fault", "voucher", "call",
    ]  # fmt: skip


def test_a_visit_in_vain_says_why(qd: Crew) -> None:
    qd.order("left_incomplete")
    assert any(one.detail == "缺压缩机" for one in stream(qd))


def test_it_costs_the_same_for_one_order_and_for_five(qd: Crew) -> None:
    def cost() -> int:
        orders = list(find_orders_of_asset(qd.unit.id, by=qd.clerk))
        with CaptureQueriesContext(connection) as queries:
            read_timeline(orders)
        return len(queries)

    qd.order("struck_off")
    few = cost()
    for _ in range(4):
        qd.order("struck_off")
    assert cost() == few == 3
    assert read_timeline([]) == []


def test_the_unit_page_shows_it_escaped_and_says_when_a_repair_is_repeated(as_: SignIn, qd: Crew) -> None:
    now = timezone.now()
    qd.order("struck_off", at=now - timedelta(days=20))
    clerk = as_(qd.clerk)
    assert "within 90 days" not in unit_page(clerk, qd)
    qd.receive(at=now, fault="<b>again</b>")
    page = unit_page(clerk, qd)
    assert "Repair number 2 within 90 days" in page
    assert "<b>again" not in page


def test_another_branchs_unit_is_not_there(as_: SignIn, qd: Crew, jn: Crew) -> None:
    assert as_(qd.clerk).get(reverse("asset", args=[jn.unit.id])).status_code == 404


def test_the_folder_tells_of_all_units(as_: SignIn, qd: Crew) -> None:
    qd.order("struck_off")
    qd.order("dispatched", unit=qd.gas_unit)
    happened = as_(qd.clerk).get(reverse("customer", args=[qd.customer.id])).context["folder"].happened
    assert {one.order.id for one in happened} == set(WorkOrder.objects.values_list("id", flat=True))
