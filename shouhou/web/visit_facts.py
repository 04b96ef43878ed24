"""What the technician's screens show of a visit, read for them alone, and which act comes next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from django.db.models import Q
from django.utils import timezone

from shouhou.access.actors import Actor
from shouhou.web.dispatch_desk import VISIT_TONES
from shouhou.web.promise_words import PromiseWords, pressing_of
from shouhou.web.slots import slot_words
from shouhou.web.times import day_words
from shouhou.workforce.models import Technician
from shouhou.workorders.models import Visit, Voucher, VoucherEntry, WorkOrder, WorkOrderLine
from shouhou.workorders.queries import find_lines_of, find_orders_of_asset, find_orders_to_bring_in, find_visits_of
from shouhou.workorders.rules import LIVE_VISIT, VISIT_MOVES, VisitStatus, VoucherState

_ROAD = ("accept", "depart", "arrive", "complete")
_UNDER_WAY = (VisitStatus.TRAVELLING, VisitStatus.ON_SITE)


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit of the day with what its card shows."""

    visit: Visit
    slot: str
    tone: str
    act: str
    under_way: bool
    promise: PromiseWords | None = None
    leads: bool = False

    def is_due(self, day: date) -> bool:
        """Whether it is to be done by the end of the day: agreed for it or an earlier one, or for no day at all."""
        start = self.visit.planned_start
        return start is None or timezone.localtime(start).date() <= day

    @property
    def map_url(self) -> str:
        """The address on a map of the phone's own choice. Nothing is asked there before it is touched."""
        return f"https://uri.amap.com/search?keyword={quote(self.visit.work_order.address)}"


@dataclass(frozen=True, slots=True)
class FieldDay:
    """A day of the technician's with its visits; those under way and those without an hour belong to today."""

    words: str
    cards: list[VisitCard]


@dataclass(frozen=True, slots=True)
class ToBringIn:
    """An order whose visit is over and whose voucher is still out: to be signed, handed in, or given back."""

    order: WorkOrder
    voucher: Voucher
    act: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it counts now; its reversal is not a row of its own but strikes this one."""

    line: WorkOrderLine
    taken_back: bool

    @property
    def quantity(self) -> str:
        """As one writes it: 1.5, not 1.500."""
        return f"{self.line.quantity.normalize():f}"


def next_act(visit: Visit) -> str:
    """The act that moves a visit on; empty where it is over."""
    return next((act for act in _ROAD if visit.status in VISIT_MOVES[act][0]), "")


def card_of(visit: Visit) -> VisitCard:
    """What a card shows of a visit."""
    status = VisitStatus(visit.status)
    return VisitCard(visit, slot_words(visit), VISIT_TONES[status], next_act(visit), status in _UNDER_WAY)


def day_of(technician: Technician) -> list[VisitCard]:
    """His live visits: the one under way; those of today by the hour agreed, then those without one; then the later days."""
    late, today = datetime.max.replace(tzinfo=timezone.get_default_timezone()), timezone.localdate()
    visits = list(find_visits_of(technician))
    orders = [one.work_order_id for one in visits]
    promises = pressing_of(orders, branch_id=technician.branch_id, kind="work_order", now=timezone.now())
    cards = [replace(card_of(one), promise=promises.get(one.work_order_id)) for one in visits]
    return sorted(cards, key=lambda one: (not one.under_way, not one.is_due(today), one.visit.planned_start or late))


def days_of(cards: list[VisitCard]) -> list[FieldDay]:
    """The cards day by day, in their order; what should have been done on an earlier day stands under today."""
    today = timezone.localdate()
    by_day: dict[date, list[VisitCard]] = defaultdict(list)
    for place, card in enumerate(cards):
        start = card.visit.planned_start
        later = start is not None and not card.under_way and not card.is_due(today)
        day = timezone.localtime(start).date() if later else today
        by_day[day].append(replace(card, leads=place == 0))
    return [FieldDay(day_words(day, today=today), by_day[day]) for day in sorted(by_day)]


def to_bring_in(technician: Technician) -> list[ToBringIn]:
    """His vouchers of visits that are over, and what each waits for. Three queries."""
    orders = list(find_orders_to_bring_in(technician))
    held = Voucher.objects.filter(branch_id=technician.branch_id, holder_id=technician.id)
    vouchers = {one.work_order_id: one for one in held}
    unsigned = set(
        VoucherEntry.objects.filter(
            branch_id=technician.branch_id, work_order__in=[one.id for one in orders], signed_at=None
        ).values_list("work_order_id", flat=True)
    )
    found = []
    for order in orders:
        voucher = vouchers[order.id]
        signed = voucher.state == VoucherState.SIGNED
        found.append(ToBringIn(order, voucher, "hand_in" if signed else "sign" if order.id in unsigned else "return"))
    return found


def lines_of(visit: Visit) -> list[LineRow]:
    """What was spent on the order as far as this visit may change it, as it was written."""
    lines = list(find_lines_of(visit.work_order))
    reversed_ids = {line.reverses_id for line in lines if line.reverses_id}
    return [LineRow(line, line.id in reversed_ids) for line in lines if not line.reverses_id]


def total_of(rows: Iterable[LineRow]) -> Decimal:
    """What the lines come to that still count."""
    return sum((row.line.amount for row in rows if not row.taken_back), Decimal(0))


def earlier_work_on(visit: Visit, *, by: Actor, limit: int = 3) -> list[WorkOrder]:
    """What else was done on the unit, newest first."""
    rows = find_orders_of_asset(visit.work_order.asset_id, by=by).filter(~Q(id=visit.work_order_id))
    return list(rows[:limit])


def last_entry_of(order: WorkOrder) -> VoucherEntry | None:
    """The voucher's newest line for this order: what the customer signs, or has signed."""
    rows = VoucherEntry.objects.filter(branch_id=order.branch_id, work_order_id=order.id)
    return rows.select_related("visit__technician", "voucher", "fault_code").order_by("-entered_at", "-id").first()


def is_live(visit: Visit) -> bool:
    """Whether the visit is not over."""
    return visit.status in LIVE_VISIT


def is_his(visit: Visit, actor: Actor) -> bool:
    """Whether the actor may act on this visit: his own, or as the one who works for technicians."""
    if actor.may("workorders.work_for_technician", visit.branch_id):
        return True
    own = actor.user_id is not None and visit.technician.user_id == actor.user_id
    return own and actor.may("workorders.work_visit", visit.branch_id)


def minutes_between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes, as the act itself would count them."""
    return max(0, int((end - start).total_seconds() // 60)) if start and end else None
