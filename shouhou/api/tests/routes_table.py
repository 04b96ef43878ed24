"""Every route of the API: who may use it, at which stage of an order, and with what input. Read by `test_wall`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shouhou.access.permissions import Role
from tests.cast import CHECKS, PHONE, STROKES, Stage
from tests.walls import (
    ADMINISTRATOR,
    DESK,
    DESK_AND_FIELD,
    EVERYBODY,
    FIELD,
    LEAD,
    PHONES,
    PRINTERS,
    World,
)

type Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One row of the table. `ids` are the id fields in its body or query; `mine`: nobody else has anything to do with it."""

    allowed: frozenset[Role]
    stage: Stage = "received"
    body: Body | None = None
    query: Body | None = None
    ids: tuple[str, ...] = ()
    mine: bool = False


def _reason(world: World) -> dict[str, Any]:
    return {"reason": "客户要求"}


def _later(hours: int) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def _at(world: World) -> dict[str, Any]:
    return {"branch": world.branch}


def _named(**fields: Any) -> Body:
    return lambda world: {"branch": world.branch, **fields}


ROUTES: dict[tuple[str, str], Route] = {
    # The register
    ("GET", "/work-orders"): Route(EVERYBODY, query=_at, ids=("branch", "customer_id", "asset_id")),
    ("POST", "/work-orders"): Route(
        DESK,
        body=lambda world: (
            _at(world)
            | {"customer": world.id_of("customer"), "asset": world.id_of("asset"), "fault": "不制冷", "work_class": "C"}
        ),
        ids=("branch", "customer", "asset"),
    ),
    ("GET", "/work-orders/{order_id}"): Route(EVERYBODY),
    ("GET", "/dispatch-queue"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("GET", "/register-pages/{day}"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("GET", "/register-pages/{day}/lines"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("POST", "/register-pages/{day}/prints"): Route(PRINTERS, body=_at, ids=("branch",)),
    # Acts on a work order
    ("PUT", "/work-orders/{order_id}/work-class"): Route(DESK, body=lambda _: {"work_class": "A"}),
    ("GET", "/work-orders/{order_id}/candidates"): Route(EVERYBODY),
    ("POST", "/work-orders/{order_id}/dispatches"): Route(
        LEAD, body=lambda world: {"technician_id": world.id_of("technician_id")}, ids=("technician_id",)
    ),
    ("POST", "/work-orders/{order_id}/hold"): Route(DESK_AND_FIELD, body=_reason),
    ("DELETE", "/work-orders/{order_id}/hold"): Route(DESK_AND_FIELD, "on_hold"),
    ("POST", "/work-orders/{order_id}/strike-off"): Route(DESK, "filed"),
    ("POST", "/work-orders/{order_id}/cancellation"): Route(DESK, body=_reason),
    ("POST", "/work-orders/{order_id}/reopening"): Route(LEAD, "cancelled", body=_reason),
    ("GET", "/work-orders/{order_id}/open-points"): Route(EVERYBODY),
    ("GET", "/work-orders/{order_id}/events"): Route(EVERYBODY),
    ("GET", "/work-orders/{order_id}/photos"): Route(EVERYBODY),
    ("POST", "/work-orders/{order_id}/photos"): Route(DESK_AND_FIELD),
    ("GET", "/work-orders/{order_id}/photos/{photo_id}"): Route(EVERYBODY),
    # Visits
    ("GET", "/visits/{visit_id}"): Route(EVERYBODY, "dispatched"),
    ("POST", "/visits/{visit_id}/acceptance"): Route(FIELD, "dispatched"),
    ("POST", "/visits/{visit_id}/refusal"): Route(FIELD, "dispatched", body=_reason),
    ("POST", "/visits/{visit_id}/withdrawal"): Route(LEAD, "dispatched", body=_reason),
    ("POST", "/visits/{visit_id}/departure"): Route(FIELD, "accepted"),
    ("POST", "/visits/{visit_id}/arrival"): Route(FIELD, "travelling"),
    ("POST", "/visits/{visit_id}/lines"): Route(
        FIELD, "on_site", body=lambda _: {"kind": "labour", "quantity": "1.5", "description": "检修"}
    ),
    ("DELETE", "/visits/{visit_id}/lines/{line_id}"): Route(FIELD, "on_site"),
    ("POST", "/visits/{visit_id}/completion"): Route(
        FIELD, "on_site", body=lambda _: {"fault_found": "电容老化", "work_done": "更换电容", "checks": CHECKS}
    ),
    ("POST", "/visits/{visit_id}/non-completion"): Route(FIELD, "on_site", body=_reason),
    # Vouchers
    ("GET", "/work-orders/{order_id}/voucher"): Route(EVERYBODY),
    ("GET", "/vouchers/{voucher_id}"): Route(EVERYBODY),
    ("POST", "/vouchers/{voucher_id}/prints"): Route(PRINTERS, body=lambda _: {}),
    ("POST", "/work-orders/{order_id}/voucher/issue"): Route(
        DESK, body=lambda world: {"technician_id": world.id_of("technician_id")}, ids=("technician_id",)
    ),
    ("POST", "/work-orders/{order_id}/voucher/return"): Route(DESK_AND_FIELD, "left_incomplete", body=_reason),
    ("POST", "/work-orders/{order_id}/voucher/hand-in"): Route(DESK_AND_FIELD, "signed"),
    ("POST", "/work-orders/{order_id}/voucher/filing"): Route(DESK, "handed_in"),
    ("POST", "/work-orders/{order_id}/signature"): Route(
        FIELD, "completed", body=lambda _: {"signer_name": "王建华", "strokes": STROKES}
    ),
    ("POST", "/work-orders/{order_id}/signature-refusal"): Route(FIELD, "completed", body=_reason),
    # Customers and units
    ("GET", "/customers"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("POST", "/customers"): Route(DESK, body=_named(name="周敏", phone=PHONE), ids=("branch",)),
    ("GET", "/customers/{customer_id}"): Route(EVERYBODY),
    ("PUT", "/customers/{customer_id}"): Route(
        DESK, body=lambda _: {"name": "周敏", "phone": PHONE, "kind": "person", "note": ""}
    ),
    ("POST", "/customers/{customer_id}/phone"): Route(PHONES),
    ("POST", "/customers/{customer_id}/contacts"): Route(DESK, body=lambda _: {"name": "周敏", "phone": PHONE}),
    ("POST", "/customers/{customer_id}/sites"): Route(DESK, body=lambda _: {"address": "香港路 3 号"}),
    ("GET", "/customers/{customer_id}/assets"): Route(EVERYBODY),
    ("GET", "/assets"): Route(EVERYBODY, query=lambda world: _at(world) | {"serial": "SN"}, ids=("branch",)),
    ("POST", "/assets"): Route(
        DESK,
        body=lambda world: (
            {name: world.id_of(name) for name in ("customer_id", "site_id")} | {"product_model": "KFR-35GW"}
        ),
        ids=("customer_id", "site_id"),
    ),
    ("GET", "/assets/by-serial"): Route(
        EVERYBODY, query=lambda world: _at(world) | {"serial": world.crew.unit.serial}, ids=("branch",)
    ),
    ("GET", "/assets/{asset_id}"): Route(EVERYBODY),
    # Technicians
    ("GET", "/technicians"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("GET", "/technicians/{technician_id}"): Route(EVERYBODY),
    ("GET", "/technicians/{technician_id}/visits"): Route(EVERYBODY),
    ("GET", "/technicians/{technician_id}/qualifications"): Route(EVERYBODY),
    ("POST", "/technicians/{technician_id}/qualifications"): Route(
        LEAD, body=lambda _: {"qualification": "gas", "starts_on": "2026-01-01"}
    ),
    ("GET", "/technicians/{technician_id}/absences"): Route(EVERYBODY),
    ("POST", "/technicians/{technician_id}/absences"): Route(
        LEAD, body=lambda _: {"starts_at": _later(1), "ends_at": _later(9), "reason": "培训"}
    ),
    # The catalogue: shared, so that only the branch where a change is written down can be a foreign one
    ("GET", "/product-classes"): Route(EVERYBODY, mine=True),
    ("POST", "/product-classes"): Route(ADMINISTRATOR, body=_named(code="tv", name="电视机"), ids=("branch",)),
    ("GET", "/product-models"): Route(EVERYBODY, mine=True),
    ("POST", "/product-models"): Route(
        ADMINISTRATOR, body=_named(code="KFR-72", name="海风 KFR-72", product_class="ac"), ids=("branch",)
    ),
    ("GET", "/parts"): Route(EVERYBODY, mine=True),
    ("POST", "/parts"): Route(ADMINISTRATOR, body=_named(number="P-1", name="风扇", price="12.50"), ids=("branch",)),
    ("GET", "/fault-codes"): Route(EVERYBODY, mine=True),
    ("POST", "/fault-codes"): Route(
        ADMINISTRATOR, body=_named(product_class="ac", code="E9", name="缺氟"), ids=("branch",)
    ),
    ("GET", "/qualifications"): Route(EVERYBODY, mine=True),
    ("POST", "/qualifications"): Route(ADMINISTRATOR, body=_named(code="hv", name="高压电工证"), ids=("branch",)),
    # Oneself
    ("GET", "/me"): Route(EVERYBODY, mine=True),
    ("GET", "/tokens"): Route(EVERYBODY, mine=True),
    ("POST", "/tokens"): Route(
        EVERYBODY, body=lambda world: _at(world) | {"name": "程序", "expires_at": _later(24)}, ids=("branch",)
    ),
    ("DELETE", "/tokens/{token_id}"): Route(EVERYBODY, mine=True),
}
