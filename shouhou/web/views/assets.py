"""The page of one sold unit: its facts, its voucher, all work on it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhou.assets.queries import get_asset
from shouhou.forms.queries import find_sheets
from shouhou.web.book import book_lines, read_page
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found
from shouhou.web.timeline import read_timeline
from shouhou.workorders.queries import find_orders_of_asset, find_voucher_of_asset

SHOWN = 20


@require_GET
def asset(request: ActorRequest, asset_id: UUID) -> HttpResponse:
    """What the voucher's QR code leads to."""
    unit = found(lambda: get_asset(asset_id, by=request.actor))
    if not request.actor.may("customers.see_customer", unit.branch_id):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    today = timezone.localdate()
    voucher = find_voucher_of_asset(unit)
    turn = read_page(
        find_orders_of_asset(asset_id, by=request.actor),
        older=request.GET.get("older", ""),
        newer=request.GET.get("newer", ""),
        size=SHOWN,
    )
    lines = book_lines(turn.orders, today=today)
    context = {
        "asset": unit,
        "voucher": voucher,
        "happened": read_timeline(turn.orders),
        "sheets": find_sheets(voucher.id, by=request.actor) if voucher else [],
        "lines": lines,
        "repeat": next((one for one in lines if one.repair > 1 and not one.struck), None),
        "open_lines": [one for one in lines if not one.struck],
        "turn": turn,
        "today": today,
        "free": unit.guarantee_until is not None and today < unit.guarantee_until,
        "may_print": request.actor.may("forms.print_form", unit.branch_id),
        "may_void": request.actor.may("forms.void_form", unit.branch_id),
        "may_receive": request.actor.may("workorders.receive_call", unit.branch_id),
        "section": "customers",
    }
    return render(request, "customers/asset_detail.html", context)
