"""The price list: what every part, piece of work and distance costs today, and what it will cost."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from shouhou.catalog.models import Part, TravelBand, WorkCode
from shouhou.catalog.queries import find_courses
from shouhou.catalog.rules import CHANGE_CATALOGUE
from shouhou.web.catalogue_lists import PRICED
from shouhou.web.catalogue_pages import asked_for, filtered, read_page
from shouhou.web.requests import ActorRequest


@require_GET
def prices(request: ActorRequest) -> HttpResponse:
    """`?list=` parts, work-codes or travel-bands. Two queries for the prices, however many lines."""
    one = PRICED.get(request.GET.get("list", ""), PRICED["parts"])
    wanted = asked_for(request, one)
    page = read_page(one, filtered(one, wanted), after=request.GET.get("after", ""))
    rows = [row for row in page.rows if isinstance(row, Part | WorkCode | TravelBand)]
    courses = find_courses(rows, day=timezone.localdate())
    kept = request.GET.copy()
    kept.pop("after", None)
    context = {
        "list": one,
        "lists": PRICED.values(),
        "page": page,
        "lines": [{"entry": row, "course": courses[row.id]} for row in rows],
        "filter": wanted,
        "narrowed": any(wanted.cleaned_data.values()),
        "query": kept.urlencode(),
        "may_change": request.actor.may(CHANGE_CATALOGUE),
        "section": "administration",
    }
    return render(request, "catalogue/price_list.html", context)
