"""The call register: its lines, its pages, the queue of calls to be dispatched; and receiving a call."""

from uuid import UUID

from django.utils import timezone

from shouhou.access.permissions import SEE_REGISTER
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.days import today_at
from shouhou.api.fields import BranchName, Day, Moment, Name, Word
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.queries import find_open_hold, get_class_ever_used, get_technician_at
from shouhou.api.routing import Routes
from shouhou.api.schemas.catalog import named
from shouhou.api.schemas.customers import NewAssetInput
from shouhou.api.schemas.visits import LineAnswer, VisitAnswer
from shouhou.api.schemas.work_orders import (
    CallInput,
    ClassWanted,
    NewCallerInput,
    RegisterLine,
    RegisterLines,
    RegisterPageAnswer,
    StateWanted,
    WorkOrderAnswer,
    WorkOrderState,
)
from shouhou.api.searching import DaysReversed, check_search_alone
from shouhou.assets.queries import AssetNotFound, get_asset
from shouhou.customers.models import Site
from shouhou.customers.queries import CustomerNotFound, get_customer
from shouhou.forms.queries import get_register_page
from shouhou.workorders import actions as acts
from shouhou.workorders.queries import (
    find_dispatch_queue,
    find_lines_of,
    find_register_page,
    find_visits_for,
    get_work_order,
    search_register,
)
from shouhou.workorders.register import RegisterFilter, find_narrowed
from shouhou.workorders.rules import OrderStatus, WorkType

routes = Routes("work orders")
_NEWEST_FIRST = Keyset(received_at=Moment, id=UUID).descending()
_OLDEST_FIRST = Keyset(received_at=Moment, id=UUID)


