from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouhou.dispatch.queries import Candidate, find_candidates, find_visits_by_technician
from shouhou.workforce.actions import record_absence
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import QualificationMissing, TechnicianAbsent
from shouhou.workorders.actions import dispatch_work_order
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.queries import get_work_order
from tests.cast import NOW, Crew

HOUR = timedelta(hours=1)


def candidates(crew: Crew, order: WorkOrder) -> list[Candidate]:
    return find_candidates(get_work_order(order.id, by=crew.supervisor), branch=crew.branch, at=NOW)


def send(crew: Crew, technician: Technician, *, days: int = 0) -> Visit:
    start = NOW + timedelta(days=days) + HOUR
    slot: dict[str, Any] = {"planned_start": start, "planned_end": start + HOUR}
    return dispatch_work_order(crew.receive().id, technician_id=technician.id, by=crew.supervisor, at=NOW, **slot)


def test_who_may_go_comes_before_who_may_not_and_why(qd: Crew) -> None:
    first, second = candidates(qd, qd.receive(unit=qd.gas_unit))
    assert (first.technician, first.refusal) == (qd.technician, None)
    assert second.technician == qd.colleague
    assert isinstance(second.refusal, QualificationMissing)


def test_the_less_busy_comes_first(qd: Crew) -> None:
    visit = send(qd, qd.technician)
    first, second = candidates(qd, qd.receive())
    assert (first.technician, first.visits) == (qd.colleague, ())
    assert (second.technician, second.visits) == (qd.technician, (visit,))


def test_who_is_away_is_named_with_the_reason(qd: Crew) -> None:
    record_absence(qd.colleague.id, starts_at=NOW - HOUR, ends_at=NOW + HOUR, reason="年假", by=qd.supervisor, at=NOW)
    refusals = {one.technician: one.refusal for one in candidates(qd, qd.receive())}
    assert refusals[qd.technician] is None
    assert isinstance(refusals[qd.colleague], TechnicianAbsent)


def test_the_answer_agrees_with_what_dispatching_says(qd: Crew) -> None:
    order = qd.receive(unit=qd.gas_unit)
    (able,) = [one.technician for one in candidates(qd, order) if one.refusal is None]
    assert dispatch_work_order(order.id, technician_id=able.id, by=qd.supervisor, at=NOW).technician == able


def test_visits_of_other_days_do_not_count_and_unplanned_ones_always(qd: Crew) -> None:
    tomorrow = send(qd, qd.technician, days=1)
    unplanned = qd.order("dispatched").visit
    today = find_visits_by_technician(qd.branch, day=NOW.date())
    assert today == {qd.technician.id: [unplanned]}
    assert tomorrow in find_visits_by_technician(qd.branch, day=NOW.date() + timedelta(days=1))[qd.technician.id]


def test_nobody_of_another_branch_is_offered(qd: Crew, jn: Crew) -> None:
    assert {one.technician for one in candidates(qd, qd.receive())} == {qd.technician, qd.colleague}


def test_more_visits_cost_no_more_queries(qd: Crew) -> None:
    counts = []
    for _ in range(2):
        order = qd.receive()
        with CaptureQueriesContext(connection) as queries:
            candidates(qd, order)
        counts.append(len(queries))
        for _ in range(5):
            qd.order("dispatched")
    assert counts[0] == counts[1]
