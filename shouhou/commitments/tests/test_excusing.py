from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.commitments.actions import claim_excuse, pause_commitment, release_commitment, rule_on_excuse
from shouhou.commitments.actions.excusing import (
    AccountMissing,
    EvidenceFileMissing,
    EvidenceTooLarge,
    ExcuseWaits,
    NothingToExcuse,
    OwnExcuse,
    RuledAlready,
    RulingReasonMissing,
    TooMuchEvidence,
)
from shouhou.commitments.actions.pausing import (
    BeforeItBegan,
    NothingRuns,
    NotPaused,
    PausedAlready,
    PauseReasonMissing,
)
from shouhou.commitments.models import Commitment, Excuse, ExcuseEvidence
from shouhou.commitments.queries import CommitmentNotFound
from shouhou.commitments.rules.words import State
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.pictures import MOST_BYTES, PhotoUnreadable
from tests.cast import NOW, STEP, Crew, refuses
from tests.promise_acts import LATE, broken_promise, claim, excuse_lateness
from tests.walls import picture

pytestmark = pytest.mark.django_db


def said(**changed: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"kind": "weather", "account": "台风", "evidence": [BytesIO(picture())], "at": LATE}
    return usual | changed


def test_an_accepted_excuse_stands_beside_the_breach(qd: Crew) -> None:
    broken = excuse_lateness(qd)
    assert (broken.state, broken.breached_at is not None, broken.next_at) == (State.EXCUSED, True, None)
    excuse = Excuse.objects.get(commitment=broken)
    assert [ruling.accepted for ruling in excuse.rulings.all()] == [True]
    assert ExcuseEvidence.objects.get(excuse=excuse).is_picture
    verbs = list(Event.objects.filter(chain_id=broken.id).order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "commitments.commitment.breached",
        "commitments.excuse.claimed",
        "commitments.excuse.accepted",
        "commitments.commitment.excused",
    ]


def test_a_rejected_one_stays_too_and_another_may_be_claimed(qd: Crew) -> None:
    broken = broken_promise(qd)
    first = claim(qd, broken)
    rule_on_excuse(first.id, accepted=False, reason="当日天气正常", by=qd.supervisor, at=LATE)
    broken.refresh_from_db()
    assert broken.state == State.BREACHED
    claim(qd, broken)
    assert Excuse.objects.filter(commitment=broken).count() == 2


def test_a_claim_that_is_refused(qd: Crew, jn: Crew) -> None:
    broken = broken_promise(qd)
    by = qd.technician_actor
    large = BytesIO(b"%PDF-" + b"0" * MOST_BYTES)
    for fault, changed in (
        (AccountMissing, {"account": " "}),
        (UnknownChoice, {"kind": "laziness"}),
        (EvidenceFileMissing, {"evidence": []}),
        (TooMuchEvidence, {"evidence": [BytesIO(picture()) for _ in range(7)]}),
        (PhotoUnreadable, {"evidence": [BytesIO(b"MZ not a picture")]}),
        (EvidenceTooLarge, {"evidence": [large]}),
    ):
        with refuses(fault):
            claim_excuse(broken.id, **said(**changed), by=by)
    with refuses(NotPermitted):
        claim_excuse(broken.id, **said(), by=qd.administrator)
    with refuses(CommitmentNotFound):
        claim_excuse(broken.id, **said(), by=jn.technician_actor)
    claim(qd, broken)
    with refuses(ExcuseWaits):
        claim_excuse(broken.id, **said(), by=by)
    kept = Commitment.objects.get(subject_id=qd.order("on_site").id, definition="arrival")
    with refuses(NothingToExcuse):
        claim_excuse(kept.id, **said(), by=by)


def test_a_pdf_is_kept_as_it_came(qd: Crew) -> None:
    letter = b"%PDF-1.7\nletter of the weather office"
    excuse = claim_excuse(broken_promise(qd).id, **said(evidence=[BytesIO(letter)]), by=qd.technician_actor)
    kept = excuse.evidence.get()
    assert not kept.is_picture
    assert kept.file.read() == letter


def test_a_ruling_that_is_refused(qd: Crew) -> None:
    broken = broken_promise(qd)
    own = claim_excuse(broken.id, **said(), by=qd.supervisor)
    ruling: dict[str, Any] = {"accepted": True, "at": LATE}
    with refuses(OwnExcuse):
        rule_on_excuse(own.id, **ruling, reason="属实", by=qd.supervisor)
    with refuses(NotPermitted):
        rule_on_excuse(own.id, **ruling, reason="属实", by=qd.technician_actor)
    with refuses(RulingReasonMissing):
        rule_on_excuse(own.id, **ruling, reason=" ", by=qd.supervisor)
    rule_on_excuse(own.id, **ruling, reason="属实", by=qd.actors[Role.MANAGER])
    with refuses(RuledAlready):
        rule_on_excuse(own.id, accepted=False, reason="反悔", by=qd.actors[Role.MANAGER], at=LATE)


def test_a_pause_by_hand_and_its_release(qd: Crew) -> None:
    order = qd.receive()
    running = Commitment.objects.get(subject_id=order.id)
    hold: dict[str, Any] = {"cause": "customer", "reason": "客户外出", "by": qd.supervisor}
    with refuses(NotPaused):
        release_commitment(running.id, by=qd.supervisor, at=NOW + STEP)
    with refuses(PauseReasonMissing):
        pause_commitment(running.id, **hold | {"reason": ""}, at=NOW + STEP)
    with refuses(BeforeItBegan):
        pause_commitment(running.id, **hold, at=NOW - STEP)
    with refuses(NotPermitted):
        pause_commitment(running.id, **hold | {"by": qd.clerk}, at=NOW + STEP)
    assert pause_commitment(running.id, **hold, at=NOW + STEP).state == State.PAUSED
    with refuses(PausedAlready):
        pause_commitment(running.id, **hold, at=NOW + 2 * STEP)
    with refuses(BeforeItBegan):
        release_commitment(running.id, by=qd.supervisor, at=NOW)
    released = release_commitment(running.id, by=qd.supervisor, at=NOW + 2 * STEP)
    assert (released.state, released.due_at) == (State.RUNNING, NOW + timedelta(hours=7) + STEP)
    with refuses(NotPaused):
        release_commitment(running.id, by=qd.supervisor, at=NOW + 3 * STEP)
    broken = broken_promise(qd)
    with refuses(NothingRuns):
        pause_commitment(broken.id, **hold, at=LATE)
