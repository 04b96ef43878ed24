"""From holder to holder while the receipt is open: in the house, to the maker and back, onto the pick-up shelf, and for good."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actions import ReasonOwed
from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.custody.actions._handing import UnitNotThere, checked_holder, hand_over, lock_away
from shouhou.custody.actions.receipts import recover
from shouhou.custody.models import HandOver
from shouhou.custody.rules import GONE, HandOverKind, Holder, HolderKind, Side
from shouhou.kernel.texts import written

MOVE_GOODS = "custody.move_goods"


def move_goods(
    asset_id: UUID, *, start: Holder, to: Holder, giver: Side, taker: Side, by: Actor, at: datetime
) -> HandOver:
    """Hand a unit over inside the house, or to a courier and back. `start` is who is thought to have it.

    Raises UnitNotThere, UnitNotAway, UnitNotFound, HolderIncomplete, TechnicianNotFound, HandOverNotPossible,
    BeforeLastHandOver, NotPermitted, what `Side.checked` raises; so do the following acts.
    """
    return _move(asset_id, HandOverKind.MOVED, start=start, to=to, giver=giver, taker=taker, by=by, at=at)


def send_to_maker(
    asset_id: UUID, *, start: Holder, maker: str, giver: Side, taker: Side, by: Actor, at: datetime
) -> HandOver:
    """The unit goes to its maker; the receipt stays open. Raises as `move_goods` does."""
    to = Holder(HolderKind.MAKER, place=maker)
    return _move(asset_id, HandOverKind.SENT_TO_MAKER, start=start, to=to, giver=giver, taker=taker, by=by, at=at)


def take_back_from_maker(
    asset_id: UUID, *, start: Holder, to: Holder, giver: Side, taker: Side, by: Actor, at: datetime
) -> HandOver:
    """The maker has mended it. Raises as `move_goods` does."""
    return _move(asset_id, HandOverKind.BACK_FROM_MAKER, start=start, to=to, giver=giver, taker=taker, by=by, at=at)


def refused_by_maker(
    asset_id: UUID, *, start: Holder, to: Holder, reason: str, giver: Side, taker: Side, by: Actor, at: datetime
) -> HandOver:
    """The maker will not mend it, and why. Raises ReasonOwed, and as `move_goods` does."""
    what = HandOverKind.REFUSED_BY_MAKER
    reason = _given(reason)
    return _move(asset_id, what, start=start, to=to, giver=giver, taker=taker, by=by, at=at, reason=reason)


def ready_for_pick_up(
    asset_id: UUID, *, start: Holder, shelf: str, giver: Side, taker: Side, by: Actor, at: datetime
) -> HandOver:
    """The unit lies on a shelf, done, and the customer may fetch it. Raises as `move_goods` does."""
    to = Holder(HolderKind.SHELF, place=shelf)
    return _move(asset_id, HandOverKind.READY, start=start, to=to, giver=giver, taker=taker, by=by, at=at)


def dispose_of_goods(
    asset_id: UUID,
    *,
    start: Holder,
    reason: str,
    giver: Side,
    taker: Side,
    by: Actor,
    at: datetime,
    receipt_code: str = "",
    declaration: str = "",
) -> HandOver:
    """The customer has given the unit up: it goes for good, and the receipt ends as at a hand-back.

    Raises ReasonOwed, ReceiptNotShown, ForeignReceipt, and as `move_goods` does.
    """
    reason = _given(reason)
    giver, taker = giver.checked(field="giver"), taker.checked(field="taker")
    with act_transaction():
        custody, receipt = lock_away(asset_id, permission="custody.dispose_of_goods", by=by)
        if start.checked(field="start") != custody.holder:
            raise UnitNotThere(holder=custody.holder.shown, field="start")
        recover(receipt, code=receipt_code, declaration=declaration, at=at)
        what = HandOverKind.DISPOSED
        return hand_over(custody, what, receipt=receipt, to=GONE, giver=giver, taker=taker, by=by, at=at, reason=reason)


def _move(
    asset_id: UUID,
    what: HandOverKind,
    *,
    start: Holder,
    to: Holder,
    giver: Side,
    taker: Side,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> HandOver:
    giver, taker = giver.checked(field="giver"), taker.checked(field="taker")
    with act_transaction():
        custody, receipt = lock_away(asset_id, permission=MOVE_GOODS, by=by)
        if start.checked(field="start") != custody.holder:
            raise UnitNotThere(holder=custody.holder.shown, field="start")
        to = checked_holder(to, branch_id=custody.branch_id, field="to")
        return hand_over(custody, what, receipt=receipt, to=to, giver=giver, taker=taker, by=by, at=at, reason=reason)


def _given(reason: str) -> str:
    reason = written(reason, most=200, field="reason")
    if not reason:
        raise ReasonOwed(field="reason")
    return reason
