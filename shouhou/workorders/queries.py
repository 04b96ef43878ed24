"""Reading the register, its orders, visits and vouchers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.models import Asset
from shouhou.assets.queries import search_assets
from shouhou.custody.models import GoodsReceipt
from shouhou.custody.queries import unvoided_receipt
from shouhou.custody.rules import ReceiptStatus
from shouhou.customers.queries import find_customer_ids
from shouhou.kernel.errors import gettext_noop
from shouhou.kernel.texts import sought
from shouhou.workforce.models import Technician
from shouhou.workorders.errors import PhotoNotFound, VisitNotFound, VoucherEntryNotFound, WorkOrderNotFound
from shouhou.workorders.models import (
    Hold,
    Photo,
    RegisterPage,
    Visit,
    Voucher,
    VoucherEntry,
    VoucherMove,
    WorkOrder,
    WorkOrderLine,
)
from shouhou.workorders.rules import LIVE_VISIT, OrderStatus, VoucherState, WorkType

# What a line of the register shows, so that a list costs the same number of queries for one line and for a hundred.
_LINE = ("customer", "asset__product_model", "technician")


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One thing that must be so before a line can be struck off, and whether it is."""

    code: str
    done: bool
    text: str
    params: dict[str, Any] = field(default_factory=dict)


def get_work_order(order_id: UUID, *, by: Actor) -> WorkOrder:
    """One order of the actor's branches, with what its page shows. Raises WorkOrderNotFound."""
    rows = WorkOrder.objects.visible_to(by).select_related(
        "branch", "customer", "asset__product_model__product_class", "technician", "fault_code"
    )
    order = rows.filter(id=order_id).first()
    if order is None:
        raise WorkOrderNotFound()
    return order


def get_visit(visit_id: UUID, *, by: Actor) -> Visit:
    """One visit of the actor's branches, with its order and technician. Raises VisitNotFound."""
    rows = Visit.objects.visible_to(by).select_related(
        "technician", "work_order__customer", "work_order__asset__product_model__product_class", "branch"
    )
    visit = rows.filter(id=visit_id).first()
    if visit is None:
        raise VisitNotFound()
    return visit


def find_register(branch: Branch) -> BranchQuerySet[WorkOrder]:
    """The register of a branch, newest call first."""
    return WorkOrder.objects.at(branch).select_related(*_LINE).order_by("-received_at", "-id")


def carried_over(today: date) -> Q:
    """What carries a call over to `today`: it came on an earlier day, and nobody was ever sent (rule 18)."""
    return Q(status=OrderStatus.RECEIVED, visit_count=0, received_on__lt=today)


def find_register_page(branch: Branch, day: date) -> BranchQuerySet[WorkOrder]:
    """One page of the book: the calls of a day in the order in which they came."""
    return WorkOrder.objects.at(branch).filter(received_on=day).select_related(*_LINE).order_by("received_at", "id")


def before(rows: BranchQuerySet[WorkOrder], *, received_at: datetime, order_id: UUID) -> BranchQuerySet[WorkOrder]:
    """The part of a newest-first list that comes after the given line (keyset paging: a deep page costs what the first does)."""
    # The first condition alone bounds the index range; both databases are slow to see it in the disjunction.
    return rows.filter(received_at__lte=received_at).filter(
        Q(received_at__lt=received_at) | Q(received_at=received_at, id__lt=order_id)
    )


def after(rows: BranchQuerySet[WorkOrder], *, received_at: datetime, order_id: UUID) -> BranchQuerySet[WorkOrder]:
    """The part of a list that is newer than the given line, *oldest first*: the caller turns what he reads of it around."""
    newer = rows.filter(received_at__gte=received_at).filter(
        Q(received_at__gt=received_at) | Q(received_at=received_at, id__gt=order_id)
    )
    return newer.order_by("received_at", "id")


