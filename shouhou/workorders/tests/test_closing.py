"""Striking off, cancelling, opening again."""

import pytest

from shouhou.kernel.texts import TextTooLong
from shouhou.workorders.actions import (
    cancel_work_order,
    record_signature_refused,
    reopen_work_order,
    strike_off,
)
from shouhou.workorders.actions.closing import StillOpen, VoucherStillOut
from shouhou.workorders.errors import ReasonMissing, WorkOrderNotFound
from tests.cast import Crew, Stage, refuses


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("completed", ["signed", "handed_in", "filed"]),
        ("signed", ["handed_in", "filed"]),
        ("handed_in", ["filed"]),
    ],
)
def test_it_refuses_to_strike_off_and_says_what_is_missing(stage: Stage, missing: list[str], qd: Crew) -> None:
    life = qd.order(stage)
    with refuses(StillOpen) as caught:
        strike_off(life.id, by=qd.clerk, at=life.next())
    assert caught.value.params["codes"] == missing
    assert life.voucher.number in caught.value.params["points"]


def test_a_filed_voucher_lets_the_line_be_struck_off(qd: Crew) -> None:
    life = qd.order("struck_off")
    assert (life.order.status, life.order.closed_at) == ("struck_off", life.at)


def test_a_refused_signature_does_not_keep_the_line_open(qd: Crew) -> None:
    life = qd.order("completed")
    record_signature_refused(life.id, reason="客户拒签", by=life.worker, at=life.next())
    life.done.append("signed")
    assert life.to("struck_off").order.status == "struck_off"


def test_a_cancelled_call_keeps_its_reason_in_the_journal(qd: Crew) -> None:
    life = qd.order("cancelled")
    assert (life.order.status, life.order.closed_at) == ("cancelled", life.at)
    assert life.events[-1].data == {"from": "received", "to": "cancelled", "reason": "客户取消"}


def test_it_refuses_to_cancel_while_the_voucher_is_out(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    with refuses(VoucherStillOut) as caught:
        cancel_work_order(life.id, reason="算了", by=qd.clerk, at=life.next())
    assert "李明" in str(caught.value)


@pytest.mark.parametrize("stage", ["completed", "signed", "filed", "struck_off", "cancelled"])
def test_an_ended_line_can_be_opened_again_and_finished(stage: Stage, qd: Crew) -> None:
    life = qd.order(stage)
    reopen_work_order(life.id, reason="又坏了", by=qd.supervisor, at=life.next())
    order = life.order
    assert (order.status, order.completed_at, order.closed_at) == ("received", None, None)
    assert life.verbs[-1] == "work_order.reopened"


def test_after_opening_again_the_new_visit_must_be_signed_too(qd: Crew) -> None:
    life = qd.order("struck_off")
    reopen_work_order(life.id, reason="又坏了", by=qd.supervisor, at=life.next())
    life.done = ["received"]
    life.to("completed")
    with refuses(StillOpen):
        strike_off(life.id, by=qd.clerk, at=life.next())
    assert life.to("struck_off").order.visit_count == 2


@pytest.mark.parametrize(("act", "stage"), [(cancel_work_order, "received"), (reopen_work_order, "struck_off")])
def test_it_refuses_without_a_reason(act, stage: Stage, qd: Crew, jn: Crew) -> None:  # type: ignore[no-untyped-def]
    life = qd.order(stage)
    with refuses(ReasonMissing):
        act(life.id, reason="  ", by=qd.supervisor, at=life.next())
    with refuses(TextTooLong):
        act(life.id, reason="长" * 201, by=qd.supervisor, at=life.next())
    with refuses(WorkOrderNotFound):
        act(life.id, reason="x", by=jn.supervisor, at=life.next())
