"""What the dispatch screen shows around the load board: the calls that wait, in their bands, and the visits not over."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from shouhou.access.models import Branch
from shouhou.dispatch.queries import find_visits_by_technician
from shouhou.web.book import is_carried_over
from shouhou.web.promise_words import PromiseWords, pressing_of
from shouhou.web.slots import slot_words
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_technicians
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.rules import VISIT_MOVES, VisitStatus

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
class VisitOut:
    """A visit that is not over, as the list of those on the way shows it."""

    visit: Visit
    slot: str
    tone: str
    may_withdraw: bool


def visits_out(visits: list[Visit]) -> list[VisitOut]:
    """With what the list shows of each."""
    movable = VISIT_MOVES["withdraw"][0]
    return [
        VisitOut(one, slot_words(one), VISIT_TONES[VisitStatus(one.status)], one.status in movable) for one in visits
    ]


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A call in the queue, and the promise to its customer that falls due first."""

    order: WorkOrder
    promise: PromiseWords | None


def split_queue(branch: Branch, queue: list[WorkOrder], *, now: datetime) -> dict[str, list[WaitingCall]]:
    """The calls of earlier days to which nobody was ever sent (隔日), which lead; those that wait for another visit; today's.

    One query, whatever their number.
    """
    today = timezone.localtime(now).date()
    promises = pressing_of([one.id for one in queue], branch_id=branch.id, kind="work_order", now=now)
    bands: dict[str, list[WaitingCall]] = {"earlier": [], "again": [], "todays": []}
    for one in queue:
        band = "earlier" if is_carried_over(one, today=today) else "again" if one.visit_count else "todays"
        bands[band].append(WaitingCall(one, promises.get(one.id)))
    return bands


@dataclass(frozen=True, slots=True)
class Member:
    """One technician of the branch at this moment: what he is at, what comes next, how much is left of his day."""

    technician: Technician
    visit_count: int
    now_at: VisitOut | None
    next: VisitOut | None


def read_team(branch: Branch, *, now: datetime) -> list[Member]:
    """The technicians of a branch and their visits of today; those who are out come first. Two queries."""
    visits = find_visits_by_technician(branch, day=timezone.localtime(now).date())
    found = []
    for technician in find_technicians(branch):
        cards = visits_out(visits.get(technician.id, []))
        out = next((one for one in cards if one.visit.departed_at), None)
        waiting = next((one for one in cards if one is not out), None)
        found.append(Member(technician, len(cards), out, waiting))
    return sorted(found, key=lambda one: (one.now_at is None, -one.visit_count, one.technician.name))