def search_register(text: str, *, branch: Branch, limit: int = 50) -> list[WorkOrder]:
    """Orders by beginning of their number, by serial number, or by the customer's name or phone; newest first.

    Each way reads a short range of one index, so the cost does not grow with the register. Where more customers match than
    `limit`, only orders of the first are found: typing one more character narrows them.
    """
    text = sought(text)
    if not text:
        return []
    upper = text.upper()
    rows = WorkOrder.objects.at(branch)
    found = list(
        rows.filter(number__gte=upper, number__lt=upper + "\U0010ffff")
        .order_by("-number")
        .values_list("id", flat=True)[:limit]
    )
    for asset in search_assets(text, branches=[branch], limit=limit):
        newest = rows.filter(asset_id=asset.id).order_by("-received_at", "-id")
        found += newest.values_list("id", flat=True)[:limit]
        if len(found) >= limit:
            break
    if len(found) < limit:
        customers = find_customer_ids(text, branches=[branch], limit=limit)
        newest = rows.filter(customer_id__in=customers).order_by("-received_at", "-id")
        found += newest.values_list("id", flat=True)[:limit]
    return list(find_register(branch).filter(id__in=found)[:limit])


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """What the head of the register says."""

    by_status: dict[str, int]
    carried_over: int
    today: int

    @property
    def open(self) -> int:
        return sum(self.by_status.values())


def count_register(branch: Branch, *, today: date) -> RegisterCounts:
    """Open lines by status, calls of earlier days still waiting for their first dispatch, calls of today."""
    rows = WorkOrder.objects.at(branch)
    still_open = rows.filter(closed_at=None)
    per_status = still_open.values("status").annotate(count=Count("id")).order_by("status")
    return RegisterCounts(
        by_status={row["status"]: row["count"] for row in per_status},
        carried_over=still_open.filter(carried_over(today)).count(),
        today=rows.filter(received_on=today).count(),
    )


def find_dispatch_queue(branch: Branch) -> BranchQuerySet[WorkOrder]:
    """Calls to be dispatched, oldest first: so what earlier days left over leads the list (rule 18)."""
    # Those that wait are open ones; said like this, the short index of the open lines serves in any order.
    waiting = WorkOrder.objects.at(branch).filter(status=OrderStatus.RECEIVED, closed_at=None)
    return waiting.select_related(*_LINE).order_by("received_at", "id")


def find_visits_of(technician: Technician) -> BranchQuerySet[Visit]:
    """The live visits of a technician, in the order of their planned time."""
    rows = Visit.objects.filter(branch_id=technician.branch_id, technician_id=technician.id, status__in=LIVE_VISIT)
    return rows.select_related("work_order__customer", "work_order__asset__product_model").order_by(
        "planned_start", "dispatched_at", "id"
    )


def find_orders_to_bring_in(technician: Technician) -> BranchQuerySet[WorkOrder]:
    """Orders whose voucher a technician still holds although no visit of theirs is live: to be signed or handed in."""
    held = Voucher.objects.filter(branch_id=technician.branch_id, holder_id=technician.id)
    live = Visit.objects.filter(branch_id=technician.branch_id, technician_id=technician.id, status__in=LIVE_VISIT)
    rows = WorkOrder.objects.filter(branch_id=technician.branch_id, id__in=held.values("work_order_id"))
    return rows.filter(~Q(id__in=live.values("work_order_id"))).select_related(*_LINE).order_by("received_at", "id")


def find_orders_of_customer(customer_id: UUID, *, by: Actor) -> BranchQuerySet[WorkOrder]:
    """All work for a customer, newest first."""
    rows = WorkOrder.objects.visible_to(by).filter(customer_id=customer_id)
    return rows.select_related(*_LINE).order_by("-received_at", "-id")


def find_orders_of_asset(asset_id: UUID, *, by: Actor) -> BranchQuerySet[WorkOrder]:
    """All work on a unit, newest first."""
    rows = WorkOrder.objects.visible_to(by).filter(asset_id=asset_id)
    return rows.select_related(*_LINE).order_by("-received_at", "-id")


