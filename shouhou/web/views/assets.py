"""The page of one sold unit, and what is written down on it: its sale, its meter, its replacement, mistakes taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.assets.actions import leave_out_time, read_meter, record_sale, replace_unit, take_back_happening
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_happenings, get_asset
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found
from shouhou.web.unit_inputs import LeftOutForm, MeterForm, ReplacementForm, SaleForm, TakeBackForm
from shouhou.web.unit_life import repairs_in
from shouhou.web.unit_page import unit_context

TEMPLATE = "customers/asset_detail.html"


@require_GET
def asset(request: ActorRequest, asset_id: UUID) -> HttpResponse:
    """What the voucher's QR code leads to."""
    return render(request, TEMPLATE, unit_context(request, _found(request, asset_id)))


@require_POST
def asset_sale(request: ActorRequest, asset_id: UUID) -> HttpResponse:
    """Write down what is known of the sale: guarantee periods are computed from it."""
    unit = _found(request, asset_id)
    form, now = SaleForm(request.POST, unit=unit), timezone.now()
    today = now.astimezone(ZoneInfo(unit.branch.time_zone)).date()

    def record(_given: dict[str, Any]) -> object:
        return record_sale(unit.id, sale=form.sale(), by=request.actor, at=now, today=today)

    return _act(request, unit, "sale", form, record, _("What is known of the sale is written down."))


@require_POST
def asset_meter(request: ActorRequest, asset_id: UUID) -> HttpResponse:
    """Write down what the meter showed."""

    def read(given: dict[str, Any]) -> object:
        return read_meter(asset_id, km=given["km"], read_at=given["at"], by=request.actor, at=timezone.now())

    form = MeterForm(request.POST)
    return _act(request, _found(request, asset_id), "meter", form, read, _("The reading is written down."))


@require_POST
def asset_replacement(request: ActorRequest, asset_id: UUID) -> HttpResponse:
    """The customer got another unit for this one."""

    def replace(given: dict[str, Any]) -> object:
        reason = given["reason"]
        return replace_unit(asset_id, replaced_at=given["at"], reason=reason, by=request.actor, at=timezone.now())

    form = ReplacementForm(request.POST)
    return _act(request, _found(request, asset_id), "replacement", form, replace, _("The replacement is written down."))


@require_POST
def asset_left_out(request: ActorRequest, asset_id: UUID) -> HttpResponse:
    """Part of a repair need not count as days in repair."""
    unit = _found(request, asset_id)

    def leave_out(given: dict[str, Any]) -> object:
        return leave_out_time(asset_id, **given, by=request.actor, at=timezone.now())

    form = LeftOutForm(request.POST, repairs=repairs_in(find_happenings(unit)))
    return _act(request, unit, "left_out", form, leave_out, _("The time is written down."))


@require_POST
def asset_line_back(request: ActorRequest, asset_id: UUID, happening_id: UUID) -> HttpResponse:
    """A line of the life was wrong: it stays to be seen, and counts no more."""
    unit = _found(request, asset_id)
    if all(one.id != happening_id for one in find_happenings(unit)):
        raise Http404

    def take_back(given: dict[str, Any]) -> object:
        return take_back_happening(happening_id, reason=given["reason"], by=request.actor, at=timezone.now())

    form = TakeBackForm(request.POST)
    return _act(request, unit, f"back-{happening_id}", form, take_back, _("The line is taken back."))


def _found(request: ActorRequest, asset_id: UUID) -> Asset:
    unit = found(lambda: get_asset(asset_id, by=request.actor))
    if not request.actor.may("customers.see_customer", unit.branch_id):
        raise PermissionDenied(str(_("Your roles in this branch do not allow this.")))
    return unit


def _act[F: forms.Form](
    request: ActorRequest,
    unit: Asset,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
) -> HttpResponse:
    def refused(form: F) -> HttpResponse:
        return render(request, TEMPLATE, unit_context(request, unit, asked=name, refused=form), status=422)

    return one_act(request, form, act, said=said, leads_to=reverse("asset", args=[unit.id]), refused=refused)
