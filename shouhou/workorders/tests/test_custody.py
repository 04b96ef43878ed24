"""Where the voucher is: issued, returned, handed in, filed."""

from shouhou.kernel.ids import uuid7
from shouhou.workforce.queries import TechnicianNotFound
from shouhou.workorders.actions import file_voucher, hand_in_voucher, issue_voucher, return_voucher
from shouhou.workorders.actions.vouchers import (
    NotYourVoucher,
    VisitUnderWay,
    VoucherInWrongState,
    VoucherNotInFolder,
    VoucherOutForOther,
)
from shouhou.workorders.errors import ReasonMissing, WorkOrderNotFound, WrongState
from shouhou.workorders.models import VoucherMove
from tests.cast import Crew, refuses


def test_its_whole_way_is_written_down(qd: Crew) -> None:
    life = qd.order("struck_off")
    moves = VoucherMove.objects.filter(voucher=life.voucher).order_by("at")
    states = [move.from_state for move in moves] + [life.voucher.state]
    assert states == ["in_folder", "with_technician", "signed", "handed_in", "filed"]
    assert [move.holder for move in moves] == [qd.technician, qd.technician, None, None]
    assert (life.voucher.holder, life.voucher.work_order) == (None, None)


def test_it_refuses_to_issue_it_twice(qd: Crew) -> None:
    life = qd.order("dispatched")
    issue_voucher(life.id, technician_id=qd.technician.id, by=qd.clerk, at=life.next())
    for technician in (qd.technician, qd.colleague):
        with refuses(VoucherNotInFolder) as caught:
            issue_voucher(life.id, technician_id=technician.id, by=qd.clerk, at=life.next())
        assert "李明" in str(caught.value)


def test_it_refuses_a_technician_of_another_branch(qd: Crew, jn: Crew) -> None:
    life = qd.order("dispatched")
    for technician_id in (jn.technician.id, uuid7()):
        with refuses(TechnicianNotFound):
            issue_voucher(life.id, technician_id=technician_id, by=qd.clerk, at=life.next())
    with refuses(WorkOrderNotFound):
        issue_voucher(life.id, technician_id=jn.technician.id, by=jn.clerk, at=life.next())


def test_a_closed_order_gets_no_voucher(qd: Crew) -> None:
    life = qd.order("cancelled")
    with refuses(WrongState):
        issue_voucher(life.id, technician_id=qd.technician.id, by=qd.clerk, at=life.next())


def test_one_order_cannot_move_the_voucher_that_is_out_for_another(qd: Crew) -> None:
    signed = qd.order("signed")
    waiting = qd.order("dispatched")
    for act in (hand_in_voucher, file_voucher):
        with refuses(VoucherOutForOther):
            act(waiting.id, by=qd.clerk, at=signed.next())
    with refuses(VoucherNotInFolder):
        issue_voucher(waiting.id, technician_id=qd.colleague.id, by=qd.clerk, at=signed.next())
    signed.to("filed")
    issue_voucher(waiting.id, technician_id=qd.colleague.id, by=qd.clerk, at=signed.next())


def test_it_comes_back_unsigned_with_a_reason_and_goes_out_again(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    with refuses(ReasonMissing):
        return_voucher(life.id, reason="", by=life.worker, at=life.next())
    return_voucher(life.id, reason="换人", by=life.worker, at=life.next())
    assert (life.voucher.state, life.voucher.work_order) == ("in_folder", None)
    assert issue_voucher(life.id, technician_id=qd.colleague.id, by=qd.clerk, at=life.next()).holder == qd.colleague


def test_it_stays_with_the_technician_while_he_is_under_way(qd: Crew) -> None:
    life = qd.order("travelling")
    with refuses(VisitUnderWay):
        return_voucher(life.id, reason="x", by=qd.clerk, at=life.next())


def test_no_step_is_skipped(qd: Crew) -> None:
    life = qd.order("completed")
    for act in (hand_in_voucher, file_voucher):
        with refuses(VoucherInWrongState):
            act(life.id, by=qd.clerk, at=life.next())
    life.to("signed")
    with refuses(VoucherInWrongState):
        file_voucher(life.id, by=qd.clerk, at=life.next())


def test_a_technician_brings_back_what_he_holds_and_the_desk_anything(qd: Crew) -> None:
    life = qd.order("signed")
    with refuses(NotYourVoucher) as caught:
        hand_in_voucher(life.id, by=qd.colleague_actor, at=life.next())
    assert "李明" in str(caught.value)
    hand_in_voucher(life.id, by=qd.clerk, at=life.next())
