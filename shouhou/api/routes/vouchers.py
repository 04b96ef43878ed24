"""The voucher's way: out of the folder, signed, handed in, filed; and the two forms on paper."""

from base64 import b64encode
from uuid import UUID

from django.utils import timezone

from shouhou.access.permissions import SEE_REGISTER
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import Day
from shouhou.api.routing import Routes
from shouhou.api.schemas.visits import SignatureInput
from shouhou.api.schemas.vouchers import (
    EntryAnswer,
    FullVoucherAnswer,
    IssueInput,
    PrintAnswer,
    PrintInput,
    PrintPageInput,
    VoucherAnswer,
)
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.forms import actions as forms
from shouhou.forms.queries import get_voucher
from shouhou.workorders import actions as acts
from shouhou.workorders.models import Voucher
from shouhou.workorders.queries import find_entries_of, get_voucher_of, get_work_order

routes = Routes("vouchers")


@routes.read("/work-orders/{uuid:order_id}/voucher", FullVoucherAnswer)
def show_voucher_of_work_order(request: ActorRequest, order_id: UUID) -> FullVoucherAnswer:
    """Show the voucher of the order's unit."""
    order = get_work_order(order_id, by=request.auth)
    request.auth.require(SEE_REGISTER, order.branch_id)
    return _with_entries(get_voucher_of(order))


@routes.read("/vouchers/{uuid:voucher_id}", FullVoucherAnswer)
def show_voucher(request: ActorRequest, voucher_id: UUID) -> FullVoucherAnswer:
    """Show a voucher with its lines."""
    voucher = get_voucher(voucher_id, by=request.auth)
    request.auth.require(SEE_REGISTER, voucher.branch_id)
    return _with_entries(voucher)


@routes.act("POST", "/work-orders/{uuid:order_id}/voucher/issue", VoucherAnswer)
def issue_voucher(request: ActorRequest, order_id: UUID, body: IssueInput) -> VoucherAnswer:
    """Hand the voucher to a technician."""
    voucher = acts.issue_voucher(order_id, technician_id=body.technician_id, by=request.auth, at=timezone.now())
    return VoucherAnswer.of(voucher)


@routes.act("POST", "/work-orders/{uuid:order_id}/voucher/return", VoucherAnswer)
def return_voucher(request: ActorRequest, order_id: UUID, body: ReasonInput) -> VoucherAnswer:
    """Bring the voucher back unsigned."""
    return VoucherAnswer.of(acts.return_voucher(order_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.act("POST", "/work-orders/{uuid:order_id}/voucher/hand-in", VoucherAnswer)
def hand_in_voucher(request: ActorRequest, order_id: UUID) -> VoucherAnswer:
    """Hand the signed voucher in."""
    return VoucherAnswer.of(acts.hand_in_voucher(order_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/work-orders/{uuid:order_id}/voucher/filing", VoucherAnswer)
def file_voucher(request: ActorRequest, order_id: UUID) -> VoucherAnswer:
    """Put the voucher back into the customer's folder."""
    return VoucherAnswer.of(acts.file_voucher(order_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/work-orders/{uuid:order_id}/signature", EntryAnswer)
def record_signature(request: ActorRequest, order_id: UUID, body: SignatureInput) -> EntryAnswer:
    """Store the customer's signature. It is sealed into the journal."""
    entry = acts.record_signature(
        order_id, signer_name=body.signer_name, strokes=body.strokes, by=request.auth, at=timezone.now()
    )
    return EntryAnswer.of(entry)


@routes.act("POST", "/work-orders/{uuid:order_id}/signature-refusal", EntryAnswer)
def record_signature_refused(request: ActorRequest, order_id: UUID, body: ReasonInput) -> EntryAnswer:
    """Write down why the customer does not sign."""
    entry = acts.record_signature_refused(order_id, reason=body.reason, by=request.auth, at=timezone.now())
    return EntryAnswer.of(entry)


@routes.act("POST", "/vouchers/{uuid:voucher_id}/prints", PrintAnswer, status=201)
def print_voucher(request: ActorRequest, voucher_id: UUID, body: PrintInput) -> PrintAnswer:
    """Print form 服表001. Every print is counted and stands in the journal."""
    sheet, pdf = forms.print_voucher(voucher_id, second_line=body.second_line, by=request.auth, at=timezone.now())
    return PrintAnswer.of(sheet, b64encode(pdf).decode())


@routes.act("POST", "/register-pages/{day}/prints", PrintAnswer, status=201)
def print_register_page(request: ActorRequest, day: Day, body: PrintPageInput) -> PrintAnswer:
    """Print form 服表002. Every print is counted and stands in the journal."""
    branch = branch_named(request, body.branch)
    sheet, pdf = forms.print_register_page(
        branch, day=day, second_line=body.second_line, by=request.auth, at=timezone.now()
    )
    return PrintAnswer.of(sheet, b64encode(pdf).decode())


def _with_entries(voucher: Voucher) -> FullVoucherAnswer:
    entries = [EntryAnswer.of(entry) for entry in find_entries_of(voucher)]
    return FullVoucherAnswer(**VoucherAnswer.fields_of(voucher), entries=entries)
