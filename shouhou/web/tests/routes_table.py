"""Every route of the web interface: who may use it, at which stage of an order, and with what input. Read by `test_wall`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shouhou.access.actions import assign_role, register_user
from shouhou.access.actors import actor_for
from shouhou.access.permissions import Role
from shouhou.catalog.actions import retire_entry, set_price
from shouhou.catalog.models import Part
from shouhou.catalog.rules import FourPrices
from shouhou.entitlements.rules.scope import Strategy, usual_lines
from shouhou.kernel.hashing import digest
from shouhou.policies.actions import propose_pack
from shouhou.policies.blank import FOLDER
from shouhou.policies.models import CompanyPack
from tests.cast import CHECKS, PHONE, STROKES, Cast, Stage
from tests.walls import (
    ADMINISTRATOR,
    DESK,
    DESK_AND_FIELD,
    EVERYBODY,
    EXPORTERS,
    FIELD,
    LEAD,
    PHONES,
    PRINTERS,
    World,
    picture,
)

# Fields that could name a row and do not: what is typed or chosen, marks in a list, the key of a form sent twice.
NO_IDS = {
    "key",
    "q",
    "caller",
    "phone",
    "language",
    "act",
    "work_type",
    "work_class",
    "product_model",
    "wish",
    "state",
    "ask",
    "region",
    "older",
    "newer",
    "before",
    "after",
    "back",
    "next",
    "serial",
    "tour",
    "seen",
    "who",
    "what",
    "stand",
    "owner",
    "definition",
    "how",
    "page",
    "list",
    "rows",
}

NOBODY: frozenset[Role] = frozenset()

type Fields = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One row of the table, for one method. `status` is what the allowed get, `others` what everyone else does who is signed in.

    `stranger` is the answer without signing in; None: the way to the sign-in page. `ids` are the id fields in its form
    or query. `headquarters`: only those are allowed who hold the role there.
    """

    allowed: frozenset[Role]
    status: int
    stage: Stage = "received"
    fields: Fields | None = None
    ids: tuple[str, ...] = ()
    others: int = 403
    stranger: int | None = None
    headquarters: bool = False


def page(allowed: frozenset[Role], stage: Stage = "received", *, status: int = 200, **more: Any) -> Route:
    """It is shown."""
    return Route(allowed, status, stage, **more)


def act(allowed: frozenset[Role], stage: Stage = "received", *, status: int = 303, **more: Any) -> Route:
    """It is done, and the browser is sent on."""
    return Route(allowed, status, stage, **more)


def _said(**fields: Any) -> Fields:
    return lambda _: fields


def _named(*names: str, **fields: Any) -> Fields:
    return lambda world: {name: world.id_of(name) for name in names} | fields


def _call(world: World) -> dict[str, Any]:
    chosen = {name: world.id_of(name) for name in ("customer", "asset")}
    return chosen | {"key": uuid4(), "fault": "不制冷", "work_class": "C"}


def _left_out(world: World) -> dict[str, Any]:
    begun = timezone.localtime(world.life.at, ZoneInfo(world.crew.branch.time_zone))
    times = {"starts_at": begun, "ends_at": begun + timedelta(minutes=5)}
    typed = {name: f"{at:%Y-%m-%dT%H:%M}" for name, at in times.items()}
    return {"repair": world.life.first.number, "reason": "rescue_travel", "evidence": "救援单"} | typed


def _photos(_: World) -> dict[str, Any]:
    return {"photos": SimpleUploadedFile("plate.jpg", picture(), "image/jpeg"), "caption": "铭牌"}


def _excuse(_: World) -> dict[str, Any]:
    proof = SimpleUploadedFile("road.jpg", picture(), "image/jpeg")
    return {"kind": "weather", "account": "台风，道路封闭", "files": proof}


# Who answers for a promise in the field or at the desk
CLAIMERS = DESK_AND_FIELD - {Role.HQ}
APPROVERS = LEAD | {Role.HQ, Role.CLAIMS_AGENT}
PAYERS = frozenset({Role.ACCOUNTANT, Role.MANAGER})
SEE_OWED = APPROVERS | PAYERS | {Role.CLERK}


def _own_role(**fields: Any) -> Fields:
    return lambda world: {"role": "clerk", "place": world.branch} | fields