def find_vouchers_of_customer(customer_id: UUID, *, by: Actor) -> BranchQuerySet[Voucher]:
    """The vouchers in (or out of) a customer's folder."""
    rows = Voucher.objects.visible_to(by).filter(asset__customer_id=customer_id)
    return rows.select_related("asset__product_model", "holder", "work_order").order_by("number")


def get_voucher_of(order: WorkOrder) -> Voucher:
    """The voucher of the order's unit."""
    rows = Voucher.objects.select_related("holder", "work_order", "asset__product_model")
    return rows.get(branch_id=order.branch_id, asset_id=order.asset_id)


def find_entries_of(voucher: Voucher) -> BranchQuerySet[VoucherEntry]:
    """The lines of a voucher, oldest first."""
    rows = VoucherEntry.objects.filter(branch_id=voucher.branch_id, voucher_id=voucher.id)
    return rows.select_related("visit__technician", "work_order", "fault_code").order_by("entered_at", "id")


def find_unclosed_pages(*, by: Actor, before_day: date) -> BranchQuerySet[RegisterPage]:
    """Pages of days before `before_day` that are still open."""
    rows = RegisterPage.objects.visible_to(by).filter(closed_at=None, day__lt=before_day)
    return rows.select_related("branch").order_by("day", "id")


def open_points(order: WorkOrder, voucher: Voucher, entries: Iterable[VoucherEntry]) -> list[OpenPoint]:
    """What has to be so before the line can be struck off, in the order of the work; the screen shows it, the act checks it."""
    last = max((one for one in entries if one.work_order_id == order.id), key=lambda one: one.entered_at, default=None)
    worked = order.status in (OrderStatus.COMPLETED, OrderStatus.STRUCK_OFF)
    # After a reopening the signatures of the earlier visits no longer count.
    signed = worked and bool(last and last.signed_at)
    out = voucher.work_order_id == order.id
    held = out and voucher.holder is not None
    who = {"voucher": voucher.number, "holder": voucher.holder.name if voucher.holder else ""}
    struck = order.status == OrderStatus.STRUCK_OFF
    goods = None if struck else unvoided_receipt(order.branch_id, order.asset_id)
    return [
        *([_goods_point(goods)] if goods else []),
        _point("work_done", worked, gettext_noop("The work is done."), gettext_noop("The work is not done yet.")),
        _point(
            "signed",
            signed,
            gettext_noop("The customer has signed."),
            gettext_noop("The customer has not signed the voucher yet."),
        ),
        _point(
            "handed_in",
            signed and not held,
            gettext_noop("The voucher %(voucher)s has been handed in."),
            gettext_noop("The voucher %(voucher)s is still with %(holder)s.")
            if held
            else gettext_noop("The voucher %(voucher)s has not been handed in with a signature."),
            who,
        ),
        _point(
            "filed",
            signed and not out,
            gettext_noop("The voucher %(voucher)s is filed."),
            gettext_noop("The voucher %(voucher)s is not filed yet."),
            who,
        ),
    ]


def _goods_point(receipt: GoodsReceipt) -> OpenPoint:
    """The customer's unit is back, its receipt recovered and voided: a point only while it is not."""
    back = receipt.status != ReceiptStatus.ISSUED
    return OpenPoint(
        "goods_back",
        False,
        gettext_noop("The unit is back; its receipt %(receipt)s is not void yet.")
        if back
        else gettext_noop("The unit has been taken away; its receipt %(receipt)s is still open."),
        {"receipt": receipt.number},
    )


def _point(code: str, done: bool, when_done: str, when_open: str, params: dict[str, Any] | None = None) -> OpenPoint:
    return OpenPoint(code, done, when_done if done else when_open, params or {})


class Desk(StrEnum):
    """What lies on the desk of who keeps the register: a call, or a paper that has to move on."""

    CARRIED_OVER = "carried_over"
    TO_SIGN = "to_sign"
    TO_HAND_IN = "to_hand_in"
    TO_FILE = "to_file"
    TO_STRIKE_OFF = "to_strike_off"


