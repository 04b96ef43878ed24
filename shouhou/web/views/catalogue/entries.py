"""One entry of the catalogue: corrected, retired, taken up again; and what it costs, from when."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.catalog.actions import reinstate_entry, retire_entry, set_price, withdraw_price
from shouhou.catalog.models import (
    CatalogueEntry,
    Part,
    Priced,
    ProductModel,
    TravelBand,
    WorkCode,
)
from shouhou.catalog.queries import PriceCourse, find_courses, get_entry
from shouhou.catalog.rules import CHANGE_CATALOGUE
from shouhou.entitlements.package_queries import package_on
from shouhou.web.catalogue_inputs import PriceDayForm, PriceForm
from shouhou.web.catalogue_lists import CatalogueList, list_named
from shouhou.web.desk import branch_at_work
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.rules_words import word_of
from shouhou.web.showing import found
from shouhou.web.views.catalogue.packages import may_decide


@require_GET
def entry(request: ActorRequest, slug: str, subject_id: UUID) -> HttpResponse:
    """What stands in the list of it, and its prices: those that were, the one that counts, those to come."""
    return _show(request, list_named(slug), subject_id)


@require_POST
def entry_change(request: ActorRequest, slug: str, subject_id: UUID) -> HttpResponse:
    """Correct it."""
    one = list_named(slug)
    return _act(request, one, subject_id, "change", one.form(request.POST), one.change, _("The entry is corrected."))


@require_POST
def entry_retire(request: ActorRequest, slug: str, subject_id: UUID) -> HttpResponse:
    """No longer offer it."""
    one = list_named(slug)
    said = _("It is retired: old papers still show it, new ones no longer offer it.")
    return _act(request, one, subject_id, "retire", EmptyForm(request.POST), retire_entry, said)


@require_POST
def entry_reinstate(request: ActorRequest, slug: str, subject_id: UUID) -> HttpResponse:
    """Offer it again."""
    one = list_named(slug)
    return _act(
        request, one, subject_id, "reinstate", EmptyForm(request.POST), reinstate_entry, _("It is in use again.")
    )


@require_POST
def price_set(request: ActorRequest, slug: str, subject_id: UUID) -> HttpResponse:
    """Write down what it costs from a day on."""
    one, form = list_named(slug), PriceForm(request.POST)

    def set_four(subject: CatalogueEntry, *, valid_from: date, **dated: Any) -> object:
        given = {name: dated[name] for name in ("branch", "by", "at")}
        return set_price(
            _priced(subject), prices=form.four(), valid_from=valid_from, today=timezone.localdate(), **given
        )

    return _act(request, one, subject_id, "price", form, set_four, _("The price is written down."))


@require_POST
def price_withdraw(request: ActorRequest, slug: str, subject_id: UUID) -> HttpResponse:
    """Take a price back that has not begun."""

    def withdraw(subject: CatalogueEntry, **dated: Any) -> object:
        withdraw_price(_priced(subject), today=timezone.localdate(), **dated)
        return subject

    said = _("The price is withdrawn.")
    return _act(request, list_named(slug), subject_id, "withdraw", PriceDayForm(request.POST), withdraw, said)


def _act[F: forms.Form](
    request: ActorRequest,
    one: CatalogueList,
    subject_id: UUID,
    name: str,
    form: F,
    act: Callable[..., object],
    said: str | Promise,
) -> HttpResponse:
    subject = found(lambda: get_entry(one.kind, subject_id))
    branch = branch_at_work(request, CHANGE_CATALOGUE)
    return one_act(
        request,
        form,
        lambda given: act(subject, **given, branch=branch, by=request.actor, at=timezone.now()),
        said=said,
        leads_to=reverse("catalogue_entry", args=[one.slug, subject_id]),
        refused=lambda form: _show(request, one, subject_id, asked=name, refused=form),
    )


def _priced(subject: CatalogueEntry) -> Priced:
    if not isinstance(subject, Part | WorkCode | TravelBand):
        raise Http404
    return subject


def _show(
    request: ActorRequest, one: CatalogueList, subject_id: UUID, *, asked: str = "", refused: forms.Form | None = None
) -> HttpResponse:
    subject, today = found(lambda: get_entry(one.kind, subject_id)), timezone.localdate()
    course = find_courses([_priced(subject)], day=today)[subject.id] if one.priced else PriceCourse()
    context = {
        "list": one,
        "entry": subject,
        "course": course,
        "today": today,
        "rules_word": word_of(subject),
        "package": package_on(subject, day=today) if isinstance(subject, ProductModel) else None,
        "may_decide": may_decide(request.actor),
        "may_change": request.actor.may(CHANGE_CATALOGUE),
        "asked": asked,
        "change_form": refused if refused and asked == "change" else one.form(initial=one.values(subject)),
        "price_form": refused if refused and asked == "price" else PriceForm(initial=_price_begun(course, today)),
        "refusals": error_lines(refused, shown=asked in ("change", "price")) if refused else [],
        "section": "administration",
    }
    return render(request, "catalogue/entry_detail.html", context, status=422 if refused else 200)


def _price_begun(course: PriceCourse, today: date) -> dict[str, Any]:
    """The form begins with what is charged now: mostly one of the four changes."""
    four = course.now.four if course.now else None
    return ({**four.amounts(), "currency": four.currency} if four else {}) | {"valid_from": today}
