"""Scanning: what a code leads to, and whether the unit in front of the technician is the one of his order."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shouhou.access.permissions import SEE_CUSTOMER
from shouhou.assets.models import Asset
from shouhou.web.code_reading import LONGEST, Reading, read_code
from shouhou.web.desk import branch_at_work
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found
from shouhou.workorders.models import Visit
from shouhou.workorders.queries import get_visit

TEMPLATE = "field/scan_form.html"
MAY_RECEIVE = "workorders.receive_call"


class ScanForm(forms.Form):
    """A code, from the camera, a hand scanner or the keyboard; with a visit it is compared with that visit's unit."""

    code = forms.CharField(label=_("Code or serial number"), max_length=LONGEST, required=False)
    visit = forms.UUIDField(required=False, widget=forms.HiddenInput)


@require_GET
def scan(request: ActorRequest) -> HttpResponse:
    """`?code=` goes to what the code names, or says what to do next; `&visit=` says whether it is that visit's unit."""
    branch_at_work(request, SEE_CUSTOMER)
    form = ScanForm(request.GET)
    form.is_valid()
    code, visit_id = form.cleaned_data.get("code", ""), form.cleaned_data.get("visit")
    if visit_id:
        return _compare(request, visit_id, code)
    reading = read_code(code, by=request.actor) if code else None
    if reading and reading.url:
        return redirect(reading.url)
    return _show(request, form, reading=reading)


@require_GET
def scan_reading(request: ActorRequest) -> JsonResponse:
    """For the camera's dialog: what was read, in words, before it is taken."""
    branch_at_work(request, SEE_CUSTOMER)
    form = ScanForm(request.GET)
    form.is_valid()
    reading = read_code(form.cleaned_data.get("code", ""), by=request.actor)
    said = {"kind": reading.kind, "text": reading.text, "said": reading.said, "fits": reading.fits_serial}
    return JsonResponse(said)


def _compare(request: ActorRequest, visit_id: UUID, code: str) -> HttpResponse:
    """Is the unit in front of him the one that the order is for?"""
    visit = found(lambda: get_visit(visit_id, by=request.actor))
    unit = visit.work_order.asset
    reading = read_code(code, by=request.actor) if code else None
    same = reading is not None and _is_same(reading, unit)
    form = ScanForm(initial={"visit": visit.id, "code": "" if same else code})
    return _show(request, form, reading=reading, visit=visit, same=same)


def _is_same(reading: Reading, unit: Asset) -> bool:
    if reading.assets:
        return any(one.id == unit.id for one in reading.assets)
    return reading.kind == "unknown" and bool(unit.serial) and reading.text.upper() == unit.serial


def _show(
    request: ActorRequest, form: ScanForm, *, reading: Reading | None, visit: Visit | None = None, same: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "reading": reading, "visit": visit, "same": same}
    context["may_receive"] = request.actor.may(MAY_RECEIVE)
    return render(request, TEMPLATE, context)
