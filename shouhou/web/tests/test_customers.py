"""Customer folders and units: found, shown with where each voucher is, corrected by acts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.assets.models import Asset
from shouhou.audit.models import Event
from shouhou.customers.actions import register_customer
from shouhou.customers.models import Contact, Customer, Site
from shouhou.web.tests.conftest import SignIn
from shouhou.web.views.customers import SHOWN
from tests.cast import NOW, PHONE, Crew, unchanged

HTMX = {"HX-Request": "true"}
CHANGES: dict[str, dict[str, str]] = {
    "customer_change": {"name": "王建国", "phone": "13912340000", "kind": "company", "note": "周末勿扰"},
    "customer_contact": {"name": "李姐", "phone": "13912340001", "position": "店长"},
    "customer_site": {"address": "东海路 1 号", "zone": "suburb"},
    "customer_unit": {"product_model": "JSQ25", "serial": "N77", "sale_date": "2026-05-01", "contract_number": "HT-9"},
}


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def names(response: Any) -> list[str]:
    return [one.name for one in response.context["customers"]]


def folder(client: Client, crew: Crew) -> Any:
    response = client.get(reverse("customer", args=[crew.customer.id]))
    assert response.status_code == 200
    return response


def send(client: Client, act: str, crew: Crew, **given: str) -> Any:
    return client.post(reverse(act, args=[crew.customer.id]), CHANGES[act] | given)


@pytest.mark.parametrize("text", ["", "建", "2071"])
def test_customers_of_the_branch_are_listed_and_found(desk: Client, qd: Crew, jn: Crew, text: str) -> None:
    page = desk.get(reverse("customers"), {"q": text})
    assert names(page) == [qd.customer.name]
    assert PHONE not in page.text


def test_the_list_goes_on(desk: Client, qd: Crew) -> None:
    for place in range(SHOWN + 3):
        register_customer(branch=qd.branch, name=f"客户{place}", phone=PHONE, by=qd.clerk, at=NOW)
    first = desk.get(reverse("customers"))
    rest = desk.get(reverse("customers") + first.context["older"])
    assert names(first)[0] == f"客户{SHOWN + 2}"
    assert len(names(first)) + len(names(rest)) == SHOWN + 4


def test_the_folder_shows_open_work_units_and_where_the_vouchers_are(desk: Client, qd: Crew) -> None:
    qd.order("struck_off", at=NOW - timedelta(days=3))
    life = qd.order("travelling", unit=qd.gas_unit)
    page = folder(desk, qd)
    assert [line.order.id for line in page.context["folder"].open_work] == [life.id]
    assert len(page.context["folder"].work) == 2
    assert f"Voucher with {qd.technician.name}" in page.text
    assert "138****2071" in page.text
    assert PHONE not in page.text


def test_much_work_costs_no_more_queries(desk: Client, qd: Crew) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            folder(desk, qd)
        return len(queries)

    qd.receive()
    short = cost()
    for minute in range(30):
        qd.receive(at=NOW + timedelta(minutes=minute))
    assert cost() == short


def test_the_phone_is_shown_when_asked_for(desk: Client, qd: Crew) -> None:
    answer = desk.post(reverse("customer_phone", args=[qd.customer.id]), headers=HTMX)
    assert f'href="tel:+86{PHONE}"' in answer.text
    assert Event.objects.filter(verb="customers.phone.revealed").count() == 1


@pytest.mark.parametrize("name", CHANGES)
def test_the_clerk_keeps_the_folder(desk: Client, qd: Crew, name: str) -> None:
    answer = send(desk, name, qd)
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("customer", args=[qd.customer.id]))
    kept: dict[str, QuerySet[Any]] = {
        "customer_change": Customer.objects.filter(id=qd.customer.id, name="王建国", kind="company"),
        "customer_contact": Contact.objects.filter(customer=qd.customer, position="店长"),
        "customer_site": Site.objects.filter(customer=qd.customer, zone="suburb"),
        "customer_unit": Asset.objects.filter(customer=qd.customer, serial="N77", contract_number="HT-9"),
    }
    assert kept[name].exists()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("customer_change", {"name": ""}),
        ("customer_change", {"phone": "abc"}),
        ("customer_change", {"kind": "x"}),
        ("customer_contact", {"phone": ""}),
        ("customer_site", {"address": ""}),
        ("customer_unit", {"product_model": "nothing"}),
        ("customer_unit", {"serial": "SN-JSQ25"}),
        ("customer_unit", {"sale_date": "2999-01-01"}),
    ],
)
def test_what_is_wrong_is_said_and_kept(desk: Client, qd: Crew, name: str, wrong: dict[str, str]) -> None:
    with unchanged():
        answer = send(desk, name, qd, **wrong)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    kept = next(value for field, value in CHANGES[name].items() if field not in wrong)
    assert kept in answer.text


@pytest.mark.parametrize("name", CHANGES)
def test_who_only_looks_changes_nothing(as_: SignIn, qd: Crew, name: str) -> None:
    accountant = as_(qd.actors[Role.ACCOUNTANT])
    with unchanged():
        assert send(accountant, name, qd).status_code == 403


@pytest.mark.parametrize("name", [*CHANGES, "customer_phone"])
def test_another_branch_does_not_find_the_folder(as_: SignIn, qd: Crew, jn: Crew, name: str) -> None:
    stranger = as_(jn.clerk)
    with unchanged():
        assert stranger.post(reverse(name, args=[qd.customer.id]), CHANGES.get(name, {})).status_code == 404
    assert stranger.get(reverse("customer", args=[qd.customer.id])).status_code == 404


def test_the_number_stays_when_none_is_typed(desk: Client, qd: Crew) -> None:
    assert send(desk, "customer_change", qd, phone="").status_code == 303
    assert Customer.objects.get(id=qd.customer.id).phone == f"+86{PHONE}"


def test_the_unit_shows_its_voucher_and_history(desk: Client, qd: Crew) -> None:
    life = qd.order("struck_off")
    desk.post(reverse("print_voucher", args=[life.voucher.id]))
    text = desk.get(reverse("asset", args=[qd.unit.id])).text
    for said in (qd.unit.serial, life.voucher.number, life.first.number, "printed 1×", "更换电容"):
        assert said in text


def test_a_unit_without_a_call_has_no_voucher_yet(desk: Client, qd: Crew) -> None:
    assert desk.get(reverse("asset", args=[qd.unit.id])).context["voucher"] is None


def test_another_branch_does_not_find_the_unit(as_: SignIn, qd: Crew, jn: Crew) -> None:
    assert as_(jn.clerk).get(reverse("asset", args=[qd.unit.id])).status_code == 404


def test_what_people_wrote_is_escaped(desk: Client, qd: Crew) -> None:
    send(desk, "customer_change", qd, name="<b>王</b>", note="<script>x</script>")
    text = folder(desk, qd).text
    assert "<b>王" not in text
    assert "<script>x" not in text
