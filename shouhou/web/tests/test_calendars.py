"""Calendars on the screen: the year, one day, the week; what is refused stands beside its field."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from shouhou.access.permissions import Role
from shouhou.commitments.actions.calendars import change_days
from shouhou.commitments.queries.calendars import calendar_of
from shouhou.commitments.rules.calendars import OwnDay, typed_hours
from shouhou.web.calendar_words import week_words
from shouhou.web.calendar_year import YearShown
from shouhou.web.tests.conftest import SignIn
from tests.cast import NOW, Cast, Crew, unchanged

pytestmark = pytest.mark.one_database
QD = "/administration/calendars/QD/"
TUESDAY = date(2026, 11, 24)
WEEK = {f"weekday_{number}": "9-12, 13-18" for number in range(6)}


@pytest.fixture
def chief(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.administrator)


def year_of(client: Client, **asked: str) -> YearShown:
    year = client.get(QD, asked).context["year"]
    assert isinstance(year, YearShown)
    return year


def hours(crew: Crew, day: date) -> str:
    return ",".join(map(str, calendar_of(crew.branch).hours_on(day)))


def send(client: Client, route: str, fields: dict[str, str], *, status: int = 303, code: str = "QD") -> Any:
    answer = client.post(reverse(route, args=[code]), fields)
    assert answer.status_code == status, answer.text
    return answer


def test_the_year_shows_what_each_day_is_by_mark_and_in_words(chief: Client, qd: Crew) -> None:
    change_days("QD", [(TUESDAY, OwnDay((), "店庆"))], by=qd.administrator, at=NOW)
    year = year_of(chief, year="2026")
    cells = {cell.day: cell for month in year.months for week in month.weeks for cell in week if cell}
    assert len(cells) == 365
    kinds = {
        day: cells[day].kind for day in (date(2026, 10, 1), date(2026, 10, 10), date(2026, 11, 23), date(2026, 11, 28))
    }
    assert list(kinds.values()) == ["off", "makeup", "worked", "rest"]
    assert cells[TUESDAY].own
    assert cells[TUESDAY].label == f"24 Nov 2026, Tuesday, day off, 店庆, {qd.branch.name}"
    assert sum(1 for cell in cells.values() if cell.own) == 1
    page = chief.get(QD, {"year": "2026"}).text
    assert page.count("<b>off</b>") > page.count("<b>on</b>") > 4


def test_days_that_follow_each_other_are_one_line_of_the_list(chief: Client, qd: Crew) -> None:
    closed = [(date(2026, 8, day), OwnDay((), "<b>装修</b>")) for day in (3, 4, 5)]
    change_days("QD", [*closed, (date(2026, 8, 7), OwnDay((), "<b>装修</b>"))], by=qd.administrator, at=NOW)
    own = [one for one in year_of(chief, year="2026").stretches if one.own]
    assert [(one.number, one.when) for one in own] == [(3, "3 Aug – 5 Aug"), (1, "7 Aug")]
    page = chief.get(QD, {"year": "2026"}).text
    assert "<b>装修</b>" not in page
    assert "&lt;b&gt;装修" in page


def test_a_year_that_is_not_published_says_so(chief: Client) -> None:
    assert "are not published yet" in chief.get(QD, {"year": "2040"}).text
    assert "are not published yet" not in chief.get(QD, {"year": "2025"}).text


@pytest.mark.parametrize(
    "asked", [{"year": "0000"}, {"year": "x"}, {"year": "99999"}, {"day": "2026-02-30"}, {"day": "9999-01-01"}]
)
def test_an_address_that_makes_no_sense_shows_this_year(asked: dict[str, str], chief: Client) -> None:
    page = chief.get(QD, asked)
    assert page.status_code == 200
    assert page.context["day"] is None


def test_a_day_is_changed_for_a_stretch_and_taken_back(chief: Client, qd: Crew) -> None:
    said = {"first": "2026-11-24", "last": "2026-11-25", "what": "off", "name": "店庆"}
    answer = send(chief, "calendar_days", said)
    assert answer["Location"] == f"{QD}?day=2026-11-24#year"
    assert hours(qd, TUESDAY) == hours(qd, date(2026, 11, 25)) == ""
    day = chief.get(QD, {"day": "2026-11-24"}).context["day"]
    assert (day.what, day.name, day.below) == ("day off", "店庆", "working day, 09:00–12:00, 13:00–18:00")
    send(chief, "calendar_days", said | {"what": "hours", "hours": "9–12，14：00-16"})
    assert hours(qd, TUESDAY) == "09:00-12:00,14:00-16:00"
    send(chief, "calendar_days", said | {"what": "usual"})
    assert hours(qd, TUESDAY) == "09:00-12:00,13:00-18:00"
    told = [one.words for one in chief.get(QD).context["changes"]]
    assert told[0].startswith("24 Nov – 25 Nov 2026: nothing of its own (before: 09:00–12:00, 14:00–16:00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last": "2026-11-23"}, "last"),
        ({"last": "2028-11-23"}, "last"),
        ({"first": "26-11"}, "first"),
        ({"what": "hours", "hours": "18-9"}, "hours"),
        ({"what": "hours", "hours": "9-12,11-13"}, "hours"),
        ({"what": "hours", "hours": ""}, "hours"),
        ({"what": "sometimes"}, "what"),
        ({"name": "长" * 41}, "name"),
    ],
)
def test_what_is_wrong_with_a_day_stands_beside_its_field(wrong: dict[str, str], field: str, chief: Client) -> None:
    given = {"first": "2026-11-24", "last": "", "what": "off", "hours": "", "name": "店庆"} | wrong
    with unchanged():
        page = send(chief, "calendar_days", given, status=422)
    assert field in page.context["days_form"].errors
    if "first" not in wrong:
        assert given["name"] in page.text


def test_the_week_of_a_branch_is_its_own_or_that_above_it(chief: Client, qd: Crew) -> None:
    send(chief, "calendar_week", {**WEEK, "source": "own", "public_days": "none", "weekday_5": "9-12"})
    assert (hours(qd, date(2026, 11, 28)), hours(qd, date(2026, 10, 1))) == ("09:00-12:00", "09:00-12:00,13:00-18:00")
    assert (
        chief.get(QD).context["week_words"] == "Mon–Fri 09:00–12:00, 13:00–18:00; Sat 09:00–12:00 · No public holidays"
    )
    send(chief, "calendar_week", {**WEEK, "source": "below", "public_days": ""})
    assert hours(qd, date(2026, 11, 28)) == ""


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"weekday_0": "18-9"}, "weekday_0"), (dict.fromkeys(WEEK, ""), None), ({"public_days": "mars"}, "public_days")],
)
def test_a_week_that_makes_no_sense_is_refused(wrong: dict[str, str], field: str | None, chief: Client) -> None:
    with unchanged():
        page = send(chief, "calendar_week", {"source": "own", **WEEK, **wrong}, status=422)
    assert field in page.context["week_form"].errors or (field is None and page.context["week_form"].errors)


def test_a_shared_calendar_is_opened_and_changed_at_the_top(cast: Cast, as_: SignIn) -> None:
    head = as_(cast.headquarters[Role.ADMINISTRATOR])
    given = {"name": "热线", "code": "Hotline"}
    assert head.post(reverse("calendar_open"), given).status_code == 303
    assert head.post(reverse("calendar_open"), given).status_code == 422
    send(head, "calendar_week", {"public_days": "none", "zone": "Asia/Urumqi", "weekday_0": "0-24"}, code="hotline")
    page = as_(cast.qd.clerk).get(reverse("calendar", args=["hotline"]))
    assert page.context["week_words"].startswith("Mon 00:00–24:00")
    assert not page.context["may_change"]
    assert 'method="post"' not in page.text.split('id="main"')[1].split("</main>")[0]
    assert "hotline" in head.get(reverse("calendars")).text


def test_the_company_calendar_is_shown_to_all_and_changed_at_the_top(cast: Cast, as_: SignIn) -> None:
    given = {"first": "2026-11-24", "what": "off"}
    below = as_(cast.qd.administrator)
    with unchanged():
        send(below, "calendar_days", given, status=403, code="company")
    send(as_(cast.headquarters[Role.ADMINISTRATOR]), "calendar_days", given, code="company")
    assert hours(cast.qd, TUESDAY) == ""
    day = as_(cast.qd.clerk).get(QD, {"day": "2026-11-24"}).context["day"]
    assert (day.who, day.own) == ("Company calendar", None)


def test_only_the_card_of_the_day_is_sent_where_it_is_asked_for(chief: Client) -> None:
    part = chief.get(QD, {"day": "2026-10-01"}, headers={"HX-Request": "true"})
    assert 'data-day="2026-10-01"' in part.text
    assert "<table" not in part.text


def test_more_branches_and_changes_cost_no_more_queries(cast: Cast, as_: SignIn) -> None:
    head = as_(cast.headquarters[Role.ADMINISTRATOR])

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert head.get(address).status_code == 200
        return len(queries)

    change_days("QD", [(TUESDAY, OwnDay(()))], by=cast.qd.administrator, at=NOW)
    before = [cost(address) for address in (QD, reverse("calendars"))]
    for day in range(1, 6):
        for code, actor in (("QD", cast.qd.administrator), ("JN", cast.jn.administrator)):
            change_days(code, [(date(2026, 12, day), OwnDay(typed_hours("9-12")))], by=actor, at=NOW)
    assert [cost(address) for address in (QD, reverse("calendars"))] == before


def test_weekdays_with_the_same_hours_are_said_together() -> None:
    office, half = typed_hours("9-18"), typed_hours("9-12")
    week = (office, office, half, office, office, (), ())
    with override("en"):
        assert week_words(week) == "Mon–Tue 09:00–18:00; Wed 09:00–12:00; Thu–Fri 09:00–18:00"
    with override("zh-hans"):
        assert week_words(week) == "周一–周二 09:00–18:00；周三 09:00–12:00；周四–周五 09:00–18:00"
