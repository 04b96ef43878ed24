"""What the folder of a customer and the page of a unit show."""

from dataclasses import dataclass
from datetime import date

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_assets_of
from shouhou.customers.models import Contact, Customer, Site
from shouhou.customers.queries import find_contacts_of, find_sites_of
from shouhou.web.book import BookLine, BookPage, book_lines, read_page
from shouhou.web.intake_desk import guarantee_of
from shouhou.web.timeline import Happened, read_timeline
from shouhou.workorders.models import Voucher, WorkOrder
from shouhou.workorders.queries import find_orders_of_customer, find_vouchers_of_customer
from shouhou.workorders.rules import OPEN

SHOWN = 20


@dataclass(frozen=True, slots=True)
class FolderUnit:
    """A unit in the folder, its voucher and where that is."""

    asset: Asset
    voucher: Voucher | None
    guarantee: str


@dataclass(frozen=True, slots=True)
class Folder:
    customer: Customer
    units: list[FolderUnit]
    contacts: list[Contact]
    sites: list[Site]
    open_work: list[BookLine]
    work: list[BookLine]
    turn: BookPage
    happened: list[Happened]

    @property
    def contracts(self) -> list[str]:
        """The numbers of the maintenance contracts, each once."""
        return sorted({one.asset.contract_number for one in self.units if one.asset.contract_number})


def read_folder(customer: Customer, *, by: Actor, today: date, older: str = "", newer: str = "") -> Folder:
    """All of it, in a fixed number of queries; of the work one page."""
    orders = find_orders_of_customer(customer.id, by=by)
    vouchers = {one.asset_id: one for one in find_vouchers_of_customer(customer.id, by=by)}
    turn = read_page(orders, older=older, newer=newer, size=SHOWN)
    open_orders = list(orders.filter(status__in=OPEN)[:SHOWN])
    lines = {line.order.id: line for line in book_lines(_each_once([*open_orders, *turn.orders]), today=today)}
    return Folder(
        customer=customer,
        units=[
            FolderUnit(one, vouchers.get(one.id), guarantee_of(one, today=today))
            for one in find_assets_of(customer.id, by=by)
        ],
        contacts=list(find_contacts_of(customer)),
        sites=list(find_sites_of(customer)),
        open_work=[lines[one.id] for one in open_orders],
        work=[lines[one.id] for one in turn.orders],
        turn=turn,
        happened=read_timeline(turn.orders),
    )


def _each_once(orders: list[WorkOrder]) -> list[WorkOrder]:
    return list({one.id: one for one in orders}.values())
