"""Accepting, refusing, withdrawing, setting out, arriving."""

from collections.abc import Callable
from typing import Any

import pytest

from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.texts import TextTooLong
from shouhou.workorders.actions import (
    accept_visit,
    arrive,
    depart,
    dispatch_work_order,
    issue_voucher,
    refuse_visit,
    withdraw_visit,
)
from shouhou.workorders.actions.visits import OtherVisitUnderWay
from shouhou.workorders.actions.vouchers import VoucherNotInFolder
from shouhou.workorders.errors import NotYourVisit, ReasonMissing, VisitInWrongState, VisitNotFound
from tests.cast import Crew, refuses


def test_a_visit_on_its_way(qd: Crew) -> None:
    life = qd.order("on_site")
    visit, order = life.visit, life.order
    times = [visit.dispatched_at, visit.accepted_at, visit.departed_at, visit.arrived_at]
    assert times == sorted(set(times))  # type: ignore[type-var]
    assert (visit.status, order.status, order.arrived_at) == ("on_site", "in_progress", visit.arrived_at)


def test_a_refused_visit_sends_the_call_back_to_be_dispatched(qd: Crew) -> None:
    life = qd.order("refused")
    assert (life.visit.status, life.visit.reason, life.order.status) == ("refused", "车坏了", "received")


@pytest.mark.parametrize("act", [refuse_visit, withdraw_visit])
def test_it_refuses_without_a_reason(act: Callable[..., Any], qd: Crew) -> None:
    life = qd.order("dispatched")
    with refuses(ReasonMissing):
        act(life.visit.id, reason=" \n", by=qd.supervisor, at=life.at)
    with refuses(TextTooLong):
        act(life.visit.id, reason="长" * 201, by=qd.supervisor, at=life.at)


@pytest.mark.parametrize("act", [accept_visit, depart, arrive])
def test_a_visit_is_the_business_of_who_was_sent(act: Callable[..., Any], qd: Crew, jn: Crew) -> None:
    life = qd.order("dispatched")
    with refuses(NotYourVisit) as caught:
        act(life.visit.id, by=qd.colleague_actor, at=life.at)
    assert "李明" in str(caught.value)
    with refuses(NotPermitted):
        act(life.visit.id, by=qd.clerk, at=life.at)
    with refuses(VisitNotFound):
        act(life.visit.id, by=jn.supervisor, at=life.at)


def test_a_technician_does_not_withdraw_his_own_visit(qd: Crew) -> None:
    life = qd.order("dispatched")
    with refuses(NotPermitted):
        withdraw_visit(life.visit.id, reason="不想去", by=life.worker, at=life.at)


def test_a_supervisor_may_do_it_for_him(qd: Crew) -> None:
    life = qd.order("dispatched")
    accept_visit(life.visit.id, by=qd.supervisor, at=life.next())
    assert life.events[-1].actor_id == qd.supervisor.user_id


def test_setting_out_takes_the_voucher_along(qd: Crew) -> None:
    life = qd.order("travelling")
    voucher = life.voucher
    assert (voucher.state, voucher.holder, voucher.work_order_id) == ("with_technician", qd.technician, life.id)


def test_a_voucher_issued_before_is_not_taken_again(qd: Crew) -> None:
    life = qd.order("accepted")
    issue_voucher(life.id, technician_id=qd.technician.id, by=qd.clerk, at=life.next())
    depart(life.visit.id, by=life.worker, at=life.next())
    assert life.verbs[-2:] == ["voucher.issued", "visit.departed"]


def test_it_refuses_to_set_out_while_another_has_the_voucher(qd: Crew) -> None:
    life = qd.order("accepted")
    issue_voucher(life.id, technician_id=qd.colleague.id, by=qd.clerk, at=life.next())
    with refuses(VoucherNotInFolder) as caught:
        depart(life.visit.id, by=life.worker, at=life.next())
    assert "王强" in str(caught.value)


def test_it_refuses_to_set_out_twice_at_a_time(qd: Crew) -> None:
    under_way = qd.order("travelling")
    other = qd.order("accepted", unit=qd.gas_unit)
    with refuses(OtherVisitUnderWay) as caught:
        depart(other.visit.id, by=other.worker, at=other.next())
    assert under_way.first.number in str(caught.value)
    under_way.to("completed")
    assert depart(other.visit.id, by=other.worker, at=under_way.next()).status == "travelling"


def test_an_ended_visit_stays_ended_when_the_next_one_is_live(qd: Crew) -> None:
    life = qd.order("refused")
    ended = life.visit
    dispatch_work_order(life.id, technician_id=qd.technician.id, by=qd.supervisor, at=life.next())
    with refuses(VisitInWrongState):
        accept_visit(ended.id, by=life.worker, at=life.at)
