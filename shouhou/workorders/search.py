"""The one search over everything: orders, customers and units by number, phone, serial number and name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.fanout import branches_to_search, first_of_each
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_CUSTOMER, SEE_REGISTER
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.models import Asset
from shouhou.assets.queries import search_assets
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import search_customers
from shouhou.kernel.texts import sought
from shouhou.workorders.models import Voucher, WorkOrder
from shouhou.workorders.rules import OPEN

_END = "\U0010ffff"
_OF = 8  # customers, and units, whose orders are looked up: of more nobody knows yet which one is meant
_SHORTEST_VOUCHER = 4  # their numbers begin with the branch, as those of the orders do


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found in the actor's branches, at most `limit` of each kind.

    `exact` is the order whose number was typed in full. `addresses` holds the first site of each customer.
    """

    orders: list[WorkOrder] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    exact: WorkOrder | None = None
    addresses: dict[UUID, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.orders or self.customers or self.assets)


def search_everything(text: str, *, by: Actor, limit: int) -> Found:
    """Everything of the actor's branches that the text names, with what a list shows of it. At most seven queries.

    Orders are found by their number, and with the customers and units that are found; among these open ones come first.
    Each way reads short ranges of an index, so the cost grows with the branches that are searched, not with the register.
    """
    text = sought(text)
    if not text:
        return Found()
    at_register = branches_to_search(SEE_REGISTER, by=by)
    customers = search_customers(text, branches=branches_to_search(SEE_CUSTOMER, by=by), limit=limit)
    assets = _units(text, branches=at_register, limit=limit)
    numbered = _orders_numbered(text.upper(), branches=at_register, limit=limit)
    # Whoever may read a folder may not therefore read the register.
    theirs_at = [one for one in customers[:_OF] if one.branch_id in _ids(at_register)]
    parts = [WorkOrder.objects.filter(branch_id=one.branch_id, customer_id=one.id) for one in theirs_at]
    parts += [WorkOrder.objects.filter(branch_id=one.branch_id, asset_id=one.id) for one in assets[:_OF]]
    theirs = first_of_each([rows.order_by("-received_at", "-id") for rows in parts], limit=limit)
    theirs.sort(key=lambda order: (order.status in OPEN, order.received_at, order.id), reverse=True)
    same = [order for order in numbered if order.number == text.upper()]
    chosen = list(dict.fromkeys(order.id for order in [*numbered, *theirs]))[:limit]
    shown = WorkOrder.objects.filter(branch_id__in=_ids(at_register)).select_related("customer", "asset__product_model")
    orders = shown.in_bulk(chosen)
    return Found(
        orders=[orders[key] for key in chosen],
        customers=customers,
        assets=assets,
        exact=same[0] if len(same) == 1 else None,
        addresses=_addresses(customers),
    )


def _orders_numbered(number: str, *, branches: Sequence[Branch], limit: int) -> list[WorkOrder]:
    def of(branch: Branch) -> BranchQuerySet[WorkOrder]:
        return WorkOrder.objects.at(branch).filter(number__gte=number, number__lt=number + _END).order_by("-number")

    found = first_of_each([of(branch) for branch in branches], limit=limit)
    return sorted(found, key=lambda order: (order.received_at, order.id), reverse=True)


def _units(text: str, *, branches: Sequence[Branch], limit: int) -> list[Asset]:
    """By serial number, and by the number of their voucher, which is what lies in the folder."""
    number = text.upper()

    def of(branch: Branch) -> BranchQuerySet[Voucher]:
        return Voucher.objects.at(branch).filter(number__gte=number, number__lt=number + _END).order_by("number")

    parts = [of(branch) for branch in branches] if len(number) >= _SHORTEST_VOUCHER else []
    vouchers = first_of_each(parts, limit=limit)
    chosen = [asset.id for asset in search_assets(text, branches=branches, limit=limit)]
    chosen = list(dict.fromkeys([*chosen, *(one.asset_id for one in sorted(vouchers, key=lambda one: one.number))]))
    rows = Asset.objects.filter(branch_id__in=_ids(branches)).select_related("product_model", "customer")
    found = rows.in_bulk(chosen[:limit])
    return [found[key] for key in chosen if key in found]


def _addresses(customers: Sequence[Customer]) -> dict[UUID, str]:
    rows = Site.objects.filter(
        branch_id__in={one.branch_id for one in customers}, customer_id__in=[one.id for one in customers]
    )
    # Newest first, so that of several the first one stays.
    return dict(rows.order_by("-id").values_list("customer_id", "address")) if customers else {}


def _ids(branches: Sequence[Branch]) -> list[UUID]:
    return [branch.id for branch in branches]
