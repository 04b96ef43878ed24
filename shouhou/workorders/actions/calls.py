"""The clerk at the telephone: receive a call, and know at once who pays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actions import take_document_number, take_number
from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.queries import lock_open_branch
from shouhou.access.rules import NumberKind
from shouhou.assets.actions import register_asset
from shouhou.assets.models import Asset
from shouhou.assets.queries import AssetNotFound
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.looks import Look
from shouhou.catalog.queries import get_fault_code, get_product_model
from shouhou.customers.actions import register_customer
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import CustomerNotFound
from shouhou.entitlements.models import Verdict
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, Refusal, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.phones import normal_phone
from shouhou.kernel.texts import written
from shouhou.workorders.actions._coverage import ask_who_pays, decide_class, keep_verdict
from shouhou.workorders.actions._order import journal
from shouhou.workorders.errors import DateInFuture
from shouhou.workorders.models import RegisterPage, Voucher, WorkOrder
from shouhou.workorders.rules import CallChannel, WorkClass, WorkType, is_imported

# Clocks of the caller's computer and ours differ a little; more than this is a typing mistake.
_CLOCK_TOLERANCE = timedelta(minutes=5)
_LONGEST_FAULT = 2000


class FaultMissing(Invalid):
    code = "fault_missing"
    template = gettext_noop("Please write down what the customer reports.")


class NotTheirUnit(Conflict):
    code = "not_their_unit"
    template = gettext_noop("This unit belongs to another customer.")


class WishInvalid(Invalid):
    code = "wish_invalid"
    template = gettext_noop("The time wished for a visit begins before it ends, on one day, and is not over yet.")


class ReceivedAlready(Conflict):
    code = "received_already"
    template = gettext_noop("The call %(source)s is in the register already, as %(number)s.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A caller who has no folder yet."""

    name: str
    phone: str
    address: str = ""
    kind: str = Customer.Kind.PERSON
    zone: str = Site.Zone.CITY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsset:
    """A unit that is not in the books yet."""

    product_model: str
    serial: str = ""
    sale_date: date | None = None
    installed_date: date | None = None
    contract_number: str = ""


_CUSTOMER = Look(lambda branch_id, customer_id: Customer.objects.filter(branch_id=branch_id, id=customer_id))
_ASSET = Look(
    lambda branch_id, asset_id: Asset.objects.filter(branch_id=branch_id, id=asset_id).select_related(
        "site", "product_model__product_class"
    )
)
_FIRST_SITE = Look(
    lambda branch_id, customer_id: Site.objects.filter(branch_id=branch_id, customer_id=customer_id).order_by("id")[:1]
)
_PAGE = Look(lambda branch_id, day: RegisterPage.objects.filter(branch_id=branch_id, day=day).only("id"))
_VOUCHER = Look(lambda branch_id, asset_id: Voucher.objects.filter(branch_id=branch_id, asset_id=asset_id))


def receive_call(
    *,
    branch: Branch,
    customer: UUID | NewCustomer,
    asset: UUID | NewAsset,
    fault: str,
    by: Actor,
    at: datetime,
    received_at: datetime | None = None,
    channel: str = CallChannel.PHONE,
    work_type: str = WorkType.REPAIR,
    work_class: str = "",
    class_reason: str = "",
    class_amount: Decimal | None = None,
    fault_code: str = "",
    contact_name: str = "",
    phone: str = "",
    address: str = "",
    urgent: bool = False,
    wished_start: datetime | None = None,
    wished_end: datetime | None = None,
    source: str = "",
) -> WorkOrder:
    """Write a call into the register and pull the unit's voucher from the customer's folder (rule 六 and 七).

    A caller or a unit not yet known is taken into the books in the same act. `received_at` is when the customer called,
    if that was before it was written down (`at`). `wished_start` and `wished_end` are when he would like the visit: a wish,
    which the dispatch may meet or not. `source` is the key of an imported call; the same key twice is refused.

    The verdict on who pays is kept with the call, and gives its work class unless another `work_class` is given: that needs a
    `class_reason`, and a `class_amount` where the company gives something away (see `assign_work_class`).

    Raises FaultMissing, TextTooLong, UnknownChoice, DateInFuture, WishInvalid, NotTheirUnit, ReceivedAlready, CustomerNotFound,
    AssetNotFound, UnknownProduct, UnknownFaultCode, BranchClosed, NotPermitted, and what registering customer and unit raises.
    """
    by.require("workorders.receive_call", branch.id)
    check_choice("channel", channel, CallChannel.values)
    check_choice("work_type", work_type, WorkType.values)
    check_choice("work_class", work_class, ["", *WorkClass.values])
    fault = written(fault, most=_LONGEST_FAULT, field="fault")
    if not fault:
        raise FaultMissing(field="fault")
    contact_name = written(contact_name, most=80, field="contact_name")
    address = written(address, most=200, field="address")
    source = written(source, most=80, field="source")
    class_reason = written(class_reason, most=200, field="class_reason")
    called_at = received_at or at
    if called_at > at + _CLOCK_TOLERANCE:
        raise DateInFuture(date=called_at.isoformat(), field="received_at")
    zone = ZoneInfo(branch.time_zone)
    day = called_at.astimezone(zone).date()
    _check_wish(wished_start, wished_end, zone=zone, at=at)

    with act_transaction():
        caller = _caller(customer, branch=branch, by=by, at=at)
        unit = _unit(asset, caller=caller, by=by, at=at, today=at.astimezone(zone).date())
        fresh = isinstance(asset, NewAsset)
        site = unit.site or _first_site(caller)
        # Locks the branch, then its series of the day: as late as possible, and before what only one may check.
        lock_open_branch(branch.id)
        number = take_document_number(branch.id, kind=NumberKind.WORK_ORDER, day=day)
        if source:
            _check_not_received(branch, source)
        code = get_fault_code(fault_code, product_model=unit.product_model) if fault_code else None
        asked = ask_who_pays(
            unit, branch=branch, at=called_at, work_type=work_type, work_class=work_class, fault_code=code, fresh=fresh
        )
        order = WorkOrder.objects.create(
            branch=branch,
            number=number,
            source=source,
            received_at=called_at,
            received_on=day,
            channel=channel,
            customer=caller,
            asset=unit,
            contact_name=contact_name or caller.name,
            phone=normal_phone(phone) if phone.strip() else caller.phone,
            address=address or (site.address if site else ""),
            zone=site.zone if site else "",
            product_class_id=unit.product_model.product_class_id,
            work_type=work_type,
            work_class=asked.coverage.work_class or work_class,
            fault=fault,
            fault_code=code,
            urgent=urgent,
            wished_start=wished_start,
            wished_end=wished_end,
        )
        _open_page(branch, day)
        verdict = keep_verdict(order, asked, by=by, at=at, first=True)
        if work_class:
            _decide_class(order, verdict, work_class=work_class, reason=class_reason, amount=class_amount, by=by, at=at)
        voucher = _new_voucher(unit, branch=branch, at=at) if fresh else _voucher_of(unit, branch=branch, at=at)
        call = {"name": order.contact_name, "phone": order.phone, "address": order.address, "fault": fault}
        journal(
            order,
            "work_order.received",
            by=by,
            at=at,
            opens=True,
            data={
                "number": order.number,
                "received_at": called_at.isoformat(),
                "channel": channel,
                "work_type": work_type,
                "work_class": order.work_class,
                "verdict": verdict.work_class,
                # Kept also where it turns out that the rules say the same.
                "class_reason": class_reason,
                "wished": [wished_start.isoformat(), wished_end.isoformat()] if wished_start and wished_end else None,
                "customer": str(caller.id),
                "asset": str(unit.id),
                "voucher": voucher.number,
                # Who called about what is sealed without being spelled out: the journal outlives an erasure request.
                "call": digest(call).hex(),
            },
        )
        return order


