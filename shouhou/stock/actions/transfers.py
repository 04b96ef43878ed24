"""Parts go from store to store: on the way inside the branch, or to another one, where they wait as an arrival."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import Part
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.quantities import of_thousandths
from shouhou.kernel.texts import written
from shouhou.stock.actions._lots import parts_of, steps_of, written_key
from shouhou.stock.actions._moving import Act, Step, StockKeyUsed, move
from shouhou.stock.actions._numbers import paper_number
from shouhou.stock.actions._places import is_own_van, outside, shelf
from shouhou.stock.actions._reasons import given_reason
from shouhou.stock.models import Arrival, Movement, Place, Transfer
from shouhou.stock.queries import ArrivalNotFound, TransferNotFound
from shouhou.stock.rules import Lot, MoveKind, PlaceKind, TransferStatus

MOVE_PARTS = "stock.move_parts"
OWN_VAN = "stock.work_own_van"


class TransferClosed(Conflict):
    code = "transfer_closed"
    template = gettext_noop("This transfer is closed already (%(status)s).")


class NotOnTheWay(Conflict):
    code = "not_on_the_way"
    template = gettext_noop("Of %(part)s only %(left)s are still on the way with this transfer.")


class GoesToAnotherBranch(Conflict):
    code = "transfer_goes_to_another_branch"
    template = gettext_noop("These parts went to another branch; they are taken in there.")


class ArrivedAlready(Conflict):
    code = "arrival_received_already"
    template = gettext_noop("These parts have been taken in already.")


class SameBranch(Conflict):
    code = "transfer_in_same_branch"
    template = gettext_noop("This is the same branch; name the store instead.")


def send_parts(
    place_id: UUID, lots: Sequence[Lot], *, to: UUID, key: str, by: Actor, at: datetime, memo: str = ""
) -> Transfer:
    """Send parts to another place of the branch; they are on the way until they are taken in there. Repeats by key.

    Raises PlaceNotFound, MoveNotPossible, PartNotAvailable, StockKeyUsed and what `receive_parts` does.
    """
    parts = parts_of(lots)
    with act_transaction():
        start, end = shelf(place_id, permission=MOVE_PARTS, by=by), shelf(to, permission=MOVE_PARTS, by=by)
        way = outside(start.branch_id, [PlaceKind.IN_TRANSIT], at=at)[PlaceKind.IN_TRANSIT]
        steps = steps_of(lots, parts, kind=MoveKind.TRANSFER_OUT, start=start, end=way)
        row = Transfer(from_place=start, to_place=end)
        return _send(row, start, steps, permission=MOVE_PARTS, key=key, by=by, at=at, memo=memo)


def send_to_branch(
    place_id: UUID, lots: Sequence[Lot], *, to_branch: Branch, key: str, by: Actor, at: datetime, memo: str = ""
) -> Transfer:
    """Send parts to another branch: they and their value leave this one; there they are announced as an arrival.

    The other branch need not be one that the actor sees. Raises as `send_parts`, and SameBranch.
    """
    parts = parts_of(lots)
    with act_transaction():
        start = shelf(place_id, permission=MOVE_PARTS, by=by)
        if start.branch_id == to_branch.id:
            raise SameBranch(field="to_branch")
        end = outside(start.branch_id, [PlaceKind.OTHER_BRANCH], at=at)[PlaceKind.OTHER_BRANCH]
        steps = steps_of(lots, parts, kind=MoveKind.TRANSFER_OUT, start=start, end=end)
        row = Transfer(from_place=start, to_branch=to_branch)
        return _send(row, start, steps, permission=MOVE_PARTS, key=key, by=by, at=at, memo=memo)


def take_in_transfer(
    transfer_id: UUID, *, key: str, by: Actor, at: datetime, lots: Sequence[Lot] | None = None
) -> list[Movement]:
    """Take in what arrived, all of it or these lots; what is missing stays on the way until it comes or is given up.

    Who drives the van may take in what is for it.
    Raises TransferNotFound, GoesToAnotherBranch, TransferClosed, NotOnTheWay, and what `receive_parts` does.
    """
    with act_transaction():
        row, end = _locked(transfer_id, by=by)
        known = list(Movement.objects.filter(branch_id=row.branch_id, key=written_key(key)).order_by("line"))
        left = _on_the_way(row)
        if row.status != TransferStatus.SENT and not known:
            raise TransferClosed(status=row.get_status_display(), field="transfer")
        if known and known[0].about == row.reference:
            return known
        way = outside(row.branch_id, [PlaceKind.IN_TRANSIT], at=at)[PlaceKind.IN_TRANSIT]
        steps = _arriving(left, lots, way, end)
        moved = move(_act(row, key=key, by=by, at=at, place=end), steps)
        if not _on_the_way(row):
            _close(row, TransferStatus.ARRIVED, by=by, at=at, data={})
        return moved


def give_up_transfer(transfer_id: UUID, *, key: str, reason: str, by: Actor, at: datetime) -> Transfer:
    """What is still on the way will not come: it is booked as a difference, and the transfer is closed.

    Raises TransferNotFound, GoesToAnotherBranch, TransferClosed, ReasonOwed, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        row, _end = _locked(transfer_id, by=by)
        by.require("stock.write_off_parts", row.branch_id)
        if row.status != TransferStatus.SENT:
            raise TransferClosed(status=row.get_status_display(), field="transfer")
        places = outside(row.branch_id, [PlaceKind.IN_TRANSIT, PlaceKind.DIFFERENCE], at=at)
        way, end = places[PlaceKind.IN_TRANSIT], places[PlaceKind.DIFFERENCE]
        steps = [
            Step(MoveKind.COUNT_DIFFERENCE, part, way, end, units, serial)
            for (part, serial), units in _on_the_way(row).items()
        ]
        act = Act(
            branch_id=row.branch_id,
            key=written_key(key),
            permission="stock.write_off_parts",
            by=by,
            at=at,
            about=row.reference,
            memo=reason,
        )
        move(act, steps)
        _close(row, TransferStatus.LOST, by=by, at=at, data={"reason": reason})
        return row