_PAPER_AT = {
    Desk.TO_SIGN: VoucherState.WITH_TECHNICIAN,
    Desk.TO_HAND_IN: VoucherState.SIGNED,
    Desk.TO_FILE: VoucherState.HANDED_IN,
}


def find_on_desk(branch: Branch, what: Desk, *, today: date) -> BranchQuerySet[WorkOrder]:
    """The lines of the register that wait for this, newest first. Reads open lines only, however long the register is."""
    # The statuses asked for below are all open ones; said like this, the index of the open lines can serve.
    rows = find_register(branch).filter(closed_at=None)
    if what == Desk.CARRIED_OVER:
        return rows.filter(carried_over(today))
    out = Voucher.objects.filter(branch_id=OuterRef("branch_id"), work_order_id=OuterRef("id"))
    if what == Desk.TO_STRIKE_OFF:
        return rows.filter(~Exists(out), status=OrderStatus.COMPLETED)
    return rows.filter(Exists(out.filter(state=_PAPER_AT[what])), status=OrderStatus.COMPLETED)


def count_on_desk(branch: Branch, *, today: date) -> dict[str, int]:
    """How many lines wait for each."""
    return {what.value: find_on_desk(branch, what, today=today).order_by().count() for what in Desk}


def find_carried_over(branch: Branch, day: date, *, start: datetime) -> BranchQuerySet[WorkOrder]:
    """Calls of the month before `day` that nobody had been sent to when it began (`start`): they lead its page (rule 18)."""
    waiting = Q(dispatched_at=None) | Q(dispatched_at__gte=start)
    open_then = Q(closed_at=None) | Q(closed_at__gte=start)
    rows = WorkOrder.objects.at(branch).filter(received_on__lt=day, received_on__gte=day - timedelta(days=31))
    return rows.filter(waiting, open_then).select_related(*_LINE).order_by("received_at", "id")


def find_page(branch: Branch, day: date) -> RegisterPage | None:
    """The page of a day, if a call came in on it."""
    return RegisterPage.objects.at(branch).filter(day=day).first()


def find_neighbours(branch: Branch, day: date) -> tuple[date | None, date | None]:
    """The days of the pages before and after this one."""
    pages = RegisterPage.objects.at(branch)
    earlier = pages.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
    return earlier, pages.filter(day__gt=day).order_by("day").values_list("day", flat=True).first()


def count_earlier_repairs(orders: Iterable[WorkOrder], *, days: int) -> dict[UUID, int]:
    """By repair: how many its unit had in the `days` before it; other work counts none. One query for a list of one branch."""
    lines = list(orders)
    if not lines:
        return {}
    span = timedelta(days=days)
    rows = WorkOrder.objects.filter(
        branch_id=lines[0].branch_id,
        work_type=WorkType.REPAIR,
        asset_id__in={one.asset_id for one in lines},
        received_at__gte=min(one.received_at for one in lines) - span,
        received_at__lt=max(one.received_at for one in lines),
    ).exclude(status=OrderStatus.CANCELLED)
    calls = list(rows.values_list("asset_id", "received_at"))
    return {
        one.id: sum(
            one.work_type == WorkType.REPAIR and unit == one.asset_id and one.received_at - span <= at < one.received_at
            for unit, at in calls
        )
        for one in lines
    }


def find_vouchers_of(orders: Iterable[WorkOrder]) -> dict[UUID, Voucher]:
    """By unit: the vouchers of the units of a list of orders of one branch, with who holds them and for which order."""
    lines = list(orders)
    if not lines:
        return {}
    rows = Voucher.objects.filter(branch_id=lines[0].branch_id, asset_id__in={one.asset_id for one in lines})
    return {voucher.asset_id: voucher for voucher in rows.select_related("holder", "work_order")}


