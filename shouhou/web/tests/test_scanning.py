"""What a code leads to: for whoever may see it, in words for everybody else; and whether it is the order's unit."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.assets.actions import register_asset
from shouhou.web.tests.conftest import SignIn
from tests.cast import NOW, Cast, Crew


@pytest.fixture
def field(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.technician_actor)


def scan(client: Client, code: str, **more: Any) -> Any:
    return client.get(reverse("scan"), {"code": code, **more})


def test_a_serial_number_leads_to_its_unit(field: Client, qd: Crew) -> None:
    answer = scan(field, f" {qd.unit.serial.lower()} ")
    assert answer.headers["Location"] == reverse("asset", args=[qd.unit.id])


@pytest.mark.parametrize("code", ["(01)06912345678902(21){}", "]C1010691234567890221{}", "010691234567890221{}"])
def test_a_gs1_code_leads_there_by_its_serial_number(field: Client, qd: Crew, code: str) -> None:
    assert scan(field, code.format(qd.unit.serial)).headers["Location"] == reverse("asset", args=[qd.unit.id])


def test_the_voucher_leads_to_its_unit_by_qr_and_by_number(field: Client, qd: Crew) -> None:
    life = qd.order("dispatched")
    unit = reverse("asset", args=[qd.unit.id])
    assert scan(field, f"https://old-name.example{unit}").headers["Location"] == unit
    assert scan(field, life.voucher.number).headers["Location"] == unit


def test_an_order_and_a_page_of_the_register_are_opened(field: Client, qd: Crew) -> None:
    order = qd.receive()
    assert scan(field, order.number).headers["Location"] == reverse("order", args=[order.id])
    page = reverse("register_page", args=[NOW.date()])
    assert scan(field, f"http://localhost{page}").headers["Location"] == page


@pytest.mark.parametrize(
    "code",
    [
        "https://evil.example/steal",
        "https://evil.example/accounts/logout/",
        "javascript://x/%0aalert(1)",
        "http://[::1",
    ],
)
def test_nothing_else_is_followed(field: Client, qd: Crew, code: str) -> None:
    answer = scan(field, code)
    assert answer.status_code == 200
    assert "This code is not one of ours" in answer.text


def test_another_branch_stays_unknown(field: Client, jn: Crew, qd: Crew, cast: Cast) -> None:
    foreign = register_asset(
        customer_id=jn.customer.id,
        product_model=cast.air_conditioner,
        serial="JN-1",
        by=jn.clerk,
        at=NOW,
        today=NOW.date(),
    )
    order = jn.receive(unit=foreign)
    for code in ("JN-1", order.number, f"http://x{reverse('asset', args=[foreign.id])}"):
        answer = scan(field, code)
        assert answer.status_code == 200
        assert cast.air_conditioner.name not in answer.text
        assert "known by" in answer.text or "not in your branches" in answer.text
    assert (
        "JN-1"
        not in field.get(reverse("scan_reading"), {"code": f"http://x{reverse('asset', args=[foreign.id])}"}).text
    )


def test_one_number_on_two_models_is_a_choice(field: Client, qd: Crew, cast: Cast) -> None:
    twin = register_asset(
        customer_id=qd.customer.id,
        product_model=cast.gas_heater,
        serial=qd.unit.serial,
        by=qd.clerk,
        at=NOW,
        today=NOW.date(),
    )
    text = scan(field, qd.unit.serial).text
    assert all(reverse("asset", args=[one.id]) in text for one in (twin, qd.unit))


def test_what_nobody_knows_becomes_a_call_for_who_may_take_one(as_: SignIn, qd: Crew) -> None:
    offer = reverse("intake") + "?new=1&amp;serial=NEW-7%3Cb%3E"
    assert offer in scan(as_(qd.clerk), "NEW-7<b>").text
    for role in (Role.TECHNICIAN, Role.PARTS_KEEPER):
        text = scan(as_(qd.actors[role]), "NEW-7<b>").text
        assert reverse("intake") + "?new" not in text
        assert "NEW-7&lt;b&gt;" in text
    assert 'value="NEW-7"' in as_(qd.clerk).get(reverse("intake"), {"new": "1", "serial": "NEW-7"}).text


def test_the_unit_of_a_visit_is_told_from_another(field: Client, qd: Crew) -> None:
    visit = qd.order("on_site").visit
    assert "Yes: this is the unit of the order." in scan(field, qd.unit.serial, visit=visit.id).text
    assert "Yes: this" in scan(field, f"https://x{reverse('asset', args=[qd.unit.id])}", visit=visit.id).text
    for other in (qd.gas_unit.serial, "SOMETHING-ELSE", qd.unit.serial + "0"):
        assert "This is another unit." in scan(field, other, visit=visit.id).text
    assert reverse("scan") + f"?visit={visit.id}" in field.get(reverse("visit", args=[visit.id])).text


def test_the_visit_of_another_branch_is_not_there(field: Client, jn: Crew) -> None:
    assert scan(field, "SN", visit=jn.order("dispatched").visit.id).status_code == 404


def test_the_camera_is_told_what_it_read(field: Client, qd: Crew) -> None:
    def read(code: str) -> Any:
        return field.get(reverse("scan_reading"), {"code": code}).json()

    unit = {"kind": "unit", "text": qd.unit.serial, "fits": True}
    assert read(qd.unit.serial).items() >= unit.items()
    # The QR of a voucher, scanned into a field for a serial number, gives that number.
    assert read(f"https://x{reverse('asset', args=[qd.unit.id])}").items() >= unit.items()
    assert read(qd.receive().number)["fits"] is False
    assert read("https://elsewhere.example/")["fits"] is False
    assert read("NEW-8") == {"kind": "unknown", "text": "NEW-8", "said": read("NEW-8")["said"], "fits": True}


def test_it_costs_the_same_however_it_ends(field: Client, qd: Crew, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        scan(field, "NOT-KNOWN")
