"""The dispatch desk: what it shows, what one press does, and how a refusal is said beside the technician."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.web.tests.conftest import SignIn
from shouhou.workforce.actions import record_absence
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OrderStatus, VisitStatus
from tests.cast import Crew, unchanged

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.supervisor)


def queue() -> str:
    return reverse("dispatch_queue")


def text_of(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers or None)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, order: WorkOrder, technician: object, **more: str) -> None:
    client.post(reverse("dispatch_order", args=[order.id]), {"technician": str(technician), **more})


# What is shown


def test_calls_of_earlier_days_lead_in_their_own_band(qd: Crew, desk: Client) -> None:
    now = timezone.now()
    qd.receive(at=now, fault="today's fault")
    qd.receive(at=now - timedelta(days=2), fault="old fault")
    page = text_of(desk, queue())
    assert page.index("From earlier days: first") < page.index("old fault") < page.index("Of today")
    assert page.index("Of today") < page.rindex("today&#x27;s fault")


def test_what_is_urgent_leads_its_band(qd: Crew, desk: Client) -> None:
    now = timezone.now()
    qd.receive(at=now, fault="gas smell", urgent=True)
    qd.receive(at=now - timedelta(minutes=1), fault="noise")
    context = desk.get(queue()).context
    assert [one.order.fault for one in [*context["earlier"], *context["todays"]][-2:]] == ["gas smell", "noise"]


def test_a_second_visit_is_marked_with_what_came_of_the_first(qd: Crew, desk: Client) -> None:
    life = qd.order("left_incomplete")
    page = text_of(desk, f"{queue()}?order={life.id}")
    assert "Visit 2" in page
    assert "缺压缩机" in page


def test_who_cannot_go_has_the_reason_in_words_and_no_button(qd: Crew, desk: Client) -> None:
    order = qd.receive(unit=qd.gas_unit)
    page = text_of(desk, f"{queue()}?order={order.id}")
    assert "王强 does not hold “燃气具维修证”" in page
    assert f'value="{qd.technician.id}|"' in page
    assert f'value="{qd.colleague.id}|' not in page


def test_who_is_away_has_the_end_of_it_on_the_clock_of_the_reader(qd: Crew, desk: Client) -> None:
    order, now = qd.receive(), timezone.now()
    until = timezone.localtime(now + timedelta(days=3)).replace(hour=18, minute=0)
    record_absence(
        qd.colleague.id, starts_at=now - timedelta(days=1), ends_at=until, reason="年假", by=qd.supervisor, at=now
    )
    page = text_of(desk, f"{queue()}?order={order.id}")
    assert "王强 is away until" in page
    assert f"{until.isoformat()}" not in page


def test_what_customers_wrote_is_escaped(qd: Crew, desk: Client) -> None:
    order = qd.receive(fault="<script>alert(1)</script>", contact_name="<b>x</b>")
    page = text_of(desk, f"{queue()}?order={order.id}")
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_phones_are_masked(qd: Crew, desk: Client) -> None:
    order = qd.receive()
    page = text_of(desk, f"{queue()}?order={order.id}")
    assert "138****2071" in page
    assert "13812342071" not in page


def test_an_empty_desk_says_so(desk: Client) -> None:
    assert "Nothing waits to be dispatched." in text_of(desk, queue())


def test_it_costs_the_same_for_5_calls_and_for_25(qd: Crew, desk: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(desk, queue())
        return len(queries)

    for _ in range(5):
        qd.receive()
    qd.order("dispatched")
    text_of(desk, queue())
    few = cost()
    for _ in range(20):
        qd.receive()
    for _ in range(4):
        qd.order("dispatched")
    assert cost() == few


# Sending


def test_one_press_sends(qd: Crew, desk: Client) -> None:
    order = qd.receive()
    answer = desk.post(reverse("dispatch_order", args=[order.id]), {"technician": qd.technician.id})
    assert (answer.status_code, answer["Location"]) == (303, queue())
    visit = order.visits.get()
    assert (visit.technician_id, visit.planned_start) == (qd.technician.id, None)


def test_a_quick_slot_is_on_the_branchs_clock(qd: Crew, desk: Client) -> None:
    order, tomorrow = qd.receive(), timezone.localdate() + timedelta(days=1)
    send(desk, order, qd.technician.id, slot="9-11", day=tomorrow.isoformat())
    visit = order.visits.get()
    assert visit.planned_start
    assert timezone.localtime(visit.planned_start).strftime("%F %H:%M") == f"{tomorrow} 09:00"
    assert visit.planned_end == visit.planned_start + timedelta(hours=2)


def test_other_hours_are_typed(qd: Crew, desk: Client) -> None:
    order, tomorrow = qd.receive(), timezone.localdate() + timedelta(days=1)
    hours = {"slot": "other", "planned_start": "10:30", "planned_end": "12:00"}
    send(desk, order, qd.technician.id, day=tomorrow.isoformat(), **hours)
    assert order.visits.get().planned_start.strftime("%H:%M") == "02:30"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"planned_start": "12:00", "planned_end": "10:30"}, "A visit begins before it ends"),
        ({"planned_start": "12:00"}, "Give the hour"),
        ({"planned_start": "noon", "planned_end": "13:00"}, "Enter a valid time"),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_them(
    qd: Crew, desk: Client, hours: dict[str, str], said: str
) -> None:
    order, tomorrow = qd.receive(), timezone.localdate() + timedelta(days=1)
    given = {"technician": str(qd.technician.id), "slot": "other", "day": tomorrow.isoformat(), **hours}
    with unchanged():
        answer = desk.post(reverse("dispatch_order", args=[order.id]), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_double_booking_is_said_beside_the_technician_and_what_was_chosen_stays(qd: Crew, desk: Client) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    send(desk, qd.receive(), qd.technician.id, slot="9-11", day=tomorrow)
    order = qd.receive()
    with unchanged():
        answer = desk.post(
            reverse("dispatch_order", args=[order.id]),
            {"technician": str(qd.technician.id), "slot": "9-11", "day": tomorrow},
        )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "李明 is at QD" in page.split('class="board-said"')[1]
    assert "T01:00" not in page
    assert tomorrow in page


def test_the_second_of_two_supervisors_reads_who_has_it(qd: Crew, desk: Client) -> None:
    order = qd.order("dispatched").order
    with unchanged():
        answer = desk.post(reverse("dispatch_order", args=[order.id]), {"technician": str(qd.colleague.id)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It was given to 李明." in page
    assert "this is not possible now" in page


def test_without_a_technician_nothing_happens(qd: Crew, desk: Client) -> None:
    order = qd.receive()
    with unchanged():
        answer = desk.post(reverse("dispatch_order", args=[order.id]), {})
    assert answer.status_code == 422
    assert "Choose the technician." in answer.content.decode()


def test_another_branchs_technician_does_not_exist_here(qd: Crew, jn: Crew, desk: Client) -> None:
    order = qd.receive()
    with unchanged():
        answer = desk.post(reverse("dispatch_order", args=[order.id]), {"technician": str(jn.technician.id)})
    assert answer.status_code == 422


# Work class


def test_a_call_without_class_gets_it_here_before_it_can_go(qd: Crew, desk: Client) -> None:
    order = qd.order("unclassed").order
    assert "Who pays? Say this first." in text_of(desk, f"{queue()}?order={order.id}")
    answer = desk.post(reverse("dispatch_class", args=[order.id]), {"work_class": "A"})
    order.refresh_from_db()
    assert (answer.status_code, order.work_class) == (303, "A")


def test_without_class_it_does_not_go(qd: Crew, desk: Client) -> None:
    order = qd.order("unclassed").order
    with unchanged():
        answer = desk.post(reverse("dispatch_order", args=[order.id]), {"technician": str(qd.technician.id)})
    assert answer.status_code == 422
    assert "Say first who pays" in answer.content.decode()


def test_a_class_that_does_not_exist_is_refused(qd: Crew, desk: Client) -> None:
    order = qd.order("unclassed").order
    with unchanged():
        assert desk.post(reverse("dispatch_class", args=[order.id]), {"work_class": "Z"}).status_code == 422


# Taking back


def test_a_visit_is_taken_back_with_its_reason(qd: Crew, desk: Client) -> None:
    life = qd.order("accepted")
    answer = desk.post(reverse("withdraw_visit", args=[life.visit.id]), {"reason": "客户改约"})
    assert answer.status_code == 303
    assert (life.visit.status, life.visit.reason) == (VisitStatus.WITHDRAWN, "客户改约")
    assert life.order.status == OrderStatus.RECEIVED


def test_without_a_reason_it_stays(qd: Crew, desk: Client) -> None:
    life = qd.order("accepted")
    with unchanged():
        answer = desk.post(reverse("withdraw_visit", args=[life.visit.id]), {"reason": " "})
    assert answer.status_code == 422
    assert "Please give the reason." in answer.content.decode()


def test_who_is_on_site_cannot_be_taken_back(qd: Crew, desk: Client) -> None:
    life = qd.order("on_site")
    assert "Take back" not in text_of(desk, queue())
    with unchanged():
        assert desk.post(reverse("withdraw_visit", args=[life.visit.id]), {"reason": "x"}).status_code == 422


# Pieces, wall, permissions


def test_htmx_gets_the_desk_alone_with_its_badge(qd: Crew, desk: Client) -> None:
    qd.receive()
    piece = text_of(desk, queue(), **HTMX)
    assert "<html" not in piece
    assert 'id="badge-dispatch" hx-swap-oob="true">1</b>' in piece


def test_a_whole_page_comes_to_a_boosted_link(desk: Client) -> None:
    assert "<html" in text_of(desk, queue(), **HTMX, **{"HX-Boosted": "true"})


@pytest.mark.parametrize("role", [Role.CLERK, Role.TECHNICIAN, Role.ACCOUNTANT, Role.HQ, Role.ADMINISTRATOR])
def test_only_who_dispatches_has_the_desk(qd: Crew, as_: SignIn, role: Role) -> None:
    order, client = qd.receive(), as_(qd.actors[role])
    assert client.get(queue()).status_code == 403
    with unchanged():
        answer = client.post(reverse("dispatch_order", args=[order.id]), {"technician": str(qd.technician.id)})
    assert answer.status_code == 403


def test_another_branchs_calls_are_not_there(qd: Crew, jn: Crew, desk: Client) -> None:
    foreign = jn.order("dispatched")
    with unchanged():
        for url in (
            f"{queue()}?order={foreign.id}",
            f"{queue()}?order={uuid4()}",
        ):
            assert desk.get(url).status_code == 404
        for name, key in (
            ("dispatch_order", foreign.id),
            ("dispatch_class", foreign.id),
            ("withdraw_visit", foreign.visit.id),
        ):
            answer = desk.post(
                reverse(name, args=[key]), {"technician": str(qd.technician.id), "work_class": "A", "reason": "x"}
            )
            assert answer.status_code == 404


@pytest.mark.parametrize(
    "nonsense",
    [
        "order=x",
        "order=%00",
        "slot=99",
        "ask=withdraw&visit=1",
        "slot=9-11&day=never",
        "day=never",
        "day=9999-12-31",
        "day=0001-01-01",
    ],
)
def test_nonsense_in_the_address_is_nothing(qd: Crew, desk: Client, nonsense: str) -> None:
    qd.receive()
    assert desk.get(f"{queue()}?{nonsense}").status_code == 200


@pytest.mark.parametrize("name", ["dispatch_order", "dispatch_class", "withdraw_visit"])
def test_reading_never_writes(desk: Client, name: str) -> None:
    assert desk.get(reverse(name, args=[uuid4()])).status_code == 405
