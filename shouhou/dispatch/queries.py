"""Who can be sent to a call, and why the others cannot."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.kernel.errors import Refusal
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_technicians, refusals_of
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.rules import LIVE_VISIT


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician beside a call: his visits of the day, and what speaks against sending him, if anything."""

    technician: Technician
    visits: tuple[Visit, ...]
    refusal: Refusal | None


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
    zone = ZoneInfo(branch.time_zone)
    start = datetime.combine(day, time.min, zone)
    rows = Visit.objects.at(branch).filter(status__in=LIVE_VISIT).exclude(planned_start__gte=start + timedelta(days=1))
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
