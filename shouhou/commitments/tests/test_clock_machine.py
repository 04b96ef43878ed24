"""A promise of 24 hours to which anything happens in any order, beside a stop-watch that knows only how long it has run.

The seed is printed with a failure; SHOUHOU_TEST_SEED repeats it, SHOUHOU_TEST_EXAMPLES makes the walk longer.
"""

import os
import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shouhou.audit.actions import record
from shouhou.audit.queries import find_faults
from shouhou.commitments.actions import (
    claim_excuse,
    observe,
    pause_commitment,
    release_commitment,
    rule_on_excuse,
    sweep_commitments,
)
from shouhou.commitments.actions.excusing import ExcuseWaits, NothingToExcuse
from shouhou.commitments.actions.pausing import NothingRuns, NotPaused, PausedAlready
from shouhou.commitments.models import Commitment, CommitmentNotice
from shouhou.commitments.queries import find_misjudged
from shouhou.commitments.rules.words import OPEN, Cause, State
from shouhou.kernel.ids import uuid7
from tests.cast import NOW, Crew
from tests.promise_acts import letter

PROMISED = timedelta(hours=24)


class Clock(RuleBasedStateMachine):
    """Model: how long the watch has run, whether it is held, and how it ended."""

    crew: Crew

    @initialize()
    def a_complaint_comes_in(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOW
        self.ran = timedelta()
        self.held: Cause | None = None
        self.end = ""
        self.ended_late = False
        self.excused = False
        self.waiting: Any = None
        self.subject = ("complaint", uuid7())
        self.tell("complaints.complaint.received")
        self.key = Commitment.objects.get(subject_id=self.subject[1], definition="complaint-answered").id

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def tell(self, verb: str) -> None:
        told: dict[str, Any] = {"by": self.crew.clerk}
        branch = self.crew.branch.id
        event = record(
            branch_id=branch, chain_id=self.subject[1], verb=verb, subject=self.subject, at=self.now, data={}, **told
        )
        observe(event, subject=self.subject, label="", branch_id=branch, told={}, **told)

    @property
    def row(self) -> Commitment:
        return Commitment.objects.get(id=self.key)

    @property
    def stands_still(self) -> bool:
        return self.held in (Cause.CUSTOMER, Cause.OBJECTIVE)

    @property
    def late(self) -> bool:
        return self.ended_late if self.end else self.ran >= PROMISED

    @rule(minutes=st.one_of(st.integers(1, 300), st.sampled_from([1440, 1439, 3000])))
    def time_passes(self, minutes: int) -> None:
        step = timedelta(minutes=minutes)
        self.now += step
        if not self.stands_still and not self.end:
            self.ran += step

    @rule()
    def the_worker_makes_its_round(self) -> None:
        while sweep_commitments(self.crew.branch.id, by=self.crew.supervisor, at=self.now):
            pass
        self.stands_as_the_watch_says()

    @rule(cause=st.sampled_from(Cause))
    def it_is_stopped_by_hand(self, cause: Cause) -> None:
        seen = State(self.row.state)
        told: dict[str, Any] = {"cause": cause, "reason": "x", "by": self.crew.supervisor, "at": self.now}
        if seen not in OPEN:
            with pytest.raises(NothingRuns):
                pause_commitment(self.key, **told)
        elif self.held:
            with pytest.raises(PausedAlready):
                pause_commitment(self.key, **told)
        else:
            pause_commitment(self.key, **told)
            # What runs out, is out: a pause afterwards gives nothing back.
            self.held = cause
            self.stands_as_the_watch_says()

    @rule()
    def it_is_released_by_hand(self) -> None:
        if self.held is None:
            with pytest.raises(NotPaused):
                release_commitment(self.key, by=self.crew.supervisor, at=self.now)
        else:
            release_commitment(self.key, by=self.crew.supervisor, at=self.now)
            self.held = None
            self.stands_as_the_watch_says()

    @precondition(lambda self: self.ran > timedelta(hours=6))
    @rule(verb=st.sampled_from(["answered", "withdrawn"]))
    def it_ends(self, verb: str) -> None:
        self.tell(f"complaints.complaint.{verb}")
        if not self.end:
            self.ended_late = self.late
            self.end = verb
        self.stands_as_the_watch_says()

    @rule()
    def an_excuse_is_claimed(self) -> None:
        seen = State(self.row.state)
        told: dict[str, Any] = {"kind": "weather", "account": "台风", "evidence": [letter()]}
        told |= {"by": self.crew.clerk, "at": self.now}
        if seen not in (*OPEN, State.BREACHED):
            with pytest.raises(NothingToExcuse):
                claim_excuse(self.key, **told)
        elif self.waiting:
            with pytest.raises(ExcuseWaits):
                claim_excuse(self.key, **told)
        else:
            self.waiting = claim_excuse(self.key, **told).id

    @precondition(lambda self: self.waiting)
    @rule(accepted=st.booleans())
    def somebody_rules_on_it(self, accepted: bool) -> None:
        rule_on_excuse(self.waiting, accepted=accepted, reason="x", by=self.crew.supervisor, at=self.now)
        self.waiting = None
        if accepted:
            self.excused = True
            self.stands_as_the_watch_says()

    def stands_as_the_watch_says(self) -> None:
        """After whatever judges it."""
        row = self.row
        if self.late:
            expected = State.EXCUSED if self.excused else State.BREACHED
        elif self.end:
            expected = State.MET if self.end == "answered" else State.VOID
        else:
            expected = State.PAUSED if self.stands_still else State.RUNNING
        assert row.state == expected
        if expected is State.RUNNING:
            assert row.due_at == self.now + PROMISED - self.ran

    @invariant()
    def the_row_follows_from_its_marks(self) -> None:
        if hasattr(self, "key"):
            assert not list(find_misjudged(self.crew.branch))

    @invariant()
    def nobody_is_told_twice_or_too_early(self) -> None:
        if not hasattr(self, "key"):
            return
        told = list(CommitmentNotice.objects.filter(commitment_id=self.key).order_by("step"))
        assert [one.step for one in told] == list(range(len(told)))
        assert all(one.reached_at <= one.told_at <= self.now for one in told)

    @invariant()
    def the_journal_is_whole(self) -> None:
        assert not list(find_faults())


def test_the_clock_never_says_anything_else_than_the_watch(qd: Crew) -> None:
    start = int(os.environ.get("SHOUHOU_TEST_SEED") or random.randrange(2**32))
    print(f"SHOUHOU_TEST_SEED={start}")  # noqa: T201 - pytest shows it with a failure
    machine = seed(start)(type("Machine", (Clock,), {"crew": qd}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("SHOUHOU_TEST_EXAMPLES") or 50),
            stateful_step_count=40,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
