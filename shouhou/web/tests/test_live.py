"""Pages that bring themselves up to date: what it costs to ask, who may, and what a reader sees of it."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page, expect

from shouhou.access.actions import deactivate_user
from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.commitments.actions import pause_commitment
from shouhou.commitments.models import Commitment
from shouhou.customers.actions import reveal_phone
from shouhou.kernel.ids import uuid7
from shouhou.web import pulse
from shouhou.web.pulse import Marks, Watch
from shouhou.web.tests.conftest import Open, SignIn
from shouhou.workorders import actions
from tests.cast import NOW, STEP, Crew

SOON = 6000  # milliseconds: five seconds, and what the machine needs


class Clock:
    """Seconds, as the test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def marks(clock: Clock) -> Marks:
    return Marks(clock)


def ask(client: Client, ticket: str) -> Any:
    return client.get(reverse("pulse"), headers={"X-Ticket": ticket})


def test_two_hundred_pages_cost_one_query_a_second(marks: Marks, clock: Clock, qd: Crew) -> None:
    qd.receive()
    with CaptureQueriesContext(connection) as queries:
        for place in range(200):
            clock.now = place / 201
            marks.beat(Watch(qd.branch.id))
        clock.now = 1.0
        marks.beat(Watch(qd.branch.id))
    assert len(queries) == 2


def test_an_order_is_looked_at_only_when_something_has_happened_in_its_branch(
    marks: Marks, clock: Clock, qd: Crew
) -> None:
    watch = Watch(qd.branch.id, qd.receive().id)
    marks.beat(watch)
    clock.now = 1
    with CaptureQueriesContext(connection) as queries:
        marks.beat(watch)
    assert len(queries) == 1


def test_the_mark_changes_with_what_happens_and_only_then(marks: Marks, clock: Clock, qd: Crew, jn: Crew) -> None:
    first, second = qd.order("received"), qd.order("received", unit=qd.gas_unit)
    watched = {"branch": Watch(qd.branch.id), "order": Watch(qd.branch.id, first.id), "other": Watch(jn.branch.id)}

    def changed() -> set[str]:
        clock.now += 1
        before, now = dict(said), {name: marks.beat(watch).mark for name, watch in watched.items()}
        said.update(now)
        return {name for name in watched if now[name] != before.get(name)}

    said: dict[str, str] = {}
    assert changed() == set(watched)
    assert changed() == set()
    actions.hold_work_order(second.id, reason="等件", by=qd.clerk, at=second.next())
    assert changed() == {"branch"}
    actions.hold_work_order(first.id, reason="等件", by=qd.clerk, at=first.next())
    assert changed() == {"branch", "order"}
    reveal_phone(qd.customer.id, by=qd.clerk, at=NOW + STEP)
    assert changed() == set()
    promise = Commitment.objects.get(branch=qd.branch, subject_id=first.id)
    pause_commitment(promise.id, cause="customer", reason="客户外出", by=qd.supervisor, at=first.next())
    assert changed() == {"branch"}


def test_what_is_committed_late_is_not_missed(marks: Marks, clock: Clock, qd: Crew) -> None:
    """Its key and its time are older than what was told before: a cursor would pass over it."""
    last = qd.order("dispatched").events[-1]
    before = marks.beat(Watch(qd.branch.id))
    early = {
        "id": uuid7(),
        "at": last.at - STEP / 2,
        "chain_id": uuid7(),
        "subject_id": uuid7(),
        "branch_id": qd.branch.id,
    }
    Event.objects.create(
        **early, sequence=1, verb="workorders.x", subject_kind="x", channel="web", data={}, hash=bytes(32)
    )
    clock.now += 1
    assert marks.beat(Watch(qd.branch.id)).mark != before.mark


def test_two_processes_tell_the_same_mark(clock: Clock, qd: Crew) -> None:
    qd.order("signed")
    assert Marks(clock).beat(Watch(qd.branch.id)) == Marks(clock).beat(Watch(qd.branch.id))


def test_asking_reads_no_session(qd: Crew, as_: SignIn, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse.marks, "_branches", {})
    qd.receive()
    ticket = Watch(qd.branch.id).ticket()
    for asker in (client, as_(qd.clerk)):
        ask(asker, ticket)
        with CaptureQueriesContext(connection) as queries:
            assert ask(asker, ticket).status_code == 200
        assert len(queries) <= 1


