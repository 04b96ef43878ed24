"""What waits for dispatch, who can be sent to it and when, and why the others cannot."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q

from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.kernel.errors import Refusal
from shouhou.workforce.models import Absence, Technician
from shouhou.workforce.queries import TechnicianAbsent, find_technicians, refusals_of
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.queries import carried_over, find_dispatch_queue
from shouhou.workorders.rules import LIVE_VISIT


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician beside a call: his visits of the day, and what speaks against sending him, if anything."""

    technician: Technician
    visits: tuple[Visit, ...]
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class PersonDay:
    """A technician's day at a branch: what fills it, and what speaks against sending him at all, if anything."""

    technician: Technician
    visits: tuple[Visit, ...]
    absences: tuple[Absence, ...]
    refusal: Refusal | None

    def is_free(self, start: datetime, end: datetime) -> bool:
        """Whether nothing agreed and no absence lies in `[start, end)`. Visits without hours fill none."""
        booked = any(
            one.planned_start and one.planned_end and one.planned_start < end and one.planned_end > start
            for one in self.visits
        )
        return not booked and not any(one.starts_at < end and one.ends_at > start for one in self.absences)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many calls wait: of earlier days and never given out (隔日), once more after a visit, and of today."""

    carried_over: int
    again: int
    today: int

    @property
    def all(self) -> int:
        return self.carried_over + self.again + self.today


def count_dispatch_queue(branch: Branch, *, today: date) -> QueueCounts:
    """The calls that wait, divided as the register divides them: carried over is what nobody was ever sent to."""
    never = Q(visit_count=0)
    counts = find_dispatch_queue(branch).aggregate(
        carried_over=Count("id", filter=carried_over(today)),
        again=Count("id", filter=~never),
        today=Count("id", filter=never & Q(received_on__gte=today)),
    )
    return QueueCounts(**counts)


def find_days(*, branch: Branch, day: date, product_class_id: UUID, work_type: str) -> list[PersonDay]:
    """The day of each technician of the branch, for work of this kind: who may go first, the less busy before the others.

    An absence refuses a technician only where it fills the whole day; a shorter one is part of his day.
    """
    people = list(find_technicians(branch))
    start, end = _bounds(branch, day)
    refusals = refusals_of(
        people, product_class_id=product_class_id, work_type=work_type, day=day, from_=start, until=end
    )
    visits, away = find_visits_by_technician(branch, day=day), _absences(people, start, end)
    found = []
    for one in people:
        absences = tuple(away.get(one.id, ()))
        refusal = refusals.get(one.id)
        if isinstance(refusal, TechnicianAbsent):
            whole = [gone for gone in absences if gone.starts_at <= start and gone.ends_at >= end]
            refusal = refusal if whole else None
        found.append(PersonDay(one, tuple(visits.get(one.id, ())), absences, refusal))
    return sorted(found, key=lambda one: (one.refusal is not None, len(one.visits), one.technician.name))


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """Hours at which somebody can go, and how many could."""

    start: datetime
    end: datetime
    people: int


def find_free_slots(
    slots: Iterable[tuple[datetime, datetime]], *, branch: Branch, product_class_id: UUID, work_type: str
) -> list[FreeSlot]:
    """Of the hours given those at which a technician who may do this work is free, in their order.

    The number of queries depends on the days that the hours lie on, not on the technicians or their visits.
    """
    zone = ZoneInfo(branch.time_zone)
    by_day: dict[date, list[tuple[datetime, datetime]]] = defaultdict(list)
    for start, end in slots:
        by_day[start.astimezone(zone).date()].append((start, end))
    found = []
    for day, hours in by_day.items():
        days = find_days(branch=branch, day=day, product_class_id=product_class_id, work_type=work_type)
        fit = [one for one in days if one.refusal is None]
        found += [FreeSlot(*span, count) for span in hours if (count := sum(one.is_free(*span) for one in fit))]
    return found


def _bounds(branch: Branch, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(branch.time_zone)
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)


def _absences(people: list[Technician], start: datetime, end: datetime) -> dict[UUID, list[Absence]]:
    if not people:
        return {}
    rows = Absence.objects.filter(
        branch_id=people[0].branch_id,
        technician_id__in=[one.id for one in people],
        ends_at__gt=start,
        starts_at__lt=end,
    )
    found: dict[UUID, list[Absence]] = defaultdict(list)
    for absence in rows.order_by("starts_at", "id"):
        found[absence.technician_id].append(absence)
    return found


def find_candidates(order: WorkOrder, *, branch: Branch, at: datetime) -> list[Candidate]:
    """All technicians of the branch beside a call: who may go first, the least busy first among them."""
    people = list(find_technicians(branch))
    day = at.astimezone(ZoneInfo(branch.time_zone)).date()
    refusals = refusals_of(
        people,
        product_class_id=order.asset.product_model.product_class_id,
        work_type=order.work_type,
        day=day,
        from_=at,
        until=None,
    )
    visits = find_visits_by_technician(branch, day=day)
    found = [Candidate(one, tuple(visits.get(one.id, ())), refusals.get(one.id)) for one in people]
    return sorted(found, key=lambda one: (one.refusal is not None, len(one.visits), one.technician.name))


def find_visits_by_technician(branch: Branch, *, day: date) -> dict[UUID, list[Visit]]:
    """The live visits of a day, by technician, in the order of their time. Unplanned ones count for every day."""
    start, end = _bounds(branch, day)
    rows = Visit.objects.at(branch).filter(status__in=LIVE_VISIT).exclude(planned_start__gte=end)
    by_technician: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in rows.select_related("work_order").order_by("planned_start", "dispatched_at", "id"):
        if visit.planned_end is None or visit.planned_end > start:
            by_technician[visit.technician_id].append(visit)
    return by_technician


def find_visits_out(branch: Branch) -> BranchQuerySet[Visit]:
    """All visits of a branch that are not over, in the order of their time: who is on the way where."""
    rows = Visit.objects.at(branch).filter(status__in=LIVE_VISIT)
    rows = rows.select_related("technician", "work_order__customer", "work_order__asset__product_model")
    return rows.order_by(F("planned_start").asc(nulls_last=True), "dispatched_at", "id")
