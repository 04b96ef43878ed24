from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.customers.models import Contact, Customer, CustomerKey, Site
from shouhou.customers.queries import CustomerNotFound
from shouhou.customers.rules import keys_of
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.phones import masked_phone, normal_phone
from shouhou.kernel.texts import written


class NameMissing(Invalid):
    code = "name_missing"
    template = gettext_noop("The customer's name is missing.")


class PhoneMissing(Invalid):
    code = "phone_missing"
    template = gettext_noop("The telephone number is missing: without it nobody can call back.")


class AddressMissing(Invalid):
    code = "address_missing"
    template = gettext_noop("The address is missing.")


def register_customer(
    *,
    branch: Branch,
    name: str,
    phone: str,
    by: Actor,
    at: datetime,
    kind: str = Customer.Kind.PERSON,
    address: str = "",
    zone: str = Site.Zone.CITY,
    note: str = "",
) -> Customer:
    """Open a customer's folder, with the first site if an address is given.

    Two customers may share a phone (a household, a company).
    Raises NameMissing, PhoneMissing, PhoneInvalid, TextTooLong, UnknownChoice, NotPermitted.
    """
    by.require("customers.register_customer", branch.id)
    name, phone = _name(name), _phone(phone)
    note = written(note, most=2000, field="note")
    address = written(address, most=200, field="address")
    check_choice("kind", kind, Customer.Kind.values)
    check_choice("zone", zone, Site.Zone.values)
    with transaction.atomic():
        customer = Customer.objects.create(
            branch=branch, kind=kind, name=name, phone=phone, note=note, registered_at=at
        )
        _write_keys(customer, phones=[phone])
        _record(customer, "customers.customer.registered", by=by, at=at, data={"name": name, "kind": kind})
        if address:
            _add_site(customer, address=address, zone=zone, by=by, at=at)
        return customer


def add_site(customer_id: UUID, *, address: str, zone: str, by: Actor, at: datetime) -> Site:
    """Add a place where the customer's units stand. Raises AddressMissing, CustomerNotFound, NotPermitted."""
    address = written(address, most=200, field="address")
    if not address:
        raise AddressMissing(field="address")
    check_choice("zone", zone, Site.Zone.values)
    with transaction.atomic():
        customer = _locked(customer_id, by=by)
        return _add_site(customer, address=address, zone=zone, by=by, at=at)


def add_contact(customer_id: UUID, *, name: str, phone: str, by: Actor, at: datetime, position: str = "") -> Contact:
    """Add a person to speak to; the customer is found by this phone, too."""
    name, phone = _name(name), _phone(phone)
    position = written(position, most=60, field="position")
    with transaction.atomic():
        customer = _locked(customer_id, by=by)
        contact = Contact.objects.create(
            branch_id=customer.branch_id, customer=customer, name=name, phone=phone, position=position
        )
        _write_keys(customer, phones=[customer.phone, phone])
        _record(customer, "customers.contact.added", by=by, at=at, data={"name": contact.name})
        return contact


def change_customer(
    customer_id: UUID, *, name: str, phone: str, kind: str, note: str, by: Actor, at: datetime
) -> Customer:
    """Correct what the folder says of the customer. Raises as `register_customer` does."""
    name, phone = _name(name), _phone(phone)
    note = written(note, most=2000, field="note")
    check_choice("kind", kind, Customer.Kind.values)
    with transaction.atomic():
        customer = _locked(customer_id, by=by)
        old = {"name": customer.name, "phone": masked_phone(customer.phone), "kind": customer.kind}
        customer.name, customer.phone, customer.kind, customer.note = name, phone, kind, note
        customer.save(update_fields=["name", "phone", "kind", "note"])
        CustomerKey.objects.filter(branch_id=customer.branch_id, customer=customer).delete()
        contacts = Contact.objects.filter(branch_id=customer.branch_id, customer=customer)
        _write_keys(customer, phones=[phone, *contacts.values_list("phone", flat=True)])
        new = {"name": customer.name, "phone": masked_phone(phone), "kind": kind}
        _record(customer, "customers.customer.changed", by=by, at=at, data={"from": old, "to": new})
        return customer


def reveal_phone(customer_id: UUID, *, by: Actor, at: datetime) -> str:
    """The whole telephone number; that it was looked at, and by whom, goes into the journal (PIPL art. 51)."""
    with transaction.atomic():
        customer = _locked(customer_id, by=by, permission="customers.reveal_phone")
        _record(customer, "customers.phone.revealed", by=by, at=at, data={})
        return customer.phone


def _name(name: str) -> str:
    name = written(name, most=80, field="name")
    if not name:
        raise NameMissing(field="name")
    return name


def _phone(phone: str) -> str:
    if not phone.strip():
        raise PhoneMissing(field="phone")
    return normal_phone(phone)


def _locked(customer_id: UUID, *, by: Actor, permission: str = "customers.change_customer") -> Customer:
    customer = Customer.objects.visible_to(by).select_for_update().filter(id=customer_id).first()
    if customer is None:
        raise CustomerNotFound(field="customer")
    by.require(permission, customer.branch_id)
    return customer


def _add_site(customer: Customer, *, address: str, zone: str, by: Actor, at: datetime) -> Site:
    site = Site.objects.create(branch_id=customer.branch_id, customer=customer, address=address, zone=zone)
    _record(customer, "customers.site.added", by=by, at=at, data={"site": str(site.id), "zone": zone})
    return site


def _write_keys(customer: Customer, *, phones: Iterable[str]) -> None:
    keys = keys_of(name=customer.name, phones=list(phones))
    CustomerKey.objects.bulk_create(
        [CustomerKey(branch_id=customer.branch_id, customer=customer, key=key) for key in sorted(keys)],
        ignore_conflicts=True,
    )


def _record(customer: Customer, verb: str, *, by: Actor, at: datetime, data: dict[str, object]) -> None:
    record(
        branch_id=customer.branch_id,
        chain_id=customer.id,
        verb=verb,
        subject=("customer", customer.id),
        by=by,
        at=at,
        data=data,
    )
