"""The acts of a work order start, stop, pause and end the clock of the arrival; the worker sees it run out."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shouhou.access.actors import product_itself
from shouhou.audit.models import Event
from shouhou.commitments.actions import observe, sweep_commitments
from shouhou.commitments.models import Commitment, CommitmentMark, CommitmentNotice
from shouhou.commitments.rules.words import State
from shouhou.workorders import actions as acts
from tests.cast import NOW, Crew

pytestmark = pytest.mark.django_db
WORKER = "worker"


def arrival(order_id: Any) -> Commitment:
    return Commitment.objects.get(subject_kind="work_order", subject_id=order_id, definition="arrival")


def sweep(qd: Crew, at: datetime) -> int:
    return sweep_commitments(qd.branch.id, by=product_itself(channel=WORKER), at=at)


def test_a_call_from_the_city_starts_a_clock_of_six_working_hours(qd: Crew) -> None:
    life = qd.order("received")
    found = arrival(life.id)
    assert (found.state, found.owner, found.label) == (State.RUNNING, "technician", life.order.number)
    assert found.terms["limit"] == {"amount": 6, "unit": "working_hours", "window": None, "count": "day_after"}
    assert found.terms["rule"].startswith("management-rule.arrive-city@")
    assert found.terms["verified"] == "unverified"
    assert found.started_at == life.order.received_at
    assert found.due_at == NOW + timedelta(hours=7)  # half past nine to half past four, less an hour of noon


def test_arriving_keeps_it_and_the_mark_names_the_event(qd: Crew) -> None:
    life = qd.order("on_site")
    found = arrival(life.id)
    assert (found.state, found.next_at) == (State.MET, None)
    event = Event.objects.get(chain_id=life.id, verb="workorders.visit.arrived")
    assert found.ended_at == event.at
    assert found.marks.get(kind="stop").event_id == event.id
    assert Event.objects.filter(chain_id=found.id, verb="commitments.commitment.met").count() == 1


def test_a_hold_of_the_customer_stops_the_clock_and_one_of_ours_does_not(qd: Crew) -> None:
    theirs, ours = qd.order("received"), qd.order("received")
    acts.hold_work_order(theirs.id, reason="客户出差", cause="customer", by=qd.clerk, at=theirs.next())
    acts.hold_work_order(ours.id, reason="等配件", by=qd.clerk, at=ours.next())
    assert (arrival(theirs.id).state, arrival(theirs.id).due_at) == (State.PAUSED, None)
    assert arrival(ours.id).state == State.RUNNING
    acts.resume_work_order(theirs.id, by=qd.clerk, at=theirs.next())
    assert arrival(theirs.id).state == State.RUNNING
    assert (arrival(theirs.id).due_at or NOW) > (arrival(ours.id).due_at or NOW)
    assert [mark.cause for mark in arrival(ours.id).marks.filter(kind="pause")] == ["company"]


def test_a_cancelled_call_owes_nothing(qd: Crew) -> None:
    assert arrival(qd.order("cancelled").id).state == State.VOID


def test_the_same_event_twice_changes_nothing(qd: Crew) -> None:
    life = qd.order("on_site")
    event = Event.objects.get(chain_id=life.id, verb="workorders.visit.arrived")
    marks = CommitmentMark.objects.count()
    again = observe(event, subject=("work_order", life.id), label="", branch_id=qd.branch.id, told={}, by=qd.clerk)
    assert (again, CommitmentMark.objects.count()) == ([], marks)


def test_an_unknown_zone_takes_the_stricter_rule_and_says_so(qd: Crew) -> None:
    life = qd.order("received")
    event = Event.objects.get(chain_id=life.id, sequence=1)
    told = {"zone": ""}
    found = observe(event, subject=("work_order", uuid4()), label="", branch_id=qd.branch.id, told=told, by=qd.clerk)
    assert [(one.terms["limit"]["amount"], one.terms["assumed"]) for one in found] == [(6, ["area"])]


def test_the_worker_sees_it_run_out_and_tells_each_once(qd: Crew) -> None:
    life = qd.order("received")
    due = arrival(life.id).due_at or NOW
    assert sweep(qd, due - timedelta(hours=3)) == 0
    assert sweep(qd, due - timedelta(minutes=30)) == 1
    assert arrival(life.id).state == State.RUNNING
    # The night the worker was off: it catches up once, in order.
    assert sweep(qd, due + timedelta(days=3)) == 1
    found = arrival(life.id)
    assert (found.state, found.breached_at, found.next_at) == (State.BREACHED, due, None)
    assert sweep(qd, due + timedelta(days=4)) == 0
    notices = CommitmentNotice.objects.filter(commitment_id=found.id).order_by("step")
    assert [one.tell for one in notices] == ["supervisor", "supervisor", "manager"]
    assert [one.reached_at <= one.told_at for one in notices] == [True] * 3
    assert Event.objects.get(chain_id=found.id).data["breached_at"] == due.isoformat()


def test_an_arrival_that_was_written_down_too_late_takes_the_breach_back(qd: Crew) -> None:
    life = qd.order("travelling")
    due = arrival(life.id).due_at or NOW
    sweep(qd, due + timedelta(hours=1))
    assert arrival(life.id).state == State.BREACHED
    acts.arrive(life.visit.id, by=qd.technician_actor, at=due - timedelta(minutes=5))
    assert arrival(life.id).state == State.MET
    changes = Event.objects.filter(chain_id=arrival(life.id).id).order_by("sequence")
    assert [one.data["to"] for one in changes] == ["breached", "met"]


def test_one_bad_row_does_not_keep_the_others(qd: Crew) -> None:
    bad, good = qd.order("received"), qd.order("received")
    Commitment.objects.filter(subject_id=bad.id).update(terms={"limit": None})
    due = arrival(good.id).due_at or NOW
    assert sweep(qd, due) == 2
    assert arrival(good.id).state == State.BREACHED
    assert "KeyError" in arrival(bad.id).fault
    assert arrival(bad.id).next_at == due + timedelta(hours=1)
    assert sweep(qd, due) == 0


def test_another_branch_is_not_swept(qd: Crew, jn: Crew) -> None:
    life = qd.order("received")
    assert sweep(jn, NOW + timedelta(days=30)) == 0
    assert arrival(life.id).state == State.RUNNING
