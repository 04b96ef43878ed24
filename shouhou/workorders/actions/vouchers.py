"""Custody of the voucher: out of the folder, signed, handed in, filed. One paper, one holder."""

from datetime import UTC, datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.looks import Look
from shouhou.audit.statements import write
from shouhou.kernel.errors import Conflict, Invalid, Refusal, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.texts import written
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianNotFound
from shouhou.workorders.actions._order import check_state, given_reason, journal, order_locked
from shouhou.workorders.errors import ActBeforeCall, NotYourVisit, WrongState
from shouhou.workorders.ink import draw_signature
from shouhou.workorders.models import Visit, Voucher, VoucherEntry, VoucherMove, WorkOrder
from shouhou.workorders.rules import (
    LIVE_VISIT,
    OPEN,
    VOUCHER_MOVES,
    OrderStatus,
    Strokes,
    VoucherState,
    check_strokes,
)

_LOCKED_VOUCHER = Look(
    lambda branch_id, asset_id: (
        Voucher.objects.select_for_update(of=("self",))
        .select_related("holder")
        .filter(branch_id=branch_id, asset_id=asset_id)
    )
)
_LAST_ENTRY = Look(
    lambda branch_id, order_id: VoucherEntry.objects.filter(branch_id=branch_id, work_order_id=order_id).order_by(
        "-entered_at", "-id"
    )[:1]
)


class VoucherNotInFolder(Conflict):
    code = "voucher_not_in_folder"
    template = gettext_noop("The voucher %(voucher)s is not in the folder: “%(state)s” (%(holder)s).")


class VoucherInWrongState(Conflict):
    code = "voucher_in_wrong_state"
    template = gettext_noop("The voucher %(voucher)s is “%(state)s”; this is not possible now.")


class VoucherOutForOther(Conflict):
    code = "voucher_out_for_other"
    template = gettext_noop("The voucher %(voucher)s is out for another work order.")


class NothingToSign(Conflict):
    code = "nothing_to_sign"
    template = gettext_noop("There is no finished visit that still has to be signed.")


class SignerMissing(Invalid):
    code = "signer_missing"
    template = gettext_noop("Please write the name of the person who signs.")


class NotYourVoucher(Refusal):
    code = "not_your_voucher"
    template = gettext_noop(
        "The voucher %(voucher)s is with %(holder)s; only the holder or the desk can bring it back."
    )


class SignedBeforeEntry(Invalid):
    code = "signed_before_entry"
    template = gettext_noop("Nothing can be signed before it was written down (%(entered)s).")


class VisitUnderWay(Conflict):
    code = "visit_under_way"
    template = gettext_noop("The visit is not over; the voucher stays with the technician.")


def issue_voucher(order_id: UUID, *, technician_id: UUID, by: Actor, at: datetime) -> Voucher:
    """The clerk hands the voucher to the technician. Raises VoucherNotInFolder when it is out, TechnicianNotFound."""
    with act_transaction():
        order = _lock(order_id, permission="workorders.issue_voucher", by=by, at=at)
        if order.status not in OPEN:
            raise WrongState(number=order.number, status=OrderStatus(order.status).label, act="issue_voucher")
        holder = Technician.objects.filter(branch_id=order.branch_id, id=technician_id).first()
        if holder is None:
            raise TechnicianNotFound(field="technician")
        voucher = lock_voucher_for(order)
        _check_in_folder(voucher)
        return _move(voucher, act="issue", order=order, holder=holder, by=by, at=at)


def record_signature(order_id: UUID, *, signer_name: str, strokes: Strokes, by: Actor, at: datetime) -> VoucherEntry:
    """The customer signs the voucher (rule 九): strokes and picture are stored and sealed into the journal.

    Raises SignatureEmpty, SignatureMalformed, SignerMissing, NothingToSign, NotYourVisit, WrongState, NotPermitted.
    """
    check_strokes(strokes)
    signer_name = written(signer_name, most=80, field="signer_name")
    if not signer_name:
        raise SignerMissing(field="signer_name")
    with act_transaction():
        order, voucher, entry = _lock_entry(order_id, by=by, at=at)
        entry.signer_name = signer_name
        entry.strokes = [[[*point] for point in stroke] for stroke in strokes]
        entry.signature_image = draw_signature(strokes)
        return _close_entry(order, voucher, entry, verb="voucher.signed", by=by, at=at)