def announce_transfer(transfer: Transfer, *, by: Actor, at: datetime) -> None:
    """Let the other branch know what is coming: one transaction there, one here. It may be called again at any time.

    The worker does it, as the product itself: nobody else acts in both branches.
    """
    if transfer.to_branch_id is None or transfer.announced_at is not None:
        return
    lots = [
        [str(one.part_id), one.units, one.serial.number if one.serial else "", -one.value_minor]
        for one in _movements(transfer).filter(kind=MoveKind.TRANSFER_OUT)
    ]
    with act_transaction():
        arrival, new = Arrival.objects.get_or_create(
            branch_id=transfer.to_branch_id,
            transfer_id=transfer.id,
            defaults={
                "number": transfer.number,
                "from_branch_id": transfer.branch_id,
                "lots": lots,
                "announced_at": at,
            },
        )
        if new:
            record(
                branch_id=arrival.branch_id,
                chain_id=arrival.id,
                verb="stock.arrival.announced",
                subject=("stock_arrival", arrival.id),
                by=by,
                at=at,
                data={"number": arrival.number, "lots": lots},
                opens=True,
            )
    with act_transaction():
        Transfer.objects.filter(branch_id=transfer.branch_id, id=transfer.id).update(announced_at=at)


def take_in_arrival(arrival_id: UUID, *, to: UUID, key: str, by: Actor, at: datetime) -> list[Movement]:
    """Take in what another branch has sent, at the value with which it left there; what is missing a count will show.

    Raises ArrivalNotFound, ArrivedAlready, PlaceNotFound, and what `receive_parts` does.
    """
    with act_transaction():
        place = shelf(to, permission=MOVE_PARTS, by=by)
        rows = Arrival.objects.select_for_update(no_key=True, of=("self",)).select_related("from_branch")
        row = rows.filter(branch_id=place.branch_id, id=arrival_id).first()
        if row is None:
            raise ArrivalNotFound(field="arrival")
        known = list(Movement.objects.filter(branch_id=row.branch_id, key=written_key(key)).order_by("line"))
        if row.received_at is not None:
            if known and known[0].about == row.reference:
                return known
            raise ArrivedAlready(field="arrival")
        start = outside(row.branch_id, [PlaceKind.OTHER_BRANCH], at=at)[PlaceKind.OTHER_BRANCH]
        parts = {str(one.id): one for one in Part.objects.filter(id__in=[lot[0] for lot in row.lots])}
        steps = [
            Step(MoveKind.TRANSFER_IN, parts[part], start, place, units, serial, value)
            for part, units, serial, value in row.lots
        ]
        act = Act(
            branch_id=row.branch_id,
            key=written_key(key),
            permission=MOVE_PARTS,
            by=by,
            at=at,
            about=row.reference,
            other_branch=row.from_branch,
        )
        moved = move(act, steps)
        row.received_at, row.to_place = at, place
        row.save(update_fields=["received_at", "to_place"])
        record(
            branch_id=row.branch_id,
            chain_id=row.id,
            verb="stock.arrival.received",
            subject=("stock_arrival", row.id),
            by=by,
            at=at,
            data={"place": str(place.id)},
        )
        return moved


