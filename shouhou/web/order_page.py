"""What the page of a work order shows, read for it alone: a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext

from shouhou.access.actors import Actor
from shouhou.audit.queries import find_events, find_faults_of
from shouhou.commitments.queries import commitments_of
from shouhou.commitments.rules.words import Cause
from shouhou.forms.models import FormSheet
from shouhou.forms.queries import find_sheets
from shouhou.web.book import REPEAT_DAYS
from shouhou.web.journal import Happening, in_words
from shouhou.web.offers import acts_on
from shouhou.web.promise_words import PromiseWords
from shouhou.web.promise_words import in_words as promises_in_words
from shouhou.web.times import short_time
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_technicians
from shouhou.workorders.models import Hold, Photo, Visit, Voucher, VoucherEntry, WorkOrder, WorkOrderLine
from shouhou.workorders.queries import (
    count_earlier_repairs,
    find_entries_of,
    find_lines_of,
    find_open_holds,
    find_photos_of,
    find_visits_for,
    get_voucher_of,
    open_points,
)
from shouhou.workorders.rules import OPEN, OrderStatus, VisitStatus

# Beside each open point stands the act that mends it, if it can be done now.
_MENDS = {"work_done": "dispatch", "signed": "sign", "handed_in": "hand_in", "filed": "file"}
_NEXT = ("dispatch", "resume", "sign", "hand_in", "file")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that must be so before the line is struck off, and the act that makes it so."""

    done: bool
    words: str
    act: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the order's way."""

    name: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class SpentLine:
    """A line of the order; taken back, it stays in sight struck through."""

    line: WorkOrderLine
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Who had a part in the order, and which."""

    role: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """All that the page shows. `seen` is how far the journal had come when it was read."""

    order: WorkOrder
    voucher: Voucher
    entries: list[VoucherEntry]
    earlier_entries: list[VoucherEntry]
    points: list[Point]
    offers: set[str]
    next_act: str
    stages: list[Stage]
    lines: list[SpentLine]
    total: Decimal
    visits: list[Visit]
    photos: list[Photo]
    hold: Hold | None
    history: list[Happening]
    people: list[Part]
    whole: bool
    repair: int
    sheets: list[FormSheet]
    technicians: list[Technician]
    promises: list[PromiseWords]

    @property
    def sheet(self) -> FormSheet | None:
        """The valid sheet of the voucher, if it was ever printed."""
        return next((one for one in self.sheets if one.voided_at is None), None)

    @property
    def entry(self) -> VoucherEntry | None:
        return self.entries[-1] if self.entries else None

    @property
    def seen(self) -> int:
        return self.history[0].place if self.history else 0

    @property
    def causes(self) -> list[tuple[str, Any]]:
        """What a hold can be caused by."""
        return Cause.choices

    @property
    def struck(self) -> bool:
        return self.order.status not in OPEN


def read_order(order: WorkOrder, *, by: Actor) -> OrderPage:
    """All of it. The branch and permission have been checked by whoever found the order."""
    voucher, visits = get_voucher_of(order), list(find_visits_for(order))
    card = list(find_entries_of(voucher))
    entries = [one for one in card if one.work_order_id == order.id]
    offers = acts_on(order, voucher, visits, entries[-1] if entries else None, by=by)
    points = [
        Point(one.done, gettext(one.text) % one.params, act if (act := _MENDS[one.code]) in offers else "")
        for one in open_points(order, voucher, card)
    ]
    ready = all(point.done for point in points)
    next_act = next((act for act in _NEXT if act in offers), "strike_off" if ready and "strike_off" in offers else "")
    lines = _lines(order)
    history = in_words(find_events(branch_id=order.branch_id, chain_id=order.id))
    return OrderPage(
        order=order,
        voucher=voucher,
        entries=entries,
        earlier_entries=[one for one in card if one.work_order_id != order.id][::-1],
        points=points,
        offers=offers if ready else offers - {"strike_off"},
        next_act=next_act,
        stages=_stages(order, visits, entries),
        lines=lines,
        total=sum((one.line.amount for one in lines if not one.taken_back), Decimal(0)),
        visits=visits,
        photos=list(find_photos_of(order)),
        hold=find_open_holds([order]).get(order.id),
        history=history,
        people=_people(visits, entries, history),
        whole=not find_faults_of(branch_id=order.branch_id, chain_id=order.id),
        repair=count_earlier_repairs([order], days=REPEAT_DAYS)[order.id] + 1,
        sheets=find_sheets(voucher.id, by=by),
        technicians=list(find_technicians(order.branch)) if "issue" in offers else [],
        promises=_promises(order),
    )


def _lines(order: WorkOrder) -> list[SpentLine]:
    rows = list(find_lines_of(order))
    reversed_ids = {one.reverses_id for one in rows if one.reverses_id}
    return [SpentLine(one, one.id in reversed_ids) for one in rows if not one.reverses_id]


def _promises(order: WorkOrder) -> list[PromiseWords]:
    """What was promised with it; what is still owed stands first, in the order in which it falls due."""
    found = commitments_of([order.id], branch_id=order.branch_id, kind="work_order").get(order.id, [])
    words = promises_in_words(found, now=timezone.now())
    return sorted(words, key=lambda one: (one.row.ended_at is not None, one.row.due_at is None, one.row.started_at))


def _people(visits: list[Visit], entries: list[VoucherEntry], history: list[Happening]) -> list[Part]:
    def did(*verbs: str) -> list[str]:
        return [one.by for one in reversed(history) if one.verb.removeprefix("workorders.") in verbs]

    parts = [
        (gettext("Took the call"), did("work_order.received")),
        (gettext("Dispatched it"), did("work_order.dispatched")),
        (gettext("Technician"), [one.technician.name for one in visits]),
        (gettext("Signed for the customer"), [one.signer_name for one in entries if one.signer_name]),
        (gettext("Received the voucher"), did("voucher.handed_in")),
        (gettext("Filed the voucher"), did("voucher.filed")),
        (gettext("Struck it off"), did("work_order.struck_off")),
    ]
    return [Part(role, list(dict.fromkeys(filter(None, names)))) for role, names in parts if any(names)]


def _stages(order: WorkOrder, visits: list[Visit], entries: list[VoucherEntry]) -> list[Stage]:
    who = order.technician.name if order.technician else ""
    signed_at = entries[-1].signed_at if entries else None
    closing = (
        pgettext("step", "Cancelled")
        if order.status == OrderStatus.CANCELLED
        else pgettext("step", "Filed and struck off")
    )
    named: list[tuple[str, datetime | None, str]] = [
        (pgettext("step", "Received"), order.received_at, ""),
        (pgettext("step", "Dispatched"), order.dispatched_at, who),
        (pgettext("step", "On site"), order.arrived_at, who),
        (pgettext("step", "Repaired"), order.completed_at, ""),
        (pgettext("step", "Signed"), signed_at, ""),
        (closing, order.closed_at, ""),
    ]
    reached = _reached(order, visits, signed=signed_at is not None)
    found = []
    for place, (name, at, person) in enumerate(named):
        state = "done" if place < reached else "now" if place == reached else ""
        if order.status == OrderStatus.CANCELLED:
            state = "done" if at else "skipped"
        note = " · ".join(filter(None, (short_time(at, now=timezone.now()) if at else "", person if at else "")))
        found.append(Stage(name, note if state in ("done", "now") else "", state))
    return found


def _reached(order: WorkOrder, visits: list[Visit], *, signed: bool) -> int:
    """How many steps are behind it. An order that waits for another visit stands before dispatch again."""
    match order.status:
        case OrderStatus.DISPATCHED:
            return 2
        case OrderStatus.IN_PROGRESS:
            return 3 if visits and visits[-1].status == VisitStatus.ON_SITE else 2
        case OrderStatus.COMPLETED:
            return 5 if signed else 4
        case OrderStatus.STRUCK_OFF:
            return 6
    return 1
