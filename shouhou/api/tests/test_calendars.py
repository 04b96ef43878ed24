"""Calendars over the API: read, changed, and asked when a limit ends."""

from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from tests.cast import Cast, unchanged

QD = "/calendars/QD"
CLOSED = {"days": [{"day": "2026-11-24", "name": "店庆"}, {"day": "2026-11-25", "hours": "9-12"}]}
ASKED = {"at": "2026-11-23T17:00:00+08:00", "calendar": "QD", "amount": 2, "unit": "working_hours"}


def test_it_shows_what_counts_and_who_says_so(administrator: Caller, clerk: Caller) -> None:
    assert administrator.call("PATCH", f"{QD}/days", CLOSED).status_code == 200
    shown = clerk.get(QD).json()
    assert shown["week"] == ["09:00-12:00,13:00-18:00"] * 5 + ["", ""]
    assert [one["code"] for one in shown["layers"]] == ["company", "QD"]
    assert shown["layers"][1] | {"days": []} == {"code": "QD", "week": None, "public_days": None, "days": []}
    assert shown["layers"][1]["days"][1] == {"day": "2026-11-25", "hours": "09:00-12:00", "name": ""}
    year = clerk.get(f"{QD}/years/2026").json()
    found = {one["day"]: (one["hours"], one["name"], one["said_by"]) for one in year["rows"]}
    assert found["2026-11-24"] == ("", "店庆", "QD")
    assert found["2026-10-01"] == ("", "国庆节", None)
    assert (year["published"], clerk.get(f"{QD}/years/2040").json()["published"]) == (True, False)


def test_a_day_is_taken_back_and_a_week_is_said(administrator: Caller, clerk: Caller) -> None:
    administrator.call("PATCH", f"{QD}/days", CLOSED)
    answer = administrator.call("PATCH", f"{QD}/days", {"days": [{"day": "2026-11-24", "as_usual": True}]}).json()
    assert [one["day"] for one in answer["layers"][1]["days"]] == ["2026-11-25"]
    said = {"week": ["10-20"] * 7, "public_days": "none"}
    assert administrator.put(f"{QD}/week", said).json()["week"] == ["10:00-20:00"] * 7
    assert clerk.post("/clock/due", ASKED).json()["due"] == "2026-11-23T11:00:00Z"
    assert administrator.put(f"{QD}/week", {"week": None, "public_days": None}).json()["number"] == 4


@pytest.mark.parametrize(
    ("days", "status", "code"),
    [
        ([], 422, "invalid_input"),
        ([{"day": "2026-11-24"}, {"day": "2026-11-24", "as_usual": True}], 422, "calendar_day_twice"),
        ([{"day": "2026-11-24", "hours": "18-9"}], 422, "hours_end_before_start"),
        ([{"day": "2026-11-24", "hours": "9-12,11-13"}], 422, "hours_overlap"),
        ([{"day": "2026-11-24", "hours": "early"}], 422, "hours_malformed"),
        ([{"day": "2026-02-30"}], 422, "invalid_input"),
    ],
)
def test_days_that_make_no_sense_are_refused(days: list[Any], status: int, code: str, administrator: Caller) -> None:
    with unchanged():
        assert_problem(administrator.call("PATCH", f"{QD}/days", {"days": days}), status, code)


@pytest.mark.parametrize(
    ("week", "code"),
    [([""] * 7, "calendar_empty"), (["9-12"] * 6, "invalid_input"), (["9-12,11-13"] * 7, "hours_overlap")],
)
def test_a_week_that_makes_no_sense_is_refused(week: list[str], code: str, administrator: Caller) -> None:
    with unchanged():
        assert_problem(administrator.put(f"{QD}/week", {"week": week, "public_days": None}), 422, code)


def test_the_company_calendar_is_changed_at_the_top_only(administrator: Caller, cast: Cast, clerk: Caller) -> None:
    with unchanged():
        assert_problem(administrator.call("PATCH", "/calendars/company/days", CLOSED), 403, "not_permitted")
        assert_problem(administrator.call("PATCH", "/calendars/JN/days", CLOSED), 404, "calendar_not_found")
        assert_problem(administrator.get("/calendars/nowhere"), 404, "calendar_not_found")
    boss = caller_for(cast.headquarters[Role.ADMINISTRATOR])
    assert boss.call("PATCH", "/calendars/company/days", CLOSED).status_code == 200
    assert clerk.post("/clock/due", ASKED).json()["due"] == "2026-11-25T02:00:00Z"


def test_it_tells_when_a_limit_ends(clerk: Caller) -> None:
    by_rule = clerk.post("/clock/due", {"at": "2026-09-30T14:01:00+08:00", "rule": "jd-disputes-2025.evidence"}).json()
    assert by_rule["rule"].startswith("jd-disputes-2025.evidence")
    assert by_rule["due"] == "2026-10-01T01:01:00Z"
    days = ASKED | {"unit": "working_days", "count_days_from": "same_day"}
    assert clerk.post("/clock/due", days).json()["last_day"] == "2026-11-24"
    far = ASKED | {"at": "2040-01-02T10:00:00+08:00", "unit": "working_days"}
    assert clerk.post("/clock/due", far).json()["unpublished_years"] == [2040]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rule": "jd-disputes-2025.evidence"}, "limit_unclear"),
        ({"amount": None}, "limit_unclear"),
        ({"amount": None, "unit": None}, "limit_unclear"),
        ({"window": "9-18"}, "hours_malformed"),
        ({"unit": "days", "window": "09:00-18:00"}, "window_without_hours"),
        ({"unit": "fortnights"}, "invalid_input"),
        ({"amount": -1}, "invalid_input"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(wrong: dict[str, Any], code: str, clerk: Caller) -> None:
    with unchanged():
        assert_problem(clerk.post("/clock/due", ASKED | wrong), 422, code)
