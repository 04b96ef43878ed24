"""盘点: a place is counted part by part, then the differences are booked; from then on nothing is booked before it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import Part
from shouhou.catalog.rules import KeptAs
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.quantities import thousandths
from shouhou.stock.actions._moving import Act, Step, is_whole, locked_balance, move
from shouhou.stock.actions._numbers import paper_number
from shouhou.stock.actions._places import outside, shelf
from shouhou.stock.actions._reasons import given_reason
from shouhou.stock.actions._values import average_value
from shouhou.stock.models import Balance, CountLine, Movement, Place, SerialNumber, StockCount
from shouhou.stock.queries import CountNotFound
from shouhou.stock.rules import CountKind, CountStatus, Lot, MoveKind, PlaceKind, checked_serials

COUNT_STOCK = "stock.count_stock"


class CountOpenAlready(Conflict):
    code = "stock_count_open_already"
    template = gettext_noop("%(place)s is being counted already (%(number)s).")


class CountClosed(Conflict):
    code = "stock_count_closed"
    template = gettext_noop("This count is closed already (%(status)s).")


class CountEmpty(Conflict):
    code = "stock_count_empty"
    template = gettext_noop("Nothing has been counted yet.")


class CountIncomplete(Conflict):
    code = "stock_count_incomplete"
    template = gettext_noop("Not counted yet: %(parts)s. Write down 0 where there is none.")


class CountBelowReserved(Conflict):
    code = "stock_count_below_reserved"
    template = gettext_noop("More of %(part)s is reserved than was found. Release reservations first.")


def open_count(place_id: UUID, *, kind: str, by: Actor, at: datetime) -> StockCount:
    """Begin to count a place: all of it, or some parts. Others go on working with it meanwhile.

    Raises PlaceNotFound, UnknownChoice, CountOpenAlready, NotPermitted.
    """
    check_choice("kind", kind, CountKind.values)
    with act_transaction():
        place = shelf(place_id, permission=COUNT_STOCK, by=by)
        row = StockCount(branch_id=place.branch_id, place=place, kind=kind, opened_at=at)
        row.number = paper_number(by.branch_of(place.branch_id), "count", at=at)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            other = StockCount.objects.filter(branch_id=place.branch_id).get(place_id=place.id, status=CountStatus.OPEN)
            raise CountOpenAlready(place=place.shown, number=other.number, field="place") from None
        _record(row, "opened", {"number": row.number, "place": str(place.id), "kind": kind}, by=by, at=at, opens=True)
        return row


def write_down(
    count_id: UUID, part: Part, *, quantity: Decimal, by: Actor, at: datetime, serials: tuple[str, ...] = ()
) -> CountLine:
    """Write down how much of a part was found, none included; written down again, the last counts.

    Raises CountNotFound, CountClosed, QuantityNotPositive, QuantityNotWhole, QuantityTooFine, SerialsMissing, SerialsNotKept,
    SerialNamedTwice, NotPermitted.
    """
    units = thousandths(quantity, whole=is_whole(part))
    named = checked_serials(
        Lot(part.id, quantity, serials), part=part.number, kept=part.kept_as == KeptAs.SERIAL, units=units
    )
    with act_transaction():
        row, place = _locked(count_id, by=by)
        balance = locked_balance(place, part)
        line, _new = CountLine.objects.update_or_create(
            branch_id=row.branch_id,
            count=row,
            part=part,
            defaults={
                "counted_units": units,
                "book_units": balance.units,
                "serials": sorted(named),
                "counted_by": by.user_id,
                "counted_at": at,
            },
        )
        told = {"part": part.number, "counted": units, "book": balance.units}
        _record(row, "written_down", told, by=by, at=at)
        return line


def post_count(count_id: UUID, *, by: Actor, at: datetime) -> StockCount:
    """Book the differences, each as of the moment at which it was written down; from then on nothing is booked before it.

    Raises CountNotFound, CountClosed, CountEmpty, CountIncomplete (a full count that leaves out what the books have),
    CountBelowReserved, SerialElsewhere, BeforeLastCount, NotPermitted.
    """
    with act_transaction():
        row, place = _locked(count_id, by=by)
        lines = list(CountLine.objects.filter(branch_id=row.branch_id, count=row).select_related("part").order_by("id"))
        if not lines:
            raise CountEmpty(field="count")
        if row.kind == CountKind.FULL:
            _check_complete(row)
        end = outside(row.branch_id, [PlaceKind.DIFFERENCE], at=at)[PlaceKind.DIFFERENCE]
        steps = [step for line in lines for step in _differences(line, place, end)]
        _check_reserved(place, steps)
        if steps:
            move(_act(row, by=by, at=at), steps)
        _close_books(row, place, lines)
        _close(row, CountStatus.POSTED, by=by, at=at, data={"lines": len(lines), "differences": len(steps)})
        return row


def drop_count(count_id: UUID, *, reason: str, by: Actor, at: datetime) -> StockCount:
    """Give a count up; nothing is booked. Raises CountNotFound, CountClosed, ReasonOwed, NotPermitted."""
    reason = given_reason(reason)
    with act_transaction():
        row, _place = _locked(count_id, by=by)
        _close(row, CountStatus.DROPPED, by=by, at=at, data={"reason": reason})
        return row


def _locked(count_id: UUID, *, by: Actor) -> tuple[StockCount, Place]:
    """An open count, locked, and its place. Raises CountNotFound, CountClosed, NotPermitted."""
    row = StockCount.objects.visible_to(by).select_for_update(no_key=True, of=("self",)).filter(id=count_id).first()
    if row is None:
        raise CountNotFound(field="count")
    by.require(COUNT_STOCK, row.branch_id)
    if row.status != CountStatus.OPEN:
        raise CountClosed(status=row.get_status_display(), field="count")
    return row, row.place


def _check_complete(row: StockCount) -> None:
    counted = CountLine.objects.filter(branch_id=row.branch_id, count_id=row.id, part_id=OuterRef("part_id"))
    there = Balance.objects.filter(branch_id=row.branch_id, place_id=row.place_id).exclude(units=0)
    missing = list(there.filter(~Exists(counted)).order_by("part__number").values_list("part__number", flat=True)[:20])
    if missing:
        raise CountIncomplete(parts=", ".join(missing), field="count")


def _differences(line: CountLine, place: Place, outside_: Place) -> Iterator[Step]:
    """The steps that bring the books to what was found."""
    if line.part.kept_as != KeptAs.SERIAL:
        found = line.counted_units - line.book_units
        if found:
            yield _step(line.part, place, outside_, found, "")
        return
    # Which pieces are missing is looked up now: what has been moved meanwhile is where it was moved to.
    there = SerialNumber.objects.filter(branch_id=line.branch_id, part_id=line.part_id, balance__place_id=place.id)
    booked, seen = set(there.values_list("number", flat=True)), set(line.serials)
    since = Movement.objects.filter(branch_id=line.branch_id, serial__part_id=line.part_id, at__gt=line.counted_at)
    moved = set(since.values_list("serial__number", flat=True))
    for number in sorted((booked ^ seen) - moved):
        yield _step(line.part, place, outside_, 1000 if number in seen else -1000, number)


def _step(part: Part, place: Place, outside_: Place, found: int, serial: str) -> Step:
    """More than the books said comes in at average cost; less goes out."""
    start, end = (outside_, place) if found > 0 else (place, outside_)
    units = abs(found)
    value = average_value(place.branch_id, part.id, units) if found > 0 and place.ours else 0
    return Step(MoveKind.COUNT_DIFFERENCE, part, start, end, units, serial, value)


def _check_reserved(place: Place, steps: Sequence[Step]) -> None:
    gone = [one for one in steps if one.start.id == place.id]
    rows = Balance.objects.filter(branch_id=place.branch_id, place_id=place.id, part__in=[one.part for one in gone])
    balances = {one.part_id: one for one in rows}
    for one in gone:
        taken = sum(other.units for other in gone if other.part.id == one.part.id)
        balance = balances[one.part.id]
        if balance.reserved_units and balance.units - balance.reserved_units < taken:
            raise CountBelowReserved(part=one.part.number, field="count")


def _act(row: StockCount, *, by: Actor, at: datetime) -> Act:
    return Act(
        branch_id=row.branch_id, key=f"count {row.number}", permission=COUNT_STOCK, by=by, at=at, memo=row.number
    )


def _close_books(row: StockCount, place: Place, lines: Sequence[CountLine]) -> None:
    """From now on nothing is booked at the place before it was counted."""
    for line in lines:
        balances = Balance.objects.filter(branch_id=row.branch_id, place_id=place.id, part_id=line.part_id)
        balances.update(counted_at=line.counted_at)
    if row.kind == CountKind.FULL:
        first = min(line.counted_at for line in lines)
        Place.objects.filter(branch_id=row.branch_id, id=place.id).update(counted_at=first)


def _close(row: StockCount, status: CountStatus, *, by: Actor, at: datetime, data: dict[str, object]) -> None:
    row.status, row.closed_at = status, at
    row.save(update_fields=["status", "closed_at"])
    _record(row, status.value, data, by=by, at=at)


def _record(
    row: StockCount, what: str, data: dict[str, object], *, by: Actor, at: datetime, opens: bool = False
) -> None:
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"stock.count.{what}",
        subject=("stock_count", row.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
