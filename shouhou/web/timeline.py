"""What happened around a unit or a customer, as one timeline: calls, visits, what was found and done, where the voucher went."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shouhou.web.dispatch_desk import VISIT_TONES
from shouhou.workorders.models import Visit, VoucherEntry, VoucherMove, WorkOrder
from shouhou.workorders.queries import find_traces_of
from shouhou.workorders.rules import OrderStatus, VisitStatus, VoucherState


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline. `detail` is what people wrote; `who` is the technician where one acted."""

    at: datetime
    kind: str
    words: str
    tone: str
    order: WorkOrder
    detail: str = ""
    who: str = ""


def read_timeline(orders: Sequence[WorkOrder]) -> list[Happened]:
    """All that happened in these orders (of one branch), newest first. Three queries, however many there are."""
    by_id = {one.id: one for one in orders}
    visits, entries, moves = find_traces_of(orders)
    happened = [
        *(one for order in orders for one in _of_order(order)),
        *_of_visits((visit, by_id[visit.work_order_id]) for visit in visits),
        *_of_entries((entry, by_id[entry.work_order_id]) for entry in entries),
        *(_of_move(move, by_id[move.work_order_id]) for move in moves),
    ]
    return sorted(happened, key=lambda one: one.at, reverse=True)


def _of_order(order: WorkOrder) -> Iterator[Happened]:
    called = _("Call: %(kind)s") % {"kind": order.get_work_type_display()}
    yield Happened(order.received_at, "call", called, "blue", order, detail=order.fault)
    if order.closed_at:
        struck = order.status == OrderStatus.STRUCK_OFF
        words = _("Struck off the register") if struck else _("Call cancelled")
        yield Happened(order.closed_at, "closed", words, "green" if struck else "plain", order)


def _of_visits(visits: Iterable[tuple[Visit, WorkOrder]]) -> Iterator[Happened]:
    for visit, order in visits:
        at = visit.ended_at or visit.arrived_at or visit.departed_at or visit.dispatched_at
        said = {"number": visit.sequence, "status": visit.get_status_display()}
        words = _("Visit %(number)s: %(status)s") % said
        tone = VISIT_TONES[VisitStatus(visit.status)]
        yield Happened(at, "visit", words, tone, order, detail=visit.reason, who=visit.technician.name)


def _of_entries(entries: Iterable[tuple[VoucherEntry, WorkOrder]]) -> Iterator[Happened]:
    for entry, order in entries:
        code = entry.fault_code.code if entry.fault_code else ""
        detail = " — ".join(filter(None, (f"{code} {entry.fault_found}".strip(), entry.work_done)))
        who = entry.visit.technician.name
        yield Happened(entry.entered_at, "fault", _("Found and done"), "plain", order, detail=detail, who=who)
        if entry.signed_at:
            words = _("The customer did not sign") if entry.unsigned_reason else _("The customer signed")
            tone = "amber" if entry.unsigned_reason else "green"
            yield Happened(entry.signed_at, "signed", words, tone, order, detail=entry.unsigned_reason)


def _of_move(move: VoucherMove, order: WorkOrder) -> Happened:
    words = _("Voucher: %(state)s") % {"state": VoucherState(move.to_state).label}
    holder = move.holder.name if move.holder else ""
    return Happened(move.at, "voucher", words, "plain", order, detail=move.reason, who=holder)
