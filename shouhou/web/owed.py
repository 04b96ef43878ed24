"""What each role owes today: the piles, sums and lists that its start page is made of."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.access.queries import find_locked_out, find_people
from shouhou.access.wall import BranchQuerySet
from shouhou.kernel.money import Money
from shouhou.ledger.rules import AccountKind
from shouhou.ledger.verifying import find_open_clearings
from shouhou.web.book import BookLine, book_lines
from shouhou.web.desk import DESK_NAMES
from shouhou.web.owner_names import name_all
from shouhou.workforce.models import Certificate, Technician
from shouhou.workorders.models import VoucherEntry, WorkOrder, WorkOrderLine
from shouhou.workorders.queries import (
    Desk,
    RegisterCounts,
    carried_over,
    count_on_desk,
    count_register,
    find_on_desk,
    find_register,
)
from shouhou.workorders.rules import CallChannel, LineKind, OrderStatus, WorkType

SHOWN = 5
SOON = timedelta(days=30)
# How long a clearing account may be open before somebody should look into it.
PATIENCE = timedelta(days=1)
_NOTHING_OPEN: Mapping[str, Any] = dict.fromkeys(("waiting", "carried_over", "out", "on_hold", "to_file"), 0) | {
    "oldest": None
}
_CLERKS: Mapping[str, str] = {
    Desk.CARRIED_OVER: "amber",
    Desk.TO_SIGN: "plain",
    Desk.TO_HAND_IN: "gold",
    Desk.TO_FILE: "blue",
    Desk.TO_STRIKE_OFF: "green",
}
_SUPERVISORS: Mapping[str, tuple[str, str | Promise]] = {
    OrderStatus.RECEIVED: ("amber", _("To dispatch")),
    OrderStatus.DISPATCHED: ("blue", _("Dispatched")),
    OrderStatus.IN_PROGRESS: ("blue", _("On the way or on site")),
    OrderStatus.ON_HOLD: ("plain", _("On hold")),
}


@dataclass(frozen=True, slots=True)
class Pile:
    """Lines that wait for the same thing: how many, the first few, and the list with all of them."""

    key: str
    label: str | Promise
    tone: str
    count: int
    url: str
    lines: list[BookLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BranchState:
    """One branch beside the others: what waits there, and since when the oldest call does."""

    branch: Branch
    today: int
    waiting: int
    carried_over: int
    out: int
    on_hold: int
    to_file: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Takings:
    """What one technician has had signed for money and the office has not struck off yet."""

    technician: Technician
    entries: list[VoucherEntry]

    @property
    def total(self) -> Decimal:
        return sum((one.charge for one in self.entries), Decimal(0))


@dataclass(frozen=True, slots=True)
class PartUsed:
    """Parts of one number that open orders have used, all technicians together."""

    description: str
    number: str
    unit: str
    quantity: Decimal
    orders: int


@dataclass(frozen=True, slots=True)
class PeopleInNeed:
    """What an administrator has to see to."""

    without_role: list[User]
    locked_out: list[User]
    certificates: list[Certificate]


@dataclass(frozen=True, slots=True)
class NotBack:
    """Money that has been between two accounts, or two branches, for longer than it should be."""

    url: str
    kind: str | Promise
    name: str
    amount: Money
    since: datetime
    days: int


def roles_of(actor: Actor) -> set[Role]:
    """The roles that the actor holds in the branch he works in, given there or above it. One query."""
    if actor.branch is None or actor.user is None:
        return set()
    rows = RoleAssignment.objects.filter(user=actor.user).values_list("branch__path", "role")
    return {Role(role) for path, role in rows if actor.branch.path.startswith(path)}


def read_desk(branch: Branch, *, today: date, dispatches: bool, files: bool) -> tuple[RegisterCounts, list[Pile]]:
    """The piles of who dispatches and of who keeps the register. Each pile is counted; only the first lines are read."""
    counts = count_register(branch, today=today)
    listed: list[tuple[str, str | Promise, str, int, str]] = []
    if dispatches:
        for status, (tone, label) in _SUPERVISORS.items():
            listed.append((status, label, tone, counts.by_status.get(status, 0), f"?state={status}"))
    if files:
        waiting = count_on_desk(branch, today=today)
        for what, tone in _CLERKS.items():
            listed.append((what, DESK_NAMES[what], tone, waiting[what], f"?state={what}"))
    # Who dispatches sees the calls of earlier days at the head of all that wait for him.
    shown = [
        key for key, _label, _tone, count, _url in listed if count and not (dispatches and key == Desk.CARRIED_OVER)
    ]
    rows = {key: _first(_rows_of(branch, key, today=today)) for key in shown}
    lines = {line.order.id: line for line in book_lines([one for few in rows.values() for one in few], today=today)}
    return counts, [
        Pile(key, label, tone, count, reverse("register") + url, [lines[one.id] for one in rows.get(key, [])])
        for key, label, tone, count, url in listed
    ]


def _rows_of(branch: Branch, key: str, *, today: date) -> BranchQuerySet[WorkOrder]:
    if key in Desk:
        return find_on_desk(branch, Desk(key), today=today)
    return find_register(branch).filter(status=key, closed_at=None)


def _first(rows: BranchQuerySet[WorkOrder]) -> list[WorkOrder]:
    # What is urgent, then the oldest: it has waited longest.
    return list(rows.order_by("-urgent", "received_at", "id")[:SHOWN])


def read_claims(branch: Branch, *, today: date) -> list[Pile]:
    """For who answers the shops: what came in from there, repairs of what had just been repaired, what is on hold."""
    still_open = find_register(branch).filter(closed_at=None)
    kinds: list[tuple[str, str | Promise, str, BranchQuerySet[WorkOrder]]] = [
        ("online", _("Came in online, not closed"), "blue", still_open.filter(channel=CallChannel.ONLINE)),
        ("on_hold", _("On hold"), "plain", still_open.filter(status=OrderStatus.ON_HOLD)),
    ]
    rows = {key: _first(found) for key, _label, _tone, found in kinds}
    repairs = list(still_open.filter(work_type=WorkType.REPAIR).order_by("received_at", "id")[:200])
    every = {one.id: one for one in [*repairs, *(one for few in rows.values() for one in few)]}
    lines = {line.order.id: line for line in book_lines(every.values(), today=today)}
    again = [lines[one.id] for one in repairs if lines[one.id].repair > 1]
    register = reverse("register") + "?state=open"
    piles = [
        Pile(key, label, tone, found.order_by().count(), register, [lines[one.id] for one in rows[key]])
        for key, label, tone, found in kinds
    ]
    return [Pile("again", _("Repaired again within 90 days"), "amber", len(again), register, again[:SHOWN]), *piles]


def compare_branches(actor: Actor, *, today: date) -> list[BranchState]:
    """All branches of the actor that keep a register, side by side. Two queries over what is open and what is of today."""
    rows = WorkOrder.objects.visible_to(actor)
    received = Q(status=OrderStatus.RECEIVED)
    still_open = rows.filter(closed_at=None).values("branch_id").order_by("branch_id")
    states = still_open.annotate(
        waiting=Count("id", filter=received),
        carried_over=Count("id", filter=carried_over(today)),
        out=Count("id", filter=Q(status__in=[OrderStatus.DISPATCHED, OrderStatus.IN_PROGRESS])),
        on_hold=Count("id", filter=Q(status=OrderStatus.ON_HOLD)),
        to_file=Count("id", filter=Q(status=OrderStatus.COMPLETED)),
        oldest=Min("received_at", filter=received),
    )
    of_today = rows.filter(received_on=today).values("branch_id").order_by("branch_id").annotate(count=Count("id"))
    calls = {row["branch_id"]: row["count"] for row in of_today}
    found: dict[UUID, dict[str, Any]] = {
        row["branch_id"]: {name: count for name, count in row.items() if name != "branch_id"} for row in states
    }
    return [
        BranchState(branch, today=calls.get(branch.id, 0), **found.get(branch.id, _NOTHING_OPEN))
        for branch in actor.branches
        if branch.kind == Branch.Kind.BRANCH
    ]


def read_takings(branch: Branch) -> list[Takings]:
    """Signed vouchers with a charge whose orders are not struck off, by technician: the money still to be brought in."""
    rows = VoucherEntry.objects.at(branch).filter(
        work_order__status=OrderStatus.COMPLETED, work_order__closed_at=None, signed_at__isnull=False, charge__gt=0
    )
    rows = rows.select_related("visit__technician", "voucher", "work_order__asset__product_model")
    by_technician: dict[UUID, list[VoucherEntry]] = defaultdict(list)
    # The ink is not shown here.
    for entry in rows.defer("strokes", "signature_image").order_by("signed_at", "id"):
        by_technician[entry.visit.technician_id].append(entry)
    takings = [Takings(few[0].visit.technician, few) for few in by_technician.values()]
    return sorted(takings, key=lambda one: (-one.total, one.technician.name))


def read_parts(branch: Branch) -> list[PartUsed]:
    """The parts that open orders have used, what was taken back left out: what the technicians' vans are short of."""
    rows = WorkOrderLine.objects.at(branch).filter(kind=LineKind.PART, work_order__closed_at=None)
    summed = rows.values("part__number", "description", "unit").annotate(
        quantity=Sum("quantity"), orders=Count("work_order", distinct=True)
    )
    return [
        PartUsed(row["description"], row["part__number"], row["unit"], row["quantity"], row["orders"])
        for row in summed.filter(quantity__gt=0).order_by("-quantity", "part__number")[:50]
    ]


