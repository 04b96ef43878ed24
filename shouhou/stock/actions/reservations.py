"""Parts set aside for an order, then issued (whole or in part), released, or timed out. Each reservation ends once."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import insert_once
from shouhou.catalog.models import Part, ProductModel
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.quantities import of_thousandths, some_thousandths
from shouhou.ledger.rules import Reference
from shouhou.stock.actions._lots import check_fit, steps_of, written_key
from shouhou.stock.actions._moving import (
    Act,
    PartNotAvailable,
    StockKeyUsed,
    is_whole,
    locked_balance,
    move,
)
from shouhou.stock.actions._places import outside, permission_on, shelf
from shouhou.stock.actions._reasons import given_reason
from shouhou.stock.models import Balance, Movement, Place, Reservation, ReservationStep
from shouhou.stock.queries import ReservationNotFound
from shouhou.stock.rules import Lot, MoveKind, PlaceKind, ReservationStatus

RESERVE_PARTS = "stock.reserve_parts"
ISSUE_PARTS = "stock.issue_parts"


class ReservationEnded(Conflict):
    code = "reservation_ended"
    template = gettext_noop("The reservation has ended already (%(status)s).")


class ReservationRunOut(Conflict):
    code = "reservation_run_out"
    template = gettext_noop("The time of the reservation is over.")


class ReservationNotRunOut(Conflict):
    code = "reservation_not_run_out"
    template = gettext_noop("The time of the reservation is not over.")


class ReservationEndsBeforeItBegins(Invalid):
    code = "reservation_ends_before_it_begins"
    template = gettext_noop("A reservation ends after it begins.")


class MoreThanReserved(Invalid):
    code = "more_than_reserved"
    template = gettext_noop("Only %(reserved)s are reserved.")


class NothingToReserveFor(Invalid):
    code = "nothing_to_reserve_for"
    template = gettext_noop("It is not said what the parts are reserved for.")


def reserve_part(
    place_id: UUID,
    part: Part,
    *,
    quantity: Decimal,
    about: Reference,
    key: str,
    by: Actor,
    at: datetime,
    expires_at: datetime | None = None,
) -> Reservation:
    """Set so much of a part aside for an act. The same call under the same key gives the reservation of the first.

    From `expires_at` on it can only be timed out; without one it stays until somebody ends it.
    Raises PlaceNotFound, QuantityNotPositive, QuantityNotWhole, QuantityTooFine, NothingToReserveFor,
    ReservationEndsBeforeItBegins, PartNotAvailable, KeyMissing, StockKeyUsed, TextTooLong, NotPermitted.
    """
    about = about.checked("about")
    if not (about.kind and about.id):
        raise NothingToReserveFor(field="about")
    if expires_at is not None and expires_at <= at:
        raise ReservationEndsBeforeItBegins(field="expires_at")
    units = some_thousandths(quantity, whole=is_whole(part))
    row = Reservation(
        key=written_key(key),
        units=units,
        about_kind=about.kind,
        about_id=about.id,
        placed_at=at,
        expires_at=expires_at,
    )
    with act_transaction():
        place = shelf(place_id, permission=RESERVE_PARTS, by=by)
        balance = locked_balance(place, part)
        row.branch_id = place.branch_id
        row.fingerprint = fingerprint_of(row, balance)
        known = Reservation.objects.filter(branch_id=place.branch_id, key=row.key).first()
        if known is not None and bytes(known.fingerprint) == row.fingerprint:
            return known
        _check_available(balance, place, part, units)
        row.balance_id = balance.id
        if known is not None or not insert_once(row, unique=("branch_id", "key")):
            raise StockKeyUsed(key=row.key, field="key")
        told = {"key": row.key, "part": part.number, "units": units, "place": str(place.id)}
        told |= {"about": [about.kind, about.id], "fingerprint": row.fingerprint.hex()}
        _step(row, ReservationStep.Kind.PLACED, by=by, at=at, data=told)
        return row


def issue_reservation(
    reservation_id: UUID,
    *,
    key: str,
    by: Actor,
    at: datetime,
    quantity: Decimal | None = None,
    serials: tuple[str, ...] = (),
    product_model: ProductModel | None = None,
    memo: str = "",
) -> list[Movement]:
    """Issue what was reserved to what it was reserved for; of a part of it the rest is free again. Repeats as `issue_parts`.

    Raises ReservationNotFound, ReservationEnded, ReservationRunOut, MoreThanReserved, and what `issue_parts` does.
    """
    with act_transaction():
        seen = _seen(reservation_id, by=by)
        place, part = seen.balance.place, seen.balance.part
        shelf(place.id, permission=ISSUE_PARTS, by=by, own_van=True)
        check_fit([part], product_model)
        given = seen.quantity if quantity is None else quantity
        end = outside(place.branch_id, [PlaceKind.FITTED], at=at)[PlaceKind.FITTED]
        lot = Lot(part.id, given, serials)
        steps = steps_of([lot], {part.id: part}, kind=MoveKind.ISSUED, start=place, end=end)
        act = Act(
            branch_id=place.branch_id,
            key=written_key(key),
            permission=permission_on(place, permission=ISSUE_PARTS, by=by),
            by=by,
            at=at,
            about=seen.about,
            memo=memo,
            reservation_id=seen.id,
            frees=lambda balance: _free(seen, balance, given, by=by, at=at),
        )
        return move(act, steps)


def release_reservation(reservation_id: UUID, *, reason: str, by: Actor, at: datetime) -> Reservation:
    """Give what was reserved free again, for a reason.

    Raises ReservationNotFound, ReservationEnded, ReasonOwed, TextTooLong, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        row = _locked(reservation_id, by=by)
        _step(row, ReservationStep.Kind.RELEASED, by=by, at=at, reason=reason, data={"reason": reason})
        return row


