from datetime import date
from typing import Any

import pytest

from shouhou.access.actors import BranchNotVisible
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.access.queries import BranchClosed
from shouhou.kernel.errors import NotPermitted
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianInactive, TechnicianNotFound
from shouhou.workorders.actions import (
    cancel_work_order,
    close_branch,
    dispatch_work_order,
    part_with_technician,
    reopen_work_order,
)
from shouhou.workorders.actions.leaving import OrdersStillOpen, VisitsStillLive, VouchersStillHeld
from shouhou.workorders.errors import ReasonMissing
from tests.cast import NOW, STEP, Cast, Crew, Stage, refuses


def close(qd: Crew, **given: Any) -> Branch:
    usual: dict[str, Any] = {"reason": "合并", "by": qd.administrator, "at": NOW}
    return close_branch(qd.branch.id, **usual | given)


def part(qd: Crew, **given: Any) -> Technician:
    usual: dict[str, Any] = {"left_on": date(2026, 11, 30), "reason": "离职", "by": qd.administrator, "at": NOW}
    return part_with_technician(qd.technician.id, **usual | given)


@pytest.mark.parametrize("stage", ["received", "on_hold", "on_site", "signed", "filed"])
def test_a_branch_with_an_open_call_stays_open(stage: Stage, qd: Crew, jn: Crew) -> None:
    jn.receive()
    qd.order(stage)
    with refuses(OrdersStillOpen):
        close(qd)


def test_when_all_is_done_it_closes_and_takes_no_more_calls(qd: Crew) -> None:
    order = qd.order("struck_off").first
    gone = qd.order("cancelled").first
    assert close(qd).closed_at == NOW
    with refuses(BranchClosed):
        qd.receive()
    for one in (order, gone):
        with refuses(BranchClosed):
            reopen_work_order(one.id, reason="又坏了", by=qd.supervisor, at=NOW + 20 * STEP)


def test_who_closes_a_branch(cast: Cast) -> None:
    for by, refusal in (
        (cast.qd.supervisor, NotPermitted),
        (cast.headquarters[Role.MANAGER], NotPermitted),
        (cast.jn.administrator, BranchNotVisible),
    ):
        with refuses(refusal):
            close(cast.qd, by=by)
    with refuses(ReasonMissing):
        close(cast.qd, reason=" ")
    assert close(cast.qd, by=cast.headquarters[Role.ADMINISTRATOR]).closed_at


@pytest.mark.parametrize("stage", ["dispatched", "accepted", "on_site"])
def test_a_technician_with_a_visit_to_make_stays(stage: Stage, qd: Crew) -> None:
    qd.order(stage)
    with refuses(VisitsStillLive):
        part(qd)


@pytest.mark.parametrize("stage", ["left_incomplete", "completed", "signed"])
def test_a_technician_with_a_voucher_in_his_hands_stays(stage: Stage, qd: Crew) -> None:
    qd.order(stage)
    with refuses(VouchersStillHeld):
        part(qd)


def test_who_has_left_is_sent_nowhere(qd: Crew) -> None:
    qd.order("struck_off")
    left = part(qd)
    assert (left.active, left.left_on) == (False, date(2026, 11, 30))
    with refuses(TechnicianInactive):
        part(qd)
    order = qd.receive(at=NOW + STEP)
    with refuses(TechnicianInactive):
        dispatch_work_order(order.id, technician_id=qd.technician.id, by=qd.supervisor, at=NOW + 2 * STEP)
    cancel_work_order(order.id, reason="客户取消", by=qd.clerk, at=NOW + 2 * STEP)


def test_who_parts_with_a_technician(cast: Cast) -> None:
    for by, refusal in ((cast.qd.supervisor, NotPermitted), (cast.jn.administrator, TechnicianNotFound)):
        with refuses(refusal):
            part(cast.qd, by=by)
    with refuses(ReasonMissing):
        part(cast.qd, reason="")
