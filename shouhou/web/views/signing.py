"""The customer signs: what he signs in plain words, the pad, and afterwards the sealed line with the way back to the clerk."""

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouhou.web.acting import perform
from shouhou.web.inputs import ReasonForm, SignatureForm
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found, show
from shouhou.web.visit_facts import is_his, last_entry_of, lines_of
from shouhou.workorders import actions
from shouhou.workorders.models import VoucherEntry, WorkOrder
from shouhou.workorders.queries import get_voucher_of, get_work_order
from shouhou.workorders.rules import VoucherState

TEMPLATE = "field/signature_form.html"


@require_http_methods(["GET", "POST"])
def sign(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The voucher's last line of this order, to be signed; when it is signed, sealed as it stands."""
    order = _found(request, order_id)
    if request.method == "GET":
        return _show(request, order, asked=request.GET.get("ask") == "unsigned")
    form = SignatureForm(request.POST)
    if form.is_valid() and (
        perform(
            request,
            lambda: actions.record_signature(
                order_id,
                signer_name=form.cleaned_data["signer_name"],
                strokes=form.cleaned_data["strokes"],
                by=request.actor,
                at=timezone.now(),
            ),
            form=form,
        )
        is not None
    ):
        return SeeOther(reverse("sign", args=[order_id]))
    return _show(request, _found(request, order_id), form=form, status=422)


@require_POST
def sign_refused(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The customer does not sign; why not stands in the place of the signature."""
    _found(request, order_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and (
        perform(
            request,
            lambda: actions.record_signature_refused(
                order_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            ),
            form=form,
        )
        is not None
    ):
        return SeeOther(reverse("sign", args=[order_id]))
    return _show(request, _found(request, order_id), asked=True, reason=form, status=422)


@require_POST
def field_hand_in(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The signed voucher is back with the clerk."""
    order = _found(request, order_id)
    entry = last_entry_of(order)
    voucher = perform(request, lambda: actions.hand_in_voucher(order_id, by=request.actor, at=timezone.now()))
    if voucher:
        messages.success(request, _("The voucher %(voucher)s is handed in.") % {"voucher": voucher.number})
        return SeeOther(_after(request, order, entry))
    return _show(request, _found(request, order_id), status=422)


def _after(request: ActorRequest, order: WorkOrder, entry: VoucherEntry | None) -> str:
    """Back to the day where the voucher came from; who may not look at it, the clerk, stays with the order."""
    technician = entry.visit.technician if entry else None
    if technician and technician.user_id == request.actor.user_id:
        return reverse("technician_day")
    if technician and request.actor.may("workorders.work_for_technician", order.branch_id):
        return reverse("technician_day", query={"technician": technician.id})
    return reverse("order", args=[order.id])


def _found(request: ActorRequest, order_id: UUID) -> WorkOrder:
    return found(lambda: get_work_order(order_id, by=request.actor))


def _show(
    request: ActorRequest,
    order: WorkOrder,
    *,
    form: SignatureForm | None = None,
    asked: bool = False,
    reason: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    entry, voucher = last_entry_of(order), get_voucher_of(order)
    acting = bool(entry) and is_his(entry.visit, request.actor) if entry else False
    if not acting and not request.actor.may("workorders.see_register", order.branch_id):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    out = voucher.work_order_id == order.id
    context: dict[str, Any] = {
        "section": "visits",
        "order": order,
        "entry": entry,
        "voucher": voucher,
        "rows": [row for row in lines_of(entry.visit) if row.line.visit_id == entry.visit_id and not row.taken_back]
        if entry
        else [],
        "acting": acting,
        "to_sign": bool(entry) and entry is not None and entry.signed_at is None and out,
        "to_hand_in": out
        and voucher.state == VoucherState.SIGNED
        and request.actor.may("workorders.hand_in_voucher", order.branch_id),
        "picture": _picture(entry),
        "form": form or SignatureForm(initial={"signer_name": order.contact_name}),
        "asked": asked,
        "reason": reason or ReasonForm(),
    }
    return show(request, TEMPLATE, context, region="signature", status=status)


def _picture(entry: VoucherEntry | None) -> str:
    """The signature as an address of its own, so that the page needs no second look-up to show it."""
    if entry is None or not entry.signature_image:
        return ""
    return "data:image/png;base64," + base64.b64encode(bytes(entry.signature_image)).decode("ascii")
