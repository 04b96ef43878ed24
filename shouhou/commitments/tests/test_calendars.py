"""Calendars in the database: who changes them, which one a branch promises by, and what stays as it was promised."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouhou.access.actions import UnknownTimeZone, change_branch
from shouhou.access.permissions import Role
from shouhou.access.queries import BranchClosed
from shouhou.audit.models import Event
from shouhou.audit.queries import find_faults
from shouhou.commitments.actions.calendars import (
    CalendarCodeInvalid,
    CalendarCodeTaken,
    CalendarNameMissing,
    WeekOwed,
    ZoneOfBranch,
    change_days,
    change_week,
    open_calendar,
)
from shouhou.commitments.models import CalendarEdition, WorkCalendar
from shouhou.commitments.queries.calendars import (
    CalendarNotFound,
    calendar_of,
    clock_for,
    clock_of,
    current_calendar,
    find_branches_under,
    get_pile,
    key_of,
)
from shouhou.commitments.rules.calendars import COMPANY, SHIPPED, DayTwice, OwnDay, PublicDays, typed_hours
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.texts import TextTooLong
from shouhou.kernel.working_time.calendars import CalendarEmpty
from shouhou.kernel.working_time.clock import Limit
from shouhou.kernel.working_time.lengths import Span
from tests.cast import NOW, STEP, Cast, Crew, refuses, unchanged

OFF = OwnDay((), "店庆")
TUESDAY, NATIONAL_DAY = date(2026, 11, 24), date(2026, 10, 1)
SHOP: Any = (typed_hours("10-20"),) * 7
HOTLINE: Any = {
    "name": "热线",
    "week": (typed_hours("0-24"),) * 7,
    "public_days": PublicDays.NONE,
    "zone": "Asia/Shanghai",
}
A_DAY = Limit(1, Span.WORKING_DAYS)


def hours(crew: Crew, day: date) -> str:
    return ",".join(map(str, calendar_of(crew.branch).hours_on(day)))


def test_before_anything_is_said_the_shipped_calendar_counts(qd: Crew) -> None:
    assert not WorkCalendar.objects.exists()
    assert current_calendar(qd.branch) == ""
    assert hours(qd, TUESDAY) == "09:00-12:00,13:00-18:00"
    assert hours(qd, NATIONAL_DAY) == ""


def test_a_branch_says_a_day_of_its_own_and_the_others_keep_theirs(cast: Cast) -> None:
    change_days("QD", [(TUESDAY, OFF)], by=cast.qd.administrator, at=NOW)
    assert (hours(cast.qd, TUESDAY), hours(cast.jn, TUESDAY)) == ("", "09:00-12:00,13:00-18:00")
    change_days("QD", [(TUESDAY, None)], by=cast.qd.administrator, at=NOW + STEP)
    assert hours(cast.qd, TUESDAY) == "09:00-12:00,13:00-18:00"


def test_what_the_company_says_counts_in_every_branch_that_says_nothing_else(cast: Cast) -> None:
    head = cast.headquarters[Role.ADMINISTRATOR]
    change_days("JN", [(TUESDAY, OwnDay(typed_hours("9-12")))], by=cast.jn.administrator, at=NOW)
    change_days(COMPANY, [(TUESDAY, OFF)], by=head, at=NOW)
    change_week(COMPANY, week=SHOP, public_days=PublicDays.NONE, by=head, at=NOW)
    assert (hours(cast.qd, TUESDAY), hours(cast.jn, TUESDAY)) == ("", "09:00-12:00")
    assert hours(cast.qd, NATIONAL_DAY) == "10:00-20:00"
    assert get_pile("QD", by=cast.qd.clerk).layers[0].name


def test_what_is_said_above_a_branch_counts_there(cast: Cast) -> None:
    change_week("HQ", week=SHOP, public_days=None, by=cast.headquarters[Role.ADMINISTRATOR], at=NOW)
    assert hours(cast.qd, TUESDAY) == "10:00-20:00"
    assert hours(cast.qd, NATIONAL_DAY) == ""
    change_week("QD", week=SHIPPED.week, public_days=PublicDays.NONE, by=cast.qd.administrator, at=NOW)
    assert hours(cast.qd, NATIONAL_DAY) == "09:00-12:00,13:00-18:00"
    change_week("QD", week=None, public_days=None, by=cast.qd.administrator, at=NOW)
    assert hours(cast.qd, TUESDAY) == "10:00-20:00"
    assert {one.code for one in find_branches_under("HQ")} == {"HQ", "QD", "JN"}
    assert {one.code for one in find_branches_under("QD")} == {"QD"}


def test_what_was_promised_is_counted_by_the_calendar_of_then(qd: Crew) -> None:
    before = current_calendar(qd.branch)
    promised = clock_for(before).due(NOW, A_DAY)
    change_days("QD", [(TUESDAY, OFF)], by=qd.administrator, at=NOW)
    then = current_calendar(qd.branch)
    change_days("QD", [(date(2026, 11, 25), OFF)], by=qd.administrator, at=NOW)
    assert clock_for(before).due(NOW, A_DAY) == promised
    assert [clock_for(key).due(NOW, A_DAY).last_day.day for key in (before, then, current_calendar(qd.branch))] == [
        24,
        25,
        26,
    ]


def test_the_clock_of_a_branch_costs_one_query(qd: Crew) -> None:
    change_days("QD", [(TUESDAY, OFF)], by=qd.administrator, at=NOW)
    clock_of(qd.branch)
    with CaptureQueriesContext(connection) as queries:
        clock_of(qd.branch)
    assert len(queries) == 1
    key = current_calendar(qd.branch)
    with CaptureQueriesContext(connection) as queries:
        clock_for(key)
    assert not len(queries)


def test_days_are_those_of_the_branchs_own_clock(qd: Crew) -> None:
    change_branch(
        qd.branch.id, name="乌鲁木齐", time_zone="Asia/Urumqi", phone="", address="", region="",
        by=qd.administrator, at=NOW,
    )  # fmt: skip
    qd.branch.refresh_from_db()
    # Eight in the morning in Urumqi, so that the hour is worked from nine to ten; in Shanghai it is ten already.
    due = clock_of(qd.branch).due(datetime(2026, 11, 24, 2, 0, tzinfo=UTC), Limit(1, Span.WORKING_HOURS))
    assert due.at == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_each_change_is_an_event_with_old_and_new_and_an_edition(qd: Crew) -> None:
    by = qd.administrator
    change_days("QD", [(TUESDAY, OFF)], by=by, at=NOW)
    row = change_days("QD", [(TUESDAY, OwnDay(None, "改上班"))], by=by, at=NOW + STEP)
    change_week("QD", week=SHOP, public_days=None, by=by, at=NOW + 2 * STEP)
    first, second, third = Event.objects.filter(chain_id=row.id).order_by("sequence")
    assert [one.verb for one in (first, third)] == [
        "commitments.calendar.days_changed",
        "commitments.calendar.week_changed",
    ]
    assert first.data["days"] == {"2026-11-24": {"from": None, "to": {"hours": "", "name": "店庆"}}}
    assert second.data["days"] == {
        "2026-11-24": {"from": {"hours": "", "name": "店庆"}, "to": {"hours": None, "name": "改上班"}}
    }
    assert third.data["week"] == {"from": None, "to": ["10:00-20:00"] * 7}
    assert {one.actor_id for one in (first, second, third)} == {by.user_id}
    assert [one.number for one in CalendarEdition.objects.order_by("number")] == [1, 2, 3]
    assert not list(find_faults())


def test_what_is_as_it_was_leaves_nothing(cast: Cast) -> None:
    by = cast.qd.administrator
    change_days("QD", [(TUESDAY, OFF)], by=by, at=NOW)
    with unchanged():
        change_days("QD", [(TUESDAY, OFF), (NATIONAL_DAY, None)], by=by, at=NOW)
        change_week("QD", week=None, public_days=None, by=by, at=NOW)
        change_week(COMPANY, week=SHIPPED.week, public_days=SHIPPED.public_days, by=cast.root, at=NOW)


def test_an_edition_stays(qd: Crew) -> None:
    change_days("QD", [(TUESDAY, OFF)], by=qd.administrator, at=NOW)
    for act in (CalendarEdition.objects.all().delete, lambda: CalendarEdition.objects.update(number=9)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_all_branches_share_a_calendar_that_was_opened(cast: Cast) -> None:
    head = cast.headquarters[Role.ADMINISTRATOR]
    open_calendar("hotline", **HOTLINE, by=head, at=NOW)
    key = key_of(get_pile("hotline", by=cast.qd.clerk))
    change_week("hotline", week=SHOP, public_days=PublicDays.CHINA, zone="Asia/Urumqi", by=head, at=NOW)
    pile = get_pile("hotline", by=cast.qd.clerk)
    assert (pile.number, pile.zone) == (2, "Asia/Urumqi")
    assert str(clock_for(key).calendar.hours_on(NATIONAL_DAY)[0]) == "00:00-24:00"
    assert not clock_for(key_of(pile)).calendar.hours_on(NATIONAL_DAY)
    assert hours(cast.qd, NATIONAL_DAY) == ""


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"code": "Hotline"}, CalendarCodeInvalid),
        ({"code": COMPANY}, CalendarCodeTaken),
        ({"code": "taken"}, CalendarCodeTaken),
        ({"name": " "}, CalendarNameMissing),
        ({"name": "长" * 61}, TextTooLong),
        ({"zone": "Asia/Qingdao"}, UnknownTimeZone),
    ],
)
def test_it_refuses_a_shared_calendar_that_cannot_be(wrong: dict[str, Any], refusal: Any, cast: Cast) -> None:
    head = cast.headquarters[Role.ADMINISTRATOR]
    open_calendar("taken", **HOTLINE, by=head, at=NOW)
    given = {"code": "hotline", **HOTLINE} | wrong
    with refuses(refusal):
        open_calendar(given.pop("code"), **given, by=head, at=NOW)


def test_it_refuses_what_makes_no_sense(cast: Cast) -> None:
    by, head = cast.qd.administrator, cast.headquarters[Role.ADMINISTRATOR]
    with refuses(DayTwice):
        change_days("QD", [(TUESDAY, OFF), (TUESDAY, None)], by=by, at=NOW)
    with refuses(TextTooLong):
        change_days("QD", [(TUESDAY, OwnDay((), "长" * 41))], by=by, at=NOW)
    with refuses(ZoneOfBranch):
        change_week("QD", week=SHOP, public_days=None, zone="Asia/Urumqi", by=by, at=NOW)
    with refuses(WeekOwed):
        change_week(COMPANY, week=None, public_days=PublicDays.CHINA, by=head, at=NOW)
    with refuses(UnknownTimeZone):
        change_week(COMPANY, week=SHOP, public_days=PublicDays.CHINA, zone="Mars", by=head, at=NOW)
    with unchanged(), pytest.raises(CalendarEmpty):
        change_week("QD", week=((),) * 7, public_days=None, by=by, at=NOW)


def test_only_administrators_change_it_and_only_where_they_are(cast: Cast) -> None:
    for role, actor in cast.qd.actors.items():
        if role != Role.ADMINISTRATOR:
            with refuses(NotPermitted):
                change_days("QD", [(TUESDAY, OFF)], by=actor, at=NOW)
    with refuses(NotPermitted):
        change_days(COMPANY, [(TUESDAY, OFF)], by=cast.qd.administrator, at=NOW)
    with refuses(NotPermitted):
        open_calendar("hotline", **HOTLINE, by=cast.qd.administrator, at=NOW)
    for code in ("JN", "nowhere"):
        with refuses(CalendarNotFound):
            change_days(code, [(TUESDAY, OFF)], by=cast.qd.administrator, at=NOW)


def test_a_closed_branch_keeps_its_calendar(cast: Cast) -> None:
    cast.qd.branch.closed_at = NOW
    cast.qd.branch.save(update_fields=["closed_at"])
    with refuses(BranchClosed):
        change_days("QD", [(TUESDAY, OFF)], by=cast.qd.administrator, at=NOW)