def record_signature_refused(order_id: UUID, *, reason: str, by: Actor, at: datetime) -> VoucherEntry:
    """The customer will not or cannot sign; why not takes the place of the signature.

    Raises ReasonMissing, NothingToSign, NotYourVisit, WrongState, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        order, voucher, entry = _lock_entry(order_id, by=by, at=at)
        entry.unsigned_reason = reason
        return _close_entry(order, voucher, entry, verb="voucher.signature_refused", by=by, at=at)


def return_voucher(order_id: UUID, *, reason: str, by: Actor, at: datetime) -> Voucher:
    """Bring the voucher back unsigned, for instance when another technician will go. Not while a visit is under way."""
    reason = given_reason(reason)
    with act_transaction():
        order = _lock(order_id, permission="workorders.hand_in_voucher", by=by, at=at)
        live = Visit.objects.filter(branch_id=order.branch_id, work_order_id=order.id, status__in=LIVE_VISIT)
        voucher = _lock_out_voucher(order)
        _check_brings_back(voucher, by=by)
        if live.filter(departed_at__isnull=False).exists():
            raise VisitUnderWay()
        return _move(voucher, act="return", order=order, holder=None, by=by, at=at, reason=reason)


def hand_in_voucher(order_id: UUID, *, by: Actor, at: datetime) -> Voucher:
    """The signed voucher goes back to the clerk (rule 九).

    Raises VoucherInWrongState, VoucherOutForOther, NotYourVoucher, NotPermitted.
    """
    with act_transaction():
        order = _lock(order_id, permission="workorders.hand_in_voucher", by=by, at=at)
        voucher = _lock_out_voucher(order)
        _check_brings_back(voucher, by=by)
        return _move(voucher, act="hand_in", order=order, holder=None, by=by, at=at)


def file_voucher(order_id: UUID, *, by: Actor, at: datetime) -> Voucher:
    """Put the voucher back into the customer's folder 归档. Raises as `hand_in_voucher` does."""
    with act_transaction():
        order = _lock(order_id, permission="workorders.file_voucher", by=by, at=at)
        return _move(_lock_out_voucher(order), act="file", order=order, holder=None, by=by, at=at)


def take_out_voucher(order: WorkOrder, *, holder: Technician, by: Actor, at: datetime) -> Voucher:
    """Part of departing: the technician takes the voucher, unless he has it for this order already."""
    voucher = lock_voucher_for(order)
    if (
        voucher.state == VoucherState.WITH_TECHNICIAN
        and voucher.holder_id == holder.id
        and voucher.work_order_id == order.id
    ):
        return voucher
    _check_in_folder(voucher)
    return _move(voucher, act="issue", order=order, holder=holder, by=by, at=at)


def lock_voucher_for(order: WorkOrder) -> Voucher:
    """The voucher of the order's unit, locked."""
    (voucher,) = _LOCKED_VOUCHER.all(branch_id=order.branch_id, asset_id=order.asset_id)
    return voucher


def _lock(order_id: UUID, *, permission: str, by: Actor, at: datetime) -> WorkOrder:
    """Custody does not depend on the order's status, only on where the paper is."""
    order = order_locked(order_id, by=by)
    by.require(permission, order.branch_id)
    if at < order.received_at:
        raise ActBeforeCall(received=order.received_at.isoformat())
    return order


def _lock_out_voucher(order: WorkOrder) -> Voucher:
    voucher = lock_voucher_for(order)
    if voucher.work_order_id != order.id:
        raise VoucherOutForOther(voucher=voucher.number) if voucher.work_order_id else _wrong_state(voucher)
    return voucher


def _check_brings_back(voucher: Voucher, *, by: Actor) -> None:
    """A technician brings back what he holds; the desk, which files vouchers, may take any from its holder."""
    if (
        voucher.holder
        and voucher.holder.user_id != by.user_id
        and not by.may("workorders.file_voucher", voucher.branch_id)
    ):
        raise NotYourVoucher(voucher=voucher.number, holder=voucher.holder.name)


