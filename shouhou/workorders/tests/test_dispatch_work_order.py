from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shouhou.kernel.ids import uuid7
from shouhou.workforce.actions import grant_qualification, record_absence
from shouhou.workforce.models import Certificate, Technician
from shouhou.workforce.queries import (
    QualificationExpired,
    QualificationMissing,
    TechnicianAbsent,
    TechnicianInactive,
    TechnicianNotFound,
)
from shouhou.workorders.actions import dispatch_work_order, withdraw_visit
from shouhou.workorders.actions.dispatching import SlotInvalid, SlotOver, TechnicianBooked, WorkClassMissing
from shouhou.workorders.errors import WorkOrderNotFound, WrongState
from shouhou.workorders.models import Visit, WorkOrder
from tests.cast import NOW, STEP, UNCLASSED, Cast, Crew, refuses

HOUR = timedelta(hours=1)


def dispatch(crew: Crew, order: WorkOrder, **given: Any) -> Visit:
    usual: dict[str, Any] = {"technician_id": crew.technician.id, "by": crew.supervisor, "at": NOW + STEP}
    return dispatch_work_order(order.id, **usual | given)


def slot(start: float, end: float) -> dict[str, datetime]:
    return {"planned_start": NOW + start * HOUR, "planned_end": NOW + end * HOUR}


def test_it_sends_a_technician(qd: Crew) -> None:
    order = qd.receive()
    visit = dispatch(qd, order, **slot(1, 2))
    assert (visit.status, visit.sequence, visit.planned_start) == ("dispatched", 1, NOW + HOUR)
    order.refresh_from_db()
    assert (order.status, order.technician, order.dispatched_at) == ("dispatched", qd.technician, NOW + STEP)


def test_a_second_visit_keeps_the_time_of_the_first_dispatch(qd: Crew) -> None:
    life = qd.order("withdrawn")
    visit = dispatch(qd, life.first, at=life.next(), technician_id=qd.colleague.id)
    assert visit.sequence == 2
    assert (life.order.dispatched_at, life.order.technician_id) == (NOW + STEP, qd.colleague.id)


def test_it_refuses_a_second_dispatch(qd: Crew) -> None:
    order = qd.receive()
    dispatch(qd, order)
    with refuses(WrongState) as caught:
        dispatch(qd, order, technician_id=qd.colleague.id)
    assert order.number in str(caught.value)


def test_it_refuses_while_nobody_knows_who_pays(qd: Crew) -> None:
    order = qd.receive(**UNCLASSED)
    with refuses(WorkClassMissing):
        dispatch(qd, order)


def test_gas_is_for_holders_of_the_certificate(qd: Crew) -> None:
    order = qd.receive(unit=qd.gas_unit)
    with refuses(QualificationMissing) as caught:
        dispatch(qd, order, technician_id=qd.colleague.id)
    assert "王强" in str(caught.value)
    assert "燃气具维修证" in str(caught.value)
    assert dispatch(qd, order).technician == qd.technician


def test_an_expired_certificate_does_not_count(qd: Crew) -> None:
    order = qd.receive(unit=qd.gas_unit)
    Certificate.objects.filter(technician=qd.technician).update(ends_on=date(2026, 11, 23))
    with refuses(QualificationExpired) as caught:
        dispatch(qd, order)
    assert "2026-11-23" in str(caught.value)


def test_the_certificate_must_hold_on_the_planned_day_at_the_branch(qd: Crew) -> None:
    order = qd.receive(unit=qd.gas_unit)
    Certificate.objects.filter(technician=qd.technician).update(ends_on=date(2026, 11, 24))
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)  # in Qingdao
    with refuses(QualificationExpired):
        dispatch(qd, order, planned_start=midnight, planned_end=midnight + HOUR)
    dispatch(qd, order, planned_start=midnight - HOUR, planned_end=midnight)


