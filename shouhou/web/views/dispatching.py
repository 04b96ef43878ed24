"""The dispatch desk: calls that wait at the left, the call and who can go at the right."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access.models import Branch
from shouhou.dispatch.queries import count_dispatch_queue, find_days, find_visits_out
from shouhou.web.acting import perform
from shouhou.web.desk import branch_at_work
from shouhou.web.desk_inputs import ClassForm
from shouhou.web.dispatch_desk import split_queue, visits_out
from shouhou.web.inputs import ReasonForm
from shouhou.web.load_board import Board, read_board
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found, show
from shouhou.web.slots import SlotForm
from shouhou.web.views.work_orders import say_who_pays
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_dispatch_queue, find_visits_for, get_visit, get_work_order
from shouhou.workorders.rules import ORDER_ACTS, WorkClass

MAY = "workorders.dispatch_work_order"
MOST_ROWS = 200
TEMPLATE = "dispatch/queue_list.html"


class ChosenForm(forms.Form):
    """Which call is open, and what is asked about it; only addresses, so nonsense is simply nothing."""

    order = forms.UUIDField(required=False)
    ask = forms.CharField(required=False, max_length=20)
    visit = forms.UUIDField(required=False)


@require_GET
def dispatch_queue(request: ActorRequest) -> HttpResponse:
    """The desk. `?order=` opens a call, `?day=` shows the load of that day, `?ask=withdraw&visit=` asks for the reason."""
    branch = branch_at_work(request, MAY)
    wanted = ChosenForm(request.GET)
    wanted.is_valid()
    order_id = wanted.cleaned_data.get("order")
    order = _order(request, order_id) if order_id else None
    slot = SlotForm(request.GET) if "day" in request.GET else None
    asked = wanted.cleaned_data.get("visit") if wanted.cleaned_data.get("ask") == "withdraw" else None
    return _desk(request, branch, order, slot=slot, asked=asked)


@require_POST
def dispatch_order(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """One press: the call goes to the technician whose button it was."""
    order = _order(request, order_id)
    form = SlotForm(request.POST)
    technician = form.cleaned_data.get("technician") if form.is_valid() else None
    if technician:
        start, end = form.period()
        visit = perform(
            request,
            lambda: actions.dispatch_work_order(
                order_id,
                technician_id=technician,
                planned_start=start,
                planned_end=end,
                by=request.actor,
                at=timezone.now(),
            ),
            form=form,
        )
        if visit:
            said = {"number": order.number, "technician": visit.technician.name}
            messages.success(request, _("%(number)s goes to %(technician)s.") % said)
            return SeeOther(reverse("dispatch_queue"))
    elif form.is_valid():
        form.add_error(None, _("Choose the technician."))
    # What speaks against this technician stands beside him; the list is read anew with it.
    refused = {technician: " ".join(map(str, form.errors.get("technician", [])))} if technician else {}
    order = _order(request, order_id)
    return _desk(request, order.branch, order, slot=form, refused=refused, status=422)


@require_POST
def dispatch_class(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Who pays, said right at the desk when the rules and the clerk have left it open."""
    order = _order(request, order_id)
    form = ClassForm(request.POST)
    if not form.is_valid() or not perform(
        request, lambda: say_who_pays(request, order_id, form.cleaned_data), form=form
    ):
        # Where the rules say another letter, the form comes back with the fields for the reason.
        return _desk(request, order.branch, order, letter=form, status=422)
    return SeeOther(reverse("dispatch_queue", query={"order": order_id}))


@require_POST
def withdraw_visit(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """The visit is taken back, with the reason; the call waits again."""
    visit = found(lambda: get_visit(visit_id, by=request.actor))
    _require_desk(request, visit.branch)
    form = ReasonForm(request.POST)
    if form.is_valid() and (
        perform(
            request,
            lambda: actions.withdraw_visit(
                visit_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            ),
            form=form,
        )
        is not None
    ):
        said = {"number": visit.work_order.number, "technician": visit.technician.name}
        messages.success(request, _("%(number)s is taken back from %(technician)s and waits here again.") % said)
        return SeeOther(reverse("dispatch_queue", query={"order": visit.work_order_id}))
    return _desk(request, visit.branch, None, asked=visit_id, reason=form, status=422)


def _order(request: ActorRequest, order_id: UUID) -> WorkOrder:
    order = found(lambda: get_work_order(order_id, by=request.actor))
    _require_desk(request, order.branch)
    return order


def _require_desk(request: ActorRequest, branch: Branch) -> None:
    """Whatever the act decides: its refusal comes back on the desk, which only those see who dispatch there."""
    if not request.actor.may(MAY, branch.id):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))


def _desk(
    request: ActorRequest,
    branch: Branch,
    order: WorkOrder | None,
    *,
    slot: SlotForm | None = None,
    refused: Mapping[UUID, str] | None = None,
    asked: UUID | None = None,
    reason: ReasonForm | None = None,
    letter: ClassForm | None = None,
    status: int = 200,
) -> HttpResponse:
    counts = count_dispatch_queue(branch, today=timezone.localdate())
    # What is urgent, then the oldest. So it is chosen, too, where more wait than the screen shows.
    queue = list(find_dispatch_queue(branch).order_by("-urgent", "received_at", "id")[:MOST_ROWS])
    bands = split_queue(branch, queue, now=timezone.now())
    out = visits_out(list(find_visits_out(branch)[:MOST_ROWS]))
    opened = order is not None
    first = next((one for band in bands.values() for one in band), None)
    if order is None and first:
        order = found(lambda: get_work_order(first.order.id, by=request.actor))
    request.badges = {"dispatch": counts.all}  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        **bands,
        "section": "dispatch",
        "waiting": counts.all,
        "counts": counts,
        "cut": counts.all > len(queue),
        "out": out,
        "order": order,
        "opened": opened,
        "asked": next((one for one in out if one.visit.id == asked), None),
        "reason": reason or ReasonForm(),
        "letter": letter,
    }
    if order:
        context |= _beside(request, order, slot=slot, refused=refused or {})
    return show(request, TEMPLATE, context, region="desk", status=status)


def _beside(
    request: ActorRequest, order: WorkOrder, *, slot: SlotForm | None, refused: Mapping[UUID, str]
) -> dict[str, Any]:
    waits = "dispatch" in ORDER_ACTS[order.status]
    return {
        "form": slot or SlotForm(),
        "waits": waits,
        "may_classify": request.actor.may("workorders.assign_work_class", order.branch_id),
        "letters": WorkClass.choices,
        "earlier_visits": list(find_visits_for(order)),
        "board": _board(order, slot, refused) if waits else None,
        "picked": slot["pick"].value() or "" if slot else "",
        "today": timezone.localdate(),
    }


def _board(order: WorkOrder, slot: SlotForm | None, refused: Mapping[UUID, str]) -> Board:
    """The load of the day that was chosen; at first that of the customer's wish, unless it is over."""
    now = timezone.now()
    wish = (order.wished_start, order.wished_end) if order.wished_start and order.wished_end else None
    day = timezone.localtime(max(wish[0], now) if wish else now).date()
    if slot:
        slot.is_valid()
        day = slot.chosen_day
    product_class = order.asset.product_model.product_class_id
    people = find_days(branch=order.branch, day=day, product_class_id=product_class, work_type=order.work_type)
    return read_board(people, day=day, now=now, wish=wish, refused=refused)
