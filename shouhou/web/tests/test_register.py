"""The book: lines and tags, parts, turning pages, the page of a day, the search."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.models import RoleAssignment
from shouhou.access.permissions import Role
from shouhou.web.book import PAGE, read_mark
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders import actions
from shouhou.workorders.rules import WorkType
from tests.cast import NOW, Cast, Crew

DAY = date(2026, 11, 23)


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def numbers(response: Any) -> list[str]:
    return [line.order.number for line in response.context["lines"]]


def line(client: Client, query: str = "") -> Any:
    return client.get(reverse("register") + query).context["lines"][0]


def test_the_newest_call_stands_first(desk: Client, qd: Crew) -> None:
    first = qd.receive(at=NOW)
    second = qd.receive(at=NOW + timedelta(minutes=1))
    assert numbers(desk.get(reverse("register"))) == [second.number, first.number]


def test_phones_are_masked_and_text_is_escaped(desk: Client, qd: Crew) -> None:
    qd.receive(fault="<script>alert(1)</script>", contact_name='"><img src=x>')
    page = desk.get(reverse("register")).text
    assert "138****2071" in page
    assert "13812342071" not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_other_branches_are_not_in_the_book(desk: Client, jn: Crew) -> None:
    order = jn.receive()
    assert numbers(desk.get(reverse("register"))) == []
    assert numbers(desk.get(reverse("register"), {"q": order.number})) == []


def test_it_says_where_the_voucher_is_and_what_is_missing(desk: Client, qd: Crew) -> None:
    qd.order("signed")
    assert qd.technician.name in line(desk).voucher
    assert line(desk, "?state=to_hand_in").waits_for
    assert numbers(desk.get(reverse("register") + "?state=to_file")) == []


def test_a_voucher_out_for_another_order_is_named(desk: Client, qd: Crew) -> None:
    out = qd.order("signed")
    qd.receive(at=out.at)
    assert out.first.number in line(desk).voucher


def test_a_struck_off_line_is_struck(desk: Client, qd: Crew) -> None:
    qd.order("struck_off")
    assert line(desk).struck
    assert 'class="struck"' in desk.get(reverse("register")).text


def test_a_second_call_within_ninety_days_is_marked(desk: Client, qd: Crew) -> None:
    qd.receive(at=NOW - timedelta(days=100))
    qd.receive(at=NOW - timedelta(days=80))
    qd.receive(at=NOW - timedelta(days=1))
    lines = desk.get(reverse("register")).context["lines"]
    assert [one.repair for one in lines] == [2, 2, 1]


def test_a_cancelled_call_is_no_repair(desk: Client, qd: Crew) -> None:
    actions.cancel_work_order(qd.receive().id, reason="误报", by=qd.clerk, at=NOW)
    qd.receive(at=NOW + timedelta(hours=1))
    assert line(desk).repair == 1


def test_other_work_is_no_repair(desk: Client, qd: Crew) -> None:
    qd.receive(at=NOW, work_type=WorkType.INSTALLATION)
    qd.receive(at=NOW + timedelta(days=1))
    assert line(desk).repair == 1
    qd.receive(at=NOW + timedelta(days=2), work_type=WorkType.MAINTENANCE)
    assert line(desk).repair == 1


def test_calls_of_earlier_days_are_marked(desk: Client, qd: Crew) -> None:
    qd.receive(at=timezone.now() - timedelta(days=2))
    qd.receive(at=timezone.now())
    assert [one.carried_over for one in desk.get(reverse("register")).context["lines"]] == [False, True]
    assert len(desk.get(reverse("register") + "?state=carried_over").context["lines"]) == 1


@pytest.mark.parametrize("state", ["received", "open", "on_hold"])
def test_a_part_shows_only_its_lines(desk: Client, qd: Crew, state: str) -> None:
    waiting, held = qd.receive(), qd.order("on_hold", at=NOW - timedelta(hours=1)).first
    struck = qd.order("struck_off", unit=qd.gas_unit, at=NOW - timedelta(days=1)).first
    expected = {"received": [waiting], "open": [waiting, held], "on_hold": [held]}[state]
    assert struck not in expected
    assert numbers(desk.get(reverse("register"), {"state": state})) == [one.number for one in expected]


def test_an_unknown_part_is_the_whole_book(desk: Client, qd: Crew) -> None:
    qd.receive()
    assert len(numbers(desk.get(reverse("register"), {"state": "nonsense\x00", "older": "x", "newer": "é"}))) == 1


def test_its_pages_are_turned_both_ways(desk: Client, qd: Crew) -> None:
    made = [qd.receive(at=NOW + timedelta(minutes=minute)).number for minute in range(PAGE + 5)]
    first = desk.get(reverse("register"))
    second = desk.get(reverse("register") + first.context["older"])
    assert numbers(first) == made[::-1][:PAGE]
    assert numbers(second) == made[::-1][PAGE:]
    assert not first.context["newer"]
    assert not second.context["older"]
    assert numbers(desk.get(reverse("register") + second.context["newer"])) == numbers(first)


@pytest.mark.parametrize("text", ["", "x", "AAAA", "MjAyNi0xMS0yM1QwMDowMDowMHxhYmM="])
def test_a_mark_that_is_none_is_ignored(text: str) -> None:
    assert read_mark(text) is None


@pytest.mark.parametrize("address", ["/register/", "/register/?state=open", "/register/?q=王", "/register/2026-11-23/"])
def test_a_long_list_costs_no_more_queries_than_a_short_one(desk: Client, qd: Crew, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    fill(qd, 5)
    short = cost()
    fill(qd, 45)
    assert cost() == short


def fill(crew: Crew, lines: int) -> None:
    for minute in range(lines):
        crew.receive(at=NOW + timedelta(seconds=minute), unit=crew.gas_unit if minute % 2 else crew.unit)


@pytest.mark.parametrize("text", ["QD261123", "2071", "建华", "SN-KFR"])
def test_the_search_finds_by_number_phone_name_and_serial(desk: Client, qd: Crew, text: str) -> None:
    order = qd.receive()
    response = desk.get(reverse("register"), {"q": text})
    assert numbers(response) == [order.number]


def test_the_page_of_a_day_begins_with_what_earlier_days_left(desk: Client, qd: Crew) -> None:
    left = qd.receive(at=NOW - timedelta(days=1))
    done = qd.order("dispatched", at=NOW - timedelta(days=2), unit=qd.gas_unit).first
    today = qd.receive(at=NOW)
    page = desk.get(reverse("register_page", args=[DAY]))
    assert [one.order for one in page.context["carried"]] == [left]
    assert numbers(page) == [today.number]
    assert done.number not in page.text
    assert page.context["earlier"] == date(2026, 11, 22)


def test_what_was_dispatched_later_still_leads_the_page_of_that_day(desk: Client, qd: Crew) -> None:
    left = qd.receive(at=NOW - timedelta(days=1))
    actions.dispatch_work_order(left.id, technician_id=qd.technician.id, by=qd.supervisor, at=NOW)
    page = desk.get(reverse("register_page", args=[DAY]))
    assert [one.order for one in page.context["carried"]] == [left]


def test_a_day_without_calls_has_an_empty_page(desk: Client) -> None:
    assert desk.get(reverse("register_page", args=[date(2020, 1, 1)])).status_code == 200
    assert desk.get("/register/2026-02-30/").status_code == 404


def test_who_has_no_role_here_is_refused(as_: SignIn, cast: Cast) -> None:
    stranger = cast.qd.actors[Role.PARTS_KEEPER]
    RoleAssignment.objects.filter(user=stranger.user).delete()
    client = as_(stranger)
    assert client.get(reverse("register")).status_code == 403
    assert client.get("/").status_code == 200
