"""The page of a search and what the palette is given: grouped, masked, escaped, and only of the actor's branches."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.models import RoleAssignment
from shouhou.access.permissions import Role
from shouhou.customers.actions import register_customer
from shouhou.web.tests.conftest import SignIn
from tests.cast import NOW, STEP, Cast, Crew

PLACES = ("search", "palette_found")


def ask(client: Client, text: str, place: str = "search") -> Any:
    return client.get(reverse(place), {"q": text})


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ["王建", "wjh", "2071", "SN-KFR", "QD2611", "35gw"])
def test_it_finds_by_name_pinyin_phone_serial_and_number(text: str, place: str, qd: Crew, as_: SignIn) -> None:
    order = qd.receive()
    answer = ask(as_(qd.clerk), text, place)
    assert reverse("order", args=[order.id]) in answer.text
    assert "138****2071" in answer.text
    assert "13812342071" not in answer.text


@pytest.mark.parametrize("place", PLACES)
def test_of_another_branch_there_is_nothing(place: str, qd: Crew, jn: Crew, as_: SignIn) -> None:
    order = jn.receive()
    for text in (order.number, "刘芳", "lf", "2071"):
        answer = ask(as_(qd.clerk), text, place)
        assert answer.status_code == 200
        assert text == "刘芳" or "刘芳" not in answer.text
        assert str(order.id) not in answer.text
        assert str(jn.customer.id) not in answer.text


def test_a_whole_number_leads_to_the_order(qd: Crew, jn: Crew, as_: SignIn) -> None:
    order = qd.receive()
    assert ask(as_(qd.clerk), f" {order.number.lower()} ")["Location"] == reverse("order", args=[order.id])
    assert ask(as_(jn.clerk), order.number).status_code == 200


def test_headquarters_see_of_which_branch_a_line_is(cast: Cast, as_: SignIn) -> None:
    cast.qd.receive()
    manager, clerk = as_(cast.headquarters[Role.MANAGER]), as_(cast.qd.clerk)
    assert "Searched in 3 branches" in ask(manager, "wjh").text
    assert "Searched in" not in ask(clerk, "wjh").text
    assert [branch for _one, branch in ask(manager, "wjh").context["orders"]] == [cast.qd.branch.name]
    assert [branch for _one, branch in ask(clerk, "wjh").context["orders"]] == [""]


@pytest.mark.parametrize("text", ["", "不存在", "\0", "x" * 3000])
def test_where_nothing_is_found_it_says_what_can_be_searched(text: str, qd: Crew, as_: SignIn) -> None:
    page = ask(as_(qd.clerk), text)
    assert page.status_code == 200
    assert "wxg" in page.text


@pytest.mark.parametrize("place", PLACES)
def test_what_was_typed_and_what_was_found_is_text(place: str, qd: Crew, as_: SignIn) -> None:
    bad = "<img src=x onerror=alert(1)>"
    register_customer(branch=qd.branch, name=bad, phone="13900000004", address=bad, by=qd.clerk, at=NOW)
    for text in (bad, "0004", "{{7777*7}}"):
        page = ask(as_(qd.clerk), text, place).text
        assert "<img" not in page
        assert "54439" not in page


@pytest.mark.parametrize("place", PLACES)
def test_more_that_is_found_costs_no_more_queries(place: str, qd: Crew, as_: SignIn) -> None:
    client, counts = as_(qd.clerk), []
    for calls in (1, 8):
        for number in range(calls):
            qd.receive(at=NOW + number * STEP)
        with CaptureQueriesContext(connection) as queries:
            assert ask(client, "王建华", place).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("place", PLACES)
def test_who_has_no_role_is_refused(place: str, cast: Cast, as_: SignIn) -> None:
    stranger = cast.qd.actors[Role.PARTS_KEEPER]
    RoleAssignment.objects.filter(user=stranger.user).delete()
    assert ask(as_(stranger), "2071", place).status_code == 403
    assert ask(as_(cast.qd.clerk), "2071", place).status_code == 200


def commands(client: Client, **asked: Any) -> dict[str, str]:
    """Label → what may be typed for it."""
    groups = client.get(reverse("palette"), asked).context["groups"]
    return {str(one.label): one.words for group in groups for one in group.commands}


def test_the_palette_offers_what_the_roles_allow(qd: Crew, as_: SignIn) -> None:
    clerk, technician = commands(as_(qd.clerk)), commands(as_(qd.technician_actor))
    assert {"New call", "Register", "Sign out"} <= clerk.keys()
    assert "Dispatch" not in clerk
    assert "New call" not in technician
    assert "My visits" in technician


def test_a_command_is_typed_in_english_in_chinese_or_in_pinyin(qd: Crew, as_: SignIn) -> None:
    words = commands(as_(qd.clerk), act=["派工"])
    assert {"dj", "dengji", "登记", "register"} <= set(words["Register"].split("|"))
    assert {"pg", "paigong"} <= set(words["派工"].split("|"))


def test_what_the_page_offers_is_named_once_and_escaped(qd: Crew, as_: SignIn) -> None:
    page = as_(qd.clerk).get(reverse("palette"), {"act": ["New call", '"><b>x', " ", *["y"] * 50]})
    labels = [str(one.label) for group in page.context["groups"] for one in group.commands]
    assert labels.count("New call") == 1
    assert labels.count("y") < 24
    assert "<b>x" not in page.text


def test_other_branches_only_for_who_has_some(cast: Cast, as_: SignIn) -> None:
    assert "青岛分公司" in commands(as_(cast.headquarters[Role.MANAGER]))  # he works in 济南
    assert "济南分公司" not in commands(as_(cast.qd.clerk))


def test_the_page_of_today_is_printed_only_when_there_is_one(qd: Crew, as_: SignIn) -> None:
    assert "Print today's page" not in commands(as_(qd.clerk))
    qd.receive(at=timezone.now())
    assert "Print today's page" in commands(as_(qd.clerk))
    assert "Print today's page" not in commands(as_(qd.actors[Role.PARTS_KEEPER]))
