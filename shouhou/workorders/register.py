"""The register narrowed: what of it is wanted, and the lines that are meant. The screen, the export and the API ask alike."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import Desk, carried_over, find_on_desk, find_register
from shouhou.workorders.rules import OPEN

# Beside the statuses and the piles of the desk: every line that is not struck off; and a call that nobody pays for yet.
NOT_STRUCK_OFF = "open"
NO_CLASS = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilter:
    """What of the register is wanted. What is left out narrows nothing.

    `state` is a status, a pile of the desk or NOT_STRUCK_OFF; `work_class` a letter or NO_CLASS; the days are those at the
    branch, both included; the technician is the last one sent.
    """

    state: str = ""
    work_class: str = ""
    work_type: str = ""
    technician_id: UUID | None = None
    received_from: date | None = None
    received_to: date | None = None
    urgent: bool = False
    carried_over: bool = False
    product_class_id: UUID | None = None
    zone: str = ""

    def facts(self) -> dict[str, str | bool]:
        """What narrows, as the journal keeps it."""
        return {name: value if value is True else str(value) for name, value in asdict(self).items() if value}


def find_narrowed(branch: Branch, wanted: RegisterFilter, *, today: date) -> BranchQuerySet[WorkOrder]:
    """The lines of a branch that are meant, newest first, with everything that a list shows of them."""
    rows = _in_state(branch, wanted.state, today=today)
    if wanted.work_class:
        rows = rows.filter(work_class="" if wanted.work_class == NO_CLASS else wanted.work_class)
    if wanted.work_type:
        rows = rows.filter(work_type=wanted.work_type)
    if wanted.technician_id:
        rows = rows.filter(technician_id=wanted.technician_id)
    if wanted.urgent:
        rows = rows.filter(urgent=True)
    if wanted.carried_over:
        rows = rows.filter(carried_over(today), closed_at=None)
    if wanted.product_class_id:
        rows = rows.filter(product_class_id=wanted.product_class_id)
    if wanted.zone:
        rows = rows.filter(zone=wanted.zone)
    return _received(rows, branch, wanted).select_related("product_class")


def find_chosen(branch: Branch, order_ids: Collection[UUID]) -> BranchQuerySet[WorkOrder]:
    """The lines of a branch with these keys, as `find_narrowed` gives them; keys of other branches find nothing."""
    return find_register(branch).filter(id__in=order_ids).select_related("product_class")


def _in_state(branch: Branch, state: str, *, today: date) -> BranchQuerySet[WorkOrder]:
    if state in Desk:
        return find_on_desk(branch, Desk(state), today=today)
    rows = find_register(branch)
    if state == NOT_STRUCK_OFF:
        return rows.filter(closed_at=None)
    if state in OPEN:
        # Said twice: by the second a database knows that the index of the open lines will do.
        return rows.filter(status=state, closed_at=None)
    return rows.filter(status=state) if state else rows


def _received(rows: BranchQuerySet[WorkOrder], branch: Branch, wanted: RegisterFilter) -> BranchQuerySet[WorkOrder]:
    """By the moment and not by the day: the register's index is in the order of moments, so old days cost no more."""
    zone = ZoneInfo(branch.time_zone)
    if wanted.received_from:
        rows = rows.filter(received_at__gte=datetime.combine(wanted.received_from, time.min, zone))
    if wanted.received_to:
        rows = rows.filter(received_at__lt=datetime.combine(wanted.received_to + timedelta(days=1), time.min, zone))
    return rows
