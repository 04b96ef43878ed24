from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from shouhou.access.models import Branch, User
from shouhou.audit.models import Event
from shouhou.ledger.actions import HoldEnded, receive_crossing, send_across, time_out_hold
from shouhou.ledger.rules import Reference, credit
from shouhou.ledger.tests.conftest import books_of, yuan
from shouhou.worker import schedule
from shouhou.worker.schedule import (
    PiecesLeft,
    carry_across,
    close_past_pages,
    forget_answers,
    forget_sessions,
    time_out_holds,
)
from shouhou.workorders.actions import close_register_page
from shouhou.workorders.models import RegisterPage
from tests.cast import NOW, Crew, unchanged

DAY = timedelta(days=1)


def test_it_closes_the_page_of_a_day_that_is_over(qd: Crew) -> None:
    waiting = qd.order("received")
    qd.order("dispatched", unit=qd.gas_unit)
    assert close_past_pages(NOW + DAY) == 1
    page = RegisterPage.objects.get()
    assert (page.received, page.carried_over) == (2, 1)
    event = Event.objects.get(verb="workorders.register_page.closed")
    assert (event.channel, event.actor_id, event.data["carried_over"]) == ("worker", None, [waiting.order.number])


def test_it_leaves_today_alone_and_closes_nothing_twice(qd: Crew) -> None:
    qd.order("received")
    with unchanged():
        assert close_past_pages(NOW) == 0
    close_past_pages(NOW + DAY)
    with unchanged():
        assert close_past_pages(NOW + 2 * DAY) == 0


def test_a_day_is_over_when_it_is_over_at_the_branch(qd: Crew) -> None:
    qd.order("received")
    midnight_in_qingdao = NOW.replace(hour=16, minute=0)
    assert close_past_pages(midnight_in_qingdao - timedelta(minutes=1)) == 0
    Branch.objects.filter(code="QD").update(time_zone="America/Sao_Paulo")
    assert close_past_pages(midnight_in_qingdao) == 0
    Branch.objects.filter(code="QD").update(time_zone="Asia/Shanghai")
    assert close_past_pages(midnight_in_qingdao) == 1


def test_a_page_that_fails_does_not_keep_the_others_open(
    qd: Crew, jn: Crew, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for crew in (qd, jn):
        crew.order("received")
    broken = RegisterPage.objects.get(branch=qd.branch).id

    def close_all_but_one(page_id: Any, **named: Any) -> RegisterPage:
        if page_id == broken:
            raise OSError("the disk is full")
        return close_register_page(page_id, **named)

    monkeypatch.setattr(schedule, "close_register_page", close_all_but_one)
    with pytest.raises(PiecesLeft):
        close_past_pages(NOW + DAY)
    assert RegisterPage.objects.get(branch=jn.branch).closed_at
    assert "the disk is full" in caplog.text


def test_it_forgets_answers_after_a_week(qd: Crew) -> None:
    answers = apps.get_model("api", "StoredAnswer")._default_manager
    user = User.objects.get(username="clerk.qd")
    for key, age in (("old", 169), ("young", 167)):
        answers.create(user=user, key=key, fingerprint=b"", created_at=NOW - timedelta(hours=age))
    assert forget_answers(NOW) == 1
    assert answers.get().key == "young"


def test_it_forgets_expired_sessions(db: None) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    sessions = {}
    for name, seconds in (("expired", -60), ("alive", 60)):
        sessions[name] = store()
        sessions[name].set_expiry(timezone.now() + timedelta(seconds=seconds))
        sessions[name].save(must_create=True)
    forget_sessions(timezone.now())
    assert not store().exists(sessions["expired"].session_key)
    assert store().exists(sessions["alive"].session_key)


def a_crossing(crew: Crew, other: Crew, key: str) -> Any:
    books, owner = books_of(crew), Reference("owner", "1")
    out = credit(books.of("bank"), yuan(10))
    return send_across(out, to=other.branch, into_kind="bank", into_owner=owner, key=key, by=books.accountant, at=NOW)


def test_it_carries_money_to_other_branches(qd: Crew, jn: Crew) -> None:
    a_crossing(qd, jn, "out")
    a_crossing(jn, qd, "back")
    assert carry_across(NOW) == 2
    with unchanged():
        assert carry_across(NOW + DAY) == 0


def test_money_that_cannot_be_booked_does_not_keep_other_money(
    qd: Crew, jn: Crew, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = a_crossing(qd, jn, "broken"), a_crossing(qd, jn, "whole")

    def receive_all_but_one(crossing: Any, **named: Any) -> Any:
        if crossing.id == broken.id:
            raise OSError("the disk is full")
        return receive_crossing(crossing, **named)

    monkeypatch.setattr(schedule, "receive_crossing", receive_all_but_one)
    assert carry_across(NOW) == 1
    assert "the disk is full" in caplog.text
    whole.refresh_from_db()
    assert whole.arrived_at
    monkeypatch.undo()
    assert carry_across(NOW) == 0  # put off by a minute
    assert carry_across(NOW + timedelta(minutes=1)) == 1


def test_it_times_out_holds_that_have_run_out_and_no_others(qd: Crew, jn: Crew) -> None:
    for crew in (qd, jn):
        books = books_of(crew)
        books.deposit(100)
        books.hold(10, expires_at=NOW + DAY)
        books.hold(10, expires_at=NOW + 2 * DAY)
        books.hold(10)
    assert time_out_holds(NOW + DAY) == 2
    with unchanged():
        assert time_out_holds(NOW + DAY) == 0
    assert books.now("seller_deposit").held == yuan(20)


def test_a_hold_that_fails_does_not_keep_the_others(
    qd: Crew, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    books = books_of(qd)
    books.deposit(100)
    broken, gone, whole = (books.hold(10, expires_at=NOW + DAY) for _ in range(3))

    def end_all_but_one(hold_id: Any, **named: Any) -> Any:
        if hold_id == broken.id:
            raise OSError("the disk is full")
        if hold_id == gone.id:
            raise HoldEnded(status="")
        return time_out_hold(hold_id, **named)

    monkeypatch.setattr(schedule, "time_out_hold", end_all_but_one)
    with pytest.raises(PiecesLeft):
        time_out_holds(NOW + DAY)
    whole.refresh_from_db()
    assert whole.status == "timed_out"
    assert "the disk is full" in caplog.text
