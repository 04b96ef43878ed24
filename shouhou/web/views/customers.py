"""客户资料袋: the customers of the branch, and the folder of one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.assets.actions import register_asset
from shouhou.catalog.queries import find_product_models, get_product_model
from shouhou.customers import actions
from shouhou.customers.models import Customer
from shouhou.customers.queries import find_customers, find_newest_customers, find_sites_of, get_customer
from shouhou.kernel.phones import masked_phone, national_digits
from shouhou.web.acting import perform
from shouhou.web.customer_folder import read_folder
from shouhou.web.desk import branch_at_work
from shouhou.web.desk_inputs import ContactForm, CustomerForm, SiteForm, UnitForm, error_lines
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found, show

TEMPLATE = "customers/customer_detail.html"
SHOWN = 50
FOUND_AT_MOST = 50


@require_GET
def customer_list(request: ActorRequest) -> HttpResponse:
    """`?q=` finds by name or phone; without it the folders opened last, `?before=` the ones before those."""
    branch = branch_at_work(request, "customers.see_customer")
    text = request.GET.get("q", "").strip()[:100]
    if text:
        rows, more = find_customers(text, branch=branch, limit=FOUND_AT_MOST), False
    else:
        newest = find_newest_customers(branch)
        if before := _key(request.GET.get("before", "")):
            newest = newest.filter(id__lt=before)
        rows = list(newest[: SHOWN + 1])
        more, rows = len(rows) > SHOWN, rows[:SHOWN]
    context = {
        "customers": rows,
        "text": text,
        "full": bool(text) and len(rows) == FOUND_AT_MOST,
        "older": f"?before={rows[-1].id}" if more else "",
        "section": "customers",
    }
    return render(request, "customers/customer_list.html", context)


@require_GET
def customer(request: ActorRequest, customer_id: UUID) -> HttpResponse:
    """The folder: open work first, units and their vouchers, people and places, all work."""
    return _show(request, _found(request, customer_id))


@require_POST
def customer_phone(request: ActorRequest, customer_id: UUID) -> HttpResponse:
    """The whole number; looking at it leaves an event."""
    who = _found(request, customer_id)
    number = perform(request, lambda: actions.reveal_phone(customer_id, by=request.actor, at=timezone.now()))
    phones = [(number, national_digits(number))] if number else []
    if request.htmx and not request.htmx.boosted:
        return show(request, TEMPLATE, {"customer": who, "phones": phones}, region="phone")
    return _show(request, who, phones=phones)


@require_POST
def customer_change(request: ActorRequest, customer_id: UUID) -> HttpResponse:
    """Correct name, phone, kind or note. The number stays when none is typed: the form does not spell it out.

    Two people may correct a folder at the same time: what they do not both change is merged, the rest is asked.
    """
    form = CustomerForm(request.POST)

    def change(given: dict[str, Any]) -> Any:
        typed = given | {"phone": given["phone"] or None}
        try:
            return actions.change_customer(
                customer_id, **typed, by=request.actor, at=timezone.now(), shown=_shown_before(request)
            )
        except actions.ChangedMeanwhile as clash:
            for field, now in clash.params["now"].items():
                form.add_error(field, _("Meanwhile this has become “%(now)s”.") % {"now": _in_words(field, now)})
            raise

    return _act(request, customer_id, "change", form, change, _("The folder is corrected."))


@require_POST
def customer_contact(request: ActorRequest, customer_id: UUID) -> HttpResponse:
    """Add a person to speak to."""

    def add(given: dict[str, Any]) -> Any:
        return actions.add_contact(customer_id, **given, by=request.actor, at=timezone.now())

    return _act(request, customer_id, "contact", ContactForm(request.POST), add, _("The contact is added."))


@require_POST
def customer_site(request: ActorRequest, customer_id: UUID) -> HttpResponse:
    """Add a place."""

    def add(given: dict[str, Any]) -> Any:
        return actions.add_site(customer_id, **given, by=request.actor, at=timezone.now())

    return _act(request, customer_id, "site", SiteForm(request.POST), add, _("The address is added."))


@require_POST
def customer_unit(request: ActorRequest, customer_id: UUID) -> HttpResponse:
    """Take a unit into care."""

    def register(given: dict[str, Any]) -> Any:
        first = find_sites_of(_found(request, customer_id)).first()
        return register_asset(
            customer_id=customer_id,
            **given | {"product_model": get_product_model(given["product_model"])},
            site_id=first.id if first else None,
            by=request.actor,
            at=timezone.now(),
            today=timezone.localdate(),
        )

    return _act(request, customer_id, "unit", UnitForm(request.POST), register, _("The unit is registered."))


def _shown(who: Customer) -> dict[str, str]:
    """What of the folder the form for correcting it is drawn with; it is sent along, unseen."""
    return {"name": who.name, "phone": masked_phone(who.phone), "kind": who.kind, "note": who.note}


def _shown_before(request: ActorRequest) -> dict[str, str] | None:
    said = {name: request.POST.get(f"was_{name}") for name in ("name", "phone", "kind", "note")}
    return {name: value for name, value in said.items() if value is not None} or None


def _in_words(field: str, value: str) -> str:
    return str(Customer.Kind(value).label) if field == "kind" else value


def _found(request: ActorRequest, customer_id: UUID) -> Customer:
    who = found(lambda: get_customer(customer_id, by=request.actor))
    if not request.actor.may("customers.see_customer", who.branch_id):
        raise PermissionDenied(str(_("Your roles in this branch do not allow this.")))
    return who


def _act[F: forms.Form](
    request: ActorRequest,
    customer_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
) -> HttpResponse:
    _found(request, customer_id)
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("customer", args=[customer_id]),
        refused=lambda form: _show(request, _found(request, customer_id), asked=name, refused=form),
    )


def _show(
    request: ActorRequest, who: Customer, *, asked: str = "", refused: forms.Form | None = None, **more: Any
) -> HttpResponse:
    folder = read_folder(
        who,
        by=request.actor,
        today=timezone.localdate(),
        older=request.GET.get("older", ""),
        newer=request.GET.get("newer", ""),
    )
    may_change = request.actor.may("customers.change_customer", who.branch_id)
    may_register = request.actor.may("assets.register_asset", who.branch_id)
    new: dict[str, forms.Form] = {"contact": ContactForm(), "site": SiteForm(), "unit": UnitForm()}
    new["change"] = CustomerForm(initial={"name": who.name, "kind": who.kind, "note": who.note})
    if refused:
        new[asked] = refused
    # Looking at the whole number is an act of its own, with its event; here it is only recognised.
    new["change"].fields["phone"].widget.attrs["placeholder"] = masked_phone(who.phone)
    context = {
        "customer": who,
        "folder": folder,
        "asked": asked,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "forms": new,
        "shown": _shown(who),
        "may_change": may_change,
        "may_register": may_register,
        "may_reveal": request.actor.may("customers.reveal_phone", who.branch_id),
        "may_receive": request.actor.may("workorders.receive_call", who.branch_id),
        "models": find_product_models() if may_register else [],
        "today": timezone.localdate(),
        "section": "customers",
    }
    return render(request, TEMPLATE, context | more, status=422 if refused else 200)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
