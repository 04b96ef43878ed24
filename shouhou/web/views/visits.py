"""A visit: its facts, the next act, and on site the checklist, the lines and the photos."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.catalog.models import FaultCode
from shouhou.catalog.queries import find_fault_codes_of, list_price_on, search_parts
from shouhou.customers.actions import reveal_phone
from shouhou.kernel.phones import national_digits
from shouhou.kernel.pictures import MOST_BYTES
from shouhou.web.acting import perform
from shouhou.web.inputs import CompletionForm, LineForm, ReasonForm, UnfinishedForm
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found, show
from shouhou.web.views.technician import day_owner, show_day
from shouhou.web.visit_facts import (
    card_of,
    earlier_work_on,
    is_his,
    is_live,
    last_entry_of,
    lines_of,
    minutes_between,
    total_of,
)
from shouhou.workorders import actions
from shouhou.workorders.models import Visit
from shouhou.workorders.queries import find_photos_of, get_visit, get_voucher_of
from shouhou.workorders.rules import LineKind, VisitStatus, WorkType

TEMPLATE = "field/visit_detail.html"
ASKS = ("refuse", "unfinished")


@require_GET
def visit(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """The visit. `?ask=refuse` and `?ask=unfinished` ask for the reason on the page, for browsers without dialogs."""
    asked = request.GET.get("ask", "")
    return _show(request, _found(request, visit_id), asked=asked if asked in ASKS else "")


@require_POST
def visit_accept(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """The technician takes the visit on."""
    return _step(request, visit_id, actions.accept_visit)


@require_POST
def visit_depart(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """He sets out and takes the voucher along."""
    return _step(request, visit_id, actions.depart)


@require_POST
def visit_arrive(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """He is at the customer's; what he needs now is the visit's page."""
    return _step(request, visit_id, actions.arrive, stay=False)


@require_POST
def visit_refuse(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """He cannot take it, and says why."""
    return _end(request, visit_id, ReasonForm(request.POST), actions.refuse_visit, asked="refuse")


@require_POST
def visit_incomplete(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """It cannot be finished this time, and why; the customer signs what was done."""
    return _end(request, visit_id, UnfinishedForm(request.POST), actions.leave_incomplete, asked="unfinished")


@require_POST
def visit_complete(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """Done: the voucher's line is written, and the customer's signature comes next."""
    one = _found(request, visit_id)
    form = CompletionForm(request.POST, work_type=one.work_order.work_type, codes=_codes(one))
    if form.is_valid() and (
        perform(
            request,
            lambda: actions.complete_visit(
                visit_id,
                fault_found=form.cleaned_data["fault_found"],
                fault_code=form.cleaned_data.get("fault_code", ""),
                work_done=form.cleaned_data["work_done"],
                labour_minutes=form.cleaned_data["labour_minutes"],
                travel_minutes=form.cleaned_data["travel_minutes"],
                checks=form.answers(),
                by=request.actor,
                at=timezone.now(),
            ),
            form=form,
        )
        is not None
    ):
        return SeeOther(reverse("sign", args=[one.work_order_id]))
    return _show(request, _found(request, visit_id), completion=form, status=422)


@require_POST
def visit_line(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """A line is written down."""
    form = LineForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        part = given["part"] or given["q"]
        if perform(
            request,
            lambda: actions.add_line(
                visit_id,
                kind=given["kind"],
                quantity=given["quantity"],
                description=given["description"],
                part=part.strip(),
                unit=given["unit"],
                unit_price=given["unit_price"],
                by=request.actor,
                at=timezone.now(),
            ),
            form=form,
        ):
            return SeeOther(reverse("visit", args=[visit_id], query={"region": "lines"}, fragment="lines"))
    return _show(request, _found(request, visit_id), line=form, region="lines", status=422)


@require_POST
def visit_line_back(request: ActorRequest, visit_id: UUID, line_id: UUID) -> HttpResponse:
    """A line is taken back by its reversal."""
    done = perform(
        request,
        lambda: actions.take_back_line(visit_id, line_id=line_id, by=request.actor, at=timezone.now()),
    )
    if done:
        return SeeOther(reverse("visit", args=[visit_id], query={"region": "lines"}, fragment="lines"))
    return _show(request, _found(request, visit_id), region="lines", status=422)


@require_GET
def visit_parts(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """Parts of the catalogue that match what is being typed."""
    one = _found(request, visit_id)
    text = request.GET.get("q", "").replace("\0", "")[:80]
    parts = search_parts(text)
    prices = list_price_on(parts, day=timezone.localdate())
    offers = [(part, prices.get(part.id)) for part in parts]
    return render(request, f"{TEMPLATE}#parts", {"visit": one, "q": text, "parts": offers})


@require_POST
def visit_photo(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """Photos from the camera. Each is an act of its own: one that is too large does not keep the others out."""
    one = _found(request, visit_id)
    files = request.FILES.getlist("photos")
    form = forms.Form({})
    taken = [
        photo
        for file in files
        if (
            photo := perform(
                request,
                lambda file=file: actions.attach_photo(  # type: ignore[misc]
                    one.work_order_id, file=file, by=request.actor, at=timezone.now()
                ),
                form=form,
            )
        )
    ]
    if taken and len(taken) == len(files):
        return SeeOther(reverse("visit", args=[visit_id], query={"region": "photos"}, fragment="photos"))
    error = " ".join(dict.fromkeys(map(str, form.non_field_errors()))) or _("Choose a photo first.")
    return _show(request, one, photo_error=error, region="photos", status=422)


@require_POST
def visit_phone(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """The number, to be called with one touch; that it was looked at goes into the journal."""
    one = _found(request, visit_id)
    shown = perform(request, lambda: reveal_phone(one.work_order.customer_id, by=request.actor, at=timezone.now()))
    # Who called is who expects the call; the folder's own number is the customer's, which may be another.
    phone = one.work_order.phone or shown or ""
    return _show(request, one, phone=phone, region="phone")


def _found(request: ActorRequest, visit_id: UUID) -> Visit:
    return found(lambda: get_visit(visit_id, by=request.actor))


def _step(request: ActorRequest, visit_id: UUID, act: Callable[..., Visit], *, stay: bool = True) -> HttpResponse:
    """An act that needs nothing typed. It comes back to where the button was: the day or the visit."""
    from_day = request.POST.get("back") == "day"
    done = perform(request, lambda: act(visit_id, by=request.actor, at=timezone.now()))
    one = _found(request, visit_id)
    if from_day and not (done and not stay):
        technician = day_owner(request, one.technician_id)
        if technician:
            return _to_day(request, one) if done else show_day(request, technician, status=422)
    if done:
        return SeeOther(reverse("visit", args=[visit_id]))
    return _show(request, one, status=422)


def _end(
    request: ActorRequest, visit_id: UUID, form: ReasonForm, act: Callable[..., Any], *, asked: str
) -> HttpResponse:
    """An act that ends the visit with a reason."""
    one = _found(request, visit_id)
    if form.is_valid() and (
        perform(request, lambda: act(visit_id, **form.cleaned_data, by=request.actor, at=timezone.now()), form=form)
        is not None
    ):
        if asked == "unfinished":
            return SeeOther(reverse("sign", args=[one.work_order_id]))
        messages.success(request, _("%(number)s goes back to the dispatch desk.") % {"number": one.work_order.number})
        return _to_day(request, one)
    return _show(request, _found(request, visit_id), asked=asked, reason=form, status=422)


def _to_day(request: ActorRequest, one: Visit) -> HttpResponse:
    own = one.technician.user_id == request.actor.user_id
    return SeeOther(reverse("technician_day", query=None if own else {"technician": one.technician_id}))


def _show(
    request: ActorRequest,
    one: Visit,
    *,
    asked: str = "",
    reason: ReasonForm | None = None,
    completion: CompletionForm | None = None,
    line: LineForm | None = None,
    photo_error: str = "",
    phone: str = "",
    region: str = "",
    status: int = 200,
) -> HttpResponse:
    if not is_his(one, request.actor) and not request.actor.may("workorders.see_register", one.branch_id):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    order = one.work_order
    rows = lines_of(one)
    acting = is_his(one, request.actor) and is_live(one)
    context: dict[str, Any] = {
        "section": "visits",
        "visit": one,
        "order": order,
        "card": card_of(one),
        "acting": acting,
        "on_site": acting and one.status == VisitStatus.ON_SITE,
        "working": acting and one.departed_at is not None,
        "entry": None if is_live(one) else last_entry_of(order),
        "voucher": get_voucher_of(order),
        "own": one.technician.user_id == request.actor.user_id,
        "may_call": request.actor.may("customers.reveal_phone", one.branch_id),
        "may_photo": acting and request.actor.may("workorders.attach_photo", one.branch_id),
        "history": earlier_work_on(one, by=request.actor),
        "asked": asked,
        "reason": reason or (UnfinishedForm() if asked == "unfinished" else ReasonForm()),
        "unfinished": reason if asked == "unfinished" and reason else UnfinishedForm(),
        "completion": completion or _completion(one),
        "line": line or LineForm(initial={"kind": LineKind.PART, "quantity": 1}),
        "rows": rows,
        "total": total_of(rows),
        "photos": list(find_photos_of(order)),
        "photo_error": photo_error,
        "photo_limit": MOST_BYTES // 1024 // 1024,
        "phone": national_digits(phone) if phone else "",
        "phone_uri": phone,
    }
    wanted = region or request.GET.get("region", "")
    return show(
        request, TEMPLATE, context, region=wanted if wanted in ("lines", "photos", "phone") else "visit", status=status
    )


def _codes(one: Visit) -> list[FaultCode]:
    """Of a repair, the faults that it can turn out to be."""
    order = one.work_order
    return list(find_fault_codes_of(order.asset.product_model)) if order.work_type == WorkType.REPAIR else []


def _completion(one: Visit) -> CompletionForm:
    """Prefilled with the times that the journal knows."""
    return CompletionForm(
        work_type=one.work_order.work_type,
        codes=_codes(one),
        initial={
            "labour_minutes": minutes_between(one.arrived_at, timezone.now()),
            "travel_minutes": minutes_between(one.departed_at, one.arrived_at),
        },
    )
