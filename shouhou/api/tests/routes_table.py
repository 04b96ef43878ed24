"""Every route of the API: who may use it, at which stage of an order, and with what input. Read by `test_wall`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shouhou.access.actions import set_limit
from shouhou.access.permissions import Role
from shouhou.api.tests import setups
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
    WORKSHOP,
    World,
)
from tests.workshop_acts import ALL_RIGHT

PEOPLE = LEAD | {Role.HQ, Role.ADMINISTRATOR}
RULING = LEAD | {Role.HQ}
APPROVERS = RULING | {Role.CLAIMS_AGENT}
PAYERS = frozenset({Role.ACCOUNTANT, Role.MANAGER})
BOOK_READERS = PAYERS | {Role.HQ}
AWARDS = APPROVERS | PAYERS | {Role.CLERK}

type Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One row of the table. `ids` are the id fields in its body or query; `mine`: nobody else has anything to do with it.

    `before` brings about what the act needs; it may be called for one branch after the other.
    """

    allowed: frozenset[Role]
    stage: Stage = "received"
    body: Body | None = None
    query: Body | None = None
    ids: tuple[str, ...] = ()
    mine: bool = False
    before: Callable[[World], object] | None = None


def _reason(world: World) -> dict[str, Any]:
    return {"reason": "客户要求"}


def _limit_set(world: World) -> object:
    return set_limit(
        kind="excuse",
        role="supervisor",
        amount=None,
        place=world.crew.branch,
        by=world.crew.administrator,
        at=timezone.now(),
    )


def _later(hours: int) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def _at(world: World) -> dict[str, Any]:
    return {"branch": world.branch}


def _named(**fields: Any) -> Body:
    return lambda world: {"branch": world.branch, **fields}


def _left_out(world: World) -> dict[str, Any]:
    begun = world.life.at
    times = {"starts_at": begun.isoformat(), "ends_at": (begun + timedelta(minutes=5)).isoformat()}
    return {"repair": world.life.first.number, "reason": "rescue_travel", "evidence": "救援单"} | times


