"""Which acts a screen offers on a work order: what the state allows and the roles permit. The acts themselves decide again."""

from collections.abc import Iterable

from shouhou.access.actors import Actor
from shouhou.workorders.models import Visit, Voucher, VoucherEntry, WorkOrder
from shouhou.workorders.rules import LIVE_VISIT, OPEN, ORDER_ACTS, VOUCHER_MOVES

# Act of an order → the permission that it needs.
_BY_STATUS = {
    "assign_work_class": "workorders.assign_work_class",
    "dispatch": "workorders.dispatch_work_order",
    "hold": "workorders.hold_work_order",
    "resume": "workorders.hold_work_order",
    "cancel": "workorders.cancel_work_order",
    "reopen": "workorders.reopen_work_order",
    "strike_off": "workorders.strike_off",
    "attach_photo": "workorders.attach_photo",
}
_BY_CUSTODY = {
    "return": "workorders.hand_in_voucher",
    "hand_in": "workorders.hand_in_voucher",
    "file": "workorders.file_voucher",
}
_ANY_TIME = {
    "reveal_phone": "customers.reveal_phone",
    "print": "forms.print_form",
    "void": "forms.void_form",
}


def acts_on(
    order: WorkOrder, voucher: Voucher, visits: Iterable[Visit], entry: VoucherEntry | None, *, by: Actor
) -> set[str]:
    """The names of the acts to offer. `entry` is the voucher's last line for this order. No query."""

    def may(code: str) -> bool:
        return by.may(code, order.branch_id)

    live = [visit for visit in visits if visit.status in LIVE_VISIT]
    out = voucher.work_order_id == order.id
    offered = {act for act, code in _BY_STATUS.items() if act in ORDER_ACTS[order.status] and may(code)}
    offered |= {act for act, code in _ANY_TIME.items() if may(code)}
    if out:
        offered |= {act for act, code in _BY_CUSTODY.items() if voucher.state in VOUCHER_MOVES[act][0] and may(code)}
    if order.status in OPEN and voucher.state in VOUCHER_MOVES["issue"][0] and may("workorders.issue_voucher"):
        offered.add("issue")
    if any(visit.departed_at for visit in live):
        offered.discard("return")
    if out:
        offered.discard("cancel")
    if "sign" in ORDER_ACTS[order.status] and out and entry and entry.signed_at is None and _may_sign(voucher, by):
        offered.add("sign")
    return offered


def _may_sign(voucher: Voucher, by: Actor) -> bool:
    own = voucher.holder is not None and voucher.holder.user_id == by.user_id
    return by.may("workorders.work_for_technician", voucher.branch_id) or (
        own and by.may("workorders.work_visit", voucher.branch_id)
    )
