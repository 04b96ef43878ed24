"""叫修登记簿: the list of its lines as one wants to see it, one page per day, and the search."""

from datetime import date, datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_REGISTER
from shouhou.web.book import BookPage, book_lines, read_page
from shouhou.web.book_columns import offered_columns
from shouhou.web.bulk import offered_acts, take_outcome
from shouhou.web.desk import Tab, branch_at_work
from shouhou.web.register_filter import STATES, RegisterList, read_list
from shouhou.web.register_inputs import ExportForm, ViewForm
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import show
from shouhou.workforce.queries import find_technicians
from shouhou.workorders.actions import MOST_EXPORTED
from shouhou.workorders.queries import (
    RegisterCounts,
    count_register,
    find_carried_over,
    find_neighbours,
    find_page,
    find_register_page,
    search_register,
)
from shouhou.workorders.register import NOT_STRUCK_OFF, find_narrowed
from shouhou.workorders.rules import OPEN, OrderStatus

FOUND_AT_MOST = 50
TEMPLATE = "desk/register_list.html"


@require_GET
def register(request: ActorRequest) -> HttpResponse:
    """The book, newest call first. The address says what narrows it, its columns and its page; `?q=` searches it instead."""
    return show_register(request)


def show_register(request: ActorRequest, *, status: int = 200, **refused: Any) -> HttpResponse:
    """The list that the address asks for; `refused` forms are shown with what was typed into them."""
    branch = branch_at_work(request, SEE_REGISTER)
    today, actor = timezone.localdate(), request.actor
    shown = read_list(request.GET, branch=branch, by=actor)
    text = request.GET.get("q", "").strip()[:100]
    page = _page(request, branch, shown, text=text, today=today)
    counts = count_register(branch, today=today)
    acts = offered_acts(actor)
    context = {
        "lines": book_lines(page.orders, today=today),
        "columns": shown.columns,
        "offered": offered_columns(shown.columns),
        "shown": shown,
        "text": text,
        "full": text and len(page.orders) == FOUND_AT_MOST,
        "older": shown.address(older=page.older) if page.older else "",
        "newer": shown.address(newer=page.newer) if page.newer else "",
        "counts": counts,
        "tabs": _tabs(shown, counts),
        "today": today,
        "book_page": find_page(branch, today),
        "acts": acts,
        "technicians": find_technicians(branch) if "dispatch" in acts else (),
        "outcome": take_outcome(request),
        "may_print": actor.may("forms.print_form"),
        "may_export": actor.may("workorders.export_register"),
        "may_share": actor.may("web.share_view"),
        "export_form": ExportForm(),
        "most": f"{MOST_EXPORTED:,}",
        "view_form": ViewForm(initial={"name": shown.view.name, "shared": shown.view.shared} if shown.view else None),
        "panel": bool(shown.form.errors) or request.headers.get("HX-Source", "").startswith("form#filter"),
        "section": "register",
    }
    response = show(request, TEMPLATE, context | refused, region="list", status=status)
    if request.htmx and status == 200:
        # A form sends also what was left empty; the address that is kept and passed on has only what narrows.
        response["HX-Push-Url"] = f"{reverse('register')}{shown.address()}"
    patch_vary_headers(response, ["HX-Source"])
    return response


@require_GET
def register_page(request: ActorRequest, day: date) -> HttpResponse:
    """One page of the book: the calls of a day, those that earlier days left over before them."""
    branch = branch_at_work(request, SEE_REGISTER)
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


def _page(request: ActorRequest, branch: Branch, shown: RegisterList, *, text: str, today: date) -> BookPage:
    if text:
        return BookPage(search_register(text, branch=branch, limit=FOUND_AT_MOST), "", "")
    rows = find_narrowed(branch, shown.wanted, today=today)
    return read_page(rows, older=request.GET.get("older", ""), newer=request.GET.get("newer", ""))


def _tabs(shown: RegisterList, counts: RegisterCounts) -> list[Tab]:
    """All, open, and each status. Closed lines are not counted: there is no end to them. Nor what is narrowed further."""
    numbers: dict[str, int] = {NOT_STRUCK_OFF: counts.open, **{one: counts.by_status.get(one, 0) for one in OPEN}}
    counted = not set(shown.given) - {"state"}
    return [
        Tab(
            str(label),
            shown.address(state=value) if value else shown.address(without="state"),
            numbers.get(value) if counted else None,
            current=shown.wanted.state == value,
        )
        for value, label in STATES
        if not value or value == NOT_STRUCK_OFF or value in OrderStatus
    ]
