"""The page of a work order and the acts on it. Each act is a form of its own; a refusal comes back on the same page."""

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
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.customers.actions import reveal_phone
from shouhou.kernel.phones import national_digits
from shouhou.web.acting import perform
from shouhou.web.desk_inputs import ClassForm, EmptyForm, IssueForm, error_lines
from shouhou.web.inputs import ReasonForm
from shouhou.web.order_page import read_order
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found, show
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import get_work_order

TEMPLATE = "desk/order_detail.html"


@require_GET
def work_order(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """All of an order: its voucher as a form, what is still open, what happened, and the acts that are possible now."""
    return show_order(request, find_order(request, order_id))


@require_POST
def order_phone(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The whole number; that it was looked at goes into the customer's journal."""
    order = find_order(request, order_id)
    number = perform(request, lambda: reveal_phone(order.customer_id, by=request.actor, at=timezone.now()))
    # What was written down at the call may be another number than the folder's; whoever may see the one may see both.
    phones = list(dict.fromkeys([order.phone, number])) if number else []
    context = {"order": order, "phones": [(phone, national_digits(phone)) for phone in phones]}
    if request.htmx and not request.htmx.boosted:
        return show(request, TEMPLATE, context, region="phone")
    return show_order(request, order, phones=context["phones"])


@require_POST
def order_work_class(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Say who pays."""
    return _act(
        request,
        order_id,
        "assign_work_class",
        ClassForm(request.POST),
        lambda given: actions.assign_work_class(
            order_id, work_class=given["work_class"], by=request.actor, at=timezone.now()
        ),
        _("The work class is assigned."),
    )


@require_POST
def order_hold(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Pause, with the reason."""
    return _with_reason(request, order_id, "hold", actions.hold_work_order, _("The work order is on hold."))


@require_POST
def order_resume(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """End the pause."""
    return _plain(request, order_id, "resume", actions.resume_work_order, _("Taken up again; it waits for dispatch."))


@require_POST
def order_cancel(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The call is withdrawn, with the reason."""
    return _with_reason(request, order_id, "cancel", actions.cancel_work_order, _("The work order is cancelled."))


@require_POST
def order_reopen(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Open a closed line again, with the reason."""
    return _with_reason(
        request, order_id, "reopen", actions.reopen_work_order, _("Opened again; it waits for dispatch.")
    )


@require_POST
def order_strike_off(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """注销."""
    return _plain(request, order_id, "strike_off", actions.strike_off, _("Struck off the register."))


@require_POST
def voucher_issue(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The clerk hands the voucher to a technician."""
    return _act(
        request,
        order_id,
        "issue",
        IssueForm(request.POST),
        lambda given: actions.issue_voucher(
            order_id, technician_id=given["technician"], by=request.actor, at=timezone.now()
        ),
        _("The voucher is issued."),
    )


@require_POST
def voucher_return(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """It comes back unsigned, with the reason."""
    return _with_reason(request, order_id, "return", actions.return_voucher, _("The voucher is back in the folder."))


@require_POST
def voucher_hand_in(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The signed voucher is back with the clerk."""
    return _plain(request, order_id, "hand_in", actions.hand_in_voucher, _("The voucher is handed in."))


@require_POST
def voucher_file(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """归档."""
    return _plain(request, order_id, "file", actions.file_voucher, _("The voucher is filed."))


def find_order(request: ActorRequest, order_id: UUID) -> WorkOrder:
    """The order, if it is there for the actor (404) and he may look at the register (403)."""
    order = found(lambda: get_work_order(order_id, by=request.actor))
    if not request.actor.may("workorders.see_register", order.branch_id):
        raise PermissionDenied(str(_("Your roles in this branch do not allow this.")))
    return order


def show_order(
    request: ActorRequest, order: WorkOrder, *, asked: str = "", refused: forms.Form | None = None, **more: Any
) -> HttpResponse:
    """The page; after a refusal with the form of the act that was `asked`, and what was said against it."""
    page = read_order(order, by=request.actor)
    context = {
        "page": page,
        "order": order,
        "asked": asked,
        "refusals": error_lines(refused, shown=asked in page.offers) if refused else [],
        "reason_form": refused if isinstance(refused, ReasonForm) else ReasonForm(),
        "forms": {asked: refused} if refused else {},
        "section": "register",
    }
    return render(request, TEMPLATE, context | more, status=422 if refused else 200)


def _act[F: forms.Form](
    request: ActorRequest,
    order_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], Any],
    said: str | Promise,
) -> HttpResponse:
    find_order(request, order_id)
    if form.is_valid() and perform(request, lambda: act(form.cleaned_data), form=form):
        messages.success(request, str(said))
        return SeeOther(reverse("order", args=[order_id]))
    return show_order(request, find_order(request, order_id), asked=name, refused=form)


def _with_reason(
    request: ActorRequest, order_id: UUID, name: str, act: Callable[..., Any], said: str | Promise
) -> HttpResponse:
    def run(given: dict[str, Any]) -> Any:
        return act(order_id, reason=given["reason"], by=request.actor, at=timezone.now())

    return _act(request, order_id, name, ReasonForm(request.POST), run, said)


def _plain(
    request: ActorRequest, order_id: UUID, name: str, act: Callable[..., Any], said: str | Promise
) -> HttpResponse:
    def run(given: dict[str, Any]) -> Any:
        return act(order_id, by=request.actor, at=timezone.now())

    return _act(request, order_id, name, EmptyForm(request.POST), run, said)