def test_a_renewed_certificate_counts_beside_the_expired_one(qd: Crew, cast: Cast) -> None:
    Certificate.objects.filter(technician=qd.technician).update(ends_on=date(2026, 1, 1))
    renewed: dict[str, Any] = {"starts_on": date(2026, 1, 1), "ends_on": None, "by": qd.supervisor, "at": NOW}
    grant_qualification(qd.technician.id, qualification=cast.gas_certificate, **renewed)
    dispatch(qd, qd.receive(unit=qd.gas_unit))


@pytest.mark.parametrize(("away", "sent"), [((0, 2), {}), ((0.5, 1.5), slot(1, 2)), ((1.5, 3), slot(1, 2))])
def test_it_refuses_a_technician_on_leave(away: tuple[float, float], sent: dict[str, Any], qd: Crew) -> None:
    order = qd.receive()
    start, end = away
    times: dict[str, Any] = {"starts_at": NOW + start * HOUR, "ends_at": NOW + end * HOUR, "reason": "年假"}
    record_absence(qd.technician.id, **times, by=qd.supervisor, at=NOW)
    with refuses(TechnicianAbsent) as caught:
        dispatch(qd, order, **sent)
    assert "年假" in str(caught.value)
    dispatch(qd, order, technician_id=qd.colleague.id, **sent)


def test_leave_that_ends_when_the_visit_begins_is_no_obstacle(qd: Crew) -> None:
    times: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW + HOUR, "reason": ""}
    record_absence(qd.technician.id, **times, by=qd.supervisor, at=NOW)
    dispatch(qd, qd.receive(), **slot(1, 2))


def test_it_refuses_who_no_longer_works_here(qd: Crew) -> None:
    Technician.objects.filter(id=qd.technician.id).update(active=False)
    order = qd.receive()
    with refuses(TechnicianInactive):
        dispatch(qd, order)


@pytest.mark.parametrize("again", [(1, 2), (0.5, 1.5), (1.5, 3), (1.2, 1.8), (0, 4)])
def test_it_refuses_to_book_a_technician_twice(again: tuple[float, float], qd: Crew) -> None:
    first, second = qd.receive(), qd.receive()
    dispatch(qd, first, **slot(1, 2))
    with refuses(TechnicianBooked) as caught:
        dispatch(qd, second, **slot(*again))
    assert first.number in str(caught.value)
    dispatch(qd, second, technician_id=qd.colleague.id, **slot(*again))


def test_visits_may_touch_and_a_withdrawn_one_frees_its_time(qd: Crew) -> None:
    first = dispatch(qd, qd.receive(), **slot(1, 2))
    dispatch(qd, qd.receive(), **slot(2, 3))
    withdraw_visit(first.id, reason="改期", by=qd.supervisor, at=NOW + STEP)
    dispatch(qd, qd.receive(), **slot(1, 2))


@pytest.mark.parametrize(
    "times",
    [
        slot(2, 1),
        slot(1, 1),
        slot(-1, 1),
        slot(1, 26),
        {"planned_start": NOW + HOUR},
        {"planned_end": NOW + HOUR},
    ],
)
def test_it_refuses_an_impossible_time(times: dict[str, Any], qd: Crew) -> None:
    order = qd.receive()
    with refuses(SlotInvalid):
        dispatch(qd, order, **times)


def test_it_refuses_ids_of_another_branch(qd: Crew, jn: Crew) -> None:
    order = qd.receive()
    for technician_id in (jn.technician.id, uuid7()):
        with refuses(TechnicianNotFound):
            dispatch(qd, order, technician_id=technician_id)
    with refuses(WorkOrderNotFound):
        dispatch(qd, order, by=jn.supervisor)


def test_it_refuses_hours_that_are_over_but_not_those_that_have_begun(qd: Crew) -> None:
    order = qd.receive(at=NOW - 4 * HOUR)
    with refuses(SlotOver):
        dispatch(qd, order, planned_start=NOW - 2 * HOUR, planned_end=NOW)
    assert dispatch(qd, order, planned_start=NOW - HOUR, planned_end=NOW + HOUR).planned_end == NOW + HOUR
