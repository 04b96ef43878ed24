"""The supervisor sends a technician (派工), takes the visit back; the technician says yes or no."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import refusals_of
from shouhou.workorders.actions._order import (
    given_reason,
    journal,
    lock_order,
    lock_technician,
    lock_visit,
    move_order,
    move_visit,
)
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.rules import LIVE_VISIT, OrderStatus

_LONGEST_SLOT = timedelta(hours=24)


class WorkClassMissing(Conflict):
    code = "work_class_missing"
    template = gettext_noop("Say first who pays for %(number)s: A, B, C or D.")


class SlotInvalid(Invalid):
    code = "slot_invalid"
    template = gettext_noop("A visit begins before it ends, on the same day, and not before the call.")


class SlotOver(Invalid):
    code = "slot_over"
    template = gettext_noop("These hours are over. Choose later ones.")


class TechnicianBooked(Conflict):
    code = "technician_booked"
    template = gettext_noop("%(technician)s is at %(number)s from %(start)s to %(end)s.")


def dispatch_work_order(
    order_id: UUID,
    *,
    technician_id: UUID,
    by: Actor,
    at: datetime,
    planned_start: datetime | None = None,
    planned_end: datetime | None = None,
) -> Visit:
    """Give a call to a technician, with the time agreed with the customer where there is one.

    Raises WrongState (also for a second dispatch of the same order), WorkClassMissing, SlotInvalid, SlotOver,
    TechnicianNotFound, TechnicianInactive, QualificationMissing, QualificationExpired, TechnicianAbsent,
    TechnicianBooked, NotPermitted.
    """
    with act_transaction():
        order = lock_order(order_id, act="dispatch", permission="workorders.dispatch_work_order", by=by, at=at)
        if not order.work_class:
            raise WorkClassMissing(number=order.number, field="work_class")
        _check_slot(order, planned_start, planned_end, at=at)
        # The technician's row is locked so that two supervisors cannot fill the same hour.
        technician = lock_technician(technician_id, branch_id=order.branch_id)
        zone = ZoneInfo(by.branch_of(order.branch_id).time_zone)
        _check_fit(order, technician, zone=zone, from_=planned_start or at, until=planned_end)
        if planned_start and planned_end:
            _check_free(technician, planned_start, planned_end)
        visit = Visit.objects.create(
            branch_id=order.branch_id,
            work_order=order,
            technician=technician,
            sequence=order.visit_count + 1,
            planned_start=planned_start,
            planned_end=planned_end,
            dispatched_at=at,
        )
        step = move_order(
            order,
            to=OrderStatus.DISPATCHED,
            technician=technician,
            visit_count=visit.sequence,
            dispatched_at=order.dispatched_at or at,
        )
        journal(
            order,
            "work_order.dispatched",
            subject=("visit", visit.id),
            by=by,
            at=at,
            data={
                **step,
                "visit": visit.sequence,
                "technician": str(technician.id),
                "planned": [planned_start.isoformat(), planned_end.isoformat()]
                if planned_start and planned_end
                else None,
            },
        )
        return visit


def withdraw_visit(visit_id: UUID, *, reason: str, by: Actor, at: datetime) -> Visit:
    """Take a visit back before the technician is on site; the call is to be dispatched again.

    Raises ReasonMissing, VisitInWrongState, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        order, visit = lock_visit(visit_id, act="withdraw", by=by, at=at)
        by.require("workorders.dispatch_work_order", order.branch_id)
        return _end_before_site(order, visit, act="withdraw", reason=reason, by=by, at=at)


def accept_visit(visit_id: UUID, *, by: Actor, at: datetime) -> Visit:
    """The technician takes the visit on. Raises NotYourVisit, VisitInWrongState, NotPermitted."""
    with act_transaction():
        order, visit = lock_visit(visit_id, act="accept", by=by, at=at)
        step = move_visit(visit, act="accept", accepted_at=at)
        journal(order, "visit.accepted", subject=("visit", visit.id), by=by, at=at, data=step)
        return visit


def refuse_visit(visit_id: UUID, *, reason: str, by: Actor, at: datetime) -> Visit:
    """The technician cannot take it; the call is to be dispatched again. Raises ReasonMissing and as `accept_visit`."""
    reason = given_reason(reason)
    with act_transaction():
        order, visit = lock_visit(visit_id, act="refuse", by=by, at=at)
        return _end_before_site(order, visit, act="refuse", reason=reason, by=by, at=at)


def _end_before_site(order: WorkOrder, visit: Visit, *, act: str, reason: str, by: Actor, at: datetime) -> Visit:
    step = move_visit(visit, act=act, ended_at=at, reason=reason)
    order_step = move_order(order, to=OrderStatus.RECEIVED)
    verb = {"withdraw": "visit.withdrawn", "refuse": "visit.refused"}[act]
    data = {**step, "reason": reason, "order": order_step}
    journal(order, verb, subject=("visit", visit.id), by=by, at=at, data=data)
    return visit


def _check_slot(order: WorkOrder, start: datetime | None, end: datetime | None, *, at: datetime) -> None:
    if start is None and end is None:
        return
    if start is None or end is None or not order.received_at <= start < end or end - start > _LONGEST_SLOT:
        raise SlotInvalid(field="planned_start")
    if end <= at:
        raise SlotOver(field="planned_start")


def _check_fit(
    order: WorkOrder, technician: Technician, *, zone: ZoneInfo, from_: datetime, until: datetime | None
) -> None:
    refusals = refusals_of(
        [technician],
        product_class_id=order.product_class_id,
        work_type=order.work_type,
        day=from_.astimezone(zone).date(),
        from_=from_,
        until=until,
    )
    if technician.id in refusals:
        raise refusals[technician.id]


def _check_free(technician: Technician, start: datetime, end: datetime) -> None:
    clash = (
        Visit.objects.filter(
            branch_id=technician.branch_id,
            technician_id=technician.id,
            status__in=LIVE_VISIT,
            planned_start__lt=end,
            planned_end__gt=start,
        )
        .select_related("work_order")
        .first()
    )
    if clash and clash.planned_start and clash.planned_end:
        raise TechnicianBooked(
            technician=technician.name,
            number=clash.work_order.number,
            start=clash.planned_start.isoformat(timespec="minutes"),
            end=clash.planned_end.isoformat(timespec="minutes"),
            field="technician",
        )