def find_open_holds(orders: Iterable[WorkOrder]) -> dict[UUID, Hold]:
    """By order: the pauses that are open."""
    lines = list(orders)
    if not lines:
        return {}
    rows = Hold.objects.filter(branch_id=lines[0].branch_id, work_order_id__in=[one.id for one in lines], ends_at=None)
    return {hold.work_order_id: hold for hold in rows}


def find_visits_for(order: WorkOrder) -> BranchQuerySet[Visit]:
    """All visits of an order, in their sequence."""
    rows = Visit.objects.filter(branch_id=order.branch_id, work_order_id=order.id)
    return rows.select_related("technician").order_by("sequence")


def find_lines_of(order: WorkOrder) -> BranchQuerySet[WorkOrderLine]:
    """What was spent on an order, as it was written down, reversals included."""
    rows = WorkOrderLine.objects.filter(branch_id=order.branch_id, work_order_id=order.id)
    return rows.select_related("part", "visit").order_by("written_at", "id")


def find_photos_of(order: WorkOrder) -> BranchQuerySet[Photo]:
    """The photos of an order, oldest first."""
    rows = Photo.objects.filter(branch_id=order.branch_id, work_order_id=order.id)
    return rows.select_related("taken_by").order_by("taken_at", "id")


def get_photo(photo_id: UUID, *, by: Actor) -> Photo:
    """One photo of the actor's branches. Raises PhotoNotFound, NotPermitted."""
    photo = Photo.objects.visible_to(by).filter(id=photo_id).first()
    if photo is None:
        raise PhotoNotFound()
    by.require("workorders.see_register", photo.branch_id)
    return photo


def get_entry(entry_id: UUID, *, by: Actor) -> VoucherEntry:
    """One line of a voucher of the actor's branches. Raises VoucherEntryNotFound, NotPermitted."""
    entry = VoucherEntry.objects.visible_to(by).select_related("fault_code").filter(id=entry_id).first()
    if entry is None:
        raise VoucherEntryNotFound()
    by.require("workorders.see_register", entry.branch_id)
    return entry


def get_work_order_by_source(source: str, *, branch: Branch) -> WorkOrder:
    """The order that was made from this key. Raises WorkOrderNotFound."""
    order = WorkOrder.objects.at(branch).filter(source=source).first() if source else None
    if order is None:
        raise WorkOrderNotFound()
    return order


def find_voucher_of_asset(asset: Asset) -> Voucher | None:
    """The unit's voucher; it has none before its first call."""
    rows = Voucher.objects.select_related("holder", "work_order", "asset__product_model")
    return rows.filter(branch_id=asset.branch_id, asset_id=asset.id).first()


def find_work_order_by_number(number: str, *, by: Actor) -> WorkOrder | None:
    """The order with exactly this number in the actor's branches."""
    rows = WorkOrder.objects.visible_to(by).filter(number=sought(number).upper())
    return rows.select_related("asset__product_model").first()


def find_voucher_by_number(number: str, *, by: Actor) -> Voucher | None:
    """The voucher with exactly this number in the actor's branches."""
    rows = Voucher.objects.visible_to(by).filter(number=sought(number).upper())
    return rows.select_related("asset__product_model", "asset__customer").first()


def find_traces_of(
    orders: Iterable[WorkOrder],
) -> tuple[list[Visit], list[VoucherEntry], list[VoucherMove]]:
    """The visits, the lines on the voucher (without their ink) and the ways of the voucher for a list of orders of one branch."""
    rows = list(orders)
    if not rows:
        return [], [], []
    here = {"branch_id": rows[0].branch_id, "work_order_id__in": [one.id for one in rows]}
    entries = VoucherEntry.objects.filter(**here).select_related("visit__technician", "fault_code")
    return (
        list(Visit.objects.filter(**here).select_related("technician").order_by("dispatched_at", "id")),
        list(entries.defer("strokes", "signature_image").order_by("entered_at", "id")),
        # The signing is told by the line of the voucher.
        list(
            VoucherMove.objects.filter(~Q(to_state=VoucherState.SIGNED), **here)
            .select_related("holder")
            .order_by("at", "id")
        ),
    )
