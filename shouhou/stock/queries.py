"""Reading stock: places, what is on them, what is available where."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_STOCK
from shouhou.access.wall import BranchQuerySet
from shouhou.catalog.models import Part
from shouhou.kernel.errors import NotFound
from shouhou.kernel.quantities import of_thousandths
from shouhou.stock.models import (
    Arrival,
    Balance,
    Movement,
    OldPart,
    Place,
    Requisition,
    Reservation,
    StockCount,
    Transfer,
)
from shouhou.stock.rules import (
    SHELVES,
    CountStatus,
    OldPartState,
    PlaceKind,
    RequisitionStatus,
    ReservationStatus,
    TransferStatus,
)


class PlaceNotFound(NotFound):
    code = "stock_place_not_found"


class MovementNotFound(NotFound):
    code = "stock_movement_not_found"


class ReservationNotFound(NotFound):
    code = "stock_reservation_not_found"


class TransferNotFound(NotFound):
    code = "stock_transfer_not_found"


class ArrivalNotFound(NotFound):
    code = "stock_arrival_not_found"


class RequisitionNotFound(NotFound):
    code = "stock_requisition_not_found"


class CountNotFound(NotFound):
    code = "stock_count_not_found"


class OldPartNotFound(NotFound):
    code = "stock_old_part_not_found"


def get_place(place_id: UUID, *, by: Actor) -> Place:
    """A store, van or other shelf of the actor's branches. Raises PlaceNotFound, NotPermitted."""
    place = Place.objects.visible_to(by).filter(id=place_id, kind__in=SHELVES).first()
    if place is None:
        raise PlaceNotFound(field="place")
    by.require(SEE_STOCK, place.branch_id)
    return place


def get_movement(movement_id: UUID, *, by: Actor) -> Movement:
    """A movement of the actor's branches, with its places. Raises MovementNotFound, NotPermitted."""
    rows = Movement.objects.visible_to(by).filter(id=movement_id)
    found = rows.select_related("part", "serial", "taken_from__place", "given_to__place").first()
    if found is None:
        raise MovementNotFound(field="movement")
    by.require(SEE_STOCK, found.branch_id)
    return found


def find_places(branch: Branch, *, by: Actor, kinds: Collection[str] = SHELVES) -> BranchQuerySet[Place]:
    """The stores, vans and other shelves of a branch, by code. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    rows = Place.objects.at(branch).filter(kind__in=[kind for kind in kinds if kind in SHELVES])
    return rows.select_related("technician").order_by("kind", "code", "id")


def find_van_of(user_id: UUID | None, *, by: Actor) -> Place | None:
    """The van of the technician that a user is."""
    if user_id is None:
        return None
    rows = Place.objects.visible_to(by).filter(kind=PlaceKind.VAN, technician__user_id=user_id)
    return rows.select_related("technician").first()


def find_stock_at(place: Place, *, by: Actor) -> BranchQuerySet[Balance]:
    """What is at a place, by part number; parts that are gone from it are left out. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, place.branch_id)
    rows = Balance.objects.filter(branch_id=place.branch_id, place_id=place.id).exclude(units=0)
    return rows.select_related("part").order_by("part__number", "id")


@dataclass(frozen=True, slots=True)
class Availability:
    """How much of a part is free at a place. `near` says how near it is: 0 the branch worked in, 1 its centre's, 2 elsewhere."""

    place: Place
    branch: Branch
    quantity: Decimal
    available: Decimal
    near: int


def find_availability(part: Part, *, by: Actor) -> list[Availability]:
    """Where a part is that can be used, the nearest first, over all stores that the actor sees. One query.

    It reads the running totals of this part alone, so it does not matter how much has ever been moved.
    """
    seen = {branch.id: branch for branch in by.branches if by.may(SEE_STOCK, branch.id)}
    usable = (PlaceKind.CENTRE, PlaceKind.BRANCH, PlaceKind.VAN, PlaceKind.CONSIGNMENT)
    rows = Balance.objects.filter(
        branch_id__in=list(seen), part_id=part.id, old=False, may_be_negative=False, units__gt=0
    )
    found = [
        Availability(
            place=one.place,
            branch=seen[one.branch_id],
            quantity=one.quantity,
            available=one.available,
            near=_distance(by.branch, seen[one.branch_id]),
        )
        for one in rows.select_related("place")
        if one.place.kind in usable
    ]
    found.sort(key=lambda one: (one.near, one.available == 0, -one.available, one.place.code, one.place.id))
    return found


