"""The page of a work order: what it shows in each state, which acts it offers to whom, and that each button is one act."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.web.journal import SAYINGS
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders import actions
from shouhou.workorders.rules import OrderStatus, VoucherState
from tests.cast import NOW, ROAD, Cast, Crew, Life, Stage, unchanged

HTMX = {"HX-Request": "true"}
STAGES: tuple[Stage, ...] = (*ROAD, "unclassed", "on_hold", "cancelled", "refused", "withdrawn", "left_incomplete")


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def page_of(client: Client, life: Life) -> Any:
    response = client.get(reverse("order", args=[life.id]))
    assert response.status_code == 200
    return response


def offers(client: Client, life: Life) -> set[str]:
    return set(page_of(client, life).context["page"].offers)


def do(client: Client, name: str, life: Life, **given: Any) -> Any:
    return client.post(reverse(name, args=[life.id]), given)


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_shown_in_every_state_in_both_languages(desk: Client, qd: Crew, stage: Stage) -> None:
    life = qd.order(stage)
    assert life.first.number in page_of(desk, life).text
    assert desk.get(reverse("order", args=[life.id]), headers={"Accept-Language": "zh-hans"}).status_code == 200


@pytest.mark.parametrize(
    ("stage", "next_act"),
    [
        ("received", "dispatch"),
        ("on_hold", "resume"),
        ("completed", "sign"),
        ("signed", "hand_in"),
        ("handed_in", "file"),
        ("filed", "strike_off"),
        ("struck_off", ""),
        ("dispatched", ""),
    ],
)
def test_the_next_act_is_the_button(as_: SignIn, qd: Crew, stage: Stage, next_act: str) -> None:
    page = page_of(as_(qd.supervisor), qd.order(stage)).context["page"]
    assert page.next_act == next_act


def test_only_what_the_role_allows_is_offered(as_: SignIn, qd: Crew) -> None:
    life = qd.order("filed")
    assert "reopen" in offers(as_(qd.supervisor), life)
    assert {"reopen", "dispatch"}.isdisjoint(offers(as_(qd.clerk), life))
    assert offers(as_(qd.actors[Role.PARTS_KEEPER]), life) == set()


def test_striking_off_is_offered_only_when_nothing_is_open(desk: Client, qd: Crew) -> None:
    life = qd.order("signed")
    assert "strike_off" not in offers(desk, life)
    life.to("filed")
    assert "strike_off" in offers(desk, life)


def test_what_is_open_is_said_with_the_holder(desk: Client, qd: Crew) -> None:
    text = page_of(desk, qd.order("signed")).text
    assert f"is still with {qd.technician.name}" in text


def test_after_a_reopening_the_old_signature_does_not_count(desk: Client, qd: Crew) -> None:
    life = qd.order("struck_off")
    actions.reopen_work_order(life.id, reason="又坏了", by=qd.supervisor, at=life.next())
    points = page_of(desk, life).context["page"].points
    assert not any(point.done for point in points)


@pytest.mark.parametrize(
    ("stage", "name", "given", "expected"),
    [
        ("unclassed", "order_work_class", {"work_class": "A"}, {"work_class": "A"}),
        ("received", "order_hold", {"reason": "等件", "cause": "company"}, {"status": OrderStatus.ON_HOLD}),
        ("on_hold", "order_resume", {}, {"status": OrderStatus.RECEIVED}),
        ("received", "order_cancel", {"reason": "误报"}, {"status": OrderStatus.CANCELLED}),
        ("filed", "order_strike_off", {}, {"status": OrderStatus.STRUCK_OFF}),
    ],
)
def test_an_act_of_the_clerk(
    desk: Client, qd: Crew, stage: Stage, name: str, given: dict[str, str], expected: dict[str, str]
) -> None:
    life = qd.order(stage)
    answer = do(desk, name, life, **given)
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("order", args=[life.id]))
    assert {field: getattr(life.order, field) for field in expected} == expected


@pytest.mark.parametrize(
    ("stage", "name", "given", "state"),
    [
        ("left_incomplete", "voucher_return", {"reason": "换人"}, VoucherState.IN_FOLDER),
        ("signed", "voucher_hand_in", {}, VoucherState.HANDED_IN),
        ("handed_in", "voucher_file", {}, VoucherState.FILED),
    ],
)
def test_an_act_on_the_voucher(
    desk: Client, qd: Crew, stage: Stage, name: str, given: dict[str, str], state: str
) -> None:
    life = qd.order(stage)
    assert do(desk, name, life, **given).status_code == 303
    assert life.voucher.state == state


def test_the_voucher_is_issued_to_a_technician(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    assert do(desk, "voucher_issue", life, technician=qd.colleague.id).status_code == 303
    assert life.voucher.holder == qd.colleague


def test_the_supervisor_opens_a_line_again(as_: SignIn, qd: Crew) -> None:
    life = qd.order("struck_off")
    assert do(as_(qd.supervisor), "order_reopen", life, reason="又坏了").status_code == 303
    assert life.order.status == OrderStatus.RECEIVED


@pytest.mark.parametrize("name", ["order_hold", "order_cancel"])
def test_an_act_without_its_reason_stays_on_the_page(desk: Client, qd: Crew, name: str) -> None:
    life = qd.order("received")
    with unchanged():
        answer = do(desk, name, life, reason="  ")
    assert answer.status_code == 422
    assert "Please give the reason." in answer.text


def test_a_refused_reason_is_kept(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    answer = do(desk, "order_hold", life, reason="<i>" + "长" * 250)
    assert answer.status_code == 422
    assert "&lt;i&gt;长长" in answer.text


@pytest.mark.parametrize(
    ("stage", "name"), [("signed", "order_strike_off"), ("struck_off", "order_hold"), ("received", "voucher_file")]
)
def test_an_act_in_the_wrong_state_is_refused_in_words(desk: Client, qd: Crew, stage: Stage, name: str) -> None:
    life = qd.order(stage)
    with unchanged():
        answer = do(desk, name, life, reason="x")
    assert answer.status_code == 422
    assert answer.context["refusals"]


def test_a_technician_of_another_branch_gets_no_voucher(desk: Client, qd: Crew, jn: Crew) -> None:
    life = qd.order("received")
    with unchanged():
        answer = do(desk, "voucher_issue", life, technician=jn.technician.id)
    assert answer.status_code == 422


ACTS = (
    "order_work_class", "order_hold", "order_resume", "order_cancel", "order_reopen", "order_strike_off",
    "voucher_issue", "voucher_return", "voucher_hand_in", "voucher_file", "order_phone",
)  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_another_branch_does_not_find_it(as_: SignIn, qd: Crew, jn: Crew, name: str) -> None:
    life = qd.order("received")
    given = {"reason": "x", "work_class": "A", "technician": jn.technician.id}
    stranger = as_(jn.supervisor)
    with unchanged():
        assert do(stranger, name, life, **given).status_code == 404
    assert stranger.get(reverse("order", args=[life.id])).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_a_role_that_only_looks_changes_nothing(as_: SignIn, qd: Crew, name: str) -> None:
    life = qd.order("received")
    given = {"reason": "x", "cause": "company", "work_class": "A", "technician": qd.technician.id}
    keeper = as_(qd.actors[Role.PARTS_KEEPER])
    with unchanged():
        assert do(keeper, name, life, **given).status_code == 403


@pytest.mark.parametrize("name", ACTS)
def test_only_a_post_changes_anything(desk: Client, qd: Crew, name: str) -> None:
    assert desk.get(reverse(name, args=[qd.order("received").id])).status_code == 405


def test_the_phone_is_shown_when_asked_for_and_that_is_noted(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    assert "13812342071" not in page_of(desk, life).text
    answer = desk.post(reverse("order_phone", args=[life.id]), headers=HTMX)
    assert 'href="tel:+8613812342071"' in answer.text
    assert "<html" not in answer.text
    assert Event.objects.filter(verb="customers.phone.revealed").count() == 1


def test_the_phone_is_shown_without_a_script_too(desk: Client, qd: Crew) -> None:
    answer = do(desk, "order_phone", qd.order("received"))
    assert 'href="tel:+8613812342071"' in answer.text
    assert "<html" in answer.text


def test_what_people_wrote_is_escaped(desk: Client, qd: Crew) -> None:
    life = qd.order("received", fault="<script>x</script>", contact_name="<b>王</b>", address='"><i>')
    actions.hold_work_order(life.id, reason="<u>等件</u> 100%", by=qd.clerk, at=life.next())
    text = page_of(desk, life).text
    for raw in ("<script>x", "<b>王", '"><i>', "<u>等件"):
        assert raw not in text
    assert "100%" in text


def test_every_verb_of_the_journal_has_its_sentence(desk: Client, qd: Crew) -> None:
    endings: tuple[Stage, ...] = ("struck_off", "on_hold", "cancelled", "refused", "withdrawn", "left_incomplete")
    lives = [qd.order(stage, at=_day(place)) for place, stage in enumerate(endings)]
    verbs = {event.verb for life in lives for event in life.events}
    assert verbs <= set(SAYINGS)
    for life in lives:
        page = page_of(desk, life).context["page"]
        assert page.whole
        assert len(page.history) == len(life.events)


def _day(place: int) -> datetime:
    return NOW - timedelta(days=20 - place)


def test_a_broken_chain_is_said(desk: Client, qd: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhou.audit.queries.seal", lambda previous, event: b"other")
    page = page_of(desk, qd.order("received"))
    assert not page.context["page"].whole
    assert "chain broken" in page.text


def test_a_long_life_costs_no_more_queries_than_a_short_one(desk: Client, qd: Crew) -> None:
    def cost(life: Life) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(desk, life)
        return len(queries)

    life = qd.order("on_site")
    short = cost(life)
    for _time in range(20):
        actions.add_line(
            life.visit.id, kind="other", quantity=Decimal(1), description="x", by=life.worker, at=life.next()
        )
    assert cost(life) == short


def test_headquarters_sees_both_branches(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.headquarters[Role.HQ])
    assert "dispatch" not in offers(client, cast.qd.order("received"))
    assert page_of(client, cast.jn.order("received")).status_code == 200