def _lock_entry(order_id: UUID, *, by: Actor, at: datetime) -> tuple[WorkOrder, Voucher, VoucherEntry]:
    order = order_locked(order_id, by=by)
    supervises = by.may("workorders.work_for_technician", order.branch_id)
    by.require("workorders.work_for_technician" if supervises else "workorders.work_visit", order.branch_id)
    check_state(order, act="sign")
    voucher = lock_voucher_for(order)
    entry = _LAST_ENTRY.first(branch_id=order.branch_id, order_id=order.id)
    if entry is None or entry.signed_at or voucher.work_order_id != order.id:
        raise NothingToSign()
    if not supervises and (voucher.holder is None or voucher.holder.user_id != by.user_id):
        raise NotYourVisit(technician=voucher.holder.name if voucher.holder else "—")
    if at < entry.entered_at:
        raise SignedBeforeEntry(entered=entry.entered_at.isoformat())
    return order, voucher, entry


def _close_entry(
    order: WorkOrder, voucher: Voucher, entry: VoucherEntry, *, verb: str, by: Actor, at: datetime
) -> VoucherEntry:
    entry.signed_at = at
    entry.seal = seal_of(entry)
    write(entry, "signer_name", "strokes", "signature_image", "unsigned_reason", "signed_at", "seal")
    _move(voucher, act="sign", order=order, holder=voucher.holder, by=by, at=at)
    data = {"voucher": voucher.number, "entry": str(entry.id), "seal": entry.seal}
    journal(order, verb, subject=("voucher_entry", entry.id), by=by, at=at, data=data)
    return entry


def seal_of(entry: VoucherEntry) -> str:
    """SHA-256 over what was signed and the signature itself; it is part of the hashed event."""
    return digest(
        {
            "entry": str(entry.id),
            "work_class": entry.work_class,
            "fault_found": entry.fault_found,
            "fault_code": str(entry.fault_code_id or ""),
            "work_done": entry.work_done,
            "checks": entry.checks,
            "completed": entry.completed,
            "minutes": [entry.labour_minutes, entry.travel_minutes],
            "charge": f"{entry.charge:.2f} {entry.currency}",
            "signer": entry.signer_name,
            "strokes": entry.strokes,
            "image": bytes(entry.signature_image or b"").hex(),
            "unsigned": entry.unsigned_reason,
            "at": entry.signed_at.astimezone(UTC).isoformat(timespec="microseconds") if entry.signed_at else None,
        }
    ).hex()


def _move(
    voucher: Voucher,
    *,
    act: str,
    order: WorkOrder,
    holder: Technician | None,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Voucher:
    sources, target = VOUCHER_MOVES[act]
    if voucher.state not in sources:
        raise _wrong_state(voucher)
    source = voucher.state
    voucher.state, voucher.holder, voucher.since = target, holder, at
    in_folder = target in (VoucherState.IN_FOLDER, VoucherState.FILED)
    voucher.work_order = None if in_folder else order
    write(voucher, "state", "holder", "work_order", "since")
    VoucherMove.objects.create(
        branch_id=voucher.branch_id,
        voucher=voucher,
        work_order=order,
        from_state=source,
        to_state=target,
        holder=holder,
        by=by.user,
        at=at,
        reason=reason,
    )
    if act != "sign":
        journal(
            order,
            {
                "issue": "voucher.issued",
                "return": "voucher.returned",
                "hand_in": "voucher.handed_in",
                "file": "voucher.filed",
            }[act],
            subject=("voucher", voucher.id),
            by=by,
            at=at,
            data={
                "voucher": voucher.number,
                "from": source,
                "to": str(target),
                "holder": str(holder.id) if holder else None,
                "reason": reason,
            },
        )
    return voucher


def _check_in_folder(voucher: Voucher) -> None:
    if voucher.state not in VOUCHER_MOVES["issue"][0]:
        raise VoucherNotInFolder(
            voucher=voucher.number,
            state=VoucherState(voucher.state).label,
            holder=voucher.holder.name if voucher.holder else "—",
        )


def _wrong_state(voucher: Voucher) -> VoucherInWrongState:
    return VoucherInWrongState(voucher=voucher.number, state=VoucherState(voucher.state).label)