def _send(
    row: Transfer, start: Place, steps: list[Step], *, permission: str, key: str, by: Actor, at: datetime, memo: str
) -> Transfer:
    """Write the transfer and its movements; a repeat gives the first one."""
    row.branch_id, row.key, row.sent_at = start.branch_id, written_key(key), at
    row.memo = written(memo, most=200, field="memo")
    # Of two who send under one key one waits at the place, and then finds what the other has sent.
    Place.objects.select_for_update(no_key=True).get(branch_id=start.branch_id, id=start.id)
    known = Transfer.objects.filter(branch_id=row.branch_id, key=row.key).first()
    if known is not None:
        same = (known.from_place_id, known.to_place_id, known.to_branch_id, known.memo)
        sent = Counter({(one.part_id, (one.serial_id and one.serial.number) or ""): one.units for one in _out(known)})
        asked = Counter({(one.part.id, one.serial): one.units for one in steps})
        if same != (row.from_place_id, row.to_place_id, row.to_branch_id, row.memo) or sent != asked:
            raise StockKeyUsed(key=row.key, field="key")
        return known
    row.number = paper_number(by.branch_of(start.branch_id), "transfer", at=at)
    row.save(force_insert=True)
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb="stock.transfer.sent",
        subject=("stock_transfer", row.id),
        by=by,
        at=at,
        data={
            "number": row.number,
            "from": str(row.from_place_id),
            "to": str(row.to_place_id or row.to_branch_id),
        },
        opens=True,
    )
    act = Act(
        branch_id=row.branch_id,
        key=row.key,
        permission=permission,
        by=by,
        at=at,
        about=row.reference,
        memo=row.memo,
        other_branch=row.to_branch,
    )
    move(act, steps)
    return row


def _locked(transfer_id: UUID, *, by: Actor) -> tuple[Transfer, Place]:
    """The transfer, locked, and the place it goes to. Raises TransferNotFound, GoesToAnotherBranch, NotPermitted."""
    seen = Transfer.objects.visible_to(by).filter(id=transfer_id).select_related("to_place__technician").first()
    if seen is None:
        raise TransferNotFound(field="transfer")
    if seen.to_place is None:
        by.require(MOVE_PARTS, seen.branch_id)
        raise GoesToAnotherBranch(field="transfer")
    if not is_own_van(seen.to_place, by=by):
        by.require(MOVE_PARTS, seen.branch_id)
    row = Transfer.objects.select_for_update(no_key=True).get(branch_id=seen.branch_id, id=seen.id)
    return row, seen.to_place


def _act(row: Transfer, *, key: str, by: Actor, at: datetime, place: Place) -> Act:
    permission = MOVE_PARTS if by.may(MOVE_PARTS, row.branch_id) else OWN_VAN
    return Act(
        branch_id=place.branch_id,
        key=written_key(key),
        permission=permission,
        by=by,
        at=at,
        about=row.reference,
        memo=row.memo,
    )


def _movements(row: Transfer) -> BranchQuerySet[Movement]:
    about = row.reference
    rows = Movement.objects.filter(branch_id=row.branch_id, about_kind=about.kind, about_id=about.id)
    return rows.select_related("part", "serial").order_by("act_id", "line")


def _out(row: Transfer) -> BranchQuerySet[Movement]:
    return _movements(row).filter(kind=MoveKind.TRANSFER_OUT)


def _on_the_way(row: Transfer) -> dict[tuple[Part, str], int]:
    """What has been sent and neither arrived nor been given up: thousandths by part and serial number."""
    left: Counter[tuple[Part, str]] = Counter()
    for one in _movements(row):
        sign = 1 if one.kind == MoveKind.TRANSFER_OUT else -1
        left[one.part, one.serial.number if one.serial else ""] += sign * one.units
    return {key: units for key, units in left.items() if units}


def _arriving(left: dict[tuple[Part, str], int], lots: Sequence[Lot] | None, way: Place, end: Place) -> list[Step]:
    if lots is None:
        return [
            Step(MoveKind.TRANSFER_IN, part, way, end, units, serial)
            for (part, serial), units in sorted(left.items(), key=lambda one: (one[0][0].id, one[0][1]))
        ]
    steps = steps_of(lots, parts_of(lots), kind=MoveKind.TRANSFER_IN, start=way, end=end)
    for one in steps:
        there = left.get((one.part, one.serial), 0)
        if there < one.units:
            known = sum((units for (part, _serial), units in left.items() if part == one.part), 0)
            raise NotOnTheWay(part=one.part.number, left=of_thousandths(known), field="quantity")
    return steps


def _close(row: Transfer, status: TransferStatus, *, by: Actor, at: datetime, data: dict[str, object]) -> None:
    row.status, row.closed_at = status, at
    row.save(update_fields=["status", "closed_at"])
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"stock.transfer.{status.value}",
        subject=("stock_transfer", row.id),
        by=by,
        at=at,
        data=data,
    )
