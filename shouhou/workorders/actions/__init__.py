"""Every write of the module, one function per act of the trade. The files are private; names are taken from here."""

from shouhou.workorders.actions.calls import NewAsset, NewCustomer, receive_call
from shouhou.workorders.actions.closing import cancel_work_order, reopen_work_order, strike_off
from shouhou.workorders.actions.coverage import assign_work_class, judge_again, rule_on_work_class
from shouhou.workorders.actions.dispatching import accept_visit, dispatch_work_order, refuse_visit, withdraw_visit
from shouhou.workorders.actions.exporting import MOST_EXPORTED, TooManyLines, export_register
from shouhou.workorders.actions.goods import take_goods_away
from shouhou.workorders.actions.holds import hold_work_order, resume_work_order
from shouhou.workorders.actions.leaving import close_branch, part_with_technician
from shouhou.workorders.actions.pages import close_register_page
from shouhou.workorders.actions.photos import attach_photo
from shouhou.workorders.actions.seen import MovedOn, act_on_seen
from shouhou.workorders.actions.visits import add_line, arrive, complete_visit, depart, leave_incomplete, take_back_line
from shouhou.workorders.actions.vouchers import (
    file_voucher,
    hand_in_voucher,
    issue_voucher,
    record_signature,
    record_signature_refused,
    return_voucher,
)

__all__ = [
    "MOST_EXPORTED",
    "MovedOn",
    "NewAsset",
    "NewCustomer",
    "TooManyLines",
    "accept_visit",
    "act_on_seen",
    "add_line",
    "arrive",
    "assign_work_class",
    "attach_photo",
    "cancel_work_order",
    "close_branch",
    "close_register_page",
    "complete_visit",
    "depart",
    "dispatch_work_order",
    "export_register",
    "file_voucher",
    "hand_in_voucher",
    "hold_work_order",
    "issue_voucher",
    "judge_again",
    "leave_incomplete",
    "part_with_technician",
    "receive_call",
    "record_signature",
    "record_signature_refused",
    "refuse_visit",
    "reopen_work_order",
    "resume_work_order",
    "return_voucher",
    "rule_on_work_class",
    "strike_off",
    "take_back_line",
    "take_goods_away",
    "withdraw_visit",
]