@pytest.mark.parametrize("ticket", ["", "nonsense", "\0", "a:b:c"])
def test_without_a_ticket_there_is_nothing_to_hear(client: Client, db: None, ticket: str) -> None:
    assert ask(client, ticket).status_code == 401


def test_a_ticket_runs_out(qd: Crew, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, later = Watch(qd.branch.id).ticket(), time.time() + pulse.TICKET_LASTS.total_seconds() + 1
    assert ask(client, ticket).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert ask(client, ticket).status_code == 401


def test_who_is_shut_out_gets_no_new_one(qd: Crew, as_: SignIn) -> None:
    desk, headers = as_(qd.clerk), {"X-Ticket": Watch(qd.branch.id).ticket(), "X-Answers": "headers"}
    assert desk.get(reverse("pulse_ticket"), headers=headers).status_code == 200
    assert qd.clerk.user
    deactivate_user(qd.clerk.user.id, reason="离职", by=qd.administrator, at=NOW)
    assert desk.get(reverse("pulse_ticket"), headers=headers).status_code == 401


def test_a_new_ticket_is_for_those_who_are_signed_in_and_see_the_branch(
    qd: Crew, jn: Crew, as_: SignIn, client: Client
) -> None:
    headers = {"X-Ticket": Watch(qd.branch.id).ticket(), "X-Answers": "headers"}
    address = reverse("pulse_ticket")
    renewed = as_(qd.actors[Role.PARTS_KEEPER]).get(address, headers=headers)
    assert Watch.of(renewed.text) == Watch(qd.branch.id)
    assert as_(jn.clerk).get(address, headers=headers).status_code == 404
    assert client.get(address, headers=headers).status_code == 401
    assert as_(qd.clerk).get(address, headers=headers | {"X-Ticket": "x"}).status_code == 404


def test_bringing_a_page_up_to_date_takes_no_message_from_the_next(qd: Crew, as_: SignIn) -> None:
    desk, life = as_(qd.clerk), qd.order("received")
    desk.post(reverse("order_hold", args=[life.id]), {"reason": "等件", "cause": "company"})
    page = reverse("order", args=[life.id])
    assert "The work order is on hold." not in desk.get(page, headers={"X-Live": "1"}).text
    assert "The work order is on hold." in desk.get(page).text


# In a browser


def happens(page: Page) -> None:
    """Let the page ask once, so that what follows is news to it."""
    with page.expect_response("**/pulse/"):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["dispatch_queue", "register", "home"])
def test_a_call_appears_by_itself(qd: Crew, open_as: Open, name: str) -> None:
    page = open_as(qd.supervisor)
    page.goto(reverse(name))
    happens(page)
    order = qd.receive(urgent=True)
    expect(page.locator("[data-live]").filter(has_text=order.contact_name).first).to_be_visible(timeout=SOON)
    expect(page.locator("#live-news")).not_to_be_empty()


@pytest.mark.django_db(transaction=True)
def test_a_visit_appears_on_the_technicians_day(qd: Crew, open_as: Open) -> None:
    page, life = open_as(qd.technician_actor), qd.order("received")
    page.goto(reverse("technician_day"))
    happens(page)
    life.to("dispatched")
    expect(page.locator("#day")).to_contain_text(life.first.contact_name, timeout=SOON)


@pytest.mark.django_db(transaction=True)
def test_what_somebody_types_is_left_alone(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    page.goto(reverse("order", args=[life.id]))
    happens(page)
    page.locator("details.act:has(#reason-hold) summary").click()
    page.fill("#reason-hold", "等压缩")
    actions.assign_work_class(life.id, work_class="B", reason="合同客户", by=qd.supervisor, at=life.next())
    expect(page.locator("#order-journal")).to_contain_text("Work class B", timeout=SOON)
    expect(page.locator("#reason-hold")).to_have_value("等压缩")
    expect(page.locator("#reason-hold")).to_be_focused()
    page.keyboard.type("机")
    page.locator("details.act:has(#reason-hold) button.btn-primary").click()
    expect(page.locator(".meanwhile")).to_contain_text("Work class B")
    expect(page.locator("#reason-hold")).to_have_value("等压缩机")


@pytest.mark.django_db(transaction=True)
def test_focus_stays_where_it_was(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    page.goto(reverse("register"))
    happens(page)
    link = page.locator(f'#list a[href="{reverse("order", args=[life.id])}"]')
    link.focus()
    new = qd.receive(unit=qd.gas_unit)
    expect(page.locator("#list")).to_contain_text(new.number, timeout=SOON)
    expect(link).to_be_focused()
