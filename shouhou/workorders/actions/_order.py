"""What every act on a work order begins and ends with: lock and check; write named fields and the event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.looks import Look
from shouhou.audit.statements import write
from shouhou.commitments.actions import observe
from shouhou.kernel.texts import written
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianNotFound
from shouhou.workorders.errors import (
    ActBeforeCall,
    NotYourVisit,
    ReasonMissing,
    VisitInWrongState,
    VisitNotFound,
    WorkOrderNotFound,
    WrongState,
)
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.rules import LIVE_VISIT, ORDER_ACTS, VISIT_MOVES, OrderStatus, VisitStatus

LONGEST_REASON = 200

_LOCKED_ORDER = Look(
    lambda branch_ids, order_id: WorkOrder.objects.within(branch_ids).select_for_update().filter(id=order_id)
)
# One statement locks both rows, the order first, as every other act does.
_LOCKED_VISIT = Look(
    lambda branch_ids, visit_id: (
        Visit.objects.within(branch_ids)
        .select_for_update(of=("work_order", "self"))
        .select_related("work_order", "technician")
        .filter(id=visit_id)
    )
)

_LOCKED_TECHNICIAN = Look(
    lambda branch_id, technician_id: Technician.objects.select_for_update().filter(
        branch_id=branch_id, id=technician_id
    )
)


def order_locked(order_id: UUID, *, by: Actor) -> WorkOrder:
    """The order of one of the actor's branches, locked, whatever may be done to it. Raises WorkOrderNotFound."""
    order = _LOCKED_ORDER.first(branch_ids=by.branch_ids, order_id=order_id)
    if order is None:
        raise WorkOrderNotFound()
    return order


def lock_order(order_id: UUID, *, act: str, permission: str, by: Actor, at: datetime) -> WorkOrder:
    """The order, locked until the transaction ends, if the actor may and the state allows the act.

    Raises WorkOrderNotFound, NotPermitted, WrongState, ActBeforeCall.
    """
    order = order_locked(order_id, by=by)
    by.require(permission, order.branch_id)
    check_state(order, act=act)
    if at < order.received_at:
        raise ActBeforeCall(received=order.received_at.isoformat())
    return order


def check_state(order: WorkOrder, *, act: str) -> None:
    """Raise WrongState unless the order's status allows the act."""
    if act not in ORDER_ACTS[order.status]:
        raise WrongState(number=order.number, status=OrderStatus(order.status).label, act=act)


def lock_visit(visit_id: UUID, *, act: str, by: Actor, at: datetime) -> tuple[WorkOrder, Visit]:
    """A technician's visit and its order; the order's lock guards its visits, too. The act is his own, or a supervisor's.

    Raises VisitNotFound, NotPermitted, NotYourVisit, WrongState, VisitInWrongState, ActBeforeCall.
    """
    visit = _LOCKED_VISIT.first(branch_ids=by.branch_ids, visit_id=visit_id)
    if visit is None:
        raise VisitNotFound()
    order = visit.work_order
    supervises = by.may("workorders.work_for_technician", order.branch_id)
    by.require("workorders.work_for_technician" if supervises else "workorders.work_visit", order.branch_id)
    if not supervises and visit.technician.user_id != by.user_id:
        raise NotYourVisit(technician=visit.technician.name)
    # An act that does not move the visit still needs one that is not over: another may be live for the same order.
    if visit.status not in (VISIT_MOVES[act][0] if act in VISIT_MOVES else LIVE_VISIT):
        raise VisitInWrongState(status=VisitStatus(visit.status).label, act=act)
    check_state(order, act=act)
    if at < order.received_at:
        raise ActBeforeCall(received=order.received_at.isoformat())
    return order, visit


def lock_technician(technician_id: UUID, *, branch_id: UUID) -> Technician:
    """The branch's technician, locked: what fills his time waits for each other. Raises TechnicianNotFound."""
    technician = _LOCKED_TECHNICIAN.first(branch_id=branch_id, technician_id=technician_id)
    if technician is None:
        raise TechnicianNotFound(field="technician")
    return technician


def live_visit(order: WorkOrder) -> Visit | None:
    """The visit of a locked order that is under way, if any."""
    live = Visit.objects.filter(branch_id=order.branch_id, work_order_id=order.id, status__in=LIVE_VISIT)
    return live.select_related("technician").first()


def move_order(order: WorkOrder, *, to: OrderStatus, **fields: Any) -> dict[str, str]:
    """Write the order's new status and the named fields; returns from → to for the event."""
    step = {"from": str(order.status), "to": str(to)}
    order.status = to
    for name, value in fields.items():
        setattr(order, name, value)
    write(order, "status", *fields)
    return step


def move_visit(visit: Visit, *, act: str, **fields: Any) -> dict[str, str]:
    """Write the visit's new status and the named fields; returns from → to for the event."""
    to = VISIT_MOVES[act][1]
    step = {"from": str(visit.status), "to": str(to)}
    visit.status = to
    for name, value in fields.items():
        setattr(visit, name, value)
    write(visit, "status", *fields)
    return step


def given_reason(reason: str) -> str:
    """The reason, trimmed. Raises ReasonMissing where one is owed and none was given, TextTooLong."""
    reason = written(reason, most=LONGEST_REASON, field="reason")
    if not reason:
        raise ReasonMissing(field="reason")
    return reason


def journal(
    order: WorkOrder,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    data: dict[str, Any],
    subject: tuple[str, UUID] | None = None,
    opens: bool = False,
) -> None:
    """The act's event, in the order's chain; the clocks of what was promised hear of it in the same transaction."""
    event = record(
        branch_id=order.branch_id,
        chain_id=order.id,
        verb=f"workorders.{verb}",
        subject=subject or ("work_order", order.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
    observe(
        event,
        subject=("work_order", order.id),
        label=order.number,
        branch_id=order.branch_id,
        told={**data, "zone": order.zone, "wished_end": order.wished_end and order.wished_end.isoformat()},
        by=by,
        happened_at=order.received_at if opens else None,
    )
