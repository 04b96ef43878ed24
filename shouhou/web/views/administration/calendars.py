"""Calendars: which days and hours are worked at which branch; a year at a glance, its days changed one by one."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.commitments.actions.calendars import change_days, change_week, open_calendar
from shouhou.commitments.models import WorkCalendar
from shouhou.commitments.queries.calendars import (
    Pile,
    find_changes,
    find_shared,
    get_pile,
    may_change,
    piles_of,
)
from shouhou.commitments.rules.calendars import COMPANY, Said, public_days, week_of
from shouhou.web.calendar_inputs import DaysForm, NewCalendarForm, WeekForm
from shouhou.web.calendar_words import WEEKDAY_HEADS, layer_name, pile_words, tell_changes
from shouhou.web.calendar_year import FIRST, LAST, YearShown
from shouhou.web.desk_inputs import error_lines
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found, show

CHANGES_SHOWN = 12


@require_GET
def calendar_list(request: ActorRequest) -> HttpResponse:
    """The calendar of the company, what each branch says on top of it, and those that all share beside it."""
    return _list(request)


@require_POST
def calendar_open(request: ActorRequest) -> HttpResponse:
    """Write down one that all share; it begins with the hours of the company."""
    _permitted(request)

    def open_one(given: dict[str, Any]) -> WorkCalendar:
        company = get_pile(COMPANY, by=request.actor)
        return open_calendar(
            **given,
            week=week_of(company.said),
            public_days=public_days(company.said),
            zone=company.zone,
            by=request.actor,
            at=timezone.now(),
        )

    return one_act(
        request,
        NewCalendarForm(request.POST),
        open_one,
        said=_("The calendar is there. Now say its hours."),
        leads_to=reverse("calendars"),
        refused=lambda form: _list(request, refused=form),
    )


@require_GET
def calendar(request: ActorRequest, code: str) -> HttpResponse:
    """One year of a calendar; with a day, what there is to say of it."""
    return _show(request, code)


@require_POST
def calendar_days(request: ActorRequest, code: str) -> HttpResponse:
    """Say something of single days, or take it back."""
    form = DaysForm(request.POST)

    def change(_given: dict[str, Any]) -> WorkCalendar:
        return change_days(code, form.days(), by=request.actor, at=timezone.now())

    return _act(
        request, code, "days", form, change, _("The calendar is changed. What was promised before keeps its time.")
    )


@require_POST
def calendar_week(request: ActorRequest, code: str) -> HttpResponse:
    """Say the hours of the week and whose holidays count."""
    pile = found(lambda: get_pile(code, by=request.actor))
    form = WeekForm(request.POST, shared=pile.own.branch is None, zone=pile.own.said.zone)

    def change(given: dict[str, Any]) -> WorkCalendar:
        return change_week(
            code,
            week=form.week(),
            public_days=form.public(),
            zone=given.get("zone", ""),
            by=request.actor,
            at=timezone.now(),
        )

    return _act(request, code, "week", form, change, _("The week is changed. What was promised before keeps its time."))


def _permitted(request: ActorRequest, pile: Pile | None = None) -> None:
    """Who may not do it at all learns no more from a form with a mistake in it."""
    if not may_change(pile, by=request.actor):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))


def _act[F: forms.Form](
    request: ActorRequest,
    code: str,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], WorkCalendar],
    said: str | Promise,
) -> HttpResponse:
    _permitted(request, found(lambda: get_pile(code, by=request.actor)))
    first = form.data.get("first", "")
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=f"{reverse('calendar', args=[code])}?day={first}#year"
        if _day(first)
        else reverse("calendar", args=[code]),
        refused=lambda form: _show(request, code, asked=name, refused=form),
    )


def _list(request: ActorRequest, *, refused: forms.Form | None = None) -> HttpResponse:
    branches = list(request.actor.branches)
    piles = piles_of(branches)
    tops = min((one.path.count("/") for one in branches), default=0)
    context = {
        "company": pile_words(get_pile(COMPANY, by=request.actor)),
        "shared": find_shared(),
        "lines": [
            {
                "branch": one,
                "depth": one.path.count("/") - tops,
                "words": pile_words(piles[one.id]),
                "own": piles[one.id].own.said != Said(),
                "days": len(piles[one.id].own.said.days),
            }
            for one in branches
        ],
        "may_open": may_change(None, by=request.actor),
        "form": refused or NewCalendarForm(),
        "refused": refused is not None,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    return render(request, "calendars/calendar_list.html", context, status=422 if refused else 200)


def _show(request: ActorRequest, code: str, *, asked: str = "", refused: forms.Form | None = None) -> HttpResponse:
    pile = found(lambda: get_pile(code, by=request.actor))
    chosen = _day(refused.data.get("first", "") if refused and asked == "days" else request.GET.get("day", ""))
    today = timezone.localdate()
    year = YearShown(pile, chosen.year if chosen else _year(request.GET.get("year", ""), today), today=today)
    shown = year.on(chosen) if chosen else None
    shared = pile.own.branch is None
    context = {
        "code": code,
        "pile": pile,
        "title": layer_name(pile.own),
        "below": [(layer_name(one), one.code) for one in pile.layers[:-1]],
        "year": year,
        "heads": WEEKDAY_HEADS,
        "week_words": pile_words(pile),
        "day": shown,
        "may_change": may_change(pile, by=request.actor),
        "asked": asked,
        "days_form": refused if refused and asked == "days" else shown and DaysForm.begun(shown.day, shown.own),
        "week_form": refused
        if refused and asked == "week"
        else WeekForm.begun(pile.own.said, year.week, shared=shared),
        "changes": tell_changes(find_changes(pile.row)[:CHANGES_SHOWN]) if pile.row else [],
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    return show(request, "calendars/calendar_detail.html", context, region="day", status=422 if refused else 200)


def _day(text: str) -> date | None:
    """The day of the address; what is none, or lies beyond our time, is as if none were named."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day.year <= LAST else None


def _year(text: str, today: date) -> int:
    return int(text) if text.isdecimal() and len(text) == 4 and FIRST <= int(text) <= LAST else today.year
