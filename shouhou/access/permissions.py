"""Permission codes and the roles that hold them: one list, read by actions, screens and the API alike.

A code is named after the act that it allows. A role is given to a user *at a branch* and counts for every branch below it.
"""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SEE_REGISTER = "workorders.see_register"
SEE_CUSTOMER = "customers.see_customer"
REVEAL_PHONE = "customers.reveal_phone"
SEE_PEOPLE = "access.see_people"
EXPORT_REGISTER = "workorders.export_register"
SEE_LEDGER = "ledger.see_ledger"
SEE_STOCK = "stock.see_stock"
SEE_AWARDS = "commitments.see_awards"
SEE_CUSTODY = "custody.see_custody"
SEE_WORKSHOP = "workshop.see_workshop"

_READ = {SEE_REGISTER, SEE_CUSTOMER}
# What the desk and the technicians do with customers' goods.
_GOODS = {SEE_CUSTODY, "custody.take_away", "custody.move_goods", "custody.hand_back"}
_DESK = {
    REVEAL_PHONE,
    EXPORT_REGISTER,
    "customers.register_customer",
    "customers.change_customer",
    "assets.register_asset",
    "assets.record_history",
    "workorders.receive_call",
    "workorders.assign_work_class",
    "entitlements.record_finding",
    "entitlements.override_verdict",
    "workorders.hold_work_order",
    "workorders.cancel_work_order",
    "workorders.issue_voucher",
    "workorders.hand_in_voucher",
    "workorders.file_voucher",
    "workorders.strike_off",
    "workorders.attach_photo",
    "commitments.claim_excuse",
    "forms.print_form",
    "forms.void_form",
    SEE_AWARDS,
    "commitments.propose_award",
}
_FIELD = {
    REVEAL_PHONE,
    "entitlements.record_finding",
    "workorders.work_visit",
    "workorders.hold_work_order",
    "workorders.hand_in_voucher",
    "workorders.attach_photo",
    "commitments.claim_excuse",
    "forms.print_form",
}
_LEAD = {
    SEE_PEOPLE,
    "workorders.dispatch_work_order",
    "workorders.work_for_technician",
    "workorders.reopen_work_order",
    "workforce.record_absence",
    "workforce.grant_qualification",
    "entitlements.rule_on_override",
    "entitlements.override_verdict",
    "commitments.pause_commitment",
    "commitments.rule_on_excuse",
    "commitments.apply_definition",
    SEE_AWARDS,
    "commitments.propose_award",
    "commitments.approve_award",
    "commitments.withdraw_award",
    "web.share_view",
}
_REFERENCE = {
    SEE_PEOPLE,
    "catalog.change_catalogue",
    "workforce.register_technician",
    "access.change_branch",
    "access.change_user",
    "access.assign_role",
    "access.issue_token",
    "access.set_limit",
    "workorders.import_calls",
    "commitments.change_calendar",
}

_GOODS_LEAD = {*_GOODS, "custody.void_receipt", "custody.dispose_of_goods"}
# The desk talks to the customer, the bench works, and who leads the workshop gives the work out and inspects it.
_WORKSHOP_DESK = {SEE_WORKSHOP, "workshop.open_card", "workshop.ask_customer", "workshop.close_card"}
_BENCH = {*_WORKSHOP_DESK, "workshop.work_bench", "workshop.supply_parts"}
_BENCH_LEAD = {*_BENCH, "workshop.assign_bench", "workshop.inspect"}

_RULES = {"policies.propose_pack", "policies.approve_pack", "entitlements.decide_package"}
_BOOKS = {
    SEE_LEDGER,
    "ledger.open_account",
    "ledger.post_entry",
    "ledger.reverse_entry",
    "ledger.send_across",
    "ledger.place_hold",
    "ledger.end_hold",
    SEE_AWARDS,
    "commitments.settle_award",
    "commitments.record_top_up",
}
_CLAIMS = {SEE_AWARDS, "commitments.propose_award", "commitments.approve_award"}
_DECIDE = {
    SEE_AWARDS,
    "entitlements.rule_on_override",
    "entitlements.override_verdict",
    "commitments.approve_award",
    "commitments.withdraw_award",
}
_PARTS = {
    SEE_STOCK,
    "stock.open_store",
    "stock.receive_parts",
    "stock.issue_parts",
    "stock.move_parts",
    "stock.reserve_parts",
    "stock.request_parts",
    "stock.approve_requisition",
    "stock.fill_requisition",
    "stock.count_stock",
    "stock.return_old_parts",
}
_PARTS_LEAD = {
    SEE_STOCK,
    "stock.request_parts",
    "stock.approve_requisition",
    "stock.write_off_parts",
    "stock.reserve_parts",
}
_VAN = {SEE_STOCK, "stock.work_own_van", "stock.request_parts"}

