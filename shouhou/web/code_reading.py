"""What a code that was scanned or typed means here: a unit, a work order, a voucher, a page of ours, or nothing known."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_assets_with_serial, get_asset
from shouhou.assets.rules import serial_in
from shouhou.kernel.errors import NotFound
from shouhou.kernel.texts import sought
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_voucher_by_number, find_work_order_by_number, get_work_order

LONGEST = 300
type Kind = Literal["unit", "order", "page", "unknown", "foreign"]


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what one would write down of it: a serial number, a number of ours; `url` where it leads, `said` what it is."""

    kind: Kind
    text: str
    said: str
    url: str = ""
    assets: list[Asset] = field(default_factory=list)

    @property
    def fits_serial(self) -> bool:
        """Whether it may be written into a field for a serial number."""
        return self.kind in ("unit", "unknown") and bool(self.text)


def read_code(code: str, *, by: Actor) -> Reading:
    """Read a code with the eyes of `by`: what lies in other branches is as unknown as what does not exist."""
    code = sought(code)[:LONGEST]
    serial = serial_in(code)
    if serial == code and "://" in code:
        return _read_address(code, by)
    if units := find_assets_with_serial(serial, by=by):
        return _units(serial.upper(), units)
    if order := find_work_order_by_number(serial, by=by):
        return _order(order)
    if voucher := find_voucher_by_number(serial, by=by):
        return _units(voucher.asset.serial, [voucher.asset])
    return Reading("unknown", serial, _("No unit, work order or voucher is known by “%(code)s”.") % {"code": serial})


def _units(serial: str, units: list[Asset]) -> Reading:
    if len(units) > 1:
        return Reading("unit", serial, _("%(count)s units have this serial number.") % {"count": len(units)}, "", units)
    unit = units[0]
    said = f"{unit.product_model.name} · {unit.customer.name}"
    return Reading("unit", serial, said, reverse("asset", args=[unit.id]), units)


def _order(order: WorkOrder) -> Reading:
    words = {"number": order.number, "model": order.asset.product_model.name}
    said = _("Work order %(number)s · %(model)s") % words
    return Reading("order", order.number, said, reverse("order", args=[order.id]))


def _read_address(code: str, by: Actor) -> Reading:
    """Our own codes are addresses of our pages. Which host they name does not matter: the company may have moved since."""
    foreign = Reading("foreign", code, _("This code leads somewhere else: %(address)s") % {"address": code})
    try:
        match = resolve(urlsplit(code).path)
    except (Resolver404, ValueError):
        return foreign
    page = _PAGES.get(match.url_name or "")
    if page is None:
        return foreign
    try:
        return page(match.kwargs, by)
    except NotFound:
        return Reading("unknown", "", _("This code is one of ours, but what it names is not in your branches."))


def _unit_page(named: dict[str, Any], by: Actor) -> Reading:
    unit = get_asset(named["asset_id"], by=by)
    return _units(unit.serial, [unit])


def _order_page(named: dict[str, Any], by: Actor) -> Reading:
    return _order(get_work_order(named["order_id"], by=by))


def _register_page(named: dict[str, Any], _by: Actor) -> Reading:
    day = named["day"].isoformat()
    return Reading("page", day, _("Register of %(day)s") % {"day": day}, reverse("register_page", args=[named["day"]]))


_PAGES: dict[str, Callable[[dict[str, Any], Actor], Reading]] = {
    "asset": _unit_page,
    "order": _order_page,
    "register_page": _register_page,
}