def _decide_class(order: WorkOrder, verdict: Verdict, *, reason: str, **said: Any) -> None:
    """An imported call was decided elsewhere: nobody can be asked why. Refusals name the fields as a call has them."""
    try:
        decide_class(order, verdict, reason=reason or (order.source if is_imported(order.source) else ""), **said)
    except Refusal as refusal:
        refusal.field = f"class_{refusal.field}"
        raise


def _check_wish(start: datetime | None, end: datetime | None, *, zone: ZoneInfo, at: datetime) -> None:
    if start is None and end is None:
        return
    if start is None or end is None or not start < end or end <= at:
        raise WishInvalid(field="wish")
    if start.astimezone(zone).date() != end.astimezone(zone).date():
        raise WishInvalid(field="wish")


def _check_not_received(branch: Branch, source: str) -> None:
    earlier = WorkOrder.objects.filter(branch_id=branch.id, source=source).only("number").first()
    if earlier:
        raise ReceivedAlready(source=source, number=earlier.number, field="source")


def _caller(customer: UUID | NewCustomer, *, branch: Branch, by: Actor, at: datetime) -> Customer:
    if isinstance(customer, NewCustomer):
        return register_customer(
            branch=branch,
            name=customer.name,
            phone=customer.phone,
            kind=customer.kind,
            address=customer.address,
            zone=customer.zone,
            by=by,
            at=at,
        )
    known = _CUSTOMER.first(branch_id=branch.id, customer_id=customer)
    if known is None:
        raise CustomerNotFound(field="customer")
    return known


def _unit(asset: UUID | NewAsset, *, caller: Customer, by: Actor, at: datetime, today: date) -> Asset:
    if isinstance(asset, NewAsset):
        return register_asset(
            customer_id=caller.id,
            product_model=get_product_model(asset.product_model),
            site_id=site.id if (site := _first_site(caller)) else None,
            serial=asset.serial,
            sale_date=asset.sale_date,
            installed_date=asset.installed_date,
            contract_number=asset.contract_number,
            by=by,
            at=at,
            today=today,
        )
    known = _ASSET.first(branch_id=caller.branch_id, asset_id=asset)
    if known is None:
        raise AssetNotFound(field="asset")
    if known.customer_id != caller.id:
        raise NotTheirUnit(field="asset")
    return known


def _first_site(caller: Customer) -> Site | None:
    return _FIRST_SITE.first(branch_id=caller.branch_id, customer_id=caller.id)


def _open_page(branch: Branch, day: date) -> None:
    if not _PAGE.first(branch_id=branch.id, day=day):
        RegisterPage.objects.create(
            branch=branch, day=day, page_number=take_number(branch.id, kind=NumberKind.REGISTER_PAGE, period="")
        )


def _voucher_of(unit: Asset, *, branch: Branch, at: datetime) -> Voucher:
    if voucher := _VOUCHER.first(branch_id=branch.id, asset_id=unit.id):
        return voucher
    # Calls of two days do not wait for each other at the series: at the unit they do, so that it gets one voucher only.
    Asset.objects.select_for_update().get(branch_id=branch.id, id=unit.id)
    if voucher := _VOUCHER.first(branch_id=branch.id, asset_id=unit.id):
        return voucher
    return _new_voucher(unit, branch=branch, at=at)


def _new_voucher(unit: Asset, *, branch: Branch, at: datetime) -> Voucher:
    number = take_document_number(branch.id, kind=NumberKind.VOUCHER, day=at.date())
    return Voucher.objects.create(branch=branch, asset=unit, number=number, since=at)