CODES: frozenset[str] = frozenset(
    _READ
    | _DESK
    | _FIELD
    | _LEAD
    | _GOODS_LEAD
    | _REFERENCE
    | _RULES
    | _BOOKS
    | _PARTS
    | _PARTS_LEAD
    | _VAN
    | _DECIDE
    | _BENCH_LEAD
)


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
    Role.CLERK: frozenset(_READ | _DESK | _GOODS | _WORKSHOP_DESK | {SEE_STOCK, "custody.void_receipt"}),
    Role.SUPERVISOR: frozenset(_READ | _DESK | _LEAD | _PARTS_LEAD | _GOODS_LEAD | _BENCH_LEAD),
    Role.TECHNICIAN: frozenset(_READ | _FIELD | _VAN | _GOODS | _BENCH),
    Role.ACCOUNTANT: frozenset(_READ | _BOOKS | {"forms.print_form", EXPORT_REGISTER, SEE_STOCK}),
    Role.PARTS_KEEPER: frozenset(_READ | _PARTS | {SEE_CUSTODY, SEE_WORKSHOP, "workshop.supply_parts"}),
    Role.CLAIMS_AGENT: frozenset(_READ | _CLAIMS),
    Role.HQ: frozenset(
        _READ
        | _RULES
        | _DECIDE
        | {"forms.print_form", SEE_PEOPLE, EXPORT_REGISTER, SEE_LEDGER, SEE_STOCK, SEE_CUSTODY, SEE_WORKSHOP}
    ),
    Role.MANAGER: frozenset(
        _READ
        | _LEAD
        | _PARTS_LEAD
        | _GOODS_LEAD
        | _BENCH_LEAD
        | _RULES
        | _BOOKS
        | _DECIDE
        | {"forms.print_form", REVEAL_PHONE, EXPORT_REGISTER}
    ),
    Role.ADMINISTRATOR: frozenset(_READ | _REFERENCE),
}

