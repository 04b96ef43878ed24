"""What needs no database: kinds of places and of movements, which way parts may go, and what makes two calls the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.texts import written
from shouhou.ledger.rules import AccountKind


class PlaceKind(TextChoices):
    """Where parts can be: on our shelves, outside, and, apart from both, old parts on their way back."""

    CENTRE = "centre", _("Centre store")
    BRANCH = "branch", _("Branch store")
    VAN = "van", _("Van of a technician")
    QUARANTINE = "quarantine", _("Quarantine")
    CONSIGNMENT = "consignment", _("Maker's goods with us")
    IN_TRANSIT = "in_transit", _("On the way")
    SUPPLIER = "supplier", _("Supplier")
    FITTED = "fitted", _("Fitted at customers")
    OTHER_BRANCH = "other_branch", _("Another branch")
    DIFFERENCE = "difference", _("Count difference")
    WRITTEN_OFF = "written_off", _("Written off")
    OLD_AT_CUSTOMER = "old_at_customer", _("Old part in the customer's unit")
    OLD_DUE = "old_due", _("Old part owed by the technician")
    OLD_SHELF = "old_shelf", _("Shelf of labelled old parts")
    OLD_ON_WAY = "old_on_way", _("Old part on its way to the maker")
    OLD_AT_MAKER = "old_at_maker", _("Old part with the maker")
    OLD_SCRAPPED = "old_scrapped", _("Old part scrapped here")


STORES = (PlaceKind.CENTRE, PlaceKind.BRANCH, PlaceKind.VAN)
# Places that people open and look into; the others are there once in a branch, from when they are first needed.
SHELVES = (*STORES, PlaceKind.QUARANTINE, PlaceKind.CONSIGNMENT)


@dataclass(frozen=True, slots=True)
class Traits:
    """What holds for every place of a kind: `ours`, what is there has a value in the books; `old`, it holds old parts only."""

    ours: bool = False
    may_be_negative: bool = False
    old: bool = False


_OURS, _OUTSIDE = Traits(ours=True), Traits(may_be_negative=True)
_OLD = Traits(old=True)
TRAITS: dict[PlaceKind, Traits] = {
    PlaceKind.CENTRE: _OURS,
    PlaceKind.BRANCH: _OURS,
    PlaceKind.VAN: _OURS,
    PlaceKind.QUARANTINE: _OURS,
    PlaceKind.CONSIGNMENT: Traits(),
    PlaceKind.IN_TRANSIT: _OURS,
    PlaceKind.SUPPLIER: _OUTSIDE,
    PlaceKind.FITTED: Traits(),
    PlaceKind.OTHER_BRANCH: _OUTSIDE,
    PlaceKind.DIFFERENCE: _OUTSIDE,
    PlaceKind.WRITTEN_OFF: Traits(),
    PlaceKind.OLD_AT_CUSTOMER: Traits(may_be_negative=True, old=True),
    PlaceKind.OLD_DUE: _OLD,
    PlaceKind.OLD_SHELF: _OLD,
    PlaceKind.OLD_ON_WAY: _OLD,
    PlaceKind.OLD_AT_MAKER: _OLD,
    PlaceKind.OLD_SCRAPPED: _OLD,
}


class MoveKind(TextChoices):
    """What a movement is in the trade. Those of old parts are kinds of their own: they never lessen what was used."""

    RECEIVED = "received", _("Received")
    SENT_BACK = "sent_back", _("Sent back to the supplier")
    TRANSFER_OUT = "transfer_out", _("Sent to another store")
    TRANSFER_IN = "transfer_in", _("Arrived from another store")
    ISSUED = "issued", _("Issued to an order")
    GOOD_RETURN = "good_return", _("Returned unused")
    BLOCKED = "blocked", _("Put into quarantine")
    CLEARED = "cleared", _("Taken out of quarantine")
    BOUGHT = "bought", _("Bought from the maker's goods")
    COUNT_DIFFERENCE = "count_difference", _("Count difference")
    WRITTEN_OFF = "written_off", _("Written off")
    OLD_PART_DUE = "old_due", _("Old part due")
    OLD_PART_LABELLED = "old_labelled", _("Old part labelled")
    OLD_PART_SHIPPED = "old_shipped", _("Old part shipped")
    OLD_PART_RECEIVED = "old_received", _("Old part received by the maker")
    OLD_PART_REFUSED = "old_refused", _("Old part refused by the maker")
    OLD_PART_SCRAPPED = "old_scrapped", _("Old part scrapped here")


_STORES, _SHELVES = frozenset(STORES), frozenset(SHELVES)
_USABLE = _STORES | {PlaceKind.CONSIGNMENT}
_OWN = _STORES | {PlaceKind.QUARANTINE}
# Kind of movement → from which kinds of places to which. Maker's goods keep to themselves until they are bought.
ROUTES: dict[MoveKind, tuple[tuple[frozenset[PlaceKind], frozenset[PlaceKind]], ...]] = {
    MoveKind.RECEIVED: ((frozenset({PlaceKind.SUPPLIER}), _SHELVES),),
    MoveKind.SENT_BACK: ((_SHELVES, frozenset({PlaceKind.SUPPLIER})),),
    MoveKind.TRANSFER_OUT: ((_OWN, frozenset({PlaceKind.IN_TRANSIT, PlaceKind.OTHER_BRANCH})),),
    MoveKind.TRANSFER_IN: ((frozenset({PlaceKind.IN_TRANSIT, PlaceKind.OTHER_BRANCH}), _OWN),),
    MoveKind.ISSUED: ((_USABLE, frozenset({PlaceKind.FITTED})),),
    MoveKind.GOOD_RETURN: ((frozenset({PlaceKind.FITTED}), _SHELVES),),
    MoveKind.BLOCKED: ((_STORES, frozenset({PlaceKind.QUARANTINE})),),
    MoveKind.CLEARED: ((frozenset({PlaceKind.QUARANTINE}), _STORES),),
    MoveKind.BOUGHT: ((frozenset({PlaceKind.CONSIGNMENT}), _STORES),),
    MoveKind.COUNT_DIFFERENCE: (
        (_SHELVES | {PlaceKind.IN_TRANSIT}, frozenset({PlaceKind.DIFFERENCE})),
        (frozenset({PlaceKind.DIFFERENCE}), _SHELVES),
    ),
    MoveKind.WRITTEN_OFF: ((_SHELVES, frozenset({PlaceKind.WRITTEN_OFF})),),
    MoveKind.OLD_PART_DUE: ((frozenset({PlaceKind.OLD_AT_CUSTOMER}), frozenset({PlaceKind.OLD_DUE})),),
    MoveKind.OLD_PART_LABELLED: ((frozenset({PlaceKind.OLD_DUE}), frozenset({PlaceKind.OLD_SHELF})),),
    MoveKind.OLD_PART_SHIPPED: ((frozenset({PlaceKind.OLD_SHELF}), frozenset({PlaceKind.OLD_ON_WAY})),),
    MoveKind.OLD_PART_RECEIVED: ((frozenset({PlaceKind.OLD_ON_WAY}), frozenset({PlaceKind.OLD_AT_MAKER})),),
    MoveKind.OLD_PART_REFUSED: ((frozenset({PlaceKind.OLD_ON_WAY}), frozenset({PlaceKind.OLD_SHELF})),),
    MoveKind.OLD_PART_SCRAPPED: ((frozenset({PlaceKind.OLD_SHELF}), frozenset({PlaceKind.OLD_SCRAPPED})),),
}


def goes(kind: str, start: str, end: str) -> bool:
    """Whether a movement of this kind leads from such a place to such a place."""
    return any(start in starts and end in ends for starts, ends in ROUTES[MoveKind(kind)])


class ReservationStatus(TextChoices):
    """Where a reservation is; its steps are named alike."""

    PENDING = "pending", _("Pending")
    ISSUED = "issued", _("Issued")
    RELEASED = "released", _("Released")
    TIMED_OUT = "timed_out", _("Timed out")


class TransferStatus(TextChoices):
    """Where a transfer is. To another branch it stays sent: there it is an arrival."""

    SENT = "sent", _("On the way")
    ARRIVED = "arrived", _("Arrived")
    LOST = "lost", _("Closed with a loss")


class RequisitionStatus(TextChoices):
    """Where a request for parts is."""

    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    FILLED = "filled", _("Handed out")


class CountKind(TextChoices):
    """How much of a place is counted."""

    FULL = "full", _("Everything at the place")
    CYCLE = "cycle", _("Some parts")


class CountStatus(TextChoices):
    """Where a count is."""

    OPEN = "open", _("Being counted")
    POSTED = "posted", _("Booked")
    DROPPED = "dropped", _("Dropped")


class OldPartState(TextChoices):
    """Where an old part is on its way back; each state is a place of its own."""

    DUE = "due", _("Due")
    LABELLED = "labelled", _("Labelled")
    SHIPPED = "shipped", _("Shipped")
    RECEIVED = "received", _("Received by the maker")
    SCRAPPED = "scrapped", _("Scrapped here")


# From where to where an old part goes, and by which movement.
OLD_PART_STEPS: dict[MoveKind, tuple[OldPartState | None, OldPartState, PlaceKind, PlaceKind]] = {
    MoveKind.OLD_PART_DUE: (None, OldPartState.DUE, PlaceKind.OLD_AT_CUSTOMER, PlaceKind.OLD_DUE),
    MoveKind.OLD_PART_LABELLED: (
        OldPartState.DUE,
        OldPartState.LABELLED,
        PlaceKind.OLD_DUE,
        PlaceKind.OLD_SHELF,
    ),
    MoveKind.OLD_PART_SHIPPED: (
        OldPartState.LABELLED,
        OldPartState.SHIPPED,
        PlaceKind.OLD_SHELF,
        PlaceKind.OLD_ON_WAY,
    ),
    MoveKind.OLD_PART_RECEIVED: (
        OldPartState.SHIPPED,
        OldPartState.RECEIVED,
        PlaceKind.OLD_ON_WAY,
        PlaceKind.OLD_AT_MAKER,
    ),
    MoveKind.OLD_PART_REFUSED: (
        OldPartState.SHIPPED,
        OldPartState.LABELLED,
        PlaceKind.OLD_ON_WAY,
        PlaceKind.OLD_SHELF,
    ),
    MoveKind.OLD_PART_SCRAPPED: (
        OldPartState.LABELLED,
        OldPartState.SCRAPPED,
        PlaceKind.OLD_SHELF,
        PlaceKind.OLD_SCRAPPED,
    ),
}


class SerialsMissing(Invalid):
    code = "serials_missing"
    template = gettext_noop("%(part)s is kept by serial number: name as many as the quantity says.")


class SerialsNotKept(Invalid):
    code = "serials_not_kept"
    template = gettext_noop("%(part)s is not kept by serial number.")


class SerialNamedTwice(Invalid):
    code = "serial_named_twice"
    template = gettext_noop("The serial number %(serial)s is named twice.")


_NOTHING = Money(Decimal(0))


@dataclass(frozen=True, slots=True)
class Lot:
    """So much of a part, with the serial numbers where it is kept by them; `cost` is that of one unit, where it is bought."""

    part_id: UUID
    quantity: Decimal
    serials: tuple[str, ...] = ()
    cost: Money = _NOTHING


def checked_serials(lot: Lot, *, part: str, kept: bool, units: int) -> tuple[str, ...]:
    """The serial numbers of a lot as they are stored.

    Raises SerialsMissing, SerialsNotKept, SerialNamedTwice, TextTooLong, TextUnreadable.
    """
    serials = tuple(written(one, most=60, field="serials") for one in lot.serials)
    if not kept:
        if serials:
            raise SerialsNotKept(part=part, field="serials")
        return ()
    if len(serials) * 1000 != units or not all(serials):
        raise SerialsMissing(part=part, field="serials")
    for one in serials:
        if serials.count(one) > 1:
            raise SerialNamedTwice(serial=one, field="serials")
    return serials


# Kind of movement → the other side in the books; the one side is the branch's own parts.
CONTRA: dict[MoveKind, AccountKind] = {
    MoveKind.RECEIVED: AccountKind.PARTS_RECEIVED,
    MoveKind.SENT_BACK: AccountKind.PARTS_RECEIVED,
    MoveKind.BOUGHT: AccountKind.PARTS_RECEIVED,
    MoveKind.ISSUED: AccountKind.PARTS_CONSUMED,
    MoveKind.GOOD_RETURN: AccountKind.PARTS_CONSUMED,
    MoveKind.COUNT_DIFFERENCE: AccountKind.STOCK_DIFFERENCE,
    MoveKind.WRITTEN_OFF: AccountKind.STOCK_DIFFERENCE,
    # To another branch the value goes as the ledger carries everything over, and arrives there on this account.
    MoveKind.TRANSFER_OUT: AccountKind.PARTS_ON_WAY,
    MoveKind.TRANSFER_IN: AccountKind.PARTS_ON_WAY,
}
