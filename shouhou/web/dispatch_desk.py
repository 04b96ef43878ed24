"""What the dispatch screen shows beside a call: who can go, how full his day is, and why the others cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from shouhou.access.models import Branch
from shouhou.dispatch.queries import Candidate, find_candidates
from shouhou.web.acting import sentence
from shouhou.web.slots import slot_words
from shouhou.workforce.models import Technician
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.rules import VISIT_MOVES, VisitStatus

DAY_HOURS = range(8, 20)
VISIT_TONES = {
    VisitStatus.DISPATCHED: "plain",
    VisitStatus.ACCEPTED: "blue",
    VisitStatus.TRAVELLING: "gold",
    VisitStatus.ON_SITE: "amber",
    VisitStatus.COMPLETED: "green",
    VisitStatus.NOT_COMPLETED: "amber",
    VisitStatus.REFUSED: "plain",
    VisitStatus.WITHDRAWN: "plain",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One technician beside the call."""

    technician: Technician
    visit_count: int
    slots: tuple[str, ...]
    hours: tuple[bool, ...]
    refusal: str
    clash: str


@dataclass(frozen=True, slots=True)
class VisitOut:
    """A visit that is not over, as the list of those on the way shows it."""

    visit: Visit
    slot: str
    tone: str
    may_withdraw: bool


def choices_for(
    order: WorkOrder,
    *,
    branch: Branch,
    at: datetime,
    slot: tuple[datetime, datetime] | tuple[None, None],
    refused: Mapping[UUID, str],
) -> list[Choice]:
    """All technicians of the branch for that day, those who can go first. `refused` is what the act said a moment ago."""
    return [
        _choice(one, day=slot[0] or at, slot=slot, refused=refused.get(one.technician.id, ""))
        for one in find_candidates(order, branch=branch, at=slot[0] or at)
    ]


def _choice(
    candidate: Candidate, *, day: datetime, slot: tuple[datetime, datetime] | tuple[None, None], refused: str
) -> Choice:
    why = refused or (sentence(candidate.refusal) if candidate.refusal else "")
    return Choice(
        technician=candidate.technician,
        visit_count=len(candidate.visits),
        slots=tuple(slot_words(visit) for visit in candidate.visits if visit.planned_start),
        hours=tuple(any(_covers(visit, day, hour) for visit in candidate.visits) for hour in DAY_HOURS),
        refusal=why,
        clash="" if why else _clash(candidate, slot),
    )


def _covers(visit: Visit, day: datetime, hour: int) -> bool:
    if not (visit.planned_start and visit.planned_end):
        return False
    start = timezone.localtime(day).replace(hour=hour, minute=0, second=0, microsecond=0)
    end = start.replace(minute=59, second=59)
    return visit.planned_start <= end and visit.planned_end > start


def _clash(candidate: Candidate, slot: tuple[datetime, datetime] | tuple[None, None]) -> str:
    """The visit that fills the chosen hours, in words. Only a hint: the act decides."""
    start, end = slot
    if start is None or end is None:
        return ""
    for visit in candidate.visits:
        if visit.planned_start and visit.planned_end and visit.planned_start < end and visit.planned_end > start:
            words = {"number": visit.work_order.number, "slot": slot_words(visit)}
            return gettext("At %(number)s in these hours (%(slot)s).") % words
    return ""


def visits_out(visits: list[Visit]) -> list[VisitOut]:
    """With what the list shows of each."""
    movable = VISIT_MOVES["withdraw"][0]
    return [
        VisitOut(one, slot_words(one), VISIT_TONES[VisitStatus(one.status)], one.status in movable) for one in visits
    ]


def split_queue(queue: list[WorkOrder]) -> dict[str, Any]:
    """The calls of earlier days, which lead, and those of today; in each the urgent ones first, then the oldest."""
    today = timezone.localdate()
    queue = sorted(queue, key=lambda one: not one.urgent)
    return {
        "earlier": [one for one in queue if one.received_on < today],
        "todays": [one for one in queue if one.received_on >= today],
    }
