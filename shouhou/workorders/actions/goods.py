"""The unit of an order is taken away 客户商品领取 (rule 十一). Custody keeps it; here the order is held meanwhile."""

from datetime import date, datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.custody.actions import take_away
from shouhou.custody.models import GoodsReceipt
from shouhou.custody.rules import Holder, Side
from shouhou.ledger.rules import Reference
from shouhou.workorders.actions._order import order_locked
from shouhou.workorders.errors import ActBeforeCall, WrongState
from shouhou.workorders.rules import OPEN, OrderStatus


def take_goods_away(
    order_id: UUID,
    *,
    to: Holder,
    condition: str,
    promised_on: date,
    customer: Side,
    taker: Side,
    by: Actor,
    at: datetime,
    accessories: str = "",
) -> GoodsReceipt:
    """Take the unit of an open order away against a receipt. While the order is locked nobody strikes it off.

    Raises WorkOrderNotFound, WrongState, ActBeforeCall, and as `custody.take_away` does.
    """
    with act_transaction():
        order = order_locked(order_id, by=by)
        by.require("custody.take_away", order.branch_id)
        if order.status not in OPEN:
            raise WrongState(number=order.number, status=OrderStatus(order.status).label, act="take_goods_away")
        if at < order.received_at:
            raise ActBeforeCall(received=order.received_at.isoformat())
        return take_away(
            order.asset_id,
            to=to,
            condition=condition,
            promised_on=promised_on,
            customer=customer,
            taker=taker,
            by=by,
            at=at,
            accessories=accessories,
            about=Reference("work_order", str(order.id)),
        )
