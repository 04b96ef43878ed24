"""What several people do at the same moment: real threads, each with its own connection and its own transaction."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from shouhou.access.actions import take_number
from shouhou.audit.queries import find_faults
from shouhou.kernel.errors import Refusal
from shouhou.workorders import actions
from shouhou.workorders.models import RegisterPage, Visit, Voucher, VoucherMove, WorkOrder
from tests.cast import NOW, STEP, STROKES, Crew, Life

pytestmark = pytest.mark.django_db(transaction=True)

# A thread waits for its turn, it does not need a core; more of them than cores is the point.
WAVE = 10


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all of them together; each answer is what came back, the code of the refusal, or the exception itself."""
    answers: list[Any] = [None] * len(acts)
    gate = Barrier(len(acts))

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(10)
            answers[place] = acts[place]()
        except Refusal as refusal:
            answers[place] = refusal.code
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def won(answers: Sequence[Any]) -> list[Any]:
    return [one for one in answers if not isinstance(one, str)]


def refused(answers: Sequence[Any]) -> Counter[str]:
    return Counter(one for one in answers if isinstance(one, str))


def dispatch(crew: Crew, order: WorkOrder, *, technician: Any = None, **slot: Any) -> Callable[[], Visit]:
    sent = technician or crew.technician
    return lambda: actions.dispatch_work_order(
        order.id, technician_id=sent.id, by=crew.supervisor, at=NOW + STEP, **slot
    )


def departure(life: Life) -> Callable[[], Visit]:
    visit = life.visit
    return lambda: actions.depart(visit.id, by=life.worker, at=life.at + STEP)


