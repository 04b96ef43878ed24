"""Customers, their sites, contacts and units; and that phones stay masked."""

from typing import Any
from uuid import uuid4

import pytest

from shouhou.api.tests.conftest import Caller, assert_problem
from shouhou.audit.models import Event
from shouhou.customers.models import Customer, Site
from tests.cast import PHONE, Crew, unchanged

NEW = {"branch": "QD", "name": "周敏", "phone": "139 0013 9000"}
WHOLE_NUMBERS = ("13812342071", "13900139000")


def test_a_folder_is_opened_with_its_first_site(clerk: Caller) -> None:
    made = clerk.post("/customers", NEW | {"address": "香港路 3 号", "zone": "suburb", "kind": "company"}).json()
    folder = clerk.get(f"/customers/{made['id']}").json()
    assert (folder["name"], folder["kind"], folder["phone"]) == ("周敏", "company", "139****9000")
    assert [(site["address"], site["zone"]) for site in folder["sites"]] == [("香港路 3 号", "suburb")]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"name": " "}, "name_missing"), ({"phone": " "}, "phone_missing"), ({"phone": "12"}, "phone_invalid")],
    ids=["name", "no phone", "phone"],
)
def test_it_refuses_a_customer_who_cannot_be_called(wrong: dict[str, Any], code: str, clerk: Caller) -> None:
    with unchanged():
        assert_problem(clerk.post("/customers", NEW | wrong), 422, code)


@pytest.mark.parametrize("text", ["王建", "建华", "1381", "12342071", "2071"])
def test_a_customer_is_found(text: str, clerk: Caller, qd: Crew) -> None:
    assert [row["id"] for row in clerk.get("/customers", q=text).json()["rows"]] == [str(qd.customer.id)]


def test_a_customer_of_another_branch_is_not_found(clerk: Caller, jn: Crew) -> None:
    assert clerk.get("/customers", q=jn.customer.name).json()["rows"] == []


def test_it_refuses_a_search_that_goes_on(clerk: Caller) -> None:
    assert_problem(clerk.get("/customers", q="王", cursor="abc"), 422, "search_stands_alone")


def test_what_the_folder_says_is_corrected(clerk: Caller, qd: Crew) -> None:
    changed = {"name": "王建国", "phone": "13900139000", "kind": "dealer", "note": "老客户"}
    assert clerk.put(f"/customers/{qd.customer.id}", changed).json()["name"] == "王建国"
    assert Customer.objects.get(id=qd.customer.id).note == "老客户"
    with unchanged():
        assert_problem(clerk.put(f"/customers/{qd.customer.id}", {"name": "王"}), 422, "invalid_input")


def test_contacts_and_sites_are_added(clerk: Caller, qd: Crew) -> None:
    path = f"/customers/{qd.customer.id}"
    assert clerk.post(f"{path}/contacts", {"name": "刘姐", "phone": "13900139000"}).status_code == 201
    assert clerk.post(f"{path}/sites", {"address": "香港路 3 号"}).status_code == 201
    folder = clerk.get(path).json()
    assert [contact["phone"] for contact in folder["contacts"]] == ["139****9000"]
    assert len(folder["sites"]) == 2
    with unchanged():
        assert_problem(clerk.post(f"{path}/sites", {"address": " "}), 422, "address_missing")


def test_the_whole_phone_is_shown_and_that_is_written_down(clerk: Caller, qd: Crew) -> None:
    assert clerk.post(f"/customers/{qd.customer.id}/phone").json() == {"phone": f"+86{PHONE}"}
    assert Event.objects.get(verb="customers.phone.revealed").chain_id == qd.customer.id


def test_nothing_else_shows_a_whole_phone(clerk: Caller, qd: Crew) -> None:
    order = qd.receive()
    paths = [
        "/customers",
        f"/customers/{qd.customer.id}",
        f"/customers?q={PHONE}",
        "/work-orders",
        f"/work-orders?q={PHONE}",
        f"/work-orders/{order.id}",
        f"/work-orders/{order.id}/events",
        "/dispatch-queue",
        f"/register-pages/{order.received_on}/lines",
        "/technicians",
    ]
    for path in paths:
        response = clerk.get(path)
        assert response.status_code == 200, path
        assert not any(number in response.content.decode() for number in WHOLE_NUMBERS), path


def test_a_unit_is_taken_into_care(clerk: Caller, qd: Crew) -> None:
    body = {"customer_id": str(qd.customer.id), "product_model": "JSQ25", "serial": "sn-7", "sale_date": "2026-01-31"}
    made = clerk.post("/assets", body | {"site_id": str(qd.site.id)}).json()
    assert (made["serial"], made["guarantee_until"], made["site_id"]) == ("SN-7", "2027-01-31", str(qd.site.id))
    assert clerk.get("/assets/by-serial", serial="sn-7").json() == made == clerk.get(f"/assets/{made['id']}").json()
    with unchanged():
        assert_problem(clerk.post("/assets", body), 409, "serial_taken")


def test_it_refuses_a_unit_that_cannot_be(clerk: Caller, qd: Crew) -> None:
    body = {"customer_id": str(qd.customer.id), "product_model": "KFR-35GW"}
    order = {"sale_date": "2026-02-01", "installed_date": "2026-01-01"}
    with unchanged():
        assert_problem(clerk.post("/assets", body | {"product_model": "X1"}), 422, "unknown_product")
        assert_problem(clerk.post("/assets", body | {"sale_date": "2199-01-01"}), 422, "date_in_future")
        assert_problem(clerk.post("/assets", body | order), 422, "dates_out_of_order")
        assert_problem(clerk.post("/assets", body | {"site_id": str(uuid4())}), 404, "site_not_found")
        assert_problem(clerk.post("/assets", body | {"serial": "ß" * 40}), 422, "invalid_input")


def test_units_are_found_by_the_beginning_of_their_serial(clerk: Caller, qd: Crew) -> None:
    rows = clerk.get("/assets", serial="sn-kfr").json()["rows"]
    assert [row["id"] for row in rows] == [str(qd.unit.id)]
    assert len(clerk.get(f"/customers/{qd.customer.id}/assets").json()["rows"]) == 2
    assert_problem(clerk.get("/assets/by-serial", serial="SN-0"), 404, "unknown_serial")


def test_the_site_of_another_customer_is_refused(clerk: Caller, qd: Crew) -> None:
    other = clerk.post("/customers", NEW | {"address": "香港路 3 号"}).json()
    theirs = Site.objects.get(customer_id=other["id"])
    body = {"customer_id": str(qd.customer.id), "product_model": "KFR-35GW", "site_id": str(theirs.id)}
    with unchanged():
        assert_problem(clerk.post("/assets", body), 404, "site_not_found")
