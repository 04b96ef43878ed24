"""Findings at the unit of an order: what takes free repairs away, with the evidence; written down on site or at the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from shouhou.entitlements.actions.findings import RECORD_FINDING, record_finding, withdraw_finding
from shouhou.entitlements.models import Finding
from shouhou.entitlements.queries import FindingNotFound
from shouhou.web.coverage_inputs import FindingForm
from shouhou.web.inputs import ReasonForm
from shouhou.web.one_act import one_act
from shouhou.web.order_coverage import read_findings
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found
from shouhou.web.views.work_orders import find_order
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_photos_of

TEMPLATE = "coverage/order_findings.html"


@require_http_methods(["GET", "HEAD", "POST"])
def order_findings(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """What was found at the unit, and the form to write down something more."""
    order = find_order(request, order_id)
    if request.method != "POST":
        return _show(request, order)
    form = FindingForm(request.POST, photos=_photo_keys(order))
    return one_act(
        request,
        form,
        lambda given: record_finding(
            order.asset_id,
            exclusion=given["exclusion"],
            evidence=given["evidence"],
            photos=[UUID(key) for key in given["photos"]],
            about=order.id,
            by=request.actor,
            at=timezone.now(),
        ),
        said=_("The finding is written down. Ask the rules again to see what follows from it."),
        leads_to=reverse("order_findings", args=[order.id]),
        refused=lambda form: _show(request, order, form=form, status=422),
    )


@require_POST
def finding_withdraw(request: ActorRequest, order_id: UUID, finding_id: UUID) -> HttpResponse:
    """It does not hold: it stays in sight, struck through, with the reason."""
    order = find_order(request, order_id)
    found(lambda: _of_unit(finding_id, order))
    return one_act(
        request,
        ReasonForm(request.POST),
        lambda given: withdraw_finding(finding_id, reason=given["reason"], by=request.actor, at=timezone.now()),
        said=_("The finding is withdrawn."),
        leads_to=reverse("order_findings", args=[order.id]),
        refused=lambda form: _show(request, order, withdrawal=form, withdrawn=finding_id, status=422),
    )


def _of_unit(finding_id: UUID, order: WorkOrder) -> Finding:
    row = Finding.objects.filter(branch_id=order.branch_id, asset_id=order.asset_id, id=finding_id).first()
    if row is None:
        raise FindingNotFound()
    return row


def _photo_keys(order: WorkOrder) -> list[str]:
    return [str(one.id) for one in find_photos_of(order)]


def _show(
    request: ActorRequest, order: WorkOrder, *, form: FindingForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    photos = list(find_photos_of(order))
    context: dict[str, Any] = {
        "order": order,
        "findings": read_findings(order),
        "photos": photos,
        "form": form or FindingForm(photos=[str(one.id) for one in photos]),
        "may_record": request.actor.may(RECORD_FINDING, order.branch_id),
        "section": "register",
    }
    return render(request, TEMPLATE, context | more, status=status)
