"""旧件返还: what was taken out of a customer's unit is owed, labelled, sent to the maker and received there, or scrapped here.

Movements of their own kinds between places of their own: what comes back old never makes what was used less.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.approvals import OwnRequest
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import Part
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written
from shouhou.ledger.rules import Reference
from shouhou.stock.actions._lots import written_key
from shouhou.stock.actions._moving import Act, Step, StockKeyUsed, move
from shouhou.stock.actions._numbers import paper_number
from shouhou.stock.actions._places import OWN_VAN, outside
from shouhou.stock.actions._reasons import given_reason
from shouhou.stock.models import OldPart
from shouhou.stock.queries import OldPartNotFound
from shouhou.stock.rules import OLD_PART_STEPS, MoveKind
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianNotFound

RETURN_OLD_PARTS = "stock.return_old_parts"
WRITE_OFF_PARTS = "stock.write_off_parts"
ISSUE_PARTS = "stock.issue_parts"


class OldPartStands(Conflict):
    code = "old_part_stands"
    template = gettext_noop("The old part %(label)s is not in a state that allows it (%(state)s).")


class WaybillInvalid(Invalid):
    code = "waybill_invalid"
    template = gettext_noop("Name the carrier, and a waybill number of 6 to 32 letters and digits.")


class NoOldPartsNamed(Invalid):
    code = "no_old_parts_named"
    template = gettext_noop("Name at least one old part.")


class ScrapNotAskedFor(Conflict):
    code = "scrap_not_asked_for"
    template = gettext_noop("Nobody has asked to scrap the old part %(label)s here.")


class OldPartOfNothing(Invalid):
    code = "old_part_of_nothing"
    template = gettext_noop("It is not said from which order the old part comes.")


def owe_old_part(
    part: Part,
    *,
    technician_id: UUID,
    about: Reference,
    due_on: date,
    key: str,
    by: Actor,
    at: datetime,
    serial: str = "",
) -> OldPart:
    """An old part was taken out of a unit; the technician owes it by that day. It gets its label number at once.

    The technician himself may say so, too. The same call under the same key gives the first.
    Raises TechnicianNotFound, OldPartOfNothing, KeyMissing, StockKeyUsed, TextTooLong, NotPermitted.
    """
    about = about.checked("about")
    if not (about.kind and about.id):
        raise OldPartOfNothing(field="about")
    key, serial = written_key(key), written(serial, most=60, field="serial")
    with act_transaction():
        owing = Technician.objects.visible_to(by).select_for_update(no_key=True).filter(id=technician_id).first()
        if owing is None:
            raise TechnicianNotFound(field="technician")
        himself = owing.user_id == by.user_id and by.may(OWN_VAN, owing.branch_id)
        if not himself and not by.may(ISSUE_PARTS, owing.branch_id):
            by.require(RETURN_OLD_PARTS, owing.branch_id)
        known = OldPart.objects.filter(branch_id=owing.branch_id, key=key).first()
        if known is not None:
            if (known.part_id, known.about, known.serial, known.due_on) != (part.id, about, serial, due_on):
                raise StockKeyUsed(key=key, field="key")
            return known
        row = OldPart(
            branch_id=owing.branch_id,
            label=paper_number(by.branch_of(owing.branch_id), "old_part", at=at),
            key=key,
            part=part,
            serial=serial,
            technician=owing,
            about_kind=about.kind,
            about_id=about.id,
            due_on=due_on,
            owed_at=at,
            moved_at=at,
        )
        _move(row, MoveKind.OLD_PART_DUE, permission=OWN_VAN if himself else RETURN_OLD_PARTS, by=by, at=at)
        return row


def label_old_part(old_part_id: UUID, *, by: Actor, at: datetime) -> OldPart:
    """The technician has handed it in, the label is on it. Raises OldPartNotFound, OldPartStands, NotPermitted."""
    with act_transaction():
        row = _locked(old_part_id, permission=RETURN_OLD_PARTS, by=by)
        return _move(row, MoveKind.OLD_PART_LABELLED, permission=RETURN_OLD_PARTS, by=by, at=at)


def ship_old_parts(
    old_part_ids: Sequence[UUID], *, carrier: str, waybill: str, by: Actor, at: datetime
) -> list[OldPart]:
    """Send labelled old parts to the maker in one parcel. Raises NoOldPartsNamed, WaybillInvalid, OldPartNotFound,
    OldPartStands, TextTooLong, NotPermitted.
    """
    carrier, waybill = written(carrier, most=40, field="carrier"), written(waybill, most=32, field="waybill")
    if not carrier or len(waybill) < 6 or not waybill.isalnum() or not waybill.isascii():
        raise WaybillInvalid(field="waybill")
    if not old_part_ids:
        raise NoOldPartsNamed(field="old_parts")
    with act_transaction():
        rows = [_locked(key, permission=RETURN_OLD_PARTS, by=by) for key in sorted(set(old_part_ids))]
        for row in rows:
            row.carrier, row.waybill = carrier, waybill
            _move(row, MoveKind.OLD_PART_SHIPPED, permission=RETURN_OLD_PARTS, by=by, at=at)
        return rows


def confirm_old_part(old_part_id: UUID, *, by: Actor, at: datetime) -> OldPart:
    """The maker has received it. Raises OldPartNotFound, OldPartStands, NotPermitted."""
    with act_transaction():
        row = _locked(old_part_id, permission=RETURN_OLD_PARTS, by=by)
        return _move(row, MoveKind.OLD_PART_RECEIVED, permission=RETURN_OLD_PARTS, by=by, at=at)


def refuse_old_part(old_part_id: UUID, *, reason: str, by: Actor, at: datetime) -> OldPart:
    """The maker has refused it; it is back on our shelf. Raises OldPartNotFound, OldPartStands, ReasonOwed, NotPermitted."""
    reason = given_reason(reason)
    with act_transaction():
        row = _locked(old_part_id, permission=RETURN_OLD_PARTS, by=by)
        row.carrier = row.waybill = ""
        return _move(row, MoveKind.OLD_PART_REFUSED, permission=RETURN_OLD_PARTS, by=by, at=at, reason=reason)


def ask_to_scrap(old_part_id: UUID, *, reason: str, by: Actor, at: datetime) -> OldPart:
    """Ask to scrap a labelled old part here. Raises OldPartNotFound, OldPartStands, ReasonOwed, NotPermitted."""
    reason = given_reason(reason)
    with act_transaction():
        row = _locked(old_part_id, permission=RETURN_OLD_PARTS, by=by)
        _check_state(row, MoveKind.OLD_PART_SCRAPPED)
        row.scrap_reason, row.scrap_asked_by = reason, by.user_id
        row.save(update_fields=["scrap_reason", "scrap_asked_by"])
        _record(row, "scrap_asked", {"reason": reason}, by=by, at=at)
        return row


def scrap_old_part(old_part_id: UUID, *, by: Actor, at: datetime) -> OldPart:
    """Approve that it is scrapped here; not by who asked.

    Raises OldPartNotFound, OldPartStands, ScrapNotAskedFor, OwnRequest, NotPermitted.
    """
    with act_transaction():
        row = _locked(old_part_id, permission=WRITE_OFF_PARTS, by=by)
        _check_state(row, MoveKind.OLD_PART_SCRAPPED)
        if not row.scrap_reason:
            raise ScrapNotAskedFor(label=row.label, field="old_part")
        if row.scrap_asked_by == by.user_id:
            raise OwnRequest()
        return _move(row, MoveKind.OLD_PART_SCRAPPED, permission=WRITE_OFF_PARTS, by=by, at=at, reason=row.scrap_reason)


def _locked(old_part_id: UUID, *, permission: str, by: Actor) -> OldPart:
    rows = OldPart.objects.visible_to(by).select_for_update(no_key=True, of=("self",)).filter(id=old_part_id)
    row = rows.select_related("part").first()
    if row is None:
        raise OldPartNotFound(field="old_part")
    by.require(permission, row.branch_id)
    return row


def _check_state(row: OldPart, kind: MoveKind) -> None:
    if row.state != OLD_PART_STEPS[kind][0]:
        raise OldPartStands(label=row.label, state=row.get_state_display(), field="old_part")


def _move(row: OldPart, kind: MoveKind, *, permission: str, by: Actor, at: datetime, reason: str = "") -> OldPart:
    """One step on its way: the movement between the places, the row, the event."""
    before, after, start, end = OLD_PART_STEPS[kind]
    if before is not None:
        _check_state(row, kind)
    row.state, row.moved_at = after, at
    if before is None:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["state", "moved_at", "carrier", "waybill"])
    places = outside(row.branch_id, [start, end], at=at)
    # A part may be refused and sent again, so the moment belongs to the key.
    key = f"old part {row.label} {kind.value} {at.isoformat()}"
    about = Reference("old_part", str(row.id))
    act = Act(branch_id=row.branch_id, key=key, permission=permission, by=by, at=at, about=about, memo=reason)
    move(act, [Step(kind, row.part, places[start], places[end], 1000)])
    data: dict[str, object] = {"label": row.label, "about": [row.about_kind, row.about_id], "waybill": row.waybill}
    _record(row, after.value, data | ({"reason": reason} if reason else {}), by=by, at=at, opens=before is None)
    return row


def _record(row: OldPart, what: str, data: dict[str, object], *, by: Actor, at: datetime, opens: bool = False) -> None:
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"stock.old_part.{what}",
        subject=("stock_old_part", row.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
