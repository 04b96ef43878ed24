"""Taking a call: look-up, choosing, new customers and units, and everything that can be wrong with it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.assets.models import Asset
from shouhou.customers.models import Customer
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders.models import WorkOrder
from tests.cast import PHONE, Crew, unchanged

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def call(**said: Any) -> dict[str, Any]:
    return {"key": uuid4(), "fault": "不制冷", "channel": "phone", "work_type": "repair"} | said


def known(crew: Crew, **said: Any) -> dict[str, Any]:
    return call(customer=crew.customer.id, asset=crew.unit.id) | said


def new(**said: Any) -> dict[str, Any]:
    return (
        call(name="赵新生", phone="13912340000", kind="person", zone="city", address="香港路 8 号")
        | {"asset": "new", "product_model": "KFR-35GW", "serial": "NEW1"}
        | said
    )


def send(client: Client, given: dict[str, Any]) -> Any:
    return client.post(reverse("intake"), given)


def errors(response: Any) -> set[str]:
    assert response.status_code == 422
    return set(response.context["form"].errors)


@pytest.mark.parametrize("typed", ["2071", PHONE[-8:], "建华", "sn-kfr"])
def test_a_caller_is_found_while_one_types(desk: Client, qd: Crew, typed: str) -> None:
    answer = desk.get(reverse("intake_customers"), {"caller": typed}, headers=HTMX)
    assert qd.customer.name in answer.text
    assert "138****2071" in answer.text
    assert PHONE not in answer.text
    assert "<html" not in answer.text


def test_without_a_script_the_page_itself_looks_up(desk: Client, qd: Crew) -> None:
    page = desk.get(reverse("intake"), {"caller": "2071"}).text
    assert f"?customer={qd.customer.id}" in page


def test_callers_of_other_branches_are_not_found(desk: Client, jn: Crew) -> None:
    answer = desk.get(reverse("intake_customers"), {"caller": jn.customer.name}, headers=HTMX)
    assert not answer.context["matches"]
    page = desk.get(reverse("intake_units"), {"customer": str(jn.customer.id)}, headers=HTMX)
    assert jn.customer.name not in page.text


def test_choosing_shows_units_and_warns_of_open_work(desk: Client, qd: Crew) -> None:
    order = qd.receive()
    part = desk.get(reverse("intake_units"), {"customer": str(qd.customer.id)}, headers=HTMX).text
    assert "SN-KFR-35GW" in part
    assert order.number in part


@pytest.mark.parametrize(("days", "warned"), [(1, True), (89, True), (91, False)])
def test_a_repair_closed_lately_is_called_a_repeat(desk: Client, qd: Crew, days: int, warned: bool) -> None:
    qd.order("struck_off", at=timezone.now() - timedelta(days=days))
    page = desk.get(reverse("intake"), {"customer": str(qd.customer.id)})
    assert any(unit.repeats for unit in page.context["caller"].units) is warned


def test_a_known_caller_is_received(desk: Client, qd: Crew) -> None:
    answer = send(desk, known(qd, work_class="C", urgent="on", fault_code="E4"))
    order = WorkOrder.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("order", args=[order.id]))
    assert (order.customer_id, order.asset_id, order.work_class) == (qd.customer.id, qd.unit.id, "C")
    assert order.urgent
    assert order.fault_code


def test_a_new_caller_with_a_new_unit_is_received(desk: Client, qd: Crew) -> None:
    send(desk, new())
    order = WorkOrder.objects.get()
    assert (order.contact_name, order.phone, order.address) == ("赵新生", "+8613912340000", "香港路 8 号")
    assert (order.asset.serial, order.branch_id) == ("NEW1", qd.branch.id)


def test_the_model_may_be_given_by_its_name(desk: Client) -> None:
    send(desk, new(product_model="海风 JSQ25"))
    assert WorkOrder.objects.get().asset.product_model.code == "JSQ25"


def test_a_unit_is_found_by_its_serial_number(desk: Client, qd: Crew) -> None:
    send(desk, known(qd, asset="serial", serial="sn-jsq25"))
    assert WorkOrder.objects.get().asset_id == qd.gas_unit.id


def test_sent_twice_it_is_one_line(desk: Client, qd: Crew) -> None:
    given = known(qd)
    first, second = send(desk, given), send(desk, given)
    assert first.headers["Location"] == second.headers["Location"]
    assert WorkOrder.objects.count() == 1


def test_the_hour_of_the_call_is_that_of_the_branch(desk: Client, qd: Crew) -> None:
    earlier = timezone.localtime(timezone.now() - timedelta(hours=3)).replace(second=0, microsecond=0)
    send(desk, known(qd, received_at=f"{earlier.astimezone():%Y-%m-%dT%H:%M}"))
    assert WorkOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fault": " "}, "fault"),
        ({"fault": "x" * 2001}, "fault"),
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "abc"}, "phone"),
        ({"asset": ""}, "asset"),
        ({"asset": "nonsense"}, "asset"),
        ({"product_model": ""}, "product_model"),
        ({"product_model": "nothing"}, "product_model"),
        ({"sale_date": "2999-01-01"}, "sale_date"),
        ({"sale_date": "2026-03-01", "installed_date": "2026-02-01"}, "installed_date"),
        ({"received_at": "2999-01-01T10:00"}, "received_at"),
        ({"fault_code": "E99"}, "fault_code"),
        ({"work_class": "X"}, "work_class"),
        ({"name": "a\x00b"}, "name"),
        ({"serial": "SN-KFR-35GW"}, "serial"),
        ({"asset": "serial", "serial": "UNKNOWN"}, "serial"),
        ({"asset": "serial", "serial": "SN-KFR-35GW"}, "asset"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(desk: Client, wrong: dict[str, str], field: str) -> None:
    with unchanged():
        answer = send(desk, new(**wrong))
    assert field in errors(answer)
    assert f'id="id_{field}_error"' in answer.text


def test_all_that_is_missing_is_said_at_once_and_nothing_typed_is_lost(desk: Client) -> None:
    answer = send(desk, new(name="", phone="", product_model="", fault="漏水 <b>"))
    assert errors(answer) == {"name", "phone", "product_model"}
    assert "漏水 &lt;b&gt;" in answer.text
    assert 'value="香港路 8 号"' in answer.text


def test_an_unknown_serial_number_opens_the_fields_of_a_new_unit(desk: Client, qd: Crew) -> None:
    answer = send(desk, known(qd, asset="serial", serial="UNKNOWN"))
    assert errors(answer) == {"serial"}
    assert answer.context["unit"] == "new"
    assert 'value="UNKNOWN"' in answer.text


@pytest.mark.parametrize("what", ["customer", "asset"])
def test_rows_of_another_branch_cannot_be_named(desk: Client, qd: Crew, jn: Crew, what: str) -> None:
    foreign = {"customer": jn.customer.id, "asset": jn.unit.id}[what]
    with unchanged():
        answer = send(desk, known(qd, **{what: foreign}))
    assert answer.status_code == 422
    assert jn.customer.name not in answer.text


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.ACCOUNTANT, Role.HQ])
def test_who_may_not_receive_calls_is_refused(as_: SignIn, qd: Crew, role: Role) -> None:
    client = as_(qd.actors[role])
    with unchanged():
        assert send(client, known(qd)).status_code == 403
    for name in ("intake", "intake_customers", "intake_units"):
        assert client.get(reverse(name), {"caller": "2071"}).status_code == 403


def test_nothing_is_half_written(desk: Client) -> None:
    send(desk, new(fault_code="E99"))
    assert not Customer.objects.filter(name="赵新生").exists()
    assert not Asset.objects.filter(serial="NEW1").exists()


def test_the_next_free_times_of_who_may_do_the_work_are_offered(desk: Client, qd: Crew) -> None:
    def people(unit: Asset) -> set[int]:
        answer = desk.get(reverse("intake_slots"), {"asset": str(unit.id), "work_type": "repair"}, headers=HTMX)
        return {one.people for one in answer.context["offers"]}

    assert people(qd.unit) == {2}
    assert people(qd.gas_unit) == {1}


def test_a_time_on_offer_is_kept_as_the_wish(desk: Client, qd: Crew) -> None:
    offer = desk.get(reverse("intake"), {"customer": str(qd.customer.id), "asset": str(qd.unit.id)}).context["offers"][
        0
    ]
    send(desk, known(qd, wish=offer.value))
    order = WorkOrder.objects.get()
    assert order.wished_start
    assert order.wished_end
    start, end = timezone.localtime(order.wished_start), timezone.localtime(order.wished_end)
    assert f"{start:%F}|{start.hour}-{end.hour}" == offer.value


@pytest.mark.parametrize(
    "wish", ["2020-01-01|9-11", "2026-13-01|9-11", "tomorrow", "2026-11-23|25-27", "|", "2999-01-01|9-"]
)
def test_a_wish_that_is_none_is_said_beside_it_and_the_rest_stays(desk: Client, qd: Crew, wish: str) -> None:
    with unchanged():
        answer = send(desk, known(qd, wish=wish))
    assert errors(answer) == {"wish"}
    assert "不制冷" in answer.text


def test_units_of_other_branches_offer_nothing(desk: Client, jn: Crew) -> None:
    answer = desk.get(reverse("intake_slots"), {"asset": str(jn.unit.id)}, headers=HTMX)
    assert not answer.context["offers"]


def test_a_known_number_typed_for_a_new_folder_shows_the_folder(desk: Client, qd: Crew, jn: Crew) -> None:
    answer = desk.post(reverse("intake_known"), {"phone": "138 1234 2071"}, headers=HTMX)
    assert [one.id for one in answer.context["folders"]] == [qd.customer.id]
    assert PHONE not in answer.text
    for unknown in ("13912340000", "2071", "x", ""):
        assert not desk.post(reverse("intake_known"), {"phone": unknown}, headers=HTMX).context["folders"]


def test_a_second_folder_for_a_number_is_opened_only_on_purpose(desk: Client, qd: Crew) -> None:
    with unchanged():
        answer = send(desk, new(phone=PHONE))
    assert errors(answer) == {"phone"}
    assert qd.customer.name in answer.text
    assert send(desk, new(phone=PHONE, anew="on")).status_code == 303
    assert Customer.objects.filter(branch=qd.branch).count() == 2


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.ACCOUNTANT, Role.HQ])
def test_only_who_takes_calls_asks_for_times_and_numbers(as_: SignIn, qd: Crew, role: Role) -> None:
    client = as_(qd.actors[role])
    assert client.get(reverse("intake_slots"), {"asset": str(qd.unit.id)}).status_code == 403
    assert client.post(reverse("intake_known"), {"phone": PHONE}).status_code == 403


def test_a_guarantee_that_is_over_looks_over(desk: Client, qd: Crew) -> None:
    Asset.objects.filter(id=qd.unit.id).update(sale_date="2020-01-01", installed_date=None)
    page = desk.get(reverse("intake"), {"customer": str(qd.customer.id)})
    assert {one.guarantee for one in page.context["caller"].units} == {"over", "free"}
    assert "certificate is over" in page.text