_LIMIT = _said(kind="excuse", role="supervisor", how="up_to", amount="800")
BOOK_KEEPERS = frozenset({Role.ACCOUNTANT, Role.MANAGER})
BOOK_READERS = BOOK_KEEPERS | {Role.HQ}
PEOPLE = LEAD | {Role.HQ, Role.ADMINISTRATOR}


def _token(world: World) -> dict[str, Any]:
    ends = timezone.localdate() + timedelta(days=30)
    return {"name": "交换机", "expires_on": ends.isoformat(), "username": f"clerk.{world.branch.lower()}"}


def _package(_: World) -> dict[str, Any]:
    lines = usual_lines(Strategy.FULL)
    terms = {f"{line.item}_terms": line.terms.value for line in lines}
    return {"strategy": "full", "reason": "高价耐用", "valid_from": "2199-01-01", **terms}


# Where rules are made, and a pack that could be proposed as it is
RULE_MAKERS = frozenset({Role.HQ, Role.MANAGER})
PACK = (FOLDER / "zh.yaml").read_text(encoding="utf-8")
_PROPOSAL = {"text": PACK, "reason": "活动", "step": "propose", "looked_at": digest([PACK.strip()]).hex()}
_REASON = _said(reason="客户要求")
_FINDINGS = {"fault_found": "电容老化", "work_done": "更换电容"}
_SALE = {"sale_date": "2026-03-01", "sale_proof": "invoice", "delivery_proof": "none", "trader_installs": "unknown"}
_CUSTOMER = {"name": "周敏", "phone": PHONE, "kind": "person", "note": ""}

