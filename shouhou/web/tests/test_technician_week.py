"""The technician's visits day by day, his next one on the start page, and the way there on a map."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from shouhou.web.slots import quick_period
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders.actions import dispatch_work_order
from shouhou.workorders.models import Visit
from tests.cast import Crew


def send(crew: Crew, *, days: int | None) -> Visit:
    now = timezone.now()
    hours: dict[str, Any] = {}
    if days is not None:
        hours["planned_start"], hours["planned_end"] = quick_period(
            timezone.localdate() + timedelta(days=days), (9, 11)
        )
    order = crew.receive(at=now)
    return dispatch_work_order(order.id, technician_id=crew.technician.id, by=crew.supervisor, at=now, **hours)


def test_visits_stand_under_their_day_and_those_without_hours_under_today(as_: SignIn, qd: Crew) -> None:
    later, tomorrow, anytime = send(qd, days=3), send(qd, days=1), send(qd, days=None)
    days = as_(qd.technician_actor).get(reverse("technician_day")).context["days"]
    assert [[card.visit for card in day.cards] for day in days] == [[anytime], [tomorrow], [later]]
    assert [day.words for day in days[:2]] == ["Today", "Tomorrow"]
    assert [card.leads for day in days for card in day.cards].count(True) == 1


def test_the_start_page_shows_what_is_due_today_and_counts_the_rest(as_: SignIn, qd: Crew) -> None:
    send(qd, days=2)
    first, second = send(qd, days=None), send(qd, days=None)
    context = as_(qd.technician_actor).get("/").context
    assert context["next"].visit == first
    assert [card.visit for card in context["later"]] == [second]
    assert context["rest"] == 1


def test_the_address_leads_to_a_map_and_asks_nobody_before(as_: SignIn, qd: Crew) -> None:
    visit = send(qd, days=None)
    page = as_(qd.technician_actor).get(reverse("technician_day")).text
    assert f'href="https://uri.amap.com/search?keyword={quote(visit.work_order.address)}"' in page
    assert page.count("uri.amap.com") == 1
    assert "referrer" in page


def test_an_address_cannot_add_to_the_map_link(as_: SignIn, qd: Crew) -> None:
    order = qd.receive(at=timezone.now(), address='x"&city=<b>y')
    dispatch_work_order(order.id, technician_id=qd.technician.id, by=qd.supervisor, at=timezone.now())
    page = as_(qd.technician_actor).get(reverse("technician_day")).text
    assert "keyword=x%22%26city%3D%3Cb%3Ey" in page
    assert "<b>y" not in page
