"""Parts come from the supplier, go into units, come back unused, are put aside, bought from the maker's goods, written off."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import ProductModel
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.quantities import some_thousandths
from shouhou.kernel.texts import written
from shouhou.ledger.rules import NOTHING, Reference
from shouhou.stock.actions._lots import check_fit, parts_of, steps_of, written_key
from shouhou.stock.actions._moving import Act, Step, is_whole, move
from shouhou.stock.actions._places import outside, permission_on, shelf
from shouhou.stock.actions._reasons import given_reason
from shouhou.stock.models import Movement, Place
from shouhou.stock.queries import MovementNotFound
from shouhou.stock.rules import Lot, MoveKind, PlaceKind

RECEIVE_PARTS = "stock.receive_parts"
ISSUE_PARTS = "stock.issue_parts"
MOVE_PARTS = "stock.move_parts"
WRITE_OFF_PARTS = "stock.write_off_parts"


class NotAnIssue(Conflict):
    code = "stock_not_an_issue"
    template = gettext_noop("Only parts that were issued can come back unused.")


class OthersGoods(Conflict):
    code = "stock_others_goods"
    template = gettext_noop("The maker's goods go back among the maker's goods, and ours among ours.")


def receive_parts(
    place_id: UUID,
    lots: Sequence[Lot],
    *,
    key: str,
    by: Actor,
    at: datetime,
    about: Reference = NOTHING,
    memo: str = "",
) -> list[Movement]:
    """Parts come from the supplier, at the cost of each lot; onto a place of maker's goods they come without value.

    The same call under the same key gives what the first has written; so do all acts of this module.
    Raises what `parts_of`, `steps_of` and `move` do, PlaceNotFound, TextTooLong, NotPermitted.
    """
    parts = parts_of(lots, new=True)
    with act_transaction():
        place = shelf(place_id, permission=RECEIVE_PARTS, by=by)
        start = outside(place.branch_id, [PlaceKind.SUPPLIER], at=at)[PlaceKind.SUPPLIER]
        steps = steps_of(lots, parts, kind=MoveKind.RECEIVED, start=start, end=place)
        return move(_act(place, RECEIVE_PARTS, key=key, by=by, at=at, about=about, memo=memo), steps)


def send_back_parts(
    place_id: UUID, lots: Sequence[Lot], *, key: str, reason: str, by: Actor, at: datetime, about: Reference = NOTHING
) -> list[Movement]:
    """Parts go back to the supplier, at their average cost. Raises as `receive_parts`, and ReasonOwed."""
    parts, reason = parts_of(lots), given_reason(reason)
    with act_transaction():
        place = shelf(place_id, permission=RECEIVE_PARTS, by=by)
        end = outside(place.branch_id, [PlaceKind.SUPPLIER], at=at)[PlaceKind.SUPPLIER]
        steps = steps_of(lots, parts, kind=MoveKind.SENT_BACK, start=place, end=end)
        return move(_act(place, RECEIVE_PARTS, key=key, by=by, at=at, about=about, memo=reason), steps)


def issue_parts(
    place_id: UUID,
    lots: Sequence[Lot],
    *,
    about: Reference,
    key: str,
    by: Actor,
    at: datetime,
    product_model: ProductModel | None = None,
    memo: str = "",
) -> list[Movement]:
    """Parts go into what `about` names (a work order), from a store or, by its technician, from his van.

    Raises as `receive_parts`, and PartDoesNotFit where the model is given and a part is not made for it.
    """
    parts = parts_of(lots)
    check_fit(parts.values(), product_model)
    with act_transaction():
        place = shelf(place_id, permission=ISSUE_PARTS, by=by, own_van=True)
        end = outside(place.branch_id, [PlaceKind.FITTED], at=at)[PlaceKind.FITTED]
        steps = steps_of(lots, parts, kind=MoveKind.ISSUED, start=place, end=end)
        return move(_act(place, ISSUE_PARTS, key=key, by=by, at=at, about=about, memo=memo), steps)


def return_parts(
    movement_id: UUID, *, quantity: Decimal, to: UUID, key: str, by: Actor, at: datetime, memo: str = ""
) -> list[Movement]:
    """What was issued and not used comes back, at what it was issued for; all of it or a part, onto any shelf.

    Raises MovementNotFound, NotAnIssue, OthersGoods, MoreThanIssued, and as `receive_parts`.
    """
    with act_transaction():
        place = shelf(to, permission=ISSUE_PARTS, by=by, own_van=True)
        rows = Movement.objects.filter(branch_id=place.branch_id, id=movement_id)
        issue = rows.select_related("part", "serial", "taken_from").first()
        if issue is None:
            raise MovementNotFound(field="movement")
        if issue.kind != MoveKind.ISSUED:
            raise NotAnIssue(field="movement")
        if issue.taken_from.ours != place.ours:
            raise OthersGoods(field="to")
        units = some_thousandths(quantity, whole=is_whole(issue.part))
        start = outside(place.branch_id, [PlaceKind.FITTED], at=at)[PlaceKind.FITTED]
        act = _act(place, ISSUE_PARTS, key=key, by=by, at=at, about=issue.about, memo=memo)
        number = issue.serial.number if issue.serial else ""
        return move(act, [Step(MoveKind.GOOD_RETURN, issue.part, start, place, units, number, returns=issue)])


def block_parts(
    place_id: UUID, lots: Sequence[Lot], *, to: UUID, key: str, reason: str, by: Actor, at: datetime
) -> list[Movement]:
    """Put parts of doubtful quality into quarantine. Raises as `receive_parts`, and ReasonOwed."""
    return _put(place_id, lots, MoveKind.BLOCKED, to=to, key=key, memo=given_reason(reason), by=by, at=at)


def clear_parts(
    place_id: UUID, lots: Sequence[Lot], *, to: UUID, key: str, reason: str, by: Actor, at: datetime
) -> list[Movement]:
    """Take parts out of quarantine: they are good. Raises as `receive_parts`, and ReasonOwed."""
    return _put(place_id, lots, MoveKind.CLEARED, to=to, key=key, memo=given_reason(reason), by=by, at=at)


def buy_consignment(
    place_id: UUID, lots: Sequence[Lot], *, to: UUID, key: str, by: Actor, at: datetime, memo: str = ""
) -> list[Movement]:
    """Take over maker's goods at the cost of each lot: from now on they are ours. Raises as `receive_parts`."""
    return _put(place_id, lots, MoveKind.BOUGHT, to=to, key=key, memo=memo, by=by, at=at)