ROUTES: dict[tuple[str, str], Route] = {
    # The start page: each role has a part of its own
    ("home", "GET"): page(EVERYBODY),
    ("set_branch", "POST"): act(EVERYBODY, fields=_named("branch"), ids=("branch",)),
    # What open pages ask; without a ticket there is nothing to hear
    ("pulse", "GET"): page(NOBODY, others=401, stranger=401),
    ("pulse_ticket", "GET"): page(NOBODY, others=404),
    # The register
    ("search", "GET"): page(EVERYBODY, fields=_said(q="2071")),
    ("palette", "GET"): page(EVERYBODY, fields=_said(act="打印")),
    ("palette_found", "GET"): page(EVERYBODY, fields=_said(q="2071")),
    ("register", "GET"): page(EVERYBODY, fields=_named("technician"), ids=("technician",)),
    ("register_acts", "POST"): act(DESK, "handed_in", fields=_named("order", act="file"), ids=("order", "technician")),
    ("print_vouchers", "POST"): page(PRINTERS, fields=_named("order"), ids=("order",)),
    ("export_register", "POST"): page(EXPORTERS, fields=_said(file="csv"), ids=("order",)),
    ("save_view", "POST"): act(EVERYBODY, fields=_said(name="我的待办")),
    ("change_view", "POST"): act(EVERYBODY, fields=_said(name="改名")),
    ("remove_view", "POST"): act(EVERYBODY),
    ("open_with_view", "POST"): act(EVERYBODY),
    ("register_page", "GET"): page(EVERYBODY),
    ("print_register_page", "POST"): page(PRINTERS),
    # Taking a call
    ("intake", "GET"): page(DESK, fields=_named("customer", "asset"), ids=("customer", "asset")),
    ("intake", "POST"): act(DESK, fields=_call, ids=("customer", "asset")),
    ("intake_customers", "GET"): page(DESK, fields=_said(caller="2071")),
    ("intake_slots", "GET"): page(DESK, fields=_named("asset"), ids=("asset",)),
    ("intake_verdict", "GET"): page(DESK, fields=_named("asset"), ids=("asset",)),
    ("intake_why", "GET"): page(DESK, fields=_named("asset"), ids=("asset",)),
    ("intake_known", "POST"): page(DESK, fields=_said(phone=PHONE)),
    ("intake_units", "GET"): page(DESK, fields=_named("customer", "asset"), ids=("customer", "asset")),
    # A work order
    ("order", "GET"): page(EVERYBODY),
    ("order_phone", "POST"): page(PHONES),
    ("order_work_class", "POST"): act(DESK, "unclassed", fields=_said(work_class="A")),
    ("order_hold", "POST"): act(DESK_AND_FIELD, fields=_said(reason="等件", cause="company")),
    ("order_resume", "POST"): act(DESK_AND_FIELD, "on_hold"),
    ("order_cancel", "POST"): act(DESK, fields=_REASON),
    ("order_reopen", "POST"): act(LEAD, "cancelled", fields=_REASON),
    ("order_strike_off", "POST"): act(DESK, "filed"),
    ("order_photos", "POST"): act(DESK_AND_FIELD, fields=_photos),
    ("photo", "GET"): page(EVERYBODY),
    # Who pays for it, and why; nothing waits and nothing was found on a plain order, so those named are not there
    ("order_verdict", "GET"): page(EVERYBODY),
    ("order_verdict_again", "POST"): act(DESK),
    ("override_ruling", "POST"): act(LEAD | {Role.HQ}, fields=_said(ruling="confirm")),
    ("order_explanation", "GET"): page(EVERYBODY),
    ("order_findings", "GET"): page(EVERYBODY),
    ("order_findings", "POST"): act(DESK_AND_FIELD, fields=_said(exclusion="misuse", evidence="控制板进水")),
    ("finding_withdraw", "POST"): act(DESK_AND_FIELD, fields=_REASON),
    # Its voucher
    ("voucher_issue", "POST"): act(DESK, fields=_named("technician"), ids=("technician",)),
    ("voucher_return", "POST"): act(DESK_AND_FIELD, "left_incomplete", fields=_REASON),
    ("voucher_hand_in", "POST"): act(DESK_AND_FIELD, "signed"),
    ("voucher_file", "POST"): act(DESK, "handed_in"),
    ("print_voucher", "POST"): page(PRINTERS),
    ("void_sheet", "POST"): act(DESK, fields=_REASON),
    ("signature_image", "GET"): page(EVERYBODY, "signed"),
    # Customers and units
    ("customers", "GET"): page(EVERYBODY, fields=_said(q="2071")),
    ("customer", "GET"): page(EVERYBODY),
    ("customer_phone", "POST"): page(PHONES),
    ("customer_change", "POST"): act(DESK, fields=_said(**_CUSTOMER)),
    ("customer_contact", "POST"): act(DESK, fields=_said(name="周敏", phone=PHONE)),
    ("customer_site", "POST"): act(DESK, fields=_said(address="香港路 3 号", zone="city")),
    ("customer_unit", "POST"): act(DESK, fields=_said(product_model="KFR-35GW", serial="SN-9")),
    ("asset", "GET"): page(EVERYBODY),
    ("asset_sale", "POST"): act(DESK, fields=_said(**_SALE)),
    ("asset_meter", "POST"): act(DESK, fields=_said(km="1200", at="2026-05-01T10:00")),
    ("asset_left_out", "POST"): act(DESK, "on_site", fields=_left_out),
    ("asset_replacement", "POST"): act(DESK, fields=_said(at="2026-05-01T10:00", reason="到货即坏")),
    ("asset_line_back", "POST"): act(DESK, fields=_REASON),
    # Dispatch
    ("dispatch_queue", "GET"): page(LEAD, "dispatched", fields=_named("order"), ids=("order", "visit")),
    ("dispatch_order", "POST"): act(LEAD, fields=_named("technician"), ids=("technician",)),
    ("dispatch_class", "POST"): act(DESK & LEAD, "unclassed", fields=_said(work_class="A")),
    ("withdraw_visit", "POST"): act(LEAD, "dispatched", fields=_REASON),
    # Promises
    ("promises", "GET"): page(EVERYBODY, fields=_said(stand="soon", definition="arrival")),
    ("promise", "GET"): page(EVERYBODY),
    ("promise_pause", "POST"): act(LEAD, fields=_said(reason="停电", cause="objective")),
    ("promise_release", "POST"): act(LEAD, status=422),  # nothing stands still on a plain order
    ("promise_excuse", "POST"): act(CLAIMERS, fields=_excuse),
    ("excuse_ruling", "POST"): act(LEAD, fields=_said(accepted="yes", reason="气象台证明")),
    ("excuse_evidence", "GET"): page(EVERYBODY),
    # What broken ones owe; nothing is approved yet on what was just proposed
    ("awards", "GET"): page(SEE_OWED),
    ("award", "GET"): page(SEE_OWED),
    ("award_approve", "POST"): act(APPROVERS),
    ("award_refuse", "POST"): act(APPROVERS, fields=_REASON),
    ("award_settle", "POST"): act(PAYERS, status=422, fields=_said(how="bank")),
    ("award_withdraw", "POST"): act(LEAD | {Role.HQ}, fields=_REASON),
    # The technician
    ("technician_day", "GET"): page(FIELD, fields=_named("technician"), ids=("technician",)),
    ("visit", "GET"): page(EVERYBODY, "dispatched"),
    ("visit_accept", "POST"): act(FIELD, "dispatched"),
    ("visit_refuse", "POST"): act(FIELD, "dispatched", fields=_REASON),
    ("visit_depart", "POST"): act(FIELD, "accepted"),
    ("visit_arrive", "POST"): act(FIELD, "travelling"),
    ("visit_complete", "POST"): act(
        FIELD, "on_site", fields=_said(**_FINDINGS, **{f"check-{code}": answer for code, answer in CHECKS.items()})
    ),
    ("visit_incomplete", "POST"): act(FIELD, "on_site", fields=_said(reason="缺压缩机", **_FINDINGS)),
    ("visit_line", "POST"): act(FIELD, "on_site", fields=_said(kind="labour", quantity="1.5", description="检修")),
    ("visit_line_back", "POST"): act(FIELD, "on_site"),
    ("visit_parts", "GET"): page(EVERYBODY, "on_site", fields=_said(q="电容")),
    ("visit_photo", "POST"): act(DESK_AND_FIELD, "on_site", fields=_photos),
    ("visit_phone", "POST"): page(PHONES, "on_site"),
    ("sign", "GET"): page(EVERYBODY, "completed"),
    ("sign", "POST"): act(FIELD, "completed", fields=_said(signer_name="王建华", strokes=str(STROKES))),
    ("sign_refused", "POST"): act(FIELD, "completed", fields=_REASON),
    ("field_hand_in", "POST"): act(DESK_AND_FIELD, "signed"),
    # The administration: people of a branch are seen by those who lead them, changed by its administrators
    ("administration", "GET"): page(PEOPLE),
    ("branches", "GET"): page(PEOPLE),
    ("branch_open", "POST"): act(
        ADMINISTRATOR, status=422
    ),  # a branch has none below it; headquarters' are tried elsewhere
    ("branch", "GET"): page(PEOPLE),
    ("branch_change", "POST"): act(ADMINISTRATOR, fields=_said(name="青岛中心", time_zone="Asia/Shanghai")),
    ("branch_close", "POST"): act(ADMINISTRATOR, "struck_off", fields=_REASON),
    ("branch_reopen", "POST"): act(ADMINISTRATOR, status=422),
    ("users", "GET"): page(PEOPLE, fields=_said(q="业务员", role="clerk", state="active")),
    ("user_register", "POST"): act(ADMINISTRATOR, fields=_own_role(username="zhoumin", display_name="周敏")),
    ("user", "GET"): page(PEOPLE),
    ("user_change", "POST"): act(ADMINISTRATOR, fields=_said(display_name="周敏", email="")),
    ("user_role", "POST"): act(ADMINISTRATOR, fields=_own_role(role="manager")),
    ("user_role_back", "POST"): act(ADMINISTRATOR, fields=_own_role()),
    ("user_deactivate", "POST"): act(ADMINISTRATOR, fields=_REASON),
    ("user_reactivate", "POST"): act(ADMINISTRATOR, status=422, fields=_REASON),
    ("user_password", "POST"): act(ADMINISTRATOR, fields=_REASON),
    ("user_password_link", "POST"): act(ADMINISTRATOR, status=422),
    ("user_second_factor", "POST"): act(ADMINISTRATOR, status=422, fields=_REASON),
    ("user_unlock", "POST"): act(ADMINISTRATOR),
    ("technicians", "GET"): page(PEOPLE),
    ("technician_register", "POST"): act(
        ADMINISTRATOR, fields=lambda world: {"username": f"clerk.{world.branch.lower()}"}
    ),
    ("technician", "GET"): page(PEOPLE),
    ("technician_change", "POST"): act(ADMINISTRATOR, fields=_said(name="李明明", phone="")),
    ("technician_leave", "POST"): act(ADMINISTRATOR, fields=_said(left_on="2026-11-30", reason="离职")),
    ("technician_return", "POST"): act(ADMINISTRATOR, status=422),
    ("technician_qualification", "POST"): act(LEAD, fields=_said(qualification="gas", starts_on="2026-01-01")),
    ("technician_absence", "POST"): act(
        LEAD, fields=_said(starts_at="2026-12-01T08:00", ends_at="2026-12-03T18:00", reason="年假")
    ),
    ("qualification_back", "POST"): act(LEAD, fields=_REASON),
    ("absence_back", "POST"): act(LEAD),
    ("tokens", "GET"): page(ADMINISTRATOR),
    ("token_issue", "POST"): page(ADMINISTRATOR, fields=_token),
    ("token_revoke", "POST"): act(ADMINISTRATOR),
    ("number_series", "GET"): page(PEOPLE),
    ("series_prefix", "POST"): act(
        ADMINISTRATOR, fields=lambda world: {"kind": "voucher", "prefix": f"{world.branch}FW"}
    ),
    ("limits", "GET"): page(PEOPLE, fields=_said(kind="excuse")),
    ("limit_set", "POST"): act(ADMINISTRATOR, fields=_LIMIT, headquarters=True),
    ("limit_end", "POST"): act(ADMINISTRATOR, fields=_LIMIT, headquarters=True),
    ("branch_limits", "GET"): page(PEOPLE, fields=_said(kind="excuse")),
    ("branch_limit_set", "POST"): act(ADMINISTRATOR, fields=_LIMIT),
    ("branch_limit_end", "POST"): act(ADMINISTRATOR, status=422, fields=_LIMIT),
    ("calendars", "GET"): page(EVERYBODY),
    ("calendar_open", "POST"): act(ADMINISTRATOR, fields=_said(code="hotline", name="热线"), headquarters=True),
    ("calendar", "GET"): page(EVERYBODY, fields=_said(day="2026-10-01")),
    ("calendar_days", "POST"): act(ADMINISTRATOR, fields=_said(first="2026-10-01", what="off", name="店庆")),
    ("calendar_week", "POST"): act(ADMINISTRATOR, fields=_said(source="own", weekday_0="9-12")),
    ("series_next", "POST"): act(ADMINISTRATOR, fields=_said(kind="voucher", next_number="500")),
    # The link for choosing a password: it is its own proof, and a made-up one leads nowhere
    ("choose_password", "GET"): page(EVERYBODY, status=404, stranger=404),
    ("choose_password", "POST"): page(EVERYBODY, status=404, stranger=404),
    # The guide to the components
    ("styleguide", "GET"): page(ADMINISTRATOR),
    ("styleguide", "POST"): page(ADMINISTRATOR, status=302),
    # Finding one's way: what a code leads to, help, the tour of the first day
    ("scan", "GET"): page(EVERYBODY, "dispatched", fields=_named("visit", code="SN-0"), ids=("visit",)),
    ("scan_reading", "GET"): page(EVERYBODY, fields=_said(code="SN-0")),
    ("help", "GET"): page(EVERYBODY),
    ("help_topic", "GET"): page(EVERYBODY),
    ("tour_seen", "POST"): page(EVERYBODY, status=204),
    ("set_language", "GET"): page(EVERYBODY, status=302, stranger=302),
    ("set_language", "POST"): page(EVERYBODY, status=302, stranger=302, fields=_said(language="en")),
    # Signing in, and one's own sign-in: the same for everybody, whatever his role. Nothing is typed, so forms come back
    ("account_login", "GET"): page(EVERYBODY, status=302, stranger=200),
    ("account_login", "POST"): page(EVERYBODY, status=302, stranger=200),
    ("account_logout", "GET"): page(EVERYBODY),
    ("account_logout", "POST"): page(EVERYBODY, status=302),
    ("account_inactive", "GET"): page(EVERYBODY, stranger=200),
    ("account_change_password", "GET"): page(EVERYBODY),
    ("account_change_password", "POST"): page(EVERYBODY),
    ("account_reauthenticate", "GET"): page(EVERYBODY),
    ("account_reauthenticate", "POST"): page(EVERYBODY),
    # The second step: nobody here has one but a passkey where the address names it
    ("mfa_index", "GET"): page(EVERYBODY),
    ("mfa_authenticate", "GET"): page(EVERYBODY, status=302),
    ("mfa_authenticate", "POST"): page(EVERYBODY, status=302),
    ("mfa_reauthenticate", "GET"): page(EVERYBODY, status=302),
    ("mfa_reauthenticate", "POST"): page(EVERYBODY, status=302),
    ("mfa_activate_totp", "GET"): page(EVERYBODY),
    ("mfa_activate_totp", "POST"): page(EVERYBODY),
    ("mfa_deactivate_totp", "GET"): page(EVERYBODY, status=404),
    ("mfa_deactivate_totp", "POST"): page(EVERYBODY, status=404),
    ("mfa_view_recovery_codes", "GET"): page(EVERYBODY, status=404),
    ("mfa_generate_recovery_codes", "GET"): page(EVERYBODY),
    ("mfa_generate_recovery_codes", "POST"): page(EVERYBODY),
    ("mfa_download_recovery_codes", "GET"): page(EVERYBODY, status=404),
    ("mfa_download_recovery_codes", "POST"): page(EVERYBODY, status=404),
    ("mfa_list_webauthn", "GET"): page(EVERYBODY),
    ("mfa_add_webauthn", "GET"): page(EVERYBODY),
    ("mfa_add_webauthn", "POST"): page(EVERYBODY),
    ("mfa_reauthenticate_webauthn", "GET"): page(EVERYBODY, status=302),
    ("mfa_reauthenticate_webauthn", "POST"): page(EVERYBODY, status=302),
    ("mfa_remove_webauthn", "GET"): page(EVERYBODY),
    ("mfa_remove_webauthn", "POST"): page(EVERYBODY, status=302),
    ("mfa_edit_webauthn", "GET"): page(EVERYBODY),
    ("mfa_edit_webauthn", "POST"): page(EVERYBODY),
    ("mfa_login_webauthn", "GET"): page(EVERYBODY, status=302),
    ("mfa_login_webauthn", "POST"): page(EVERYBODY, status=302),
    # The company's own sign-in: none is set up in the tests
    ("openid_connect_login", "GET"): page(EVERYBODY, status=404, stranger=404),
    ("openid_connect_login", "POST"): page(EVERYBODY, status=404, stranger=404),
    ("openid_connect_callback", "GET"): page(EVERYBODY, status=404, stranger=404),
    ("openid_connect_callback", "POST"): page(EVERYBODY, status=404, stranger=404),
    ("socialaccount_login_cancelled", "GET"): page(EVERYBODY, stranger=200),
    ("socialaccount_login_error", "GET"): page(EVERYBODY, status=401),
    ("socialaccount_signup", "GET"): page(EVERYBODY, status=302),
    ("socialaccount_signup", "POST"): page(EVERYBODY, status=302),
    ("socialaccount_connections", "GET"): page(EVERYBODY),
    ("socialaccount_connections", "POST"): page(EVERYBODY),
    # The catalogue is shared by all branches: read by everybody, changed by administrators
    ("catalogue_prices", "GET"): page(EVERYBODY, fields=_said(list="work-codes", q="x")),
    ("catalogue_classes", "GET"): page(EVERYBODY),
    ("catalogue_classes", "POST"): act(ADMINISTRATOR, fields=_said(code="tv", name="电视机")),
    ("catalogue_products", "GET"): page(EVERYBODY),
    ("catalogue_products", "POST"): act(
        ADMINISTRATOR, fields=_said(product_class="ac", code="KFR-72", name="海风 KFR-72", guarantee_months="72")
    ),
    ("catalogue_faults", "GET"): page(EVERYBODY),
    ("catalogue_faults", "POST"): act(ADMINISTRATOR, fields=_said(product_class="ac", code="E9", name="缺氟")),
    ("catalogue_parts", "GET"): page(EVERYBODY),
    ("catalogue_parts", "POST"): act(ADMINISTRATOR, fields=_said(number="P-1", name="风扇", unit="只")),
    ("catalogue_work_codes", "GET"): page(EVERYBODY),
    ("catalogue_work_codes", "POST"): act(
        ADMINISTRATOR, fields=_said(product_class="ac", code="W1", name="加氟", hours="1.5")
    ),
    ("catalogue_travel_bands", "GET"): page(EVERYBODY),
    ("catalogue_travel_bands", "POST"): act(ADMINISTRATOR, fields=_said(code="T1", name="市区", from_km="0")),
    ("catalogue_package", "GET"): page(EVERYBODY, fields=_said(price="2599", life_years="10")),
    ("catalogue_package_decide", "POST"): act(frozenset({Role.HQ, Role.MANAGER}), fields=_package, headquarters=True),
    ("catalogue_entry", "GET"): page(EVERYBODY),
    ("catalogue_change", "POST"): act(ADMINISTRATOR, fields=_said(name="电容", unit="件")),
    ("catalogue_retire", "POST"): act(ADMINISTRATOR),
    ("catalogue_reinstate", "POST"): act(ADMINISTRATOR),
    ("catalogue_price", "POST"): act(
        ADMINISTRATOR, fields=_said(valid_from="2199-01-01", out_charged="42", currency="CNY")
    ),
    ("catalogue_price_back", "POST"): act(ADMINISTRATOR, fields=_said(valid_from="2198-01-01")),
    ("catalogue_export", "GET"): page(EVERYBODY),
    ("catalogue_import", "GET"): page(ADMINISTRATOR),
    ("catalogue_import", "POST"): page(ADMINISTRATOR, status=422),  # no file was chosen
    ("catalogue_take_over", "POST"): act(ADMINISTRATOR, fields=_said(rows="[]")),
    # The books: those who keep them, and the headquarters to read
    ("ledger", "GET"): page(BOOK_READERS, fields=_said(kind="bank")),
    ("ledger_account", "GET"): page(BOOK_READERS, fields=_said(first="2026-01-01", last="2026-12-31")),
    ("ledger_sheet", "GET"): page(BOOK_READERS, fields=_said(file="csv")),
    ("ledger_hold_place", "POST"): act(BOOK_KEEPERS, fields=_said(amount="5", memo="争议")),
    ("ledger_entry_new", "GET"): page(BOOK_KEEPERS),
    ("ledger_entry_new", "POST"): act(
        BOOK_KEEPERS, fields=_named("debit", "credit", amount="5", memo="赔付"), ids=("debit", "credit")
    ),
    ("ledger_entry", "GET"): page(BOOK_READERS),
    ("ledger_entry_reverse", "POST"): act(BOOK_KEEPERS, fields=_REASON),
    ("ledger_send", "GET"): page(BOOK_KEEPERS),
    ("ledger_send", "POST"): act(
        BOOK_KEEPERS, fields=_named("account", to="HQ", into_kind="bank", amount="5", memo="上交"), ids=("account",)
    ),
    ("ledger_holds", "GET"): page(BOOK_READERS),
    ("ledger_hold", "GET"): page(BOOK_READERS),
    ("ledger_hold_pay", "POST"): act(BOOK_KEEPERS, fields=_named("payee", amount="5"), ids=("payee",)),
    ("ledger_hold_void", "POST"): act(BOOK_KEEPERS, fields=_REASON),
    ("ledger_proof", "GET"): page(BOOK_READERS, fields=_said(state="proved")),
    # Rules are read by everybody who has to say why; the company's own are made at the headquarters
    ("policies", "GET"): page(EVERYBODY, fields=_said(q="备用", layer="statute")),
    ("policy_pack", "GET"): page(EVERYBODY),
    ("policy_rule", "GET"): page(EVERYBODY),
    ("policy_propose", "GET"): page(RULE_MAKERS, fields=_said(pack="house"), headquarters=True),
    ("policy_propose", "POST"): act(RULE_MAKERS, fields=_said(**_PROPOSAL), headquarters=True),
    ("policy_version", "GET"): page(EVERYBODY),
    ("policy_approve", "POST"): act(RULE_MAKERS, fields=_said(reason="同意"), headquarters=True),
    ("policy_refuse", "POST"): act(RULE_MAKERS, fields=_REASON, headquarters=True),
    ("policy_file", "GET"): page(EVERYBODY),
}


def entry_for(name: str, cast: Cast) -> UUID:
    """The part or the model that a route of the catalogue names, in the state that it needs."""
    if name.startswith("catalogue_package"):
        return cast.air_conditioner.id
    part: Part = cast.capacitor
    shared: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": timezone.now()}
    if name == "catalogue_reinstate" and not Part.objects.get(id=part.id).retired:
        retire_entry(part, **shared)
    if name == "catalogue_price_back":
        prices, day = FourPrices(out_charged=Decimal(50)), date(2198, 1, 1)
        set_price(part, prices=prices, valid_from=day, today=timezone.localdate(), **shared)
    return part.id


def version_for(cast: Cast) -> UUID:
    """A proposed version of a company pack, by somebody who rules on none of them himself."""
    known = CompanyPack.objects.first()
    if known is not None:
        return known.id
    now = timezone.now()
    someone = register_user(
        username="rules.hq", display_name="规则员", password=None, branch=cast.hq, by=cast.root, at=now
    )
    assign_role(someone, role=Role.HQ, branch=cast.hq, by=cast.root, at=now)
    by = actor_for(someone, channel="web")
    return propose_pack(PACK, reason="活动", branch=cast.hq, by=by, at=now, today=timezone.localdate()).id
