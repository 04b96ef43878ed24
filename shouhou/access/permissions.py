"""Permission codes and the roles that hold them: one list, read by actions, screens and the API alike.

A code is named after the act that it allows. A role is given to a user *at a branch* and counts for every branch below it.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SEE_REGISTER = "workorders.see_register"
SEE_CUSTOMER = "customers.see_customer"
REVEAL_PHONE = "customers.reveal_phone"

_READ = {SEE_REGISTER, SEE_CUSTOMER}
_DESK = {
    REVEAL_PHONE,
    "customers.register_customer",
    "customers.change_customer",
    "assets.register_asset",
    "workorders.receive_call",
    "workorders.assign_work_class",
    "workorders.hold_work_order",
    "workorders.cancel_work_order",
    "workorders.issue_voucher",
    "workorders.hand_in_voucher",
    "workorders.file_voucher",
    "workorders.strike_off",
    "workorders.attach_photo",
    "forms.print_form",
    "forms.void_form",
}
_FIELD = {
    REVEAL_PHONE,
    "workorders.work_visit",
    "workorders.hold_work_order",
    "workorders.hand_in_voucher",
    "workorders.attach_photo",
    "forms.print_form",
}
_LEAD = {
    "workorders.dispatch_work_order",
    "workorders.work_for_technician",
    "workorders.reopen_work_order",
    "workforce.record_absence",
    "workforce.grant_qualification",
}
_REFERENCE = {
    "catalog.change_catalogue",
    "workforce.register_technician",
    "access.change_branch",
    "access.change_user",
    "access.assign_role",
    "access.issue_token",
    "workorders.import_calls",
}

CODES: frozenset[str] = frozenset(_READ | _DESK | _FIELD | _LEAD | _REFERENCE)


class Role(TextChoices):
    """What a person is in the trade; what he may do follows from it."""

    CLERK = "clerk", _("Service clerk")
    SUPERVISOR = "supervisor", _("Supervisor")
    TECHNICIAN = "technician", _("Technician")
    ACCOUNTANT = "accountant", _("Accountant")
    PARTS_KEEPER = "parts_keeper", _("Parts keeper")
    CLAIMS_AGENT = "claims_agent", _("Claims agent")
    HQ = "hq", _("Service department (HQ)")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


ROLE_CODES: dict[str, frozenset[str]] = {
    Role.CLERK: frozenset(_READ | _DESK),
    Role.SUPERVISOR: frozenset(_READ | _DESK | _LEAD),
    Role.TECHNICIAN: frozenset(_READ | _FIELD),
    Role.ACCOUNTANT: frozenset(_READ | {"forms.print_form"}),
    Role.PARTS_KEEPER: frozenset(_READ),
    Role.CLAIMS_AGENT: frozenset(_READ),
    Role.HQ: frozenset(_READ | {"forms.print_form"}),
    Role.MANAGER: frozenset(_READ | _LEAD | {"forms.print_form", REVEAL_PHONE}),
    Role.ADMINISTRATOR: frozenset(_READ | _REFERENCE),
}
