"""What the workshop tells an order down: its unit is mended in the house.

All of it is part of acts of the workshop, whose events and permissions are their own.
"""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.workorders.actions._order import order_locked
from shouhou.workorders.actions._repair import end_wait_for_part as end_wait_for_part
from shouhou.workorders.actions._repair import finish_repair as finish_bench_repair
from shouhou.workorders.actions._repair import give_up_repair as give_up_repair
from shouhou.workorders.actions._repair import take_up_repair as take_up_repair
from shouhou.workorders.actions._repair import wait_for_part as wait_for_part
from shouhou.workorders.errors import ActBeforeCall, WrongState
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OPEN, OrderStatus

__all__ = [
    "end_wait_for_part",
    "finish_bench_repair",
    "give_up_repair",
    "open_order_locked",
    "take_up_repair",
    "wait_for_part",
]


def open_order_locked(order_id: UUID, *, by: Actor, at: datetime) -> WorkOrder:
    """The order, locked so that nobody strikes it off meanwhile. Raises WorkOrderNotFound, WrongState, ActBeforeCall."""
    order = order_locked(order_id, by=by)
    if order.status not in OPEN:
        raise WrongState(number=order.number, status=OrderStatus(order.status).label, act="open_card")
    if at < order.received_at:
        raise ActBeforeCall(received=order.received_at.isoformat())
    return order
