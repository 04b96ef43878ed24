"""The load board of the dispatch desk: what fills a day, what is offered, and what is picked with one press."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouhou.web.load_board import Board
from shouhou.web.slots import quick_period
from shouhou.web.tests.conftest import SignIn
from shouhou.workforce.actions import record_absence
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import count_register
from tests.cast import Crew, unchanged


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.supervisor)


def queue() -> str:
    return reverse("dispatch_queue")


def send(client: Client, order: WorkOrder, technician: object, **more: str) -> None:
    client.post(reverse("dispatch_order", args=[order.id]), {"technician": str(technician), **more})


def board_of(client: Client, order: WorkOrder, day: date) -> Board:
    board: Board = client.get(queue(), {"order": str(order.id), "day": day.isoformat()}).context["board"]
    return board


def test_the_board_shows_what_fills_a_day_and_offers_what_is_left(qd: Crew, desk: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    send(desk, qd.receive(), qd.technician.id, slot="9-11", day=tomorrow.isoformat())
    rows = {row.technician.id: row for row in board_of(desk, qd.receive(), tomorrow).rows}
    busy, free = rows[qd.technician.id], rows[qd.colleague.id]
    assert [cell.slot for cell in free.slots] == ["9-11", "11-13", "13-15", "15-17", "17-19"]
    assert [cell.slot for cell in busy.slots] == ["11-13", "13-15", "15-17", "17-19"]
    visit = next(cell for cell in busy.cells if cell.kind == "visit")
    assert (visit.words, visit.columns) == ("09:00–11:00", 4)
    for row in rows.values():
        assert sum(cell.columns for cell in row.cells) == 24


def test_an_absence_of_some_hours_takes_only_these(qd: Crew, desk: Client) -> None:
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=10, minute=30, second=0)
    until = tomorrow.replace(hour=12)
    record_absence(
        qd.colleague.id, starts_at=tomorrow, ends_at=until, reason="培训", by=qd.supervisor, at=timezone.now()
    )
    rows = {row.technician.id: row for row in board_of(desk, qd.receive(), tomorrow.date()).rows}
    assert [cell.slot for cell in rows[qd.colleague.id].slots] == ["13-15", "15-17", "17-19"]
    assert not rows[qd.colleague.id].refusal
    assert [cell.words for cell in rows[qd.colleague.id].cells if cell.kind == "away"] == ["培训"]


def test_a_slot_is_picked_with_its_technician(qd: Crew, desk: Client) -> None:
    order, tomorrow = qd.receive(), timezone.localdate() + timedelta(days=1)
    desk.post(
        reverse("dispatch_order", args=[order.id]),
        {"pick": f"{qd.technician.id}|13-15", "day": tomorrow.isoformat(), "planned_start": "", "planned_end": ""},
    )
    visit = order.visits.get()
    assert visit.planned_start
    assert visit.technician_id == qd.technician.id
    assert timezone.localtime(visit.planned_start).strftime("%F %H") == f"{tomorrow} 13"


def test_other_hours_win_over_the_slot_that_was_picked(qd: Crew, desk: Client) -> None:
    order, tomorrow = qd.receive(), timezone.localdate() + timedelta(days=1)
    hours = {"planned_start": "10:30", "planned_end": "12:00", "day": tomorrow.isoformat()}
    desk.post(reverse("dispatch_order", args=[order.id]), {"pick": f"{qd.technician.id}|13-15", **hours})
    assert timezone.localtime(order.visits.get().planned_start).strftime("%H:%M") == "10:30"


def test_hours_that_are_over_are_neither_offered_nor_taken(qd: Crew, desk: Client) -> None:
    order = qd.receive(at=timezone.now() - timedelta(days=3))
    yesterday = timezone.localdate() - timedelta(days=1)
    board = board_of(desk, order, yesterday)
    assert board.is_over
    assert not any(row.slots for row in board.rows)
    with unchanged():
        answer = desk.post(
            reverse("dispatch_order", args=[order.id]),
            {"pick": f"{qd.technician.id}|9-11", "day": yesterday.isoformat()},
        )
    assert answer.status_code == 422
    assert "These hours are over." in answer.content.decode()


def test_the_board_opens_on_the_day_that_the_customer_wished(qd: Crew, desk: Client) -> None:
    day = timezone.localdate() + timedelta(days=2)
    start, end = quick_period(day, (13, 15))
    order = qd.receive(at=timezone.now(), wished_start=start, wished_end=end)
    board = desk.get(queue(), {"order": str(order.id)}).context["board"]
    assert board.day == day
    assert {cell.slot for row in board.rows for cell in row.cells if cell.wished} == {"13-15"}


def test_carried_over_means_what_it_means_in_the_register(qd: Crew, desk: Client) -> None:
    now = timezone.now()
    qd.receive(at=now - timedelta(days=2))
    qd.order("left_incomplete", at=now - timedelta(days=2), unit=qd.gas_unit)
    context = desk.get(queue()).context
    register = count_register(qd.branch, today=timezone.localdate())
    assert len(context["earlier"]) == context["counts"].carried_over == register.carried_over == 1
    assert len(context["again"]) == context["counts"].again == 1


def test_a_technician_of_another_branch_cannot_be_picked(qd: Crew, jn: Crew, desk: Client) -> None:
    order, tomorrow = qd.receive(), timezone.localdate() + timedelta(days=1)
    with unchanged():
        answer = desk.post(
            reverse("dispatch_order", args=[order.id]),
            {"pick": f"{jn.technician.id}|9-11", "day": tomorrow.isoformat()},
        )
    assert answer.status_code == 422


@pytest.mark.parametrize("pick", ["", "|", "x|9-11", "x"])
def test_a_pick_that_is_none_says_so(qd: Crew, desk: Client, pick: str) -> None:
    order = qd.receive()
    with unchanged():
        answer = desk.post(reverse("dispatch_order", args=[order.id]), {"pick": pick})
    assert answer.status_code == 422
    assert "Choose the technician." in answer.text
