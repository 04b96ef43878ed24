"""Putting a work order on hold, and taking it up again."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import write
from shouhou.commitments.rules.words import Cause
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.workorders.actions._order import given_reason, journal, live_visit, lock_order, move_order
from shouhou.workorders.models import Hold, WorkOrder
from shouhou.workorders.rules import OrderStatus, VisitStatus


class TechnicianOnSite(Conflict):
    code = "technician_on_site"
    template = gettext_noop("%(technician)s is on site: let the visit be finished, or left incomplete with its reason.")


class ResumedBeforeHold(Conflict):
    code = "resumed_before_hold"
    template = gettext_noop("The hold began at %(held)s; it cannot end before that.")


def hold_work_order(order_id: UUID, *, reason: str, by: Actor, at: datetime, cause: str = Cause.COMPANY) -> Hold:
    """Pause the order with a reason; a visit that has not reached the customer is withdrawn with it.

    `cause` says who or what keeps it waiting: what was promised to the customer stands still only when it is not ourselves.
    Raises ReasonMissing, UnknownChoice, TechnicianOnSite, WrongState (also for a second hold), NotPermitted.
    """
    reason = given_reason(reason)
    check_choice("cause", cause, Cause.values)
    with act_transaction():
        order = lock_order(order_id, act="hold", permission="workorders.hold_work_order", by=by, at=at)
        visit = live_visit(order)
        if visit and visit.status == VisitStatus.ON_SITE:
            raise TechnicianOnSite(technician=visit.technician.name)
        if visit:
            visit.status, visit.ended_at, visit.reason = VisitStatus.WITHDRAWN, at, reason
            write(visit, "status", "ended_at", "reason")
        hold = Hold.objects.create(
            branch_id=order.branch_id, work_order=order, reason=reason, cause=cause, starts_at=at
        )
        step = move_order(order, to=OrderStatus.ON_HOLD)
        data = {**step, "reason": reason, "cause": str(cause), "withdrawn_visit": str(visit.id) if visit else None}
        journal(order, "work_order.held", by=by, at=at, data=data)
        return hold


def resume_work_order(order_id: UUID, *, by: Actor, at: datetime) -> WorkOrder:
    """End the pause; the order is to be dispatched again. Raises ResumedBeforeHold, WrongState, NotPermitted."""
    with act_transaction():
        order = lock_order(order_id, act="resume", permission="workorders.hold_work_order", by=by, at=at)
        hold = Hold.objects.get(branch_id=order.branch_id, work_order_id=order.id, ends_at=None)
        if at < hold.starts_at:
            raise ResumedBeforeHold(held=hold.starts_at.isoformat())
        hold.ends_at = at
        write(hold, "ends_at")
        step = move_order(order, to=OrderStatus.RECEIVED)
        journal(order, "work_order.resumed", by=by, at=at, data=step)
        return order
