"""叫修登记簿: the newest calls, one page per day, and the search."""

from datetime import date, datetime, time
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.web.book import BookPage, book_lines, read_page
from shouhou.web.desk import DESK_NAMES, Tab, branch_at_work
from shouhou.web.requests import ActorRequest
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import (
    Desk,
    RegisterCounts,
    count_register,
    find_carried_over,
    find_neighbours,
    find_on_desk,
    find_page,
    find_register,
    find_register_page,
    search_register,
)
from shouhou.workorders.rules import OPEN, OrderStatus

FOUND_AT_MOST = 50


@require_GET
def register(request: ActorRequest) -> HttpResponse:
    """The book, newest call first: `?state=` narrows it, `?q=` searches it, `?older=` and `?newer=` turn the pages."""
    branch = branch_at_work(request, "workorders.see_register")
    today = timezone.localdate()
    text, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    if text:
        page = BookPage(search_register(text, branch=branch, limit=FOUND_AT_MOST), "", "")
    else:
        page = read_page(
            _rows(branch, state, today=today),
            older=request.GET.get("older", ""),
            newer=request.GET.get("newer", ""),
        )
    counts = count_register(branch, today=today)
    context = {
        "lines": book_lines(page.orders, today=today),
        "text": text,
        "state": state,
        "full": text and len(page.orders) == FOUND_AT_MOST,
        "older": _turn(state, older=page.older),
        "newer": _turn(state, newer=page.newer),
        "counts": counts,
        "tabs": [] if text else _tabs(state, counts),
        "desk_name": DESK_NAMES.get(state, ""),
        "today": today,
        "book_page": find_page(branch, today),
        "section": "register",
    }
    return render(request, "desk/register_list.html", context)


@require_GET
def register_page(request: ActorRequest, day: date) -> HttpResponse:
    """One page of the book: the calls of a day, those that earlier days left over before them."""
    branch = branch_at_work(request, "workorders.see_register")
    start = datetime.combine(day, time.min, timezone.get_current_timezone())
    today = timezone.localdate()
    earlier, later = find_neighbours(branch, day)
    calls, carried = list(find_register_page(branch, day)), list(find_carried_over(branch, day, start=start))
    lines = book_lines([*carried, *calls], today=today)
    page = find_page(branch, day)
    context = {
        "day": day,
        "today": today,
        "page": page,
        "carried": lines[: len(carried)],
        "lines": lines[len(carried) :],
        "struck_off": sum(one.status not in OPEN for one in calls),
        "still_open": sum(one.status in OPEN for one in calls),
        "earlier": earlier,
        "later": later,
        "may_print": page and request.actor.may("forms.print_form"),
        "section": "register",
    }
    return render(request, "desk/register_page.html", context)


@require_GET
def search(request: ActorRequest) -> HttpResponse:
    """The search box of the shell: what is found is a list of the register."""
    return HttpResponseRedirect(f"{reverse('register')}?{urlencode({'q': request.GET.get('q', '')})}")


def _rows(branch: Branch, state: str, *, today: date) -> BranchQuerySet[WorkOrder]:
    if state in Desk:
        return find_on_desk(branch, Desk(state), today=today)
    if state == "open":
        return find_register(branch).filter(status__in=OPEN)
    if state in OrderStatus:
        return find_register(branch).filter(status=state)
    return find_register(branch)


def _tabs(state: str, counts: RegisterCounts) -> list[Tab]:
    """All, open, and each status. Closed lines are not counted: there is no end to them."""
    tabs = [Tab(_("All"), "", None), Tab(_("Not struck off"), "open", counts.open)]
    for status in OrderStatus:
        number = counts.by_status.get(status, 0) if status in OPEN else None
        tabs.append(Tab(str(status.label), str(status), number))
    return [tab.chosen(state) for tab in tabs]


def _turn(state: str, **mark: str) -> str:
    marks = {name: value for name, value in mark.items() if value}
    return "?" + urlencode(({"state": state} if state else {}) | marks) if marks else ""
