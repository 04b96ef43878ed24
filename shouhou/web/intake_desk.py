"""Who calls, and about which unit: what the intake screen finds while the clerk types."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_assets_by_serial, find_assets_of
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import find_customers, find_sites_of
from shouhou.kernel.phones import masked_phone
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_orders_of_customer
from shouhou.workorders.rules import OPEN, OrderStatus

REPEAT_WITHIN = timedelta(days=30)
_HISTORY, _SHOWN = 100, 3


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
    """A unit to choose: what is open on it, what was last done, and whether that was so recently that the fault came back."""

    asset: Asset
    open_orders: list[WorkOrder]
    last: list[WorkOrder]
    repeats: WorkOrder | None


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
    closed = [
        one
        for one in own
        if one.status == OrderStatus.STRUCK_OFF and one.closed_at and one.closed_at > at - REPEAT_WITHIN
    ]
    return UnitChoice(
        asset=asset,
        open_orders=[one for one in own if one.status in OPEN],
        last=own[:_SHOWN],
        repeats=closed[0] if closed else None,
    )


def key_of(text: str) -> UUID | None:
    """The key that a text is, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
