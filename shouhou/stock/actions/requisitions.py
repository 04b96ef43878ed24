"""领料: parts are asked for, approved by amount by somebody else, and handed out, by a substitute where need be."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.approvals import require_approval
from shouhou.access.rules import Decision
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import Part, ProductModel
from shouhou.catalog.queries import find_substitutes
from shouhou.kernel.errors import Conflict, NotPermitted, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.quantities import some_thousandths
from shouhou.ledger.rules import NOTHING, Reference
from shouhou.stock.actions._lots import check_fit, parts_of
from shouhou.stock.actions._moving import is_whole
from shouhou.stock.actions._numbers import paper_number
from shouhou.stock.actions._places import shelf
from shouhou.stock.actions._reasons import given_reason
from shouhou.stock.actions._values import average_value
from shouhou.stock.actions.transfers import send_parts
from shouhou.stock.models import Place, Requisition, RequisitionLine
from shouhou.stock.queries import PlaceNotFound, RequisitionNotFound
from shouhou.stock.rules import STORES, Lot, RequisitionStatus

REQUEST_PARTS = "stock.request_parts"
APPROVE_REQUISITION = "stock.approve_requisition"
FILL_REQUISITION = "stock.fill_requisition"


class RequisitionStands(Conflict):
    code = "requisition_stands"
    template = gettext_noop("This request is not in a state that allows it (%(status)s).")


class NotAskedFor(Conflict):
    code = "part_not_asked_for"
    template = gettext_noop("%(part)s was not asked for, and is no listed substitute of what was.")


class MoreThanAskedFor(Conflict):
    code = "more_than_asked_for"
    template = gettext_noop("Of %(part)s no more than %(asked)s were asked for.")


class NotYourRequest(NotPermitted):
    code = "not_your_requisition"
    template = gettext_noop("Only who asked for the parts withdraws the request.")


def request_parts(
    place_id: UUID,
    lots: Sequence[Lot],
    *,
    to: UUID,
    by: Actor,
    at: datetime,
    about: Reference = NOTHING,
    product_model: ProductModel | None = None,
) -> Requisition:
    """Ask for parts from a store, for another or for a van.

    Raises PlaceNotFound, PartDoesNotFit, what `parts_of` does, QuantityNotPositive, QuantityNotWhole, QuantityTooFine,
    NotPermitted.
    """
    parts = parts_of(lots)
    check_fit(parts.values(), product_model)
    about = about.checked("about")
    with act_transaction():
        start = _store(place_id, by=by)
        end = shelf(to, permission=REQUEST_PARTS, by=by)
        if end.kind not in STORES or end.branch_id != start.branch_id or end.id == start.id:
            raise PlaceNotFound(field="to")
        asked = [
            (parts[lot.part_id], some_thousandths(lot.quantity, whole=is_whole(parts[lot.part_id]))) for lot in lots
        ]
        row = Requisition(
            branch_id=start.branch_id,
            number=paper_number(by.branch_of(start.branch_id), "requisition", at=at),
            from_place=start,
            to_place=end,
            about_kind=about.kind,
            about_id=about.id,
            value_minor=sum(average_value(start.branch_id, part.id, units) for part, units in asked),
            asked_by=by.user_id,
            asked_at=at,
        )
        row.save(force_insert=True)
        RequisitionLine.objects.bulk_create(
            RequisitionLine(branch_id=row.branch_id, requisition=row, part=part, units=units) for part, units in asked
        )
        told: dict[str, object] = {"number": row.number, "lines": [[part.number, units] for part, units in asked]}
        _record(row, "asked", told, by=by, at=at, opens=True)
        return row


def approve_requisition(requisition_id: UUID, *, by: Actor, at: datetime) -> Requisition:
    """Let the parts be handed out. Not by who asked for them, and only up to one's approval limit.

    Raises RequisitionNotFound, RequisitionStands, OwnRequest, AboveLimit, NobodyDecides, ApproverNeeded, NotPermitted.
    """
    with act_transaction():
        row = _locked(requisition_id, RequisitionStatus.ASKED, permission=APPROVE_REQUISITION, by=by)
        amount = Money.of_minor_units(row.value_minor)
        require_approval(
            amount, kind=Decision.REQUISITION, branch_id=row.branch_id, asked_by=row.asked_by, by=by, at=at
        )
        return _decide(row, RequisitionStatus.APPROVED, by=by, at=at)


def refuse_requisition(requisition_id: UUID, *, reason: str, by: Actor, at: datetime) -> Requisition:
    """Do not let the parts be handed out. Raises RequisitionNotFound, RequisitionStands, ReasonOwed, NotPermitted."""
    reason = given_reason(reason)
    with act_transaction():
        row = _locked(requisition_id, RequisitionStatus.ASKED, permission=APPROVE_REQUISITION, by=by)
        return _decide(row, RequisitionStatus.REFUSED, by=by, at=at, reason=reason)


def withdraw_requisition(requisition_id: UUID, *, by: Actor, at: datetime) -> Requisition:
    """Who asked needs the parts no more. Raises RequisitionNotFound, RequisitionStands, NotYourRequest, NotPermitted."""
    with act_transaction():
        row = _locked(
            requisition_id, RequisitionStatus.ASKED, RequisitionStatus.APPROVED, permission=REQUEST_PARTS, by=by
        )
        if by.user is not None and row.asked_by != by.user_id:
            raise NotYourRequest(permission=REQUEST_PARTS)
        return _decide(row, RequisitionStatus.WITHDRAWN, by=by, at=at)


def fill_requisition(
    requisition_id: UUID,
    lots: Sequence[Lot],
    *,
    by: Actor,
    at: datetime,
    instead_of: Mapping[UUID, UUID] | None = None,
) -> Requisition:
    """Hand out what was approved, or less: the parts are on their way to who asked. `instead_of`: given part → part asked for.

    Raises RequisitionNotFound, RequisitionStands, NotAskedFor, MoreThanAskedFor, PartNotAvailable and what `send_parts` does.
    """
    parts = parts_of(lots)
    with act_transaction():
        row = _locked(requisition_id, RequisitionStatus.APPROVED, permission=FILL_REQUISITION, by=by)
        rows = RequisitionLine.objects.filter(branch_id=row.branch_id, requisition=row).select_related("part")
        lines = {line.part_id: line for line in rows}
        for lot in lots:
            part = parts[lot.part_id]
            line = lines.get((instead_of or {}).get(part.id, part.id))
            _check_given(line, part)
            if line is None:
                raise NotAskedFor(part=part.number, field="part")
            units = some_thousandths(lot.quantity, whole=is_whole(part))
            if line.given_part_id is not None or units > line.units:
                raise MoreThanAskedFor(part=line.part.number, asked=line.quantity, field="quantity")
            line.given_part, line.given_units = part, units
            line.save(update_fields=["given_part", "given_units"])
        row.transfer = send_parts(
            row.from_place_id, lots, to=row.to_place_id, key=f"requisition {row.number}", by=by, at=at, memo=row.number
        )
        row.status = RequisitionStatus.FILLED
        row.save(update_fields=["status", "transfer"])
        _record(row, "filled", {"transfer": row.transfer.number}, by=by, at=at)
        return row


def _check_given(line: RequisitionLine | None, part: Part) -> None:
    """Raise NotAskedFor unless the part is what was asked for, or a listed substitute of it."""
    if line is None or (line.part_id != part.id and not find_substitutes(line.part).filter(id=part.id).exists()):
        raise NotAskedFor(part=part.number, field="part")


def _store(place_id: UUID, *, by: Actor) -> Place:
    place = shelf(place_id, permission=REQUEST_PARTS, by=by)
    if place.kind not in STORES:
        raise PlaceNotFound(field="place")
    return place


def _locked(requisition_id: UUID, *statuses: RequisitionStatus, permission: str, by: Actor) -> Requisition:
    row = Requisition.objects.visible_to(by).select_for_update(no_key=True).filter(id=requisition_id).first()
    if row is None:
        raise RequisitionNotFound(field="requisition")
    by.require(permission, row.branch_id)
    if row.status not in statuses:
        raise RequisitionStands(status=row.get_status_display(), field="requisition")
    return row


def _decide(row: Requisition, status: RequisitionStatus, *, by: Actor, at: datetime, reason: str = "") -> Requisition:
    row.status, row.decided_by, row.decided_at, row.reason = status, by.user_id, at, reason
    row.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    _record(row, status.value, {"reason": reason} if reason else {}, by=by, at=at)
    return row


def _record(
    row: Requisition, what: str, data: dict[str, object], *, by: Actor, at: datetime, opens: bool = False
) -> None:
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"stock.requisition.{what}",
        subject=("stock_requisition", row.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
