"""What every act on a unit does: lock it, look who has it, write the line of the book, the new holder and the event."""

from datetime import UTC, datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.audit.actions import record
from shouhou.audit.statements import write
from shouhou.custody.models import Custody, GoodsReceipt, HandOver
from shouhou.custody.rules import LEAVES, HandOverKind, Holder, HolderKind, Side, leads
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianNotFound


class UnitNotFound(NotFound):
    code = "unit_not_found"


class UnitNotAway(Conflict):
    code = "unit_not_away"
    template = gettext_noop("This unit is not with us: no receipt is open for it.")


class UnitNotThere(Conflict):
    code = "unit_not_there"
    template = gettext_noop("The unit is not there; the register says: %(holder)s.")


class UnitKept(Conflict):
    code = "unit_kept"
    template = gettext_noop("The repair card %(card)s hangs on the unit; it has to be inspected first.")


class HandOverNotPossible(Conflict):
    code = "hand_over_not_possible"
    template = gettext_noop("A unit cannot go from “%(start)s” to “%(end)s” in this way.")


class BeforeLastHandOver(Invalid):
    code = "before_last_hand_over"
    template = gettext_noop("The unit has changed hands after that already (%(last)s).")


def lock_unit(asset_id: UUID, *, permission: str, by: Actor) -> tuple[Asset, Custody | None]:
    """The unit, locked until the transaction ends, and who has it; None for one that has never left its customer.

    Raises UnitNotFound, NotPermitted.
    """
    # The weaker lock: an order that is written for the unit meanwhile need not wait.
    asset = Asset.objects.visible_to(by).select_for_update(no_key=True).filter(id=asset_id).first()
    if asset is None:
        raise UnitNotFound()
    by.require(permission, asset.branch_id)
    return asset, Custody.objects.filter(branch_id=asset.branch_id, asset_id=asset.id).select_related("receipt").first()


def lock_away(asset_id: UUID, *, permission: str, by: Actor) -> tuple[Custody, GoodsReceipt]:
    """The custody of a unit that is away, and its open receipt. Raises UnitNotFound, UnitNotAway, NotPermitted."""
    _asset, custody = lock_unit(asset_id, permission=permission, by=by)
    if custody is None or custody.receipt is None:
        raise UnitNotAway()
    return custody, custody.receipt


def checked_holder(holder: Holder, *, branch_id: UUID, field: str) -> Holder:
    """A holder of the branch. Raises HolderIncomplete, TechnicianNotFound."""
    holder = holder.checked(field=field)
    if holder.technician_id is not None:
        known = Technician.objects.filter(branch_id=branch_id, id=holder.technician_id, active=True)
        if not known.exists():
            raise TechnicianNotFound(field=field)
    return holder


def hand_over(
    custody: Custody,
    what: HandOverKind,
    *,
    receipt: GoodsReceipt,
    to: Holder,
    giver: Side,
    taker: Side,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> HandOver:
    """One line of the register, and the unit with its new holder; the caller holds the unit's lock and has checked the sides.

    Raises UnitKept, HandOverNotPossible, BeforeLastHandOver.
    """
    start = custody.holder
    if custody.kept_for and what in LEAVES:
        raise UnitKept(card=custody.kept_for)
    if not leads(what, start.kind, to.kind) or (start == to and what != HandOverKind.READY):
        raise HandOverNotPossible(start=start.shown, end=to.shown)
    if custody.hand_overs and at < custody.since:
        raise BeforeLastHandOver(last=custody.since.isoformat())
    custody.kind, custody.technician_id, custody.place = to.kind, to.technician_id, to.place
    custody.receipt = receipt if to.kind not in (HolderKind.CUSTOMER, HolderKind.DISPOSED) else None
    custody.ready = what == HandOverKind.READY
    custody.since = at
    custody.hand_overs += 1
    if custody.hand_overs == 1:
        custody.save(force_insert=True)
    else:
        write(custody, "kind", "technician", "place", "receipt", "ready", "since", "hand_overs")
    line = HandOver(
        branch_id=custody.branch_id,
        custody=custody,
        receipt=receipt,
        sequence=custody.hand_overs,
        what=what,
        from_kind=start.kind,
        from_technician_id=start.technician_id,
        from_place=start.place,
        to_kind=to.kind,
        to_technician_id=to.technician_id,
        to_place=to.place,
        giver_name=giver.name,
        giver_signed=not giver.refusal,
        giver_strokes=giver.strokes,
        giver_refusal=giver.refusal,
        taker_name=taker.name,
        taker_signed=not taker.refusal,
        taker_strokes=taker.strokes,
        taker_refusal=taker.refusal,
        reason=reason,
        by=by.user,
        at=at,
    )
    line.seal = seal_of(line)
    line.save(force_insert=True)
    record(
        branch_id=custody.branch_id,
        chain_id=custody.id,
        verb=f"custody.unit.{what.value}",
        subject=("hand_over", line.id),
        by=by,
        at=at,
        data={
            "receipt": receipt.number,
            "from": _told(start),
            "to": _told(to),
            "reason": reason,
            "seal": line.seal,
        },
        opens=custody.hand_overs == 1,
    )
    return line


def seal_of(line: HandOver) -> str:
    """SHA-256 over a line of the register and both signatures; it is part of the hashed event."""
    return digest(
        {
            "custody": str(line.custody_id),
            "receipt": str(line.receipt_id),
            "sequence": line.sequence,
            "what": str(line.what),
            "from": _told(line.giver),
            "to": _told(line.taker),
            "giver": [line.giver_name, line.giver_strokes, line.giver_refusal],
            "taker": [line.taker_name, line.taker_strokes, line.taker_refusal],
            "reason": line.reason,
            "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    ).hex()


def _told(holder: Holder) -> dict[str, str]:
    told = {"kind": str(holder.kind), "technician": str(holder.technician_id or ""), "place": holder.place}
    return {name: value for name, value in told.items() if value}
