"""Every route of the web interface: who may use it, at which stage of an order, and with what input. Read by `test_wall`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from shouhou.access.permissions import Role
from tests.cast import CHECKS, PHONE, STROKES, Stage
from tests.walls import DESK, DESK_AND_FIELD, EVERYBODY, FIELD, LEAD, PHONES, PRINTERS, World, picture

# Fields that could name a row and do not: what is typed or chosen, marks in a list, the key of a form sent twice.
NO_IDS = {"key", "q", "caller", "work_class", "state", "ask", "region", "older", "newer", "before", "back", "next"}
NOBODY: frozenset[Role] = frozenset()

type Fields = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One row of the table, for one method. `status` is what the allowed get, `others` what everyone else does who is signed in.

    `stranger` is the answer without signing in; None: the way to the sign-in page. `ids` are the id fields in its form
    or query.
    """

    allowed: frozenset[Role]
    status: int
    stage: Stage = "received"
    fields: Fields | None = None
    ids: tuple[str, ...] = ()
    others: int = 403
    stranger: int | None = None


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


def _photos(_: World) -> dict[str, Any]:
    return {"photos": SimpleUploadedFile("plate.jpg", picture(), "image/jpeg"), "caption": "铭牌"}


_REASON = _said(reason="客户要求")
_FINDINGS = {"fault_found": "电容老化", "work_done": "更换电容"}
_CUSTOMER = {"name": "周敏", "phone": PHONE, "kind": "person", "note": ""}

ROUTES: dict[tuple[str, str], Route] = {
    # The start page of each role: his desk, or the way to his day or the register
    ("home", "GET"): page(DESK | LEAD, others=302),
    ("set_branch", "POST"): act(EVERYBODY, fields=_named("branch"), ids=("branch",)),
    # The register
    ("search", "GET"): page(EVERYBODY, status=302, fields=_said(q="2071")),
    ("register", "GET"): page(EVERYBODY, fields=_said(q="2071")),
    ("register_page", "GET"): page(EVERYBODY),
    ("print_register_page", "POST"): page(PRINTERS),
    # Taking a call
    ("intake", "GET"): page(DESK, fields=_named("customer", "asset"), ids=("customer", "asset")),
    ("intake", "POST"): act(DESK, fields=_call, ids=("customer", "asset")),
    ("intake_customers", "GET"): page(DESK, fields=_said(caller="2071")),
    ("intake_units", "GET"): page(DESK, fields=_named("customer", "asset"), ids=("customer", "asset")),
    # A work order
    ("order", "GET"): page(EVERYBODY),
    ("order_phone", "POST"): page(PHONES),
    ("order_work_class", "POST"): act(DESK, "unclassed", fields=_said(work_class="A")),
    ("order_hold", "POST"): act(DESK_AND_FIELD, fields=_REASON),
    ("order_resume", "POST"): act(DESK_AND_FIELD, "on_hold"),
    ("order_cancel", "POST"): act(DESK, fields=_REASON),
    ("order_reopen", "POST"): act(LEAD, "cancelled", fields=_REASON),
    ("order_strike_off", "POST"): act(DESK, "filed"),
    ("order_photos", "POST"): act(DESK_AND_FIELD, fields=_photos),
    ("photo", "GET"): page(EVERYBODY),
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
    # Dispatch
    ("dispatch_queue", "GET"): page(LEAD, "dispatched", fields=_named("order"), ids=("order", "visit")),
    ("dispatch_order", "POST"): act(LEAD, fields=_named("technician"), ids=("technician",)),
    ("dispatch_class", "POST"): act(DESK & LEAD, "unclassed", fields=_said(work_class="A")),
    ("withdraw_visit", "POST"): act(LEAD, "dispatched", fields=_REASON),
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
    # The guide to the components is for those who build screens (staff), whatever their role
    ("styleguide", "GET"): page(NOBODY),
    ("styleguide", "POST"): page(NOBODY),
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
}
