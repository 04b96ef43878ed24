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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.customers.actions import reveal_phone
from shouhou.kernel.phones import national_digits
from shouhou.web.acting import perform
from shouhou.web.desk_inputs import ClassForm, EmptyForm, HoldForm, IssueForm, error_lines
from shouhou.web.inputs import ReasonForm
from shouhou.web.journal import narrow
from shouhou.web.one_act import one_act
from shouhou.web.order_coverage import read_who_pays
from shouhou.web.order_page import read_order
from shouhou.web.pulse import Watch
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found, show
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
        lambda given: say_who_pays(request, order_id, given),
        _("What you say about who pays is written down."),
    )


@require_POST
def order_hold(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Pause, with the reason and who causes it."""
    return _act(
        request,
        order_id,
        "hold",
        HoldForm(request.POST),
        lambda given: actions.hold_work_order(order_id, **given, by=request.actor, at=timezone.now()),
        _("The work order is on hold."),
    )


@require_POST
def order_resume(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """End the pause."""
    return plain_act(
        request, order_id, "resume", actions.resume_work_order, _("Taken up again; it waits for dispatch.")
    )


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
    return plain_act(request, order_id, "strike_off", actions.strike_off, _("Struck off the register."))


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
    return plain_act(request, order_id, "hand_in", actions.hand_in_voucher, _("The voucher is handed in."))


@require_POST
def voucher_file(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """归档."""
    return plain_act(request, order_id, "file", actions.file_voucher, _("The voucher is filed."))


def say_who_pays(request: ActorRequest, order_id: UUID, given: dict[str, Any]) -> WorkOrder:
    """The act behind the forms that say who pays; where it has to wait for a second person, that is said as well."""
    order = actions.assign_work_class(order_id, **given, by=request.actor, at=timezone.now())
    if order.work_class != given["work_class"]:
        messages.warning(request, gettext("It is above your limit: until somebody else confirms it, the class stays."))
    return order


def find_order(request: ActorRequest, order_id: UUID) -> WorkOrder:
    """The order, if it is there for the actor (404) and he may look at the register (403)."""
    order = found(lambda: get_work_order(order_id, by=request.actor))
    if not request.actor.may("workorders.see_register", order.branch_id):
        raise PermissionDenied(str(_("Your roles in this branch do not allow this.")))
    return order


def show_order(
    request: ActorRequest, order: WorkOrder, *, asked: str = "", refused: forms.Form | None = None, **more: Any
) -> HttpResponse:
    """The page; after a refusal with the form of the act that was `asked`, what was said against it, and what happened meanwhile.

    `?who=` and `?what=` narrow the journal.
    """
    page = read_order(order, by=request.actor)
    seen = _seen(request) if refused else None
    meanwhile = [one for one in page.history if seen is not None and one.place > seen]
    shown = asked in page.offers
    asks = request.method == "GET"
    wished = {name: request.GET.get(name, "") for name in ("who", "what")} if asks else {"who": "", "what": ""}
    context = {
        "page": page,
        "pays": read_who_pays(order, by=request.actor),
        "order": order,
        "journal": narrow(page.history, **wished),
        "live_from": request.get_full_path() if asks else reverse("order", args=[order.id]),
        "asked": asked,
        "refusals": error_lines(refused, shown=shown) if refused else [],
        "meanwhile": meanwhile,
        # An act that is no longer possible has no form on the page: what was typed into it is not lost with it.
        "typed": refused.data.get("reason", "") if refused and not shown else "",
        "reason_form": refused if isinstance(refused, ReasonForm) else ReasonForm(),
        "forms": {asked: refused} if refused else {},
        "section": "register",
    }
    request.watch = Watch(order.branch_id, order.id)  # type: ignore[attr-defined]
    status = (409 if meanwhile else 422) if refused else 200
    return render(request, TEMPLATE, context | more, status=status)


def _act[F: forms.Form](
    request: ActorRequest,
    order_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
) -> HttpResponse:
    find_order(request, order_id)
    seen = _seen(request)

    def unless_it_moved_on(given: dict[str, Any]) -> object:
        if seen is None:
            return act(given)
        return actions.act_on_seen(order_id, seen=seen, by=request.actor, act=lambda: act(given))

    return one_act(
        request,
        form,
        unless_it_moved_on,
        said=said,
        leads_to=reverse("order", args=[order_id]),
        refused=lambda form: show_order(request, find_order(request, order_id), asked=name, refused=form),
    )


def _seen(request: ActorRequest) -> int | None:
    """How much of the order's journal the form was shown with."""
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _with_reason(
    request: ActorRequest, order_id: UUID, name: str, act: Callable[..., Any], said: str | Promise
) -> HttpResponse:
    def run(given: dict[str, Any]) -> Any:
        return act(order_id, reason=given["reason"], by=request.actor, at=timezone.now())

    return _act(request, order_id, name, ReasonForm(request.POST), run, said)


def plain_act(
    request: ActorRequest, order_id: UUID, name: str, act: Callable[..., Any], said: str | Promise
) -> HttpResponse:
    """An act on an order that needs nothing said."""

    def run(given: dict[str, Any]) -> Any:
        return act(order_id, by=request.actor, at=timezone.now())

    return _act(request, order_id, name, EmptyForm(request.POST), run, said)
