from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import Statement
from shouhou.customers.models import Contact, Customer, CustomerKey, Site
from shouhou.customers.queries import CustomerNotFound
from shouhou.customers.rules import keys_of
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.ids import uuid7
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


class ChangedMeanwhile(Conflict):
    """`now` has the field and what stands there now, for each one on which two people disagree."""

    code = "changed_meanwhile"
    template = gettext_noop(
        "Somebody else has changed the same in this folder meanwhile, so nothing was saved. Look at it, and save again to put"
        " yours in its place."
    )


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
    with act_transaction():
        customer = Customer.objects.create(
            branch=branch, kind=kind, name=name, phone=phone, note=note, registered_at=at
        )
        _write_keys(customer, phones=[phone])
        said: dict[str, object] = {"name": name, "kind": kind}
        _record(customer, "customers.customer.registered", by=by, at=at, data=said, opens=True)
        if address:
            _add_site(customer, address=address, zone=zone, by=by, at=at)
        return customer


def add_site(customer_id: UUID, *, address: str, zone: str, by: Actor, at: datetime) -> Site:
    """Add a place where the customer's units stand. Raises AddressMissing, CustomerNotFound, NotPermitted."""
    address = written(address, most=200, field="address")
    if not address:
        raise AddressMissing(field="address")
    check_choice("zone", zone, Site.Zone.values)
    with act_transaction():
        customer = _locked(customer_id, by=by)
        return _add_site(customer, address=address, zone=zone, by=by, at=at)


def add_contact(customer_id: UUID, *, name: str, phone: str, by: Actor, at: datetime, position: str = "") -> Contact:
    """Add a person to speak to; the customer is found by this phone, too."""
    name, phone = _name(name), _phone(phone)
    position = written(position, most=60, field="position")
    with act_transaction():
        customer = _locked(customer_id, by=by)
        contact = Contact.objects.create(
            branch_id=customer.branch_id, customer=customer, name=name, phone=phone, position=position
        )
        _write_keys(customer, phones=[customer.phone, phone])
        _record(customer, "customers.contact.added", by=by, at=at, data={"name": contact.name})
        return contact


def change_customer(
    customer_id: UUID,
    *,
    name: str,
    phone: str | None,
    kind: str,
    note: str,
    by: Actor,
    at: datetime,
    shown: Mapping[str, str] | None = None,
) -> Customer:
    """Correct what the folder says of the customer; None leaves the phone as it is.

    `shown` is what the corrector had before his eyes, by field (the phone masked): a field that he left as it was keeps what
    somebody else has written there since; where both wrote something else, ChangedMeanwhile is raised.
    Raises as `register_customer` does.
    """
    given = {"name": _name(name), "kind": kind, "note": written(note, most=2000, field="note")}
    if phone is not None:
        given["phone"] = _phone(phone)
    check_choice("kind", kind, Customer.Kind.values)
    with act_transaction():
        customer = _locked(customer_id, by=by)
        if shown is not None:
            given = _merged(customer, given, shown)
        old = {"name": customer.name, "phone": masked_phone(customer.phone), "kind": customer.kind}
        for field, value in given.items():
            setattr(customer, field, value)
        customer.save(update_fields=list(given))
        CustomerKey.objects.filter(branch_id=customer.branch_id, customer=customer).delete()
        contacts = Contact.objects.filter(branch_id=customer.branch_id, customer=customer)
        _write_keys(customer, phones=[customer.phone, *contacts.values_list("phone", flat=True)])
        new = {"name": customer.name, "phone": masked_phone(customer.phone), "kind": customer.kind}
        _record(customer, "customers.customer.changed", by=by, at=at, data={"from": old, "to": new})
        return customer


def _merged(customer: Customer, given: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, str]:
    """What the folder is to say, field by field. Raises ChangedMeanwhile."""
    merged, clashes = dict(given), {}
    for field, value in given.items():
        now: str = getattr(customer, field)
        # A number is shown masked, so whoever typed one did not leave what he saw.
        said, left = (masked_phone(now), False) if field == "phone" else (now, _same(value, shown.get(field, now)))
        if left:
            merged[field] = now
        elif not _same(said, shown.get(field, said)) and not _same(value, now):
            clashes[field] = said
    if clashes:
        raise ChangedMeanwhile(now=clashes)
    return merged


def _same(one: str, other: str) -> bool:
    # A browser sends the ends of lines in its own way.
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def reveal_phone(customer_id: UUID, *, by: Actor, at: datetime) -> str:
    """The whole telephone number; that it was looked at, and by whom, goes into the journal (PIPL art. 51)."""
    with act_transaction():
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
    keys = sorted(keys_of(name=customer.name, phones=list(phones)))
    _inserted(len(keys)).run(*(value for key in keys for value in (uuid7(), customer.branch_id, customer.id, key)))


@cache
def _inserted(rows: int) -> Statement:
    columns = [CustomerKey._meta.get_field(name) for name in ("id", "branch", "customer", "key")]
    values = ", ".join(["(%s, %s, %s, %s)"] * rows)
    return Statement(
        f'INSERT INTO "customers_customerkey" ("id", "branch_id", "customer_id", "key") VALUES {values} '  # noqa: S608
        "ON CONFLICT DO NOTHING",
        takes=columns * rows,
    )


def _record(
    customer: Customer, verb: str, *, by: Actor, at: datetime, data: dict[str, object], opens: bool = False
) -> None:
    record(
        branch_id=customer.branch_id,
        chain_id=customer.id,
        verb=verb,
        subject=("customer", customer.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