ROUTES: dict[tuple[str, str], Route] = {
    # The register
    ("GET", "/work-orders"): Route(EVERYBODY, query=_at, ids=("branch", "customer_id", "asset_id", "technician_id")),
    ("POST", "/work-orders"): Route(
        DESK,
        body=lambda world: (
            _at(world)
            | {"customer": world.id_of("customer"), "asset": world.id_of("asset"), "fault": "不制冷", "work_class": "C"}
        ),
        ids=("branch", "customer", "asset"),
    ),
    ("GET", "/work-orders/{order_id}"): Route(EVERYBODY),
    ("GET", "/search"): Route(EVERYBODY, query=lambda _: {"q": "王"}, mine=True),
    ("GET", "/dispatch-queue"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("GET", "/register-pages/{day}"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("GET", "/register-pages/{day}/lines"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("POST", "/register-pages/{day}/prints"): Route(PRINTERS, body=_at, ids=("branch",)),
    # Acts on a work order
    ("PUT", "/work-orders/{order_id}/work-class"): Route(
        DESK, body=lambda _: {"work_class": "A", "reason": "人为损坏"}
    ),
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
    # Who pays
    ("POST", "/entitlements/verdicts"): Route(
        EVERYBODY,
        body=lambda world: {"asset_id": world.id_of("asset_id"), "work_type": "repair"},
        ids=("asset_id",),
        mine=True,
    ),
    ("GET", "/work-orders/{order_id}/verdicts"): Route(EVERYBODY),
    ("POST", "/work-orders/{order_id}/verdicts"): Route(DESK),
    ("POST", "/overrides/{override_id}/ruling"): Route(RULING, body=lambda _: {"confirm": True}),
    # Promises, and what broken ones owe
    ("GET", "/promises"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("GET", "/promises/{commitment_id}"): Route(EVERYBODY),
    ("POST", "/promises/{commitment_id}/pause"): Route(LEAD, body=lambda _: {"cause": "objective", "reason": "停电"}),
    ("DELETE", "/promises/{commitment_id}/pause"): Route(LEAD, before=setups.clock_stopped),
    ("POST", "/promises/{commitment_id}/excuses"): Route(DESK_AND_FIELD),
    ("POST", "/promises/{commitment_id}/excuses/{excuse_id}/ruling"): Route(
        LEAD, body=lambda _: {"accepted": True, "reason": "气象台证明属实"}
    ),
    ("GET", "/promises/evidence/{evidence_id}"): Route(EVERYBODY),
    ("GET", "/awards"): Route(AWARDS, query=_at, ids=("branch",)),
    ("GET", "/awards/{award_id}"): Route(AWARDS),
    ("POST", "/awards/{award_id}/approval"): Route(APPROVERS),
    ("POST", "/awards/{award_id}/refusal"): Route(APPROVERS, body=_reason),
    ("POST", "/awards/{award_id}/settlements"): Route(
        PAYERS, body=lambda _: {"how": "bank", "key": "k"}, before=setups.awards_approved
    ),
    ("GET", "/ledger/accounts"): Route(BOOK_READERS, query=_at, ids=("branch",)),
    ("GET", "/ledger/accounts/{account_id}"): Route(BOOK_READERS),
    ("GET", "/ledger/accounts/{account_id}/statement"): Route(BOOK_READERS),
    ("GET", "/ledger/entries/{journal_id}"): Route(BOOK_READERS),
    ("GET", "/ledger/holds"): Route(BOOK_READERS, query=_at, ids=("branch",)),
    ("GET", "/ledger/holds/{hold_id}"): Route(BOOK_READERS),
    ("GET", "/ledger/proof"): Route(BOOK_READERS, query=_at, ids=("branch",)),
    ("POST", "/awards/{award_id}/withdrawal"): Route(RULING, body=_reason, before=setups.awards_approved),
    ("GET", "/assets/{asset_id}/history"): Route(EVERYBODY),
    ("PUT", "/assets/{asset_id}/sale"): Route(DESK, body=lambda _: {"sale_date": "2026-03-02", "price": "1999.00"}),
    ("POST", "/assets/{asset_id}/meter-readings"): Route(DESK, body=lambda _: {"km": 1200}),
    ("POST", "/assets/{asset_id}/replacement"): Route(DESK, body=_reason),
    ("POST", "/assets/{asset_id}/left-out-times"): Route(DESK, "on_site", body=_left_out),
    ("POST", "/happenings/{happening_id}/taking-back"): Route(DESK, body=_reason),
    ("GET", "/assets/{asset_id}/findings"): Route(EVERYBODY),
    ("POST", "/assets/{asset_id}/findings"): Route(
        DESK_AND_FIELD,
        body=lambda world: (
            {"exclusion": "misuse", "evidence": "主板进水", "work_order_id": world.id_of("work_order_id")}
        ),
        ids=("work_order_id",),
    ),
    ("POST", "/findings/{finding_id}/withdrawal"): Route(DESK_AND_FIELD, body=_reason),
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
    # Approval limits
    ("GET", "/approval-limits"): Route(PEOPLE, query=_at, ids=("branch",)),
    ("GET", "/approval-limits/history"): Route(PEOPLE, query=_named(kind="excuse"), ids=("branch",)),
    ("PUT", "/approval-limits"): Route(
        ADMINISTRATOR, body=_named(kind="excuse", role="supervisor", amount="800"), ids=("branch",)
    ),
    ("POST", "/approval-limits/taking-back"): Route(
        ADMINISTRATOR, body=_named(kind="excuse", role="supervisor"), ids=("branch",), before=_limit_set
    ),
    # Calendars
    ("GET", "/calendars/{code}"): Route(EVERYBODY),
    ("GET", "/calendars/{code}/years/{year}"): Route(EVERYBODY),
    ("PATCH", "/calendars/{code}/days"): Route(
        ADMINISTRATOR, body=lambda _: {"days": [{"day": "2026-11-24", "hours": "", "name": "店庆"}]}
    ),
    ("PUT", "/calendars/{code}/week"): Route(
        ADMINISTRATOR, body=lambda _: {"week": ["09:00-18:00"] * 7, "public_days": "none"}
    ),
    ("POST", "/clock/due"): Route(
        EVERYBODY,
        body=lambda world: (
            {"at": "2026-11-23T09:30:00+08:00", "calendar": world.branch, "amount": 4, "unit": "working_hours"}
        ),
        ids=("calendar",),
        mine=True,
    ),
    # Technicians
    ("GET", "/technicians"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("POST", "/technicians"): Route(
        ADMINISTRATOR,
        body=lambda world: _at(world) | {"user_id": str(world.crew.clerk.user_id)},
        ids=("branch", "user_id"),
    ),
    ("GET", "/technicians/{technician_id}"): Route(EVERYBODY),
    ("PUT", "/technicians/{technician_id}"): Route(ADMINISTRATOR, body=lambda _: {"name": "李明", "phone": PHONE}),
    ("POST", "/technicians/{technician_id}/departure"): Route(
        ADMINISTRATOR, body=lambda _: {"left_on": "2026-11-20", "reason": "辞职"}
    ),
    ("POST", "/technicians/{technician_id}/return"): Route(ADMINISTRATOR, before=setups.technician_left),
    ("GET", "/technicians/{technician_id}/visits"): Route(EVERYBODY),
    ("GET", "/technicians/{technician_id}/qualifications"): Route(EVERYBODY),
    ("POST", "/technicians/{technician_id}/qualifications"): Route(
        LEAD, body=lambda _: {"qualification": "gas", "starts_on": "2026-01-01"}
    ),
    ("POST", "/technicians/{technician_id}/qualifications/{certificate_id}/withdrawal"): Route(LEAD, body=_reason),
    ("GET", "/technicians/{technician_id}/absences"): Route(EVERYBODY),
    ("POST", "/technicians/{technician_id}/absences"): Route(
        LEAD, body=lambda _: {"starts_at": _later(1), "ends_at": _later(9), "reason": "培训"}
    ),
    ("DELETE", "/technicians/{technician_id}/absences/{absence_id}"): Route(LEAD),
    # Users
    ("GET", "/users"): Route(PEOPLE, query=_at, ids=("branch",)),
    ("POST", "/users"): Route(
        ADMINISTRATOR, body=_named(username="zhou.min", display_name="周敏", role="clerk"), ids=("branch",)
    ),
    ("GET", "/users/{user_id}"): Route(PEOPLE),
    ("PUT", "/users/{user_id}"): Route(ADMINISTRATOR, body=lambda _: {"display_name": "周敏", "email": ""}),
    ("POST", "/users/{user_id}/roles"): Route(ADMINISTRATOR, body=_named(role="manager"), ids=("branch",)),
    ("DELETE", "/users/{user_id}/roles/{role_id}"): Route(ADMINISTRATOR),
    ("POST", "/users/{user_id}/deactivation"): Route(ADMINISTRATOR, body=_reason),
    ("POST", "/users/{user_id}/reactivation"): Route(ADMINISTRATOR, body=_reason, before=setups.user_shut_out),
    ("POST", "/users/{user_id}/password-reset"): Route(ADMINISTRATOR, body=_reason),
    ("POST", "/users/{user_id}/password-link"): Route(ADMINISTRATOR, before=setups.password_taken_away),
    ("POST", "/users/{user_id}/second-factor-reset"): Route(
        ADMINISTRATOR, body=_reason, before=setups.second_factor_set_up
    ),
    ("POST", "/users/{user_id}/unlocking"): Route(ADMINISTRATOR),
    ("GET", "/users/{user_id}/tokens"): Route(ADMINISTRATOR),
    ("POST", "/users/{user_id}/tokens"): Route(
        ADMINISTRATOR, body=lambda _: {"name": "程序", "expires_at": _later(24)}
    ),
    ("DELETE", "/users/{user_id}/tokens/{token_id}"): Route(ADMINISTRATOR),
    # Branches
    ("GET", "/branches"): Route(PEOPLE, mine=True),
    ("POST", "/branches"): Route(
        ADMINISTRATOR,
        body=lambda world: {"parent": world.branch, "code": "YT", "name": "烟台分公司"},
        ids=("parent",),
        before=setups.has_branches_below,
    ),
    ("GET", "/branches/{branch_id}"): Route(PEOPLE),
    ("PUT", "/branches/{branch_id}"): Route(
        ADMINISTRATOR,
        body=lambda _: {"name": "分公司", "time_zone": "Asia/Urumqi", "phone": "", "address": "", "region": ""},
    ),
    ("POST", "/branches/{branch_id}/closing"): Route(ADMINISTRATOR, "cancelled", body=_reason),
    ("POST", "/branches/{branch_id}/reopening"): Route(ADMINISTRATOR, before=setups.branch_closed),
    ("GET", "/branches/{branch_id}/number-series"): Route(PEOPLE),
    ("PUT", "/branches/{branch_id}/number-series/{kind}/prefix"): Route(ADMINISTRATOR, body=lambda _: {"prefix": "ZZ"}),
    ("PUT", "/branches/{branch_id}/number-series/{kind}/next-number"): Route(
        ADMINISTRATOR, body=lambda _: {"next_number": 5000}
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
    ("GET", "/work-codes"): Route(EVERYBODY, mine=True),
    ("POST", "/work-codes"): Route(
        ADMINISTRATOR, body=_named(product_class="ac", code="W1", name="加氟", hours="1.50"), ids=("branch",)
    ),
    ("GET", "/travel-bands"): Route(EVERYBODY, mine=True),
    ("POST", "/travel-bands"): Route(ADMINISTRATOR, body=_named(code="T1", name="市区", from_km=0), ids=("branch",)),
    ("GET", "/prices"): Route(EVERYBODY, query=lambda _: {"list": "parts"}, mine=True),
    ("POST", "/prices"): Route(
        ADMINISTRATOR,
        body=_named(list="parts", code="CBB65-35", valid_from="2199-01-01", out_charged="42.00"),
        ids=("branch",),
    ),
    ("POST", "/catalogue-retirements"): Route(
        ADMINISTRATOR, body=_named(list="parts", code="CBB65-35"), ids=("branch",)
    ),
    ("PUT", "/product-classes/{class_id}"): Route(
        ADMINISTRATOR,
        body=_named(name="家用空调", rules_class="air_conditioner", trader_installs=True, bulky=None),
        ids=("branch",),
    ),
    ("GET", "/product-models/{model_id}/service-packages"): Route(EVERYBODY, query=_at, ids=("branch",)),
    ("PUT", "/product-models/{model_id}"): Route(
        ADMINISTRATOR, body=_named(name="海风 35", guarantee_months=24, brand="haifeng"), ids=("branch",)
    ),
    ("PUT", "/parts/{part_id}"): Route(
        ADMINISTRATOR, body=_named(name="电容", unit="个", rules_part=""), ids=("branch",)
    ),
    ("PUT", "/fault-codes/{fault_code_id}"): Route(
        ADMINISTRATOR,
        body=_named(name="过热", performance_fault=False, severe=True, faulty_part="compressor", main_part=None),
        ids=("branch",),
    ),
    ("PUT", "/work-codes/{work_code_id}"): Route(
        ADMINISTRATOR, body=_named(name="加氟", hours="2.00"), ids=("branch",)
    ),
    ("PUT", "/travel-bands/{band_id}"): Route(ADMINISTRATOR, body=_named(name="市区", from_km=5), ids=("branch",)),
    ("POST", "/catalogue-reinstatements"): Route(
        ADMINISTRATOR, body=_named(list="parts", code="CBB65-35"), ids=("branch",), before=setups.part_retired
    ),
    ("POST", "/price-withdrawals"): Route(
        ADMINISTRATOR,
        body=_named(list="parts", code="CBB65-35", valid_from="2199-01-01"),
        ids=("branch",),
        before=setups.price_to_come,
    ),
    ("GET", "/qualifications"): Route(EVERYBODY, mine=True),
    ("POST", "/qualifications"): Route(ADMINISTRATOR, body=_named(code="hv", name="高压电工证"), ids=("branch",)),
    # The workshop
    ("GET", "/repair-cards"): Route(WORKSHOP, query=_at, ids=("branch",)),
    ("GET", "/repair-cards/{card_id}"): Route(WORKSHOP),
    ("POST", "/work-orders/{order_id}/repair-cards"): Route(PHONES, body=lambda _: {}, before=setups.goods_in),
    ("PUT", "/repair-cards/{card_id}/bench"): Route(
        LEAD,
        body=lambda world: {"technician_id": str(world.crew.technician.id), "bench": "一号台"},
        ids=("technician_id",),
    ),
    ("POST", "/repair-cards/{card_id}/work"): Route(
        FIELD, body=lambda _: {}, ids=("technician_id",), before=setups.card_to("at_bench")
    ),
    ("POST", "/repair-cards/{card_id}/work-stop"): Route(
        FIELD, body=lambda _: {}, ids=("technician_id",), before=setups.card_to("working")
    ),
    ("PUT", "/repair-cards/{card_id}/diagnosis"): Route(
        FIELD, body=lambda _: {"diagnosis": "水箱漏水"}, before=setups.card_to("at_bench")
    ),
    ("POST", "/repair-cards/{card_id}/parts"): Route(
        FIELD, body=lambda _: {"part": "CBB65-35", "quantity": "1"}, before=setups.card_to("at_bench")
    ),
    ("POST", "/repair-cards/{card_id}/questions"): Route(
        PHONES, body=lambda _: {"question": "是否同意？", "amount": "380.00"}, before=setups.card_to("at_bench")
    ),
    ("POST", "/repair-cards/{card_id}/answer"): Route(
        PHONES,
        body=lambda _: {"agreed": True, "evidence": "signature", "answered_by": "王建华", "strokes": STROKES},
        before=setups.card_to("asking"),
    ),
    ("POST", "/repair-cards/{card_id}/waits"): Route(
        FIELD, body=lambda _: {"what": "水箱"}, before=setups.card_to("at_bench")
    ),
    ("POST", "/repair-cards/{card_id}/parts-arrival"): Route(
        FIELD | {Role.PARTS_KEEPER}, before=setups.card_to("parts")
    ),
    ("POST", "/repair-cards/{card_id}/completion"): Route(
        FIELD, body=lambda _: {"work_done": "更换水箱"}, before=setups.card_to("diagnosed")
    ),
    ("POST", "/repair-cards/{card_id}/giving-up"): Route(
        FIELD, body=lambda _: {"outcome": "right", "reason": "停产无件"}, before=setups.card_to("diagnosed")
    ),
    ("POST", "/repair-cards/{card_id}/inspection"): Route(
        LEAD, body=lambda _: {"checks": ALL_RIGHT}, before=setups.card_to("to_inspect")
    ),
    ("POST", "/repair-cards/{card_id}/return-to-bench"): Route(
        LEAD, body=lambda _: {"reason": "仍漏水"}, before=setups.card_to("to_inspect")
    ),
    ("POST", "/repair-cards/{card_id}/hand-back"): Route(
        PHONES,
        body=lambda _: {
            "giver": {"name": "李明", "strokes": STROKES},
            "customer": {"refusal": "赶时间，拒签"},
            "declaration": "收据遗失",
        },
        before=setups.card_to("inspected"),
    ),
    ("POST", "/repair-cards/{card_id}/closing"): Route(PHONES, before=setups.card_handed_back),
    ("POST", "/repair-cards/{card_id}/prints"): Route(PHONES | {Role.HQ}, body=lambda _: {}),
    # Oneself
    ("GET", "/me"): Route(EVERYBODY, mine=True),
    ("GET", "/tokens"): Route(EVERYBODY, mine=True),
    ("POST", "/tokens"): Route(
        EVERYBODY, body=lambda world: _at(world) | {"name": "程序", "expires_at": _later(24)}, ids=("branch",)
    ),
    ("DELETE", "/tokens/{token_id}"): Route(EVERYBODY, mine=True),
}
