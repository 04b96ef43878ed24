"""Who calls, and about which unit: what the intake screen finds while the clerk types."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_assets_by_serial, find_assets_of
from shouhou.catalog.queries import find_product_models
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import find_customers, find_sites_of
from shouhou.dispatch.queries import FreeSlot, find_free_slots
from shouhou.kernel.phones import PhoneInvalid, masked_phone, normal_phone
from shouhou.web.book import REPEAT_DAYS
from shouhou.web.slots import quick_slots_ahead
from shouhou.web.times import day_words
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_orders_of_customer
from shouhou.workorders.rules import OPEN, OrderStatus, WorkType

_HISTORY, _SHOWN = 100, 3
_SLOT_DAYS, _SLOTS_SHOWN = 3, 8


@dataclass(frozen=True, slots=True)
class Match:
    """One line of the look-up: a customer, or a unit with its customer."""

    customer: Customer
    asset: Asset | None = None

    @property
    def phone(self) -> str:
        return masked_phone(self.customer.phone)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose: what is open on it, what was last done, and the repair that was so lately that it may have failed."""

    asset: Asset
    open_orders: list[WorkOrder]
    last: list[WorkOrder]
    repeats: WorkOrder | None
    guarantee: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that can be promised: its value in the form, its words, how many technicians could go."""

    value: str
    words: str
    people: int


@dataclass(frozen=True, slots=True)
class Caller:
    """The chosen customer."""

    customer: Customer
    site: Site | None
    units: list[UnitChoice]
    open_orders: list[WorkOrder]


def find_matches(text: str, *, branch: Branch, limit: int = 8) -> list[Match]:
    """Customers by name or phone; units by the beginning of their serial number. Three queries."""
    matches = [Match(one) for one in find_customers(text, branch=branch, limit=limit)]
    if len(text.strip()) >= 3:
        units = find_assets_by_serial(text, branch=branch, limit=limit)
        matches += [Match(one.customer, one) for one in units]
    return matches[:limit]


def read_caller(customer: Customer, *, by: Actor, at: datetime) -> Caller:
    """His units with their history, however much of it there is: three queries."""
    orders = list(find_orders_of_customer(customer.id, by=by)[:_HISTORY])
    return Caller(
        customer=customer,
        site=find_sites_of(customer).first(),
        units=[_choice(one, orders, at=at) for one in find_assets_of(customer.id, by=by)],
        open_orders=[one for one in orders if one.status in OPEN],
    )


def _choice(asset: Asset, orders: list[WorkOrder], *, at: datetime) -> UnitChoice:
    own = [one for one in orders if one.asset_id == asset.id]
    # The same span by which the register counts a second repair.
    since = at - timedelta(days=REPEAT_DAYS)
    repaired = [
        one
        for one in own
        if one.work_type == WorkType.REPAIR and one.status == OrderStatus.STRUCK_OFF and one.received_at >= since
    ]
    return UnitChoice(
        asset=asset,
        open_orders=[one for one in own if one.status in OPEN],
        last=own[:_SHOWN],
        repeats=repaired[0] if repaired else None,
        guarantee=guarantee_of(asset, today=timezone.localtime(at).date()),
    )


def guarantee_of(asset: Asset, *, today: date) -> str:
    """Whether the unit is free of charge on that day: `free`, `over`, or nothing where no dates are known."""
    if asset.guarantee_until is None:
        return ""
    return "free" if today < asset.guarantee_until else "over"


def find_folders_with(phone: str, *, branch: Branch) -> list[Customer]:
    """The folders that have this whole number already; none for part of one, or for what is no number."""
    try:
        number = normal_phone(phone)
    except PhoneInvalid:
        return []
    return [one for one in find_customers(number, branch=branch, limit=3) if one.phone == number]


def find_offers(*, branch: Branch, product_class_id: UUID, work_type: str, at: datetime) -> list[Offer]:
    """The next times at which a technician who may do this work is free."""
    slots = find_free_slots(
        quick_slots_ahead(at, days=_SLOT_DAYS), branch=branch, product_class_id=product_class_id, work_type=work_type
    )
    return [_offer(one, today=timezone.localtime(at).date()) for one in slots[:_SLOTS_SHOWN]]


def _offer(slot: FreeSlot, *, today: date) -> Offer:
    start, end = timezone.localtime(slot.start), timezone.localtime(slot.end)
    return Offer(
        value=f"{start:%Y-%m-%d}|{start.hour}-{end.hour}",
        words=f"{day_words(start.date(), today=today)} {start.hour}–{end.hour}",
        people=slot.people,
    )


def product_class_of(unit: str, model: str, *, branch: Branch) -> UUID | None:
    """The class of the unit that is chosen, or of the model that is typed for a new one; None while neither is known."""
    if key := key_of(unit):
        asset = Asset.objects.at(branch).filter(id=key).select_related("product_model").first()
        return asset.product_model.product_class_id if asset else None
    named = find_product_models().filter(Q(code=model) | Q(name=model)).first() if model else None
    return named.product_class_id if named else None


def key_of(text: str) -> UUID | None:
    """The key that a text is, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
