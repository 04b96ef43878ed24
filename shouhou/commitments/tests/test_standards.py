"""Every promise that comes with the product, driven by events as their modules will record them: kept, and missed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shouhou.audit.actions import record
from shouhou.commitments.actions import observe, sweep_commitments
from shouhou.commitments.models import Commitment, CommitmentNotice
from shouhou.commitments.rules.reading import shipped_definitions
from shouhou.commitments.rules.words import State
from shouhou.kernel.ids import uuid7
from shouhou.kernel.working_time.china import ZONE
from tests.cast import Crew

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Thursday, the day before the holidays of National Day 2026 begin: the unit of each limit shows in its end.
BEGAN = datetime(2026, 9, 24, 14, 1, tzinfo=ZONE)
TOLD: dict[str, dict[str, Any]] = {
    "arrival": {"zone": "suburb"},
    "delivery": {"promised_on": "2026-09-26"},
    "repair-planned": {"planned_on": "2026-09-28"},
    "renewal-notice": {"ends_on": "2026-12-31"},
    "cash-hand-in": {"collected_on": "2026-09-24"},
    "visit-senior": {"rank": "senior"},
    "visit-ordinary": {"rank": "ordinary"},
}
# By hand from domain.md §0.4 and §1.2, by the State Council's days of 2026 (25–27 September off).
DUE = {
    "question-answered": "2026-09-24T18:01",
    "delivery": "2026-09-27T00:00",
    "shipped": "2026-09-27T00:00",
    "visit-senior": "2027-03-25T00:00",
    "visit-ordinary": "2026-10-25T00:00",
    "monthly-report": "2026-10-25T00:00",
    "training": "2026-10-25T00:00",
    "oil-sample": "2026-09-25T14:01",
    "complaint-answered": "2026-09-25T14:01",
    "complaint-closed": "2026-10-25T00:00",
    "dealer-start": "2026-10-05T00:00",
    "promotion": "2026-10-15T00:00",
    "usage-guidance": "2026-10-05T00:00",
    "usage-follow-up": "2026-12-25T00:00",
    # 3:59 on Thursday, three hours and one minute on Monday (9–12 and a minute after lunch).
    "arrival": "2026-09-28T13:01",
    "repair-planned": "2026-09-29T00:00",
    "renewal-notice": "2026-12-02T00:00",
    "cash-hand-in": "2026-09-25T00:00",
    "survey-card": "2026-09-26T00:00",
}
DEFINITIONS = shipped_definitions().by_id


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def tell(qd: Crew, subject: tuple[str, UUID], verb: str, at: datetime, told: dict[str, Any]) -> None:
    """An event as the module that owns the subject records it."""
    event = record(
        branch_id=qd.branch.id, chain_id=subject[1], verb=verb, subject=subject, by=qd.clerk, at=at, data=dict(told)
    )
    observe(event, subject=subject, label="", branch_id=qd.branch.id, told=told, by=qd.clerk)


def begin(qd: Crew, name: str) -> tuple[tuple[str, UUID], Commitment]:
    definition = DEFINITIONS[name]
    subject = (definition.subject, uuid7())
    tell(qd, subject, definition.starts[0], BEGAN, TOLD.get(name, {}))
    return subject, Commitment.objects.get(subject_id=subject[1], definition=name)


def test_each_has_a_time_by_hand() -> None:
    assert DUE.keys() == DEFINITIONS.keys()


@pytest.mark.parametrize("name", DUE)
def test_it_is_due_when_the_rule_says(name: str, qd: Crew) -> None:
    _, begun = begin(qd, name)
    assert (begun.state, begun.due_at) == (State.RUNNING, moment(DUE[name]))
    assert bool(begun.terms["rule"]) == (DEFINITIONS[name].limit is not None)


@pytest.mark.parametrize("name", DUE)
def test_it_is_kept(name: str, qd: Crew) -> None:
    subject, begun = begin(qd, name)
    tell(qd, subject, DEFINITIONS[name].stops[0], moment(DUE[name]) - timedelta(seconds=1), {})
    begun.refresh_from_db()
    assert begun.state == State.MET


@pytest.mark.parametrize("name", DUE)
def test_it_is_missed_and_who_has_to_know_is_told(name: str, qd: Crew) -> None:
    subject, begun = begin(qd, name)
    while sweep_commitments(qd.branch.id, by=qd.supervisor, at=moment(DUE[name])):
        pass
    begun.refresh_from_db()
    assert (begun.state, begun.breached_at) == (State.BREACHED, moment(DUE[name]))
    told = CommitmentNotice.objects.filter(commitment=begun, reached_at=moment(DUE[name]))
    assert told.count() == sum(step.at == 1 for step in DEFINITIONS[name].steps) > 0
    tell(qd, subject, DEFINITIONS[name].stops[0], moment(DUE[name]) + timedelta(days=1), {})
    begun.refresh_from_db()
    assert (begun.state, begun.ended_at) == (State.BREACHED, moment(DUE[name]) + timedelta(days=1))


@pytest.mark.parametrize("name", [name for name, one in DEFINITIONS.items() if one.repeats])
def test_the_next_round_begins_where_the_last_one_ended(name: str, qd: Crew) -> None:
    subject, _ = begin(qd, name)
    tell(qd, subject, DEFINITIONS[name].stops[0], BEGAN + timedelta(days=3), {})
    # A second time in the same round keeps nothing more.
    tell(qd, subject, DEFINITIONS[name].stops[0], BEGAN + timedelta(days=4), {})
    rounds = Commitment.objects.filter(subject_id=subject[1], definition=name).order_by("round")
    assert [(one.round, one.state) for one in rounds] == [(1, State.MET), (2, State.RUNNING)]
    assert rounds[1].started_at == moment(DUE[name])
    tell(qd, subject, DEFINITIONS[name].voids[0], BEGAN + timedelta(days=5), {})
    assert rounds.get(round=2).state == State.VOID


def test_a_complaint_reopened_goes_on_where_it_stopped(qd: Crew) -> None:
    subject, begun = begin(qd, "complaint-closed")
    tell(qd, subject, "complaints.complaint.closed", BEGAN + timedelta(days=10), {})
    tell(qd, subject, "complaints.complaint.reopened", BEGAN + timedelta(days=15), {})
    begun.refresh_from_db()
    assert (begun.state, begun.due_at) == (State.RUNNING, moment(DUE["complaint-closed"]) + timedelta(days=5))


def test_a_delivery_that_is_late_by_the_weather_is_broken_until_somebody_rules(qd: Crew) -> None:
    subject, begun = begin(qd, "delivery")
    tell(qd, subject, "claims.delivery.delayed", BEGAN + timedelta(hours=1), {"cause": "objective"})
    sweep_commitments(qd.branch.id, by=qd.supervisor, at=moment("2026-09-28T00:00"))
    begun.refresh_from_db()
    assert begun.state == State.BREACHED
    assert begun.marks.get(kind="pause").cause == "objective"


def test_an_event_of_another_kind_of_subject_is_not_heard(qd: Crew) -> None:
    tell(qd, ("something_else", uuid7()), "complaints.complaint.received", BEGAN, {})
    tell(qd, ("visit_programme", uuid7()), "care.visit_programme.begun", BEGAN, {"rank": "unheard of"})
    assert not Commitment.objects.exists()
