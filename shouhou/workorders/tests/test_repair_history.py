"""What the visits of a repair leave in the life of its unit."""

from zoneinfo import ZoneInfo

import pytest

from shouhou.assets.actions import leave_out_time
from shouhou.assets.queries import find_happenings, history_of
from shouhou.assets.warranty.happenings import PartWaitBegun, PartWaitEnded, RepairBegun, RepairEnded
from shouhou.workorders.actions import (
    assign_work_class,
    cancel_work_order,
    file_voucher,
    hand_in_voucher,
    leave_incomplete,
    record_signature_refused,
    reopen_work_order,
)
from tests.cast import Crew, Life, Stage

CHINA = ZoneInfo("Asia/Shanghai")


def kinds(crew: Crew) -> list[str]:
    return [line.kind for line in find_happenings(crew.unit)]


def give_back_unsigned(crew: Crew, life: Life) -> None:
    record_signature_refused(life.id, reason="不在场", by=life.worker, at=life.next())
    hand_in_voucher(life.id, by=crew.clerk, at=life.next())
    file_voucher(life.id, by=crew.clerk, at=life.next())


def go_again(life: Life, stage: Stage) -> None:
    """The order waits for dispatch once more; go the straight road from there."""
    life.done[:] = ["received"]
    life.to(stage)


def test_a_repair_begins_at_the_unit_and_ends_with_the_work(qd: Crew) -> None:
    life = qd.order("completed")
    began, ended = find_happenings(qd.unit)
    assert (began.kind, began.at, began.repair) == ("repair_begun", life.visit.arrived_at, life.order.number)
    assert (ended.kind, ended.at, ended.repair) == ("repair_ended", life.order.completed_at, life.order.number)


def test_nothing_is_written_before_somebody_is_there(qd: Crew) -> None:
    qd.order("travelling")
    assert kinds(qd) == []


@pytest.mark.parametrize("work_type", ["installation", "maintenance", "guidance", "inspection"])
def test_other_work_is_no_repair(work_type: str, qd: Crew) -> None:
    qd.order("on_site", work_type=work_type)
    assert kinds(qd) == []


def test_waiting_for_a_part_lasts_until_somebody_comes_again(qd: Crew) -> None:
    life = qd.order("on_site")
    leave_incomplete(life.visit.id, reason="缺压缩机", waits_for_part=True, by=life.worker, at=life.next())
    assert kinds(qd) == ["repair_begun", "part_wait_begun"]
    give_back_unsigned(qd, life)
    go_again(life, "completed")
    assert kinds(qd) == ["repair_begun", "part_wait_begun", "part_wait_ended", "repair_ended"]
    happenings = history_of(qd.unit, zone=CHINA).happenings
    assert {type(one) for one in happenings} >= {RepairBegun, PartWaitBegun, PartWaitEnded, RepairEnded}


def test_time_that_does_not_count_ends_no_wait(qd: Crew) -> None:
    """It is written down while the part is waited for, and stands after the beginning of the wait."""
    life = qd.order("on_site")
    begun = life.visit.arrived_at
    assert begun
    leave_incomplete(life.visit.id, reason="缺压缩机", waits_for_part=True, by=life.worker, at=life.next())
    leave_out_time(
        qd.unit.id, repair=life.order.number, reason="waiting_for_customer", evidence="短信记录", starts_at=begun,
        ends_at=life.next(), by=qd.clerk, at=life.at,
    )  # fmt: skip
    give_back_unsigned(qd, life)
    go_again(life, "on_site")
    assert "part_wait_ended" in kinds(qd)


def test_a_second_trip_without_a_wait_is_the_same_repair(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    give_back_unsigned(qd, life)
    go_again(life, "on_site")
    assert kinds(qd) == ["repair_begun"]


def test_a_repair_that_did_not_hold_is_counted_again(qd: Crew) -> None:
    life = qd.order("struck_off")
    reopen_work_order(life.id, reason="又坏了", by=qd.supervisor, at=life.next())
    go_again(life, "completed")
    lines = find_happenings(qd.unit)
    assert [line.kind for line in lines] == ["repair_begun", "repair_ended"] * 2
    assert [line.repair for line in lines[2:]] == [f"{life.order.number}/2"] * 2


def test_a_cancelled_repair_counts_for_nothing(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    give_back_unsigned(qd, life)
    cancel_work_order(life.id, reason="客户自行处理", by=qd.clerk, at=life.next())
    assert kinds(qd) == ["repair_begun", "taken_back"]
    assert not [one for one in history_of(qd.unit, zone=CHINA).happenings if isinstance(one, RepairBegun)]


def test_work_of_the_house_is_no_repair_of_the_customers(qd: Crew) -> None:
    life = qd.order("dispatched")
    assign_work_class(life.id, work_class="D", reason="样机检测", by=qd.supervisor, at=life.next())
    life.to("completed")
    assert kinds(qd) == []
