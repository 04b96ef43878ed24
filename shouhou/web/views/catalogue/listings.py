"""One list of the catalogue: found, filtered, added to."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shouhou.catalog.models import CatalogueEntry, Part
from shouhou.catalog.queries import list_price_on
from shouhou.catalog.rules import CHANGE_CATALOGUE
from shouhou.web.catalogue_lists import LISTS, CatalogueList
from shouhou.web.catalogue_pages import asked_for, filtered, read_page
from shouhou.web.desk import branch_at_work
from shouhou.web.desk_inputs import error_lines
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.rules_words import word_of

# Lists that lie under one place of the navigation, one beside the other.
BESIDE = {"classes": ("products", "classes"), "products": ("products", "classes")}


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: ActorRequest, slug: str) -> HttpResponse:
    """The list; everybody may read it. A POST adds an entry."""
    one = LISTS[slug]
    if request.method != "POST":
        return _show(request, one)
    branch = branch_at_work(request, CHANGE_CATALOGUE)

    def add(given: dict[str, Any]) -> CatalogueEntry:
        return one.add(**one.given(given), branch=branch, by=request.actor, at=timezone.now())

    return one_act(
        request,
        one.new_form(request.POST),
        add,
        said=_("It is in the catalogue."),
        leads_to=one.url,
        refused=lambda form: _show(request, one, refused=form),
    )


def _show(request: ActorRequest, one: CatalogueList, *, refused: forms.Form | None = None) -> HttpResponse:
    wanted = asked_for(request, one)
    page = read_page(one, filtered(one, wanted), after=request.GET.get("after", ""))
    parts = [row for row in page.rows if isinstance(row, Part)]
    prices = list_price_on(parts, day=timezone.localdate())
    kept = request.GET.copy()
    kept.pop("after", None)
    context = {
        "list": one,
        "beside": [LISTS[slug] for slug in BESIDE.get(one.slug, ())],
        "page": page,
        "lines": [{"entry": row, "price": prices.get(row.id), "rules_word": word_of(row)} for row in page.rows],
        "filter": wanted,
        "narrowed": any(wanted.cleaned_data.values()),
        "query": kept.urlencode(),
        "may_change": request.actor.may(CHANGE_CATALOGUE),
        "asked": "add" if refused else "",
        "form": refused or one.new_form(),
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    return render(request, "catalogue/entry_list.html", context, status=422 if refused else 200)
