"""The customer's folder: opened, added to, corrected, looked into."""

from typing import Any

import pytest

from shouhou.access.actors import BranchNotVisible
from shouhou.audit.models import Event
from shouhou.customers.actions import (
    AddressMissing,
    NameMissing,
    PhoneMissing,
    add_contact,
    add_site,
    change_customer,
    register_customer,
    reveal_phone,
)
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import CustomerNotFound, get_customer
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.phones import PhoneInvalid
from shouhou.kernel.texts import TextTooLong, TextUnreadable
from tests.cast import NOW, PHONE, Crew, refuses


def register(crew: Crew, **given: Any) -> Customer:
    usual: dict[str, Any] = {
        "name": " 陈静 ",
        "phone": "0532-8388 6610",
        "by": crew.clerk,
        "at": NOW,
        "branch": crew.branch,
    }
    return register_customer(**usual | given)


def change(crew: Crew, customer: Customer, **given: Any) -> Customer:
    usual: dict[str, Any] = {"name": "陈静", "phone": PHONE, "kind": "company", "note": "", "by": crew.clerk, "at": NOW}
    return change_customer(customer.id, **usual | given)


def verbs(customer: Customer) -> list[str]:
    events = Event.objects.filter(chain_id=customer.id).order_by("sequence")
    return [event.verb.removeprefix("customers.") for event in events]


def test_it_opens_a_folder_with_the_first_site(qd: Crew) -> None:
    customer = register(qd, address="香港中路 8 号", zone="suburb")
    assert (customer.name, customer.phone, customer.kind) == ("陈静", "+8653283886610", "person")
    assert Site.objects.get(customer=customer).zone == "suburb"
    assert verbs(customer) == ["customer.registered", "site.added"]


def test_a_household_may_share_a_telephone(qd: Crew) -> None:
    assert register(qd).phone == register(qd, name="陈父").phone


BAD: list[tuple[dict[str, Any], type[Refusal]]] = [
    ({"name": " "}, NameMissing),
    ({"name": "长" * 81}, TextTooLong),
    ({"name": "陈\0静"}, TextUnreadable),
    ({"phone": ""}, PhoneMissing),
    ({"phone": "110"}, PhoneInvalid),
    ({"kind": "alien"}, UnknownChoice),
    ({"note": "长" * 2001}, TextTooLong),
]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [*BAD, ({"address": "长" * 201}, TextTooLong), ({"address": "x", "zone": "moon"}, UnknownChoice)],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    with refuses(refusal):
        register(qd, **given)


@pytest.mark.parametrize(("given", "refusal"), BAD)
def test_a_correction_refuses_the_same(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    with refuses(refusal):
        change(qd, qd.customer, **given)


def test_a_correction_keeps_old_and_new_without_the_whole_number(qd: Crew) -> None:
    change(qd, qd.customer, name="陈静", phone="13900000009")
    assert get_customer(qd.customer.id, by=qd.clerk).name == "陈静"
    event = Event.objects.filter(chain_id=qd.customer.id).latest("sequence")
    assert event.data["from"] == {"name": "王建华", "phone": "138****2071", "kind": "person"}
    assert event.data["to"]["phone"] == "139****0009"


def test_a_contact_and_a_site_are_added(qd: Crew) -> None:
    contact = add_contact(qd.customer.id, name=" 王太太 ", phone="13900000002", by=qd.clerk, at=NOW, position=" 财务 ")
    site = add_site(qd.customer.id, address=" 即墨路 3 号 ", zone="city", by=qd.clerk, at=NOW)
    assert (contact.name, contact.position, site.address) == ("王太太", "财务", "即墨路 3 号")
    assert verbs(qd.customer)[-2:] == ["contact.added", "site.added"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": ""}, NameMissing),
        ({"phone": " "}, PhoneMissing),
        ({"phone": "x"}, PhoneInvalid),
        ({"position": "长" * 61}, TextTooLong),
    ],
)
def test_a_contact_needs_name_and_telephone(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    usual: dict[str, Any] = {"name": "王太太", "phone": PHONE, "by": qd.clerk, "at": NOW}
    with refuses(refusal):
        add_contact(qd.customer.id, **usual | given)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"address": " "}, AddressMissing), ({"address": "长" * 201}, TextTooLong), ({"zone": "moon"}, UnknownChoice)],
)
def test_a_site_needs_an_address(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    usual: dict[str, Any] = {"address": "即墨路", "zone": "city", "by": qd.clerk, "at": NOW}
    with refuses(refusal):
        add_site(qd.customer.id, **usual | given)


def test_looking_at_the_whole_number_leaves_an_event(qd: Crew) -> None:
    assert reveal_phone(qd.customer.id, by=qd.technician_actor, at=NOW) == "+8613812342071"
    event = Event.objects.filter(chain_id=qd.customer.id).latest("sequence")
    assert (event.verb, event.actor_id) == ("customers.phone.revealed", qd.technician_actor.user_id)


def test_what_a_role_does_not_allow_is_refused(qd: Crew) -> None:
    with refuses(NotPermitted):
        register(qd, by=qd.technician_actor)
    with refuses(NotPermitted):
        change(qd, qd.customer, by=qd.technician_actor)
    with refuses(NotPermitted):
        reveal_phone(qd.customer.id, by=qd.administrator, at=NOW)


def test_a_customer_of_another_branch_does_not_exist(qd: Crew, jn: Crew) -> None:
    who: dict[str, Any] = {"by": jn.supervisor, "at": NOW}
    with refuses(CustomerNotFound):
        change(qd, qd.customer, by=jn.supervisor)
    with refuses(CustomerNotFound):
        add_site(qd.customer.id, address="x", zone="city", **who)
    with refuses(CustomerNotFound):
        add_contact(qd.customer.id, name="x", phone=PHONE, **who)
    with refuses(CustomerNotFound):
        reveal_phone(qd.customer.id, **who)
    with refuses(CustomerNotFound):
        get_customer(qd.customer.id, by=jn.clerk)
    with refuses(BranchNotVisible):
        register(qd, by=jn.clerk)