# What a permission lets one do, in the words of the department; in the order in which a day meets them.
ALLOWS: dict[str, str | Promise] = {
    SEE_REGISTER: _("read the register and its orders"),
    SEE_CUSTOMER: _("read customer folders and units"),
    REVEAL_PHONE: _("see whole phone numbers (each look is recorded)"),
    "workorders.receive_call": _("take calls"),
    "customers.register_customer": _("open customer folders"),
    "customers.change_customer": _("correct customer folders"),
    "assets.register_asset": _("take units into care"),
    "assets.record_history": _("write down what is known of a unit's sale and life"),
    "workorders.assign_work_class": _("say who pays (A, B, C, D)"),
    "entitlements.record_finding": _("record findings that take free repairs away"),
    "entitlements.override_verdict": _("let another pay than the rules say, within the approval limit"),
    "entitlements.rule_on_override": _("confirm that somebody else pays than the rules say"),
    "workorders.dispatch_work_order": _("send technicians and withdraw visits"),
    "workorders.hold_work_order": _("put orders on hold"),
    "commitments.claim_excuse": _("claim that an objective cause kept a promise from being kept"),
    "commitments.rule_on_excuse": _("rule on such excuses"),
    "commitments.pause_commitment": _("stop and release the clock of a promise by hand"),
    "commitments.apply_definition": _("apply changed rules to promises that run already"),
    "workorders.cancel_work_order": _("cancel calls"),
    "workorders.reopen_work_order": _("open closed orders again"),
    "workorders.work_visit": _("make one's own visits, with the customer's signature"),
    "workorders.work_for_technician": _("enter visits for a technician"),
    "workorders.attach_photo": _("add photos"),
    "workorders.issue_voucher": _("hand vouchers out"),
    "workorders.hand_in_voucher": _("take vouchers in"),
    "workorders.file_voucher": _("file vouchers"),
    "workorders.strike_off": _("strike lines off the register"),
    EXPORT_REGISTER: _("export lists of the register"),
    "web.share_view": _("share views of the register with the branch"),
    "forms.print_form": _("print forms"),
    "forms.void_form": _("declare printed forms void"),
    SEE_LEDGER: _("read the books: accounts, entries, holds"),
    "ledger.open_account": _("open accounts"),
    "ledger.post_entry": _("post entries"),
    "ledger.reverse_entry": _("reverse entries"),
    "ledger.send_across": _("send money to the books of another branch"),
    "ledger.place_hold": _("set money aside"),
    "ledger.end_hold": _("pay out money that was set aside, or give it free"),
    SEE_STOCK: _("see which parts are where"),
    "stock.open_store": _("open stores"),
    "stock.receive_parts": _("receive parts, and send them back to the supplier"),
    "stock.issue_parts": _("issue parts to orders, and take unused ones back"),
    "stock.work_own_van": _("use the parts on one's own van"),
    "stock.move_parts": _("move parts from store to store"),
    "stock.reserve_parts": _("reserve parts, and give them free"),
    "stock.request_parts": _("ask for parts"),
    "stock.fill_requisition": _("hand out parts that were asked for"),
    "stock.approve_requisition": _("approve that parts are handed out"),
    "stock.count_stock": _("count stock and book the differences"),
    "stock.write_off_parts": _("write parts off, and let old parts be scrapped"),
    "stock.return_old_parts": _("label old parts and send them to the maker"),
    SEE_CUSTODY: _("see who has which customer's goods"),
    "custody.take_away": _("take goods away from customers against a receipt"),
    "custody.move_goods": _("hand customers' goods over, send them to the maker and take them back"),
    "custody.hand_back": _("hand goods back to customers"),
    "custody.void_receipt": _("void recovered receipts"),
    "custody.dispose_of_goods": _("dispose of customers' goods that they have given up"),
    SEE_WORKSHOP: _("see the repair cards of the workshop"),
    "workshop.open_card": _("write repair cards for goods that came in"),
    "workshop.assign_bench": _("give repair cards to technicians, and work on them for others"),
    "workshop.work_bench": _("mend at the bench: time, diagnosis, parts, result"),
    "workshop.ask_customer": _("ask customers before a repair, and write their answers down"),
    "workshop.supply_parts": _("say that parts a repair waited for are there"),
    "workshop.inspect": _("inspect what others have mended"),
    "workshop.close_card": _("close repair cards when the goods are handed back"),
    SEE_AWARDS: _("read what breaches owe: awards, who approved and who was paid"),
    "commitments.propose_award": _("propose what a breach owes"),
    "commitments.approve_award": _("approve what a breach owes, within the approval limit"),
    "commitments.withdraw_award": _("take awards back after an excuse or an appeal"),
    "commitments.settle_award": _("pay awards out, set them off, give credits and points"),
    "commitments.record_top_up": _("book what sellers pay into their deposits"),
    SEE_PEOPLE: _("look at branches, people and roles"),
    "workforce.record_absence": _("enter absences of technicians"),
    "workforce.grant_qualification": _("enter certificates of technicians"),
    "workforce.register_technician": _("register technicians, and part with them"),
    "access.change_branch": _("open, change and close branches; number series"),
    "access.change_user": _("register users, shut them out, reset their sign-in"),
    "access.assign_role": _("give roles and take them back"),
    "access.set_limit": _("set approval limits: who decides alone up to how much"),
    "access.issue_token": _("make and revoke API tokens"),
    "catalog.change_catalogue": _("change the catalogue: products, fault codes, parts, prices"),
    "policies.propose_pack": _("propose rules of the company's own"),
    "policies.approve_pack": _("approve rules that somebody else proposed"),
    "entitlements.decide_package": _("decide what is done for a model after the sale (service packages)"),
    "workorders.import_calls": _("import calls from other systems"),
    "commitments.change_calendar": _("say which days and hours are worked"),
}


def allowed_to(role: Role) -> list[str | Promise]:
    """What a role lets one do, in words."""
    return [words for code, words in ALLOWS.items() if code in ROLE_CODES[role]]