def test_of_50_dispatches_of_one_order_one_wins(qd: Crew) -> None:
    order = qd.receive()
    answers = [answer for _ in range(50 // WAVE) for answer in at_once(*[dispatch(qd, order)] * WAVE)]
    assert [type(one) for one in won(answers)] == [Visit]
    assert refused(answers) == {"wrong_state": 49}
    assert Visit.objects.filter(work_order=order).count() == 1
    assert not list(find_faults())


def test_of_50_dispatches_in_one_moment_one_wins(qd: Crew) -> None:
    order = qd.receive()
    answers = at_once(*[dispatch(qd, order)] * 50)
    assert [type(one) for one in won(answers)] == [Visit]
    assert refused(answers) == {"wrong_state": 49}


def test_two_supervisors_cannot_fill_the_same_hour_of_a_technician(qd: Crew) -> None:
    orders = [qd.receive() for _ in range(WAVE)]
    slot = {"planned_start": NOW + timedelta(hours=2), "planned_end": NOW + timedelta(hours=3)}
    answers = at_once(*[dispatch(qd, order, **slot) for order in orders])
    assert len(won(answers)) == 1
    assert refused(answers) == {"technician_booked": WAVE - 1}
    assert WorkOrder.objects.filter(status="received").count() == WAVE - 1


def test_parallel_calls_get_no_number_twice_and_leave_no_gap(qd: Crew, jn: Crew) -> None:
    answers = at_once(*[crew.receive for crew in (qd, jn) for _ in range(WAVE)])
    for crew in (qd, jn):
        numbers = sorted(one.number for one in answers if one.branch_id == crew.branch.id)
        assert [int(number[-4:]) for number in numbers] == list(range(1, WAVE + 1))
        assert RegisterPage.objects.filter(branch=crew.branch).count() == 1
        assert Voucher.objects.filter(branch=crew.branch).count() == 1


def test_refused_calls_between_them_leave_no_gap_either(qd: Crew, jn: Crew) -> None:
    answers = at_once(*[qd.receive, lambda: qd.receive(asset=jn.unit.id)] * (WAVE // 2))
    assert refused(answers) == {"asset_not_found": WAVE // 2}
    assert sorted(int(one.number[-4:]) for one in won(answers)) == list(range(1, WAVE // 2 + 1))


def test_first_calls_for_one_unit_on_two_days_share_its_voucher(qd: Crew) -> None:
    days = [NOW - timedelta(days=day) for day in range(4)]
    for day in days:  # opens the pages: of two first calls of a day one waits for the other anyway
        qd.receive(unit=qd.gas_unit, received_at=day)
    answers = at_once(*[lambda day=day: qd.receive(received_at=day) for day in days])
    assert [type(one) for one in answers] == [WorkOrder] * 4
    assert [one.number for one in Voucher.objects.filter(asset=qd.unit)] == ["QD-000002"]


def test_the_same_imported_call_is_received_once(qd: Crew) -> None:
    answers = at_once(*[lambda: qd.receive(source="old-system-17")] * WAVE)
    assert len(won(answers)) == 1
    assert refused(answers) == {"received_already": WAVE - 1}


def test_a_voucher_is_issued_once(qd: Crew) -> None:
    order = qd.receive()
    answers = at_once(
        *[
            lambda who=who: actions.issue_voucher(order.id, technician_id=who.id, by=qd.clerk, at=NOW + STEP)
            for who in [qd.technician, qd.colleague] * (WAVE // 2)
        ]
    )
    assert len(won(answers)) == 1
    assert refused(answers) == {"voucher_not_in_folder": WAVE - 1}
    assert VoucherMove.objects.count() == 1
    assert Voucher.objects.get().holder_id == won(answers)[0].holder_id


def test_one_voucher_does_not_go_out_for_two_orders(qd: Crew) -> None:
    lives = [qd.order("accepted", technician=who) for who in (qd.technician, qd.colleague)]
    answers = at_once(*[departure(life) for life in lives])
    assert len(won(answers)) == 1
    assert refused(answers) == {"voucher_not_in_folder": 1}
    assert sorted(life.order.status for life in lives) == ["dispatched", "in_progress"]


def test_a_technician_sets_out_for_one_customer_only(qd: Crew) -> None:
    lives = [qd.order("accepted", unit=unit) for unit in (qd.unit, qd.gas_unit)]
    answers = at_once(*[departure(life) for life in lives])
    assert len(won(answers)) == 1
    assert refused(answers) == {"other_visit_under_way": 1}
    assert Visit.objects.filter(status="travelling").count() == 1


def test_a_line_is_struck_off_once(qd: Crew) -> None:
    life = qd.order("filed")
    answers = at_once(*[lambda: actions.strike_off(life.id, by=qd.clerk, at=life.at + STEP)] * WAVE)
    assert len(won(answers)) == 1
    assert refused(answers) == {"wrong_state": WAVE - 1}
    assert life.verbs.count("work_order.struck_off") == 1


def test_a_visit_is_either_accepted_or_withdrawn(qd: Crew) -> None:
    life = qd.order("dispatched")
    visit, at = life.visit, life.next()
    answers = at_once(
        *[lambda: actions.refuse_visit(visit.id, reason="病了", by=qd.technician_actor, at=at)] * 3,
        *[lambda: actions.withdraw_visit(visit.id, reason="改派", by=qd.supervisor, at=at)] * 3,
    )
    assert len(won(answers)) == 1
    assert sum(refused(answers).values()) == 5
    assert life.order.status == "received"


def test_a_signature_is_taken_once(qd: Crew) -> None:
    life = qd.order("completed")
    given: dict[str, Any] = {"by": life.worker, "at": life.at + STEP}
    answers = at_once(
        *[lambda: actions.record_signature(life.id, signer_name="王", strokes=STROKES, **given)] * 3,
        *[lambda: actions.record_signature_refused(life.id, reason="不在", **given)] * 3,
    )
    assert len(won(answers)) == 1
    assert refused(answers) == {"nothing_to_sign": 5}
    assert not list(find_faults())


def test_the_journal_of_one_order_stays_a_chain_under_many_writers(qd: Crew) -> None:
    order = qd.receive()
    classes = "ABCD" * 3
    acts = [
        lambda letter=letter: actions.assign_work_class(
            order.id, work_class=letter, reason="另有约定", by=qd.clerk, at=NOW + STEP
        )
        for letter in classes
    ]
    assert refused(at_once(*acts)) == {}
    assert not list(find_faults())


def test_a_number_series_counts_on_without_gaps(qd: Crew) -> None:
    answers = at_once(*[lambda: take_number(qd.branch.id, kind="test", period="")] * WAVE)
    assert sorted(answers) == list(range(1, WAVE + 1))
