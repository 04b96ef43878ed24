import pytest

from shouhou.workorders.actions import hold_work_order, record_signature_refused, resume_work_order
from shouhou.workorders.actions.holds import ResumedBeforeHold, TechnicianOnSite
from shouhou.workorders.errors import ReasonMissing, WrongState
from shouhou.workorders.models import Hold
from tests.cast import STEP, Crew, Stage, refuses


@pytest.mark.parametrize("stage", ["dispatched", "accepted", "travelling"])
def test_a_hold_withdraws_the_visit_that_is_not_there_yet(stage: Stage, qd: Crew) -> None:
    life = qd.order(stage)
    hold_work_order(life.id, reason="客户出差", by=qd.clerk, at=life.next())
    assert (life.order.status, life.visit.status, life.visit.reason) == ("on_hold", "withdrawn", "客户出差")
    assert life.events[-1].data["withdrawn_visit"] == str(life.visit.id)


def test_it_refuses_while_the_technician_is_on_site(qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(TechnicianOnSite) as caught:
        hold_work_order(life.id, reason="x", by=qd.clerk, at=life.next())
    assert "李明" in str(caught.value)


def test_it_refuses_a_second_hold_and_one_without_a_reason(qd: Crew) -> None:
    life = qd.order("on_hold")
    with refuses(WrongState):
        hold_work_order(life.id, reason="x", by=qd.clerk, at=life.next())
    with refuses(ReasonMissing):
        hold_work_order(life.id, reason=" ", by=qd.clerk, at=life.next())


def test_resuming_ends_the_pause(qd: Crew) -> None:
    life = qd.order("on_hold")
    resume_work_order(life.id, by=qd.clerk, at=life.next())
    hold = Hold.objects.get(work_order=life.first)
    assert (hold.ends_at, hold.reason, life.order.status) == (life.at, "等配件", "received")


def test_it_refuses_to_resume_before_the_hold_began(qd: Crew) -> None:
    life = qd.order("on_hold")
    with refuses(ResumedBeforeHold):
        resume_work_order(life.id, by=qd.clerk, at=life.at - STEP / 2)


def test_it_can_be_held_again_later(qd: Crew) -> None:
    life = qd.order("on_hold")
    resume_work_order(life.id, by=qd.clerk, at=life.next())
    hold_work_order(life.id, reason="又等", by=qd.clerk, at=life.next())
    assert Hold.objects.filter(work_order=life.first, ends_at=None).count() == 1


def test_what_was_left_incomplete_can_still_be_signed_while_it_is_held(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    hold_work_order(life.id, reason="等配件", by=qd.clerk, at=life.next())
    entry = record_signature_refused(life.id, reason="明天签", by=life.worker, at=life.next())
    assert (entry.completed, life.voucher.state) == (False, "signed")
