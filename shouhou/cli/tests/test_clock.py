from datetime import date
from typing import Any

import pytest

from shouhou.cli.tests.conftest import Invoke
from shouhou.commitments.actions.calendars import change_days, open_calendar
from shouhou.commitments.rules.calendars import OwnDay, PublicDays, typed_hours
from tests.cast import NOW, Cast

ASKED = "2026-09-30T14:01"


def test_it_tells_when_the_limit_of_a_rule_ends_and_where_the_rule_is_from(invoke: Invoke) -> None:
    printed = invoke("clock", ASKED, "--policy", "jd-disputes-2025.evidence")
    assert printed.code == 0
    assert "2026-10-01" in printed.out
    assert "09:01" in printed.out
    assert "jd-disputes-2025.evidence@2025-07-04#" in printed.out
    assert "14:01-18:00  3:59" in printed.out
    assert "F:S10" in printed.out


def test_it_tells_the_same_as_json(invoke: Invoke) -> None:
    told = invoke("clock", ASKED, "--policy", "jd-disputes-2025.evidence", "--json").json
    assert (told["due"], told["last_day"]) == ("2026-10-01T09:01:00+08:00", "2026-10-01")
    assert (told["amount"], told["unit"], told["window"], told["since"]) == (4, "hours", "09:00-18:00", "request")
    assert [one["counted"] for one in told["steps"]] == [14340.0, 14400.0]
    assert told["rule"]["verified"] == "verified"
    assert told["unpublished_years"] == []


def test_it_counts_without_a_rule(invoke: Invoke) -> None:
    how = ("--amount", 4, "--unit", "working_hours", "--window", "09:00-18:00", "--json")
    told = invoke("clock", ASKED, *how).json
    assert told["due"] == "2026-10-08T09:01:00+08:00"
    assert told["rule"] is None
    told = invoke("clock", ASKED, *how, "--hours", "09:00-11:00,14:00-16:00").json
    assert told["due"] == "2026-10-08T14:01:00+08:00"  # 1:59 before the holidays, two hours in the morning after
    days = ("--amount", 1, "--unit", "days", "--json")
    assert invoke("clock", ASKED, *days).json["last_day"] == "2026-10-01"
    assert invoke("clock", ASKED, *days, "--same-day").json["last_day"] == "2026-09-30"


def test_a_moment_may_say_its_zone(invoke: Invoke) -> None:
    told = invoke("clock", "2026-09-30T06:01Z", "--policy", "jd-disputes-2025.evidence", "--json").json
    assert told["asked"] == "2026-09-30T14:01:00+08:00"


def test_days_that_do_not_count_are_shown_with_their_reason(invoke: Invoke) -> None:
    out = invoke("clock", "2026-12-28T16:30", "--policy", "cn-12315-2022.accept").out
    assert "元旦" in out
    assert "2027-01-07" in out
    assert "2027" in out.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("yesterday", "--policy", "jd-disputes-2025.evidence"),
        (ASKED, "--policy", "none.such"),
        (ASKED, "--policy", "jd-disputes-2025.platform-amount"),
        ("2025-07-03T10:00", "--policy", "jd-disputes-2025.evidence"),
        (ASKED, "--policy", "jd-disputes-2025.evidence", "--amount", 4),
        (ASKED,),
        (ASKED, "--amount", 4),
        (ASKED, "--amount", -4, "--unit", "hours"),
        (ASKED, "--amount", 4, "--unit", "hours", "--window", "9-18"),
        (ASKED, "--amount", 4, "--unit", "days", "--window", "09:00-18:00"),
        (ASKED, "--amount", 4, "--unit", "hours", "--hours", "09:00-12:00,11:00-18:00"),
        (ASKED, "--amount", 10**15, "--unit", "hours"),
        ("1850-01-01T10:00", "--amount", 4, "--unit", "days"),
    ],
)
def test_what_is_no_question_is_said_in_a_line(invoke: Invoke, arguments: tuple[object, ...]) -> None:
    printed = invoke("clock", *arguments)
    assert printed.code != 0
    assert printed.out == ""
    assert printed.err.strip()


def test_a_branch_and_a_shared_calendar_count_by_what_they_say(invoke: Invoke, cast: Cast) -> None:
    day_off = [(date(2026, 11, 24), OwnDay((), "店庆"))]
    change_days("QD", day_off, by=cast.qd.administrator, at=NOW)
    hotline: Any = {
        "name": "热线",
        "week": (typed_hours("0-24"),) * 7,
        "public_days": PublicDays.NONE,
        "zone": "Asia/Tokyo",
    }
    open_calendar("hotline", **hotline, by=cast.root, at=NOW)
    asked = ("clock", "2026-11-23T17:00", "--amount", 2, "--unit", "working_hours", "--json")
    due = {
        code: invoke(*asked, option, code).json["due"]
        for option, code in (
            ("--branch", "QD"),
            ("--branch", "JN"),
            ("--calendar", "company"),
            ("--calendar", "hotline"),
        )
    }
    assert due == {
        "QD": "2026-11-25T10:00:00+08:00",
        "JN": "2026-11-24T10:00:00+08:00",
        "company": "2026-11-24T10:00:00+08:00",
        "hotline": "2026-11-23T19:00:00+09:00",
    }
    for wrong in (("--branch", "XX"), ("--calendar", "nowhere"), ("--branch", "QD", "--hours", "09:00-10:00")):
        assert invoke(*asked, *wrong).code != 0
