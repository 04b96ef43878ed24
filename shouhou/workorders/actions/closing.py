"""The end of a line: struck off 注销, cancelled, and opened again."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from shouhou.access.actors import Actor
from shouhou.access.queries import lock_open_branch
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.looks import Look
from shouhou.custody.queries import unvoided_receipt
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.workorders.actions._order import given_reason, journal, lock_order, move_order
from shouhou.workorders.actions._repair import give_up_repair
from shouhou.workorders.actions.vouchers import lock_voucher_for
from shouhou.workorders.models import VoucherEntry, WorkOrder
from shouhou.workorders.queries import open_points
from shouhou.workorders.rules import OrderStatus

_ENTRIES = Look(
    lambda branch_id, order_id: VoucherEntry.objects.filter(branch_id=branch_id, work_order_id=order_id).defer(
        "strokes", "signature_image"
    )
)


class StillOpen(Conflict):
    code = "still_open"
    template = gettext_noop("%(number)s cannot be struck off yet: %(points)s")


class VoucherStillOut(Conflict):
    code = "voucher_still_out"
    template = gettext_noop("The voucher %(voucher)s is still with %(holder)s; it has to come back first.")


class VoucherNotFiled(Conflict):
    code = "voucher_not_filed"
    template = gettext_noop("The voucher %(voucher)s has been handed in but not filed yet; file it first.")


class GoodsStillAway(Conflict):
    code = "goods_still_away"
    template = gettext_noop(
        "The unit has been taken away; its receipt %(receipt)s has to be recovered and voided first."
    )


def strike_off(order_id: UUID, *, by: Actor, at: datetime) -> WorkOrder:
    """Strike the line off the register. Its voucher must be signed, handed in and filed, its unit back and the receipt void.

    Raises StillOpen with what is missing, WrongState, NotPermitted.
    """
    with act_transaction():
        order = lock_order(order_id, act="strike_off", permission="workorders.strike_off", by=by, at=at)
        voucher = lock_voucher_for(order)
        entries = _ENTRIES.all(branch_id=order.branch_id, order_id=order.id)
        missing = [point for point in open_points(order, voucher, entries) if not point.done]
        if missing:
            raise StillOpen(
                number=order.number,
                points=" ".join(gettext(point.text) % point.params for point in missing),
                codes=[point.code for point in missing],
            )
        step = move_order(order, to=OrderStatus.STRUCK_OFF, closed_at=at)
        journal(order, "work_order.struck_off", by=by, at=at, data={**step, "voucher": voucher.number})
        return order


def cancel_work_order(order_id: UUID, *, reason: str, by: Actor, at: datetime) -> WorkOrder:
    """The call is withdrawn. Not while a visit is live, the voucher is out or the unit is with us.

    Raises ReasonMissing, GoodsStillAway, VoucherStillOut, VoucherNotFiled, WrongState, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        order = lock_order(order_id, act="cancel", permission="workorders.cancel_work_order", by=by, at=at)
        voucher = lock_voucher_for(order)
        if voucher.work_order_id == order.id:
            if voucher.holder is None:
                raise VoucherNotFiled(voucher=voucher.number)
            raise VoucherStillOut(voucher=voucher.number, holder=voucher.holder.name)
        receipt = unvoided_receipt(order.branch_id, order.asset_id)
        if receipt is not None:
            raise GoodsStillAway(receipt=receipt.number)
        step = move_order(order, to=OrderStatus.CANCELLED, closed_at=at)
        give_up_repair(order, reason=reason, at=at)
        journal(order, "work_order.cancelled", by=by, at=at, data={**step, "reason": reason})
        return order


def reopen_work_order(order_id: UUID, *, reason: str, by: Actor, at: datetime) -> WorkOrder:
    """Open a finished, struck-off or cancelled line again; it waits for dispatch. What happened stays in the journal.

    Raises ReasonMissing, WrongState, BranchClosed, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        order = lock_order(order_id, act="reopen", permission="workorders.reopen_work_order", by=by, at=at)
        lock_open_branch(order.branch_id)
        step = move_order(order, to=OrderStatus.RECEIVED, closed_at=None, completed_at=None)
        journal(order, "work_order.reopened", by=by, at=at, data={**step, "reason": reason})
        return order