def write_off_parts(
    place_id: UUID, lots: Sequence[Lot], *, key: str, reason: str, by: Actor, at: datetime
) -> list[Movement]:
    """Parts are spoilt or out of date; their value becomes a difference. Raises as `receive_parts`, and ReasonOwed."""
    parts, reason = parts_of(lots), given_reason(reason)
    with act_transaction():
        place = shelf(place_id, permission=WRITE_OFF_PARTS, by=by)
        end = outside(place.branch_id, [PlaceKind.WRITTEN_OFF], at=at)[PlaceKind.WRITTEN_OFF]
        steps = steps_of(lots, parts, kind=MoveKind.WRITTEN_OFF, start=place, end=end)
        return move(_act(place, WRITE_OFF_PARTS, key=key, by=by, at=at, memo=reason), steps)


def _put(
    place_id: UUID,
    lots: Sequence[Lot],
    kind: MoveKind,
    *,
    to: UUID,
    key: str,
    memo: str,
    by: Actor,
    at: datetime,
) -> list[Movement]:
    permission = RECEIVE_PARTS if kind == MoveKind.BOUGHT else MOVE_PARTS
    parts = parts_of(lots)
    with act_transaction():
        start, end = (shelf(one, permission=permission, by=by) for one in (place_id, to))
        steps = steps_of(lots, parts, kind=kind, start=start, end=end)
        return move(_act(start, permission, key=key, by=by, at=at, memo=memo), steps)


def _act(
    place: Place, permission: str, *, key: str, by: Actor, at: datetime, about: Reference = NOTHING, memo: str = ""
) -> Act:
    return Act(
        branch_id=place.branch_id,
        key=written_key(key),
        permission=permission_on(place, permission=permission, by=by),
        by=by,
        at=at,
        about=about.checked("about"),
        memo=written(memo, most=200, field="memo"),
    )
