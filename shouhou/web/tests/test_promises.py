"""Promises on the screen: the queue, one promise with its excuses, and the bars beside what was promised."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from shouhou.access.actors import product_itself
from shouhou.access.permissions import Role
from shouhou.commitments.actions import claim_excuse, sweep_commitments
from shouhou.commitments.models import Commitment, Excuse
from shouhou.commitments.rules.words import Band, State
from shouhou.web.promise_words import PromiseWords, span_words
from shouhou.web.tests.conftest import SignIn
from tests.cast import Crew, Life, unchanged
from tests.walls import picture

pytestmark = pytest.mark.one_database
ACCOUNT = "台风，道路封闭"


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.supervisor)


def arrival(life: Life) -> Commitment:
    return Commitment.objects.get(branch=life.crew.branch, subject_id=life.id, definition="arrival")


def late(crew: Crew) -> Life:
    """A call of twenty days ago, long before any holiday, to which nobody went; the worker has seen that."""
    life = crew.order("received", at=timezone.now() - timedelta(days=20))
    sweep_commitments(crew.branch.id, by=product_itself(channel="worker"), at=timezone.now())
    return life


def send(client: Client, name: str, life: Life, *args: Any, **fields: Any) -> Any:
    return client.post(reverse(name, args=[arrival(life).id, *args]), fields)


def proof(name: str = "road.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/jpeg")


# The queue


def test_the_queue_stands_in_the_order_in_which_it_falls_due(desk: Client, qd: Crew) -> None:
    fresh, broken = qd.order("received", at=timezone.now()), late(qd)
    page = desk.get(reverse("promises"))
    assert [one.row.subject_id for one in page.context["promises"]] == [broken.id, fresh.id]
    assert (page.context["counts"]["all"], page.context["counts"]["overdue"]) == (2, 1)
    assert "overdue</span>" in page.text
    assert [one.row.subject_id for one in desk.get(reverse("promises"), {"stand": "overdue"}).context["promises"]] == [
        broken.id
    ]


def test_the_queue_is_narrowed_by_who_has_to_keep_it(desk: Client, qd: Crew) -> None:
    qd.order("received", at=timezone.now())
    assert len(desk.get(reverse("promises"), {"owner": "technician"}).context["promises"]) == 1
    assert not desk.get(reverse("promises"), {"owner": "clerk"}).context["promises"]
    assert len(desk.get(reverse("promises"), {"owner": "<i>", "after": "%%%"}).context["promises"]) == 1


def test_the_queue_asks_as_often_for_many_as_for_one_and_goes_on_where_it_ended(
    desk: Client, qd: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for number in (1, 3):
        for _ in range(number):
            qd.order("received", at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("promises"))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    monkeypatch.setattr("shouhou.web.views.promises.PAGE", 3)
    first = desk.get(reverse("promises"))
    assert len(first.context["promises"]) == 3
    rest = desk.get(first.context["next"])
    assert len(rest.context["promises"]) == 1
    assert not {one.row.id for one in first.context["promises"]} & {one.row.id for one in rest.context["promises"]}


def test_what_is_kept_is_no_longer_in_the_queue(desk: Client, qd: Crew) -> None:
    qd.order("on_site", at=timezone.now())
    assert not desk.get(reverse("promises")).context["promises"]
    assert "Nothing is owed" in desk.get(reverse("promises")).text


# One promise


def test_the_page_tells_terms_rule_history_and_who_was_told(desk: Client, qd: Crew) -> None:
    life = late(qd)
    page = desk.get(reverse("promise", args=[arrival(life).id]))
    text = page.text
    assert life.order.number in text
    assert "working hours" in text
    assert reverse("policy_rule", args=[page.context["promise"].rule.rule_id]) in text
    assert [one.words for one in page.context["page"].history if one.tone == "red"] == ["The time ran out"]
    assert [one.told is not None for one in page.context["page"].steps] == [True, True, True]


def test_the_clock_is_stopped_and_goes_on(desk: Client, qd: Crew) -> None:
    life = qd.order("received", at=timezone.now())
    assert send(desk, "promise_pause", life, reason="客户停电", cause="objective").status_code == 303
    assert arrival(life).state == State.PAUSED
    assert "客户停电" in desk.get(reverse("promise", args=[arrival(life).id])).text
    assert desk.get(reverse("promises"), {"stand": "paused"}).context["counts"]["paused"] == 1
    assert send(desk, "promise_release", life).status_code == 303
    assert arrival(life).state == State.RUNNING


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("promise_pause", {"reason": " ", "cause": "objective"}, "Please give the reason."),
        ("promise_pause", {"reason": "x", "cause": "moon"}, "moon"),
        ("promise_release", {}, "not standing still"),
        ("promise_excuse", {"kind": "weather", "account": ""}, "Please write down what happened."),
        ("promise_excuse", {"kind": "weather", "account": "<b>风</b>"}, "at least one file"),
        ("promise_excuse", {"kind": "moon", "account": "x"}, "moon"),
    ],
)
def test_what_is_refused_stays_on_the_page(
    name: str, fields: dict[str, str], said: str, desk: Client, qd: Crew
) -> None:
    life = qd.order("received", at=timezone.now())
    with unchanged():
        answer = send(desk, name, life, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<b>风</b>" not in answer.text


def test_a_file_that_is_none_is_refused_beside_its_field(desk: Client, qd: Crew) -> None:
    life = late(qd)
    with unchanged():
        answer = send(
            desk,
            "promise_excuse",
            life,
            kind="weather",
            account=ACCOUNT,
            files=SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", "image/jpeg"),
        )
    assert answer.status_code == 422
    assert ACCOUNT in answer.text
    assert answer.context["excuse_form"].errors


def test_an_excuse_is_claimed_with_a_picture_and_ruled_on_by_another(qd: Crew, as_: SignIn) -> None:
    life = late(qd)
    technician, supervisor = as_(qd.technician_actor), as_(qd.supervisor)
    given = {"kind": "weather", "account": ACCOUNT, "files": proof()}
    assert send(technician, "promise_excuse", life, **given).status_code == 303
    excuse = Excuse.objects.get(branch=qd.branch)
    queue = supervisor.get(reverse("promises"))
    assert ACCOUNT in queue.text
    assert supervisor.get(reverse("home")).context["promised"]["excuses"] == 1
    with unchanged():
        assert send(technician, "excuse_ruling", life, excuse.id, accepted="yes", reason="x").status_code == 403
    answer = send(supervisor, "excuse_ruling", life, excuse.id, accepted="yes", reason="气象台证明属实")
    assert answer.status_code == 303
    assert arrival(life).state == State.EXCUSED
    page = supervisor.get(reverse("promise", args=[arrival(life).id])).text
    assert "气象台证明属实" in page


def test_who_claims_it_does_not_rule_on_it(desk: Client, qd: Crew) -> None:
    life = late(qd)
    send(desk, "promise_excuse", life, kind="traffic", account=ACCOUNT, files=proof())
    excuse = Excuse.objects.get(branch=qd.branch)
    assert "Who claims an excuse does not rule on it." in desk.get(reverse("promise", args=[arrival(life).id])).text
    with unchanged():
        answer = send(desk, "excuse_ruling", life, excuse.id, accepted="no", reason="x")
    assert answer.status_code == 422


def test_evidence_is_given_only_as_a_file_and_only_to_the_branch(qd: Crew, jn: Crew, as_: SignIn) -> None:
    life = late(qd)
    excuse = claim_excuse(
        arrival(life).id, kind="weather", account=ACCOUNT, evidence=[BytesIO(picture())], by=qd.clerk, at=timezone.now()
    )
    address = reverse("excuse_evidence", args=[excuse.evidence.get().id])
    answer = as_(qd.clerk).get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert as_(jn.supervisor).get(address).status_code == 404


# Beside what was promised


def test_the_bar_stands_on_the_order_the_register_the_desk_and_the_visit(qd: Crew, desk: Client, as_: SignIn) -> None:
    qd.order("received", at=timezone.now())
    life = qd.order("dispatched", at=timezone.now())
    address = reverse("promise", args=[arrival(life).id])
    assert address in desk.get(reverse("order", args=[life.id])).text
    assert address in desk.get(reverse("register")).text
    assert 'class="call-promise"' in desk.get(reverse("dispatch_queue")).text
    assert 'class="visit-promise"' in as_(qd.technician_actor).get(reverse("technician_day")).text


def test_the_start_page_shows_what_ones_role_keeps_or_was_told_of(qd: Crew, as_: SignIn) -> None:
    life = late(qd)
    for actor, told in ((qd.supervisor, True), (qd.technician_actor, False), (qd.actors[Role.PARTS_KEEPER], False)):
        shown = as_(actor).get(reverse("home")).context["promised"]["lines"]
        assert [one.row.subject_id for one in shown] == ([life.id] if told else [])


# The words


def test_the_share_of_the_time_follows_the_bands(qd: Crew) -> None:
    row = arrival(qd.order("received", at=timezone.now()))
    assert row.due_at
    assert row.yellow_at
    assert row.orange_at
    for at, band, share in (
        (row.started_at, Band.GREEN, 0),
        (row.yellow_at, Band.YELLOW, 0.5),
        (row.orange_at, Band.ORANGE, 0.8),
        (row.due_at, Band.RED, 1),
        (row.due_at + timedelta(days=9), Band.RED, 1),
    ):
        words = PromiseWords(row, at)
        assert words.band == band
        assert words.fraction == pytest.approx(share)


@pytest.mark.parametrize(
    ("length", "en", "zh"),
    [
        (timedelta(seconds=59), "0 min", "0 分钟"),
        (timedelta(minutes=59), "59 min", "59 分钟"),
        (timedelta(hours=2), "2 h", "2 小时"),
        (timedelta(hours=47, minutes=59), "47 h 59 min", "47 小时 59 分"),
        (timedelta(hours=48), "2 days", "2 天"),
        (timedelta(days=40, hours=23), "40 days", "40 天"),
    ],
)
def test_lengths_are_said_as_people_say_them(length: timedelta, en: str, zh: str) -> None:
    with override("en"):
        assert span_words(length) == en
    with override("zh-hans"):
        assert span_words(length) == zh