@routes.read("/work-orders", RegisterLines)
def list_work_orders(
    request: ActorRequest,
    branch: BranchName = "",
    q: Name = "",
    state: StateWanted | None = None,
    work_class: ClassWanted | None = None,
    work_type: WorkType | None = None,
    technician_id: UUID | None = None,
    received_from: Day | None = None,
    received_to: Day | None = None,
    urgent: bool = False,
    product_class: Word = "",
    zone: Site.Zone | None = None,
    carried_over: bool = False,
    customer_id: UUID | None = None,
    asset_id: UUID | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RegisterLines:
    """List the lines of the register, newest first, or find them with `q`.

    `q` is the beginning of a number or serial number, part of the customer's name, or digits of a phone. Everything else
    narrows the list: the technician is the last one sent, both days belong to it, `carried_over` are calls of earlier days
    that nobody was sent to yet.
    """
    where = branch_named(request, branch)
    request.auth.require(SEE_REGISTER, where.id)
    wanted = RegisterFilter(
        state=state or "",
        work_class=work_class or "",
        work_type=work_type or "",
        technician_id=get_technician_at(where, technician_id).id if technician_id else None,
        received_from=received_from,
        received_to=received_to,
        urgent=urgent,
        carried_over=carried_over,
        product_class_id=get_class_ever_used(product_class).id if product_class else None,
        zone=zone or "",
    )
    if q:
        check_search_alone(**wanted.facts(), customer_id=customer_id, asset_id=asset_id, cursor=cursor)
        found = search_register(q, branch=where, limit=limit)
        return RegisterLines(rows=[RegisterLine.of(one) for one in found], next_cursor=None)
    if received_from and received_to and received_to < received_from:
        raise DaysReversed(field="received_to")
    rows = find_narrowed(where, wanted, today=today_at(where))
    if customer_id:
        if get_customer(customer_id, by=request.auth).branch_id != where.id:
            raise CustomerNotFound(field="customer_id")
        rows = rows.filter(customer_id=customer_id)
    if asset_id:
        if get_asset(asset_id, by=request.auth).branch_id != where.id:
            raise AssetNotFound(field="asset_id")
        rows = rows.filter(asset_id=asset_id)
    return RegisterLines(**paged(_NEWEST_FIRST, rows, RegisterLine.of, cursor=cursor, limit=limit))


@routes.act("POST", "/work-orders", WorkOrderState, status=201)
def receive_call(request: ActorRequest, body: CallInput) -> WorkOrderState:
    """Write a call into the register.

    A caller or a unit not yet known is taken into the books in the same act. The verdict on who pays is kept with the call
    and gives its work class, unless another is given with a reason.
    """
    caller, unit = body.customer, body.asset
    order = acts.receive_call(
        branch=branch_named(request, body.branch),
        customer=acts.NewCustomer(**dict(caller)) if isinstance(caller, NewCallerInput) else caller,
        asset=acts.NewAsset(**dict(unit)) if isinstance(unit, NewAssetInput) else unit,
        fault=body.fault,
        received_at=body.received_at,
        channel=body.channel,
        work_type=body.work_type,
        work_class=body.work_class or "",
        class_reason=body.class_reason,
        class_amount=body.class_amount,
        fault_code=body.fault_code,
        contact_name=body.contact_name,
        phone=body.phone,
        address=body.address,
        urgent=body.urgent,
        wished_start=body.wished_start,
        wished_end=body.wished_end,
        source=body.source,
        by=request.auth,
        at=timezone.now(),
    )
    return WorkOrderState.of(order)


@routes.read("/work-orders/{uuid:order_id}", WorkOrderAnswer)
def show_work_order(request: ActorRequest, order_id: UUID) -> WorkOrderAnswer:
    """Show an order with its visits and lines."""
    order = get_work_order(order_id, by=request.auth)
    request.auth.require(SEE_REGISTER, order.branch_id)
    hold = find_open_hold(order) if order.status == OrderStatus.ON_HOLD else None
    return WorkOrderAnswer(
        **RegisterLine.fields_of(order),
        branch_id=order.branch_id,
        address=order.address,
        fault_code=named(order.fault_code) if order.fault_code else None,
        source=order.source,
        hold_reason=hold.reason if hold else None,
        visits=[VisitAnswer.of(visit) for visit in find_visits_for(order)],
        lines=[LineAnswer.of(line) for line in find_lines_of(order)],
    )


@routes.read("/dispatch-queue", RegisterLines)
def list_dispatch_queue(
    request: ActorRequest, branch: BranchName = "", cursor: Cursor = "", limit: Limit = 50
) -> RegisterLines:
    """List the calls to be dispatched, oldest first: what earlier days left over leads."""
    where = branch_named(request, branch)
    request.auth.require(SEE_REGISTER, where.id)
    rows = find_dispatch_queue(where)
    return RegisterLines(**paged(_OLDEST_FIRST, rows, RegisterLine.of, cursor=cursor, limit=limit))


@routes.read("/register-pages/{day}", RegisterPageAnswer)
def show_register_page(request: ActorRequest, day: Day, branch: BranchName = "") -> RegisterPageAnswer:
    """Show a page of the book: one day of a branch."""
    where = branch_named(request, branch)
    request.auth.require(SEE_REGISTER, where.id)
    page = get_register_page(day, branch=where, by=request.auth)
    return RegisterPageAnswer(
        branch_id=page.branch_id,
        day=page.day,
        page_number=page.page_number,
        closed_at=page.closed_at,
        received=page.received,
        carried_over=page.carried_over,
    )


@routes.read("/register-pages/{day}/lines", RegisterLines)
def list_lines_of_register_page(
    request: ActorRequest, day: Day, branch: BranchName = "", cursor: Cursor = "", limit: Limit = 50
) -> RegisterLines:
    """List the calls of a day in the order in which they came."""
    where = branch_named(request, branch)
    request.auth.require(SEE_REGISTER, where.id)
    rows = find_register_page(where, day)
    return RegisterLines(**paged(_OLDEST_FIRST, rows, RegisterLine.of, cursor=cursor, limit=limit))
