"""Promises and awards over the API: the list, the clock by hand, excuses and rulings, what a breach owes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shouhou.access.actors import product_itself
from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from shouhou.commitments.actions import sweep_commitments
from shouhou.commitments.models import Commitment
from shouhou.ledger.rules import Reference
from tests.award_acts import small_award
from tests.cast import Crew, Life, unchanged
from tests.walls import picture

pytestmark = pytest.mark.one_database


@pytest.fixture
def late(qd: Crew) -> Life:
    """A call of twenty days ago to which nobody went; the worker has seen that."""
    life = qd.order("received", at=timezone.now() - timedelta(days=20))
    sweep_commitments(qd.branch.id, by=product_itself(channel="worker"), at=timezone.now())
    return life


def path_of(life: Life, more: str = "") -> str:
    promise = Commitment.objects.get(branch=life.crew.branch, subject_id=life.id, definition="arrival")
    return f"/promises/{promise.id}{more}"


def claim(caller: Caller, life: Life, **given: Any) -> Any:
    proof = SimpleUploadedFile("x.jpg", picture())
    told = {"kind": "weather", "account": "台风，道路封闭", "evidence": proof} | given
    return caller.upload(path_of(life, "/excuses"), told)


def test_what_is_owed_is_listed_and_narrowed(supervisor: Caller, qd: Crew, late: Life) -> None:
    qd.order("received", at=timezone.now())
    every = supervisor.get("/promises", branch="QD").json()
    assert [(one["state"], one["band"]) for one in every["rows"]] == [("breached", "red"), ("running", "green")]
    (broken,) = supervisor.get("/promises", branch="QD", stand="overdue").json()["rows"]
    assert broken["subject_id"] == str(late.id)
    assert broken["rule"].startswith("management-rule.")
    assert supervisor.get("/promises", branch="QD", owner="clerk").json()["rows"] == []
    first = supervisor.get("/promises", branch="QD", limit=1).json()
    second = supervisor.get("/promises", branch="QD", limit=1, cursor=first["next_cursor"]).json()
    assert [*first["rows"], *second["rows"]] == every["rows"]


def test_the_whole_history_is_told(supervisor: Caller, late: Life) -> None:
    told = supervisor.get(path_of(late)).json()
    assert [one["kind"] for one in told["marks"]] == ["start"]
    assert [one["role"] for one in told["notices"]] == ["supervisor", "supervisor", "manager"]


def test_the_clock_is_stopped_once_and_released_once(supervisor: Caller, qd: Crew) -> None:
    life = qd.order("received", at=timezone.now())
    reason = {"cause": "objective", "reason": "停电"}
    assert supervisor.post(path_of(life, "/pause"), reason).json()["state"] == "paused"
    with unchanged():
        assert_problem(supervisor.post(path_of(life, "/pause"), reason), 409, "paused_already")
    assert supervisor.delete(path_of(life, "/pause")).json()["state"] == "running"
    with unchanged():
        assert_problem(supervisor.delete(path_of(life, "/pause")), 409, "not_paused")


def test_an_excuse_is_claimed_once_and_ruled_on_once_by_another(
    clerk: Caller, supervisor: Caller, qd: Crew, late: Life
) -> None:
    excuse = claim(clerk, late).json()
    assert excuse["ruling"] is None
    evidence = clerk.get(f"/promises/evidence/{excuse['evidence'][0]['id']}")
    assert (evidence["Content-Type"], evidence["Content-Disposition"]) == ("image/jpeg", "attachment")
    ruling, said = path_of(late, f"/excuses/{excuse['id']}/ruling"), {"accepted": True, "reason": "属实"}
    with unchanged():
        assert_problem(claim(clerk, late), 409, "excuse_waits")
        assert_problem(clerk.post(ruling, said), 403, "not_permitted")
    assert supervisor.post(ruling, said).json()["ruling"]["accepted"] is True
    assert supervisor.get(path_of(late)).json()["state"] == "excused"
    with unchanged():
        assert_problem(supervisor.post(ruling, said), 409, "excuse_ruled_already")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"account": ""}, 422, "invalid_input"),
        ({"kind": "moon"}, 422, "invalid_input"),
        ({"evidence": SimpleUploadedFile("x.jpg", b"<svg>")}, 422, "photo_unreadable"),
    ],
)
def test_what_proves_nothing_is_refused(
    given: dict[str, Any], status: int, code: str, clerk: Caller, late: Life
) -> None:
    with unchanged():
        assert_problem(claim(clerk, late, **given), status, code)


def test_an_award_is_approved_given_and_taken_back(supervisor: Caller, qd: Crew) -> None:
    award = small_award(qd, Reference("work_order", str(qd.order("received").id)))
    accountant, path = caller_for(qd.actors[Role.ACCOUNTANT]), f"/awards/{award.id}"
    payment = {"how": "bank", "key": "k"}
    with unchanged():
        assert_problem(accountant.post(f"{path}/settlements", payment), 409, "award_in_other_state")
    assert supervisor.post(f"{path}/approval").json()["state"] == "approved"
    assert accountant.post(f"{path}/settlements", payment).json()["settled"] == "10.00"
    with unchanged():
        again = accountant.post(f"{path}/settlements", payment)
    assert again.json()["settled"] == "10.00"
    assert [one["state"] for one in supervisor.get("/awards", branch="QD").json()["rows"]] == ["settled"]
    assert supervisor.post(f"{path}/withdrawal", {"reason": "申诉成立"}).json()["state"] == "reversed"
    with unchanged():
        assert_problem(supervisor.post(f"{path}/refusal", {"reason": "x"}), 409, "award_in_other_state")