def available_of(parts: Iterable[Part], *, by: Actor) -> dict[UUID, Decimal]:
    """How much of each part is free in the branch worked in, on its stores and vans. One query."""
    if by.branch is None or not by.may(SEE_STOCK, by.branch.id):
        return {}
    rows = Balance.objects.at(by.branch).filter(part__in=list(parts), old=False, may_be_negative=False)
    usable = rows.filter(place__kind__in=[PlaceKind.CENTRE, PlaceKind.BRANCH, PlaceKind.VAN, PlaceKind.CONSIGNMENT])
    sums: dict[UUID, int] = {}
    for part_id, units, reserved in usable.values_list("part_id", "units", "reserved_units"):
        sums[part_id] = sums.get(part_id, 0) + units - reserved
    return {part_id: of_thousandths(units) for part_id, units in sums.items()}


def find_movements_of(balance: Balance, *, by: Actor) -> BranchQuerySet[Movement]:
    """What came to and left a place of one part, the latest first. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, balance.branch_id)
    rows = Movement.objects.filter(branch_id=balance.branch_id)
    rows = rows.filter(Q(taken_from_id=balance.id) | Q(given_to_id=balance.id))
    return rows.select_related("part", "serial", "taken_from__place", "given_to__place").order_by("-at", "-id")


def find_open_reservations(branch: Branch, *, by: Actor) -> BranchQuerySet[Reservation]:
    """What is set aside at a branch now. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    rows = Reservation.objects.at(branch).filter(status=ReservationStatus.PENDING)
    return rows.select_related("balance__place", "balance__part").order_by("id")


def find_reservations_run_out(branch: Branch, *, at: datetime) -> BranchQuerySet[Reservation]:
    """Reservations whose time is over and that nobody has ended, the longest overdue first. Served by a partial index."""
    rows = Reservation.objects.at(branch).filter(status=ReservationStatus.PENDING, expires_at__lte=at)
    return rows.order_by("expires_at", "id")


def find_transfers_on_the_way(branch: Branch, *, by: Actor) -> BranchQuerySet[Transfer]:
    """What has been sent inside a branch and has not arrived. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    rows = Transfer.objects.at(branch).filter(status=TransferStatus.SENT, to_branch=None)
    return rows.select_related("from_place", "to_place").order_by("id")


def find_transfers_to_announce(branch: Branch) -> BranchQuerySet[Transfer]:
    """What has left for another branch that does not know of it yet. Served by a partial index."""
    return Transfer.objects.at(branch).filter(to_branch__isnull=False, announced_at=None).order_by("id")


def find_arrivals(branch: Branch, *, by: Actor) -> BranchQuerySet[Arrival]:
    """What other branches have sent and nobody has taken in. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    return Arrival.objects.at(branch).filter(received_at=None).select_related("from_branch").order_by("id")


def find_requisitions(
    branch: Branch, *, by: Actor, statuses: Collection[str] = (RequisitionStatus.ASKED, RequisitionStatus.APPROVED)
) -> BranchQuerySet[Requisition]:
    """Requests for parts in some states, the oldest first. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    rows = Requisition.objects.at(branch).filter(status__in=list(statuses))
    return rows.select_related("from_place", "to_place").order_by("id")


def get_requisition(requisition_id: UUID, *, by: Actor) -> Requisition:
    """One request for parts. Raises RequisitionNotFound, NotPermitted."""
    rows = Requisition.objects.visible_to(by).filter(id=requisition_id)
    found = rows.select_related("from_place", "to_place", "transfer").first()
    if found is None:
        raise RequisitionNotFound(field="requisition")
    by.require(SEE_STOCK, found.branch_id)
    return found


def find_open_counts(branch: Branch, *, by: Actor) -> BranchQuerySet[StockCount]:
    """Counts that are going on, the oldest first. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    return StockCount.objects.at(branch).filter(status=CountStatus.OPEN).select_related("place").order_by("id")


def get_count(count_id: UUID, *, by: Actor) -> StockCount:
    """One count. Raises CountNotFound, NotPermitted."""
    found = StockCount.objects.visible_to(by).filter(id=count_id).select_related("place").first()
    if found is None:
        raise CountNotFound(field="count")
    by.require(SEE_STOCK, found.branch_id)
    return found


def find_old_parts(
    branch: Branch, *, by: Actor, states: Collection[str] = (OldPartState.DUE, OldPartState.LABELLED)
) -> BranchQuerySet[OldPart]:
    """Old parts in some states, those due first at the head. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_STOCK, branch.id)
    rows = OldPart.objects.at(branch).filter(state__in=list(states))
    return rows.select_related("part", "technician").order_by("due_on", "id")


def is_overdue(row: OldPart, *, day: date) -> bool:
    """Whether an old part should have been handed in by now."""
    return row.state == OldPartState.DUE and row.due_on < day


def _distance(here: Branch | None, there: Branch) -> int:
    if here is None or here.id == there.id:
        return 0
    above = here.path.rstrip("/").rsplit("/", 1)[0] + "/"
    return 1 if there.path.startswith(above) or here.path.startswith(there.path) else 2
