"""The day of each technician, the free hours that follow from it, and what waits for dispatch."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouhou.dispatch.queries import PersonDay, count_dispatch_queue, find_days, find_free_slots
from shouhou.workforce.actions import record_absence
from shouhou.workforce.queries import QualificationMissing, TechnicianAbsent
from shouhou.workorders.actions import dispatch_work_order
from shouhou.workorders.queries import count_register
from tests.cast import NOW, Cast, Crew

HOUR = timedelta(hours=1)
TODAY = NOW.date()


def days(crew: Crew, day: date = TODAY, *, gas: bool = False) -> dict[str, PersonDay]:
    unit = crew.gas_unit if gas else crew.unit
    kind = unit.product_model.product_class_id
    found = find_days(branch=crew.branch, day=day, product_class_id=kind, work_type="repair")
    return {one.technician.name: one for one in found}


def away(crew: Crew, start: datetime, end: datetime) -> None:
    record_absence(crew.colleague.id, starts_at=start, ends_at=end, reason="培训", by=crew.supervisor, at=NOW)


def send(crew: Crew, start: datetime) -> None:
    slot: dict[str, Any] = {"planned_start": start, "planned_end": start + 2 * HOUR}
    dispatch_work_order(crew.receive().id, technician_id=crew.technician.id, by=crew.supervisor, at=NOW, **slot)


def test_who_lacks_the_certificate_is_refused_for_the_day(qd: Crew) -> None:
    found = days(qd, gas=True)
    assert found["李明"].refusal is None
    assert isinstance(found["王强"].refusal, QualificationMissing)


def test_some_hours_away_are_part_of_the_day_and_a_whole_day_refuses(qd: Crew) -> None:
    away(qd, NOW, NOW + 2 * HOUR)
    one = days(qd)["王强"]
    assert one.refusal is None
    assert not one.is_free(NOW + HOUR, NOW + 3 * HOUR)
    assert one.is_free(NOW + 2 * HOUR, NOW + 4 * HOUR)
    away(qd, NOW + timedelta(days=1), NOW + timedelta(days=4))
    assert isinstance(days(qd, TODAY + timedelta(days=2))["王强"].refusal, TechnicianAbsent)
    assert days(qd, TODAY + timedelta(days=1))["王强"].refusal is None


def test_free_hours_count_those_who_could_go(qd: Crew) -> None:
    send(qd, NOW + HOUR)
    away(qd, NOW + 4 * HOUR, NOW + 6 * HOUR)
    slots = [(NOW + HOUR * hour, NOW + HOUR * (hour + 2)) for hour in (1, 3, 4)]

    def people(*, gas: bool) -> list[int]:
        unit = qd.gas_unit if gas else qd.unit
        kind = unit.product_model.product_class_id
        found = find_free_slots(slots, branch=qd.branch, product_class_id=kind, work_type="repair")
        return [slot.people for slot in found]

    assert people(gas=False) == [1, 1, 1]
    assert people(gas=True) == [1, 1]  # one slot has nobody left and is not among them


def test_more_visits_cost_no_more_queries(qd: Crew) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            days(qd)
        return len(queries)

    send(qd, NOW + HOUR)
    few = cost()
    send(qd, NOW + 3 * HOUR)
    send(qd, NOW + 5 * HOUR)
    assert cost() == few


def test_nobody_of_another_branch_is_in_it(cast: Cast) -> None:
    assert set(days(cast.qd)) == {"李明", "王强"}


def test_the_queue_is_counted_as_the_register_counts_it(qd: Crew) -> None:
    qd.receive(at=NOW - timedelta(days=2))
    qd.receive(at=NOW)
    qd.order("left_incomplete", at=NOW - timedelta(days=1))
    counts = count_dispatch_queue(qd.branch, today=TODAY)
    assert (counts.carried_over, counts.again, counts.today, counts.all) == (1, 1, 1, 3)
    assert counts.carried_over == count_register(qd.branch, today=TODAY).carried_over
