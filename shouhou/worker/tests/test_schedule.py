from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from shouhou.access.models import Branch, User
from shouhou.audit.models import Event
from shouhou.worker import schedule
from shouhou.worker.schedule import PiecesLeft, close_past_pages, forget_answers, forget_sessions
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
