"""Working calendars, and when a time limit ends along one."""

from datetime import date
from typing import Annotated

from django.utils import timezone
from ninja import Path

from shouhou.api.auth import ActorRequest
from shouhou.api.routing import Routes
from shouhou.api.schemas.calendars import (
    CalendarAnswer,
    CalendarDaysInput,
    CalendarWeekInput,
    CalendarYearAnswer,
    DueAnswer,
    DueInput,
    SpecialDayAnswer,
)
from shouhou.commitments.actions.calendars import change_days, change_week
from shouhou.commitments.queries.calendars import clock_for, get_pile, key_of
from shouhou.commitments.rules.calendars import day_of
from shouhou.policies.queries import book_in_force
from shouhou.policies.rules.limits import limit_of, rule_with_limit

routes = Routes("calendars")


@routes.read("/calendars/{code}", CalendarAnswer)
def show_calendar(request: ActorRequest, code: str) -> CalendarAnswer:
    """Show a calendar: that of a branch (by its code), that of the company (`company`), or one that all share."""
    return CalendarAnswer.of(get_pile(code, by=request.auth))


@routes.read("/calendars/{code}/years/{year}", CalendarYearAnswer)
def list_special_days(
    request: ActorRequest, code: str, year: Annotated[int, Path(ge=1970, le=2199)]
) -> CalendarYearAnswer:
    """List the days of a year that are not like others of their weekday."""
    pile = get_pile(code, by=request.auth)
    calendar, said = pile.calendar, pile.said
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (
        day_of(said, calendar, date.fromordinal(number)) for number in range(first.toordinal(), last.toordinal() + 1)
    )
    rows = [SpecialDayAnswer.of(one, pile.layers) for one in days if one.is_special]
    return CalendarYearAnswer(year=year, published=not calendar.unpublished(first, last), rows=rows)


@routes.act("PATCH", "/calendars/{code}/days", CalendarAnswer)
def change_calendar_days(request: ActorRequest, code: str, body: CalendarDaysInput) -> CalendarAnswer:
    """Say something of single days, or take it back. Promises that run keep the calendar under which they were made."""
    change_days(code, [(one.day, one.own()) for one in body.days], by=request.auth, at=timezone.now())
    return CalendarAnswer.of(get_pile(code, by=request.auth))


@routes.act("PUT", "/calendars/{code}/week", CalendarAnswer)
def change_calendar_week(request: ActorRequest, code: str, body: CalendarWeekInput) -> CalendarAnswer:
    """Say the hours of the week and whose holidays count. Promises that run keep the calendar under which they were made."""
    said = body.said()
    change_week(code, week=said.week, public_days=said.public_days, by=request.auth, at=timezone.now())
    return CalendarAnswer.of(get_pile(code, by=request.auth))


@routes.act("POST", "/clock/due", DueAnswer)
def compute_due(request: ActorRequest, body: DueInput) -> DueAnswer:
    """Ask when a limit ends that begins at a moment. Nothing is stored.

    The limit is that of a rule in force, the company's own among them, or an amount of a unit.
    """
    clock, given = clock_for(key_of(get_pile(body.calendar, by=request.auth))), body.limit()
    if given is not None:
        return DueAnswer.of(clock.due(body.at, given), rule=None)
    day = body.at.astimezone(clock.calendar.zone).date()
    rule, then = rule_with_limit(book_in_force(), body.rule or "", on=day)
    return DueAnswer.of(clock.due(body.at, limit_of(then, count=rule.count_days_from)), rule=rule.version)
