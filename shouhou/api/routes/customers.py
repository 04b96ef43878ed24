"""The customer's folder: who is served, where, and which units stand there."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from shouhou.access.permissions import SEE_CUSTOMER
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName, Name, Word
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.queries import find_all_customers
from shouhou.api.routing import Routes
from shouhou.api.schemas.customers import (
    AssetAnswer,
    AssetInput,
    AssetPage,
    ContactAnswer,
    ContactInput,
    CustomerAnswer,
    CustomerChange,
    CustomerInput,
    CustomerPage,
    CustomerRow,
    PhoneAnswer,
    SiteAnswer,
    SiteInput,
)
from shouhou.api.searching import check_search_alone
from shouhou.assets.actions import register_asset
from shouhou.assets.queries import find_assets_by_serial, find_assets_of, get_asset, get_asset_by_serial
from shouhou.catalog.queries import get_product_model
from shouhou.customers import actions as acts
from shouhou.customers.queries import find_customers, get_customer

routes = Routes("customers")
_NEWEST_FIRST = Keyset(id=UUID).descending()
_BY_ID = Keyset(id=UUID)


@routes.read("/customers", CustomerPage)
def list_customers(
    request: ActorRequest, branch: BranchName = "", q: Name = "", cursor: Cursor = "", limit: Limit = 50
) -> CustomerPage:
    """List customers, newest first, or find them with `q`.

    `q` is part of the name, or the beginning, the last eight or the last four digits of a phone.
    """
    where = branch_named(request, branch)
    request.auth.require(SEE_CUSTOMER, where.id)
    if q:
        check_search_alone(cursor=cursor)
        found = find_customers(q, branch=where, limit=limit)
        return CustomerPage(rows=[CustomerRow.of(one) for one in found], next_cursor=None)
    return CustomerPage(**paged(_NEWEST_FIRST, find_all_customers(where), CustomerRow.of, cursor=cursor, limit=limit))


@routes.act("POST", "/customers", CustomerRow, status=201)
def register_customer(request: ActorRequest, body: CustomerInput) -> CustomerRow:
    """Open a customer's folder, with the first site if there is an address."""
    customer = acts.register_customer(
        branch=branch_named(request, body.branch),
        name=body.name,
        phone=body.phone,
        kind=body.kind,
        address=body.address,
        zone=body.zone,
        note=body.note,
        by=request.auth,
        at=timezone.now(),
    )
    return CustomerRow.of(customer)


@routes.read("/customers/{uuid:customer_id}", CustomerAnswer)
def show_customer(request: ActorRequest, customer_id: UUID) -> CustomerAnswer:
    """Show a folder with its contacts and sites."""
    customer = get_customer(customer_id, by=request.auth)
    request.auth.require(SEE_CUSTOMER, customer.branch_id)
    return CustomerAnswer.with_folder(customer)


@routes.act("PUT", "/customers/{uuid:customer_id}", CustomerRow)
def change_customer(request: ActorRequest, customer_id: UUID, body: CustomerChange) -> CustomerRow:
    """Correct what the folder says."""
    customer = acts.change_customer(
        customer_id,
        name=body.name,
        phone=body.phone,
        kind=body.kind,
        note=body.note,
        by=request.auth,
        at=timezone.now(),
    )
    return CustomerRow.of(customer)


@routes.act("POST", "/customers/{uuid:customer_id}/phone", PhoneAnswer)
def reveal_phone(request: ActorRequest, customer_id: UUID) -> PhoneAnswer:
    """Show the whole telephone number.

    That it was looked at, and by whom, goes into the journal.
    """
    return PhoneAnswer(phone=acts.reveal_phone(customer_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/customers/{uuid:customer_id}/contacts", ContactAnswer, status=201)
def add_contact(request: ActorRequest, customer_id: UUID, body: ContactInput) -> ContactAnswer:
    """Add a person to speak to. The customer is found by this phone, too."""
    contact = acts.add_contact(
        customer_id, name=body.name, phone=body.phone, position=body.position, by=request.auth, at=timezone.now()
    )
    return ContactAnswer.of(contact)


@routes.act("POST", "/customers/{uuid:customer_id}/sites", SiteAnswer, status=201)
def add_site(request: ActorRequest, customer_id: UUID, body: SiteInput) -> SiteAnswer:
    """Add a place where the customer's units stand."""
    site = acts.add_site(customer_id, address=body.address, zone=body.zone, by=request.auth, at=timezone.now())
    return SiteAnswer.of(site)


@routes.read("/customers/{uuid:customer_id}/assets", AssetPage)
def list_assets_of_customer(
    request: ActorRequest, customer_id: UUID, cursor: Cursor = "", limit: Limit = 50
) -> AssetPage:
    """List the units of a customer."""
    customer = get_customer(customer_id, by=request.auth)
    request.auth.require(SEE_CUSTOMER, customer.branch_id)
    rows = find_assets_of(customer.id, by=request.auth)
    return AssetPage(**paged(_BY_ID, rows, AssetAnswer.of, cursor=cursor, limit=limit))


@routes.read("/assets", AssetPage)
def find_assets(request: ActorRequest, serial: Word, branch: BranchName = "", limit: Limit = 50) -> AssetPage:
    """Find units whose serial number begins so."""
    where = branch_named(request, branch)
    request.auth.require(SEE_CUSTOMER, where.id)
    found = find_assets_by_serial(serial, branch=where, limit=limit)
    return AssetPage(rows=[AssetAnswer.of(one) for one in found], next_cursor=None)


@routes.act("POST", "/assets", AssetAnswer, status=201)
def add_asset(request: ActorRequest, body: AssetInput) -> AssetAnswer:
    """Take a sold unit into care."""
    customer = get_customer(body.customer_id, by=request.auth)
    now = timezone.now()
    asset = register_asset(
        customer_id=customer.id,
        product_model=get_product_model(body.product_model),
        serial=body.serial,
        site_id=body.site_id,
        sale_date=body.sale_date,
        installed_date=body.installed_date,
        contract_number=body.contract_number,
        by=request.auth,
        at=now,
        today=now.astimezone(ZoneInfo(customer.branch.time_zone)).date(),
    )
    return AssetAnswer.of(asset)


@routes.read("/assets/by-serial", AssetAnswer)
def show_asset_by_serial(request: ActorRequest, serial: Word, branch: BranchName = "") -> AssetAnswer:
    """Show the unit with exactly this serial number."""
    where = branch_named(request, branch)
    request.auth.require(SEE_CUSTOMER, where.id)
    return AssetAnswer.of(get_asset_by_serial(serial, branch=where))


@routes.read("/assets/{uuid:asset_id}", AssetAnswer)
def show_asset(request: ActorRequest, asset_id: UUID) -> AssetAnswer:
    """Show one unit."""
    asset = get_asset(asset_id, by=request.auth)
    request.auth.require(SEE_CUSTOMER, asset.branch_id)
    return AssetAnswer.of(asset)
