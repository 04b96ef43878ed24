"""Calendars are changed: single days, the week. Each change is an edition, so that what was promised stays countable."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from shouhou.access.actions import UnknownTimeZone
from shouhou.access.actors import Actor, BranchNotVisible
from shouhou.access.models import Branch
from shouhou.access.queries import lock_open_branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.models import CalendarEdition, WorkCalendar
from shouhou.commitments.queries.calendars import CalendarNotFound, Pile, get_pile, headquarters, is_shared
from shouhou.commitments.rules.calendars import (
    CHANGE_CALENDAR,
    COMPANY,
    OwnDay,
    PublicDays,
    Said,
    Week,
    plain,
    plain_day,
    with_days,
)
from shouhou.kernel.errors import Conflict, Invalid, NotPermitted, gettext_noop
from shouhou.kernel.ids import uuid7
from shouhou.kernel.texts import written

_CODE = re.compile(r"[a-z][a-z0-9-]{1,29}")
# The name of the company's calendar in the table; screens say it in the reader's words.
_COMPANY_NAME = "公司工作日历"


class CalendarCodeInvalid(Invalid):
    code = "calendar_code_invalid"
    template = gettext_noop("The code of a calendar is two to thirty small letters, digits and hyphens.")


class CalendarCodeTaken(Conflict):
    code = "calendar_code_taken"
    template = gettext_noop("There is a calendar with the code %(calendar)s already.")


class CalendarNameMissing(Invalid):
    code = "calendar_name_missing"
    template = gettext_noop("Please give the calendar a name.")


class WeekOwed(Invalid):
    code = "calendar_week_missing"
    template = gettext_noop("A calendar with none above it says the hours of the week and whose holidays count itself.")


class ZoneOfBranch(Invalid):
    code = "calendar_zone_of_branch"
    template = gettext_noop("The calendar of a branch has the time zone of the branch.")


def open_calendar(
    code: str, *, name: str, week: Week, public_days: PublicDays, zone: str, by: Actor, at: datetime
) -> WorkCalendar:
    """Write down a calendar that all branches share, e.g. the hours of the hotline.

    Raises CalendarCodeInvalid, CalendarCodeTaken, CalendarNameMissing, WeekMalformed, HoursOverlap, CalendarEmpty,
    UnknownTimeZone, TextTooLong, NotPermitted.
    """
    if not _CODE.fullmatch(code):
        raise CalendarCodeInvalid(field="code")
    if code == COMPANY:
        raise CalendarCodeTaken(calendar=code, field="code")
    name = written(name, most=60, field="name")
    if not name:
        raise CalendarNameMissing(field="name")
    said = Said(week, public_days, _known_zone(zone))
    with act_transaction():
        root = _lock_place(None, by=by)
        row = WorkCalendar(code=code, name=name)
        try:
            with transaction.atomic():
                _write(row, said, "opened", {"code": code, "name": name, **plain(said)}, root, by=by, at=at)
        except IntegrityError:
            raise CalendarCodeTaken(calendar=code, field="code") from None
        return row


def change_days(code: str, days: Sequence[tuple[date, OwnDay | None]], *, by: Actor, at: datetime) -> WorkCalendar:
    """Say something of single days; None takes back what was said of one. What is as it was leaves no edition.

    Promises that run already keep the calendar under which they were made.
    Raises CalendarNotFound, NoDayNamed, DayTwice, TooManyDays, CalendarFull, DayOutOfReach, TextTooLong,
    BranchClosed, NotPermitted.
    """
    days = [(day, own and replace(own, name=written(own.name, most=40, field="name"))) for day, own in days]
    with act_transaction():
        place, pile, row = _lock(code, by=by)
        before = pile.own.said
        after = with_days(before, days)
        steps = {
            day.isoformat(): {"from": _plain(before.days.get(day)), "to": _plain(own)}
            for day, own in days
            if before.days.get(day) != own
        }
        if steps:
            _write(row, after, "days_changed", {"calendar": code, "days": steps}, place, by=by, at=at)
        return row


def change_week(
    code: str, *, week: Week | None, public_days: PublicDays | None, zone: str = "", by: Actor, at: datetime
) -> WorkCalendar:
    """Say the hours of the week and whose holidays count; None where the calendars below count again. `zone`: of a shared one.

     Promises that run already keep the calendar under which they were made.
     Raises CalendarNotFound, WeekMalformed, HoursOverlap, CalendarEmpty, WeekOwed, UnknownTimeZone, ZoneOfBranch, BranchClosed,
    , NotPermitted.
    """
    with act_transaction():
        place, pile, row = _lock(code, by=by)
        before = pile.own.said
        if pile.own.branch is None:
            if week is None or public_days is None:
                raise WeekOwed(field="public_days" if week else "week")
            after = Said(week, public_days, _known_zone(zone or before.zone), before.days)
        elif zone:
            raise ZoneOfBranch(field="zone")
        else:
            after = Said(week, public_days, "", before.days)
        steps = {
            name: {"from": old, "to": new}
            for (name, old), new in zip(plain(before).items(), plain(after).values(), strict=True)
            if old != new
        }
        if steps:
            _write(row, after, "week_changed", {"calendar": code, **steps}, place, by=by, at=at)
        return row


def _lock(code: str, *, by: Actor) -> tuple[Branch, Pile, WorkCalendar]:
    """Where the change is recorded, locked; the calendar as it stands now; and its row, made in memory where there is none."""
    seen = next((one for one in by.branches if one.code == code), None)
    if seen is None and not is_shared(code):
        raise CalendarNotFound(field="calendar")
    place = _lock_place(seen, by=by)
    pile = get_pile(code, by=by)
    if pile.row is not None:
        return place, pile, pile.row
    return place, pile, WorkCalendar(code=code, owner=seen, name="" if seen else _COMPANY_NAME)


def _lock_place(branch: Branch | None, *, by: Actor) -> Branch:
    """The branch, or the headquarters for what all share. Two people who change the same calendar come one after the other."""
    place = branch or headquarters()
    try:
        by.require(CHANGE_CALENDAR, place.id)
    except BranchNotVisible:
        # What all share is seen by all: only to change it one has to be at the top.
        raise NotPermitted(permission=CHANGE_CALENDAR) from None
    return lock_open_branch(place.id)


def _write(
    row: WorkCalendar, said: Said, what: str, told: dict[str, Any], place: Branch, *, by: Actor, at: datetime
) -> None:
    is_new = row._state.adding
    edition = CalendarEdition(
        id=uuid7(), calendar=row, number=row.number + 1, said=plain(said), made_by=by.user, made_at=at
    )
    row.number, row.edition = edition.number, edition.id
    if is_new:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["number", "edition"])
    edition.save(force_insert=True)
    record(
        branch_id=place.id,
        chain_id=row.id,
        verb=f"commitments.calendar.{what}",
        subject=("calendar", row.id),
        by=by,
        at=at,
        data={"number": row.number, **told},
        opens=is_new,
    )


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise UnknownTimeZone(zone=zone, field="zone")
    return zone


def _plain(own: OwnDay | None) -> dict[str, Any] | None:
    return None if own is None else plain_day(own)