def read_waiting_for_parts(branch: Branch, *, today: date) -> list[BookLine]:
    """The orders on hold, the oldest first, with what they wait for."""
    rows = find_register(branch).filter(status=OrderStatus.ON_HOLD, closed_at=None).order_by("received_at", "id")
    return book_lines(rows[:50], today=today)


def read_people(actor: Actor, *, today: date, at: datetime) -> PeopleInNeed:
    """Users without a role, those locked out by wrong passwords, and certificates that have run out or soon will."""
    people = find_people(by=actor).filter(is_active=True)
    active = list(people)
    locked = find_locked_out([one.username for one in active], at=at)
    renewed = Certificate.objects.filter(
        branch_id=OuterRef("branch_id"),
        technician_id=OuterRef("technician_id"),
        qualification_id=OuterRef("qualification_id"),
    ).filter(Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on")))
    certificates = Certificate.objects.visible_to(actor).filter(
        ~Exists(renewed), technician__active=True, ends_on__lte=today + SOON
    )
    return PeopleInNeed(
        without_role=[one for one in active if not one.assignments.all()],
        locked_out=[one for one in active if one.username in locked],
        certificates=list(
            certificates.select_related("technician", "qualification", "branch").order_by("ends_on", "id")[:50]
        ),
    )


def read_not_back(branch: Branch, *, at: datetime) -> list[NotBack]:
    """Clearing accounts that have not come back to zero for longer than PATIENCE, the longest open first."""
    late = [one for one in find_open_clearings(branch, at=at) if one.age > PATIENCE]
    names = name_all((one.owner for one in late), branch=branch)
    return [
        NotBack(
            reverse("ledger_account", args=[one.account_id]),
            AccountKind(one.kind).label,
            names[one.owner].name,
            one.balance,
            one.since,
            one.age.days,
        )
        for one in late
    ]