def time_out_reservation(reservation_id: UUID, *, by: Actor, at: datetime) -> Reservation:
    """Give free what was reserved longer than it might be.

    Raises ReservationNotFound, ReservationEnded, ReservationNotRunOut, NotPermitted.
    """
    with act_transaction():
        row = _locked(reservation_id, by=by)
        if row.expires_at is None or at < row.expires_at:
            raise ReservationNotRunOut(field="reservation")
        _step(row, ReservationStep.Kind.TIMED_OUT, by=by, at=at, data={})
        return row


def fingerprint_of(row: Reservation, balance: Balance) -> bytes:
    """What tells a repeat from another reservation under the same key."""
    ends = row.expires_at.astimezone(UTC).isoformat() if row.expires_at else None
    return digest(
        {"balance": str(balance.id), "units": row.units, "about": [row.about_kind, row.about_id], "expires": ends}
    )


def _free(seen: Reservation, balance: Balance, quantity: Decimal, *, by: Actor, at: datetime) -> None:
    """End the reservation as issued, under the lock of its balance, which everybody takes who ends one."""
    row = _pending(seen)
    if row.expires_at is not None and row.expires_at <= at:
        raise ReservationRunOut(field="reservation")
    if row.quantity < quantity:
        raise MoreThanReserved(reserved=row.quantity, field="quantity")
    _step(row, ReservationStep.Kind.ISSUED, by=by, at=at, data={"quantity": str(quantity)})
    balance.reserved_units -= row.units  # as the database has just done


def _check_available(balance: Balance, place: Place, part: Part, units: int) -> None:
    if balance.units - balance.reserved_units < units:
        raise PartNotAvailable(
            available=balance.available,
            wanted=of_thousandths(units),
            unit=balance.unit,
            part=part.number,
            place=place.shown,
            field="quantity",
        )


def _seen(reservation_id: UUID, *, by: Actor) -> Reservation:
    """The reservation as it was at some moment; its balance, at least, never changes."""
    rows = Reservation.objects.visible_to(by).filter(id=reservation_id)
    row = rows.select_related("balance__place__technician", "balance__part").first()
    if row is None:
        raise ReservationNotFound(field="reservation")
    return row


def _locked(reservation_id: UUID, *, by: Actor) -> Reservation:
    seen = _seen(reservation_id, by=by)
    by.require(RESERVE_PARTS, seen.branch_id)
    locked_balance(seen.balance.place, seen.balance.part)
    return _pending(seen)


def _pending(seen: Reservation) -> Reservation:
    now = Reservation.objects.filter(branch_id=seen.branch_id).get(id=seen.id)
    if now.status != ReservationStatus.PENDING:
        raise ReservationEnded(status=now.get_status_display(), field="reservation")
    return now


def _step(
    row: Reservation, kind: ReservationStep.Kind, *, by: Actor, at: datetime, data: dict[str, object], reason: str = ""
) -> None:
    begins = kind == ReservationStep.Kind.PLACED
    change = row.units if begins else -row.units
    ReservationStep.objects.create(
        branch_id=row.branch_id, reservation=row, kind=kind, change_units=change, reason=reason, at=at
    )
    if not begins:
        row.status = kind.value  # the database moves it with the insert
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"stock.reservation.{kind.value}",
        subject=("stock_reservation", row.id),
        by=by,
        at=at,
        data=data,
        opens=begins,
    )
