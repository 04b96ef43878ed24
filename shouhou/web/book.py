"""The lines of the register as the book shows them: what waits, and where the voucher is."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from shouhou.access.wall import BranchQuerySet
from shouhou.web.promise_words import PromiseWords, pressing_of
from shouhou.web.times import short_time
from shouhou.workorders.models import Hold, Voucher, WorkOrder
from shouhou.workorders.queries import after, before, count_earlier_repairs, find_open_holds, find_vouchers_of
from shouhou.workorders.rules import OPEN, OrderStatus, VoucherState

REPEAT_DAYS = 90
PAGE = 50


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line: the order, its tags, what it waits for and where its voucher is, in words."""

    order: WorkOrder
    carried_over: bool
    repair: int
    waits_for: str
    voucher: str
    promise: PromiseWords | None

    @property
    def struck(self) -> bool:
        return self.order.status not in OPEN


@dataclass(frozen=True, slots=True)
class BookPage:
    """Part of a newest-first list, and the marks from which older and newer lines are read."""

    orders: list[WorkOrder]
    older: str
    newer: str


def book_lines(orders: Iterable[WorkOrder], *, today: date) -> list[BookLine]:
    """The orders (of one branch) as lines of the book. Four queries, however many they are."""
    rows = list(orders)
    promises = (
        pressing_of([one.id for one in rows], branch_id=rows[0].branch_id, kind="work_order", now=timezone.now())
        if rows
        else {}
    )
    vouchers, holds = find_vouchers_of(rows), find_open_holds(rows)
    earlier = count_earlier_repairs(rows, days=REPEAT_DAYS)
    return [
        BookLine(
            order=one,
            carried_over=is_carried_over(one, today=today),
            repair=earlier[one.id] + 1,
            waits_for=waits_for(one, vouchers[one.asset_id], holds.get(one.id)),
            voucher=voucher_place(one, vouchers[one.asset_id]),
            promise=promises.get(one.id),
        )
        for one in rows
    ]


def is_carried_over(order: WorkOrder, *, today: date) -> bool:
    """Whether the call came in on an earlier day and nobody has been sent yet."""
    return order.status == OrderStatus.RECEIVED and not order.visit_count and order.received_on < today


def waits_for(order: WorkOrder, voucher: Voucher, hold: Hold | None) -> str:
    """What has to happen next, or when the line was closed."""
    who = {"technician": order.technician.name if order.technician else "—"}
    match order.status:
        case OrderStatus.RECEIVED if order.visit_count:
            return _("Another visit to be dispatched")
        case OrderStatus.RECEIVED:
            return _("Supervisor to dispatch") if order.work_class else _("Work class to be assigned")
        case OrderStatus.DISPATCHED:
            return _("%(technician)s will go") % who
        case OrderStatus.IN_PROGRESS:
            return _("%(technician)s is out") % who
        case OrderStatus.ON_HOLD:
            return hold.reason if hold else _("On hold")
        case OrderStatus.COMPLETED:
            return _waits_for_paper(order, voucher)
    closed = short_time(order.closed_at or order.received_at, now=timezone.now())
    return (_("Struck off %(at)s") if order.status == OrderStatus.STRUCK_OFF else _("Cancelled %(at)s")) % {
        "at": closed
    }


def _waits_for_paper(order: WorkOrder, voucher: Voucher) -> str:
    if voucher.work_order_id != order.id:
        return _("To be struck off")
    return {
        VoucherState.WITH_TECHNICIAN: _("Customer to sign"),
        VoucherState.SIGNED: _("Voucher to be handed in"),
        VoucherState.HANDED_IN: _("Voucher to be filed"),
    }.get(VoucherState(voucher.state), "")


def voucher_place(order: WorkOrder, voucher: Voucher) -> str:
    """Where the paper is, seen from this order."""
    if voucher.work_order_id and voucher.work_order_id != order.id and voucher.work_order:
        return _("Voucher out for %(number)s") % {"number": voucher.work_order.number}
    if voucher.holder:
        return _("Voucher with %(holder)s") % {"holder": voucher.holder.name}
    if voucher.state == VoucherState.HANDED_IN:
        return _("Voucher with the clerk")
    return _("Voucher in the folder")


def read_page(rows: BranchQuerySet[WorkOrder], *, older: str = "", newer: str = "", size: int = PAGE) -> BookPage:
    """The page of a newest-first list after (`older`) or before (`newer`) a mark; a mark that is none is ignored.

    Which lines they are is asked first, what they show after: asked for both at once, a database may begin at the units and
    sort the whole book.
    """
    if mark := read_mark(newer):
        found = list(after(rows, received_at=mark[0], order_id=mark[1]).values_list("id", flat=True)[: size + 1])
        shown = list(rows.filter(id__in=found[:size]))
        return BookPage(
            shown, mark_of(shown[-1]) if shown else "", mark_of(shown[0]) if shown and len(found) > size else ""
        )
    mark = read_mark(older)
    part = before(rows, received_at=mark[0], order_id=mark[1]) if mark else rows
    found = list(part.values_list("id", flat=True)[: size + 1])
    shown = list(rows.filter(id__in=found[:size]))
    return BookPage(
        shown,
        mark_of(shown[-1]) if len(found) > size else "",
        mark_of(shown[0]) if shown and mark else "",
    )


def mark_of(order: WorkOrder) -> str:
    """The mark of a line: what the address of the next page carries."""
    return base64.urlsafe_b64encode(f"{order.received_at.isoformat()}|{order.id}".encode()).decode()


def read_mark(text: str) -> tuple[datetime, UUID] | None:
    """The place in the list that a mark stands for."""
    try:
        at, _bar, key = base64.urlsafe_b64decode(text.encode()).decode().partition("|")
        moment = datetime.fromisoformat(at)
        return (moment, UUID(key)) if moment.tzinfo else None
    except (ValueError, binascii.Error):
        return None
