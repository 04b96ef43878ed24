"""The technician's trip: depart with the voucher, arrive, write lines, finish or leave it unfinished."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.looks import Look
from shouhou.catalog.models import FaultCode, Part, ProductModel
from shouhou.catalog.queries import get_fault_code, get_part, price_of
from shouhou.catalog.rules import Side
from shouhou.entitlements.queries import charged_kinds, standing_verdict
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.texts import written
from shouhou.workorders.actions._order import (
    given_reason,
    journal,
    lock_technician,
    lock_visit,
    move_order,
    move_visit,
)
from shouhou.workorders.actions._repair import finish_repair, go_on_with_repair, wait_for_part
from shouhou.workorders.actions.vouchers import lock_voucher_for, take_out_voucher
from shouhou.workorders.models import Visit, VoucherEntry, WorkOrder, WorkOrderLine
from shouhou.workorders.rules import LineKind, OrderStatus, VisitStatus, VoucherState, WorkClass, check_checklist

_MOST_QUANTITY = Decimal(100_000)
_MOST_PRICE = Decimal(10_000_000)
_LONGEST_TEXT = 2000


class OtherVisitUnderWay(Conflict):
    code = "other_visit_under_way"
    template = gettext_noop("%(technician)s is still at %(number)s; a person can be at one place only.")


class VoucherNotWithTechnician(Conflict):
    code = "voucher_not_with_technician"
    template = gettext_noop("The voucher %(voucher)s is not with the technician.")


class QuantityInvalid(Invalid):
    code = "quantity_invalid"
    template = gettext_noop(
        "The quantity must be more than nothing and less than %(most)s, with three decimals at most."
    )


class PriceInvalid(Invalid):
    code = "price_invalid"
    template = gettext_noop("The price must not be negative or more than %(most)s, with two decimals at most.")


class DescriptionMissing(Invalid):
    code = "description_missing"
    template = gettext_noop("Please say what the line is for.")


class WorkDoneMissing(Invalid):
    code = "work_done_missing"
    template = gettext_noop("Please write down what was found and done.")


class MinutesInvalid(Invalid):
    code = "minutes_invalid"
    template = gettext_noop("Minutes must be between 0 and %(most)s.")


class LineNotFound(NotFound):
    code = "line_not_found"


class LineReversedAlready(Conflict):
    code = "line_reversed_already"
    template = gettext_noop("This line has been taken back already.")


_UNDER_WAY = Look(
    lambda branch_id, technician_id: Visit.objects.filter(
        branch_id=branch_id,
        technician_id=technician_id,
        status__in=[VisitStatus.TRAVELLING, VisitStatus.ON_SITE],
    ).select_related("work_order")
)


def depart(visit_id: UUID, *, by: Actor, at: datetime) -> Visit:
    """Set out for the customer, taking the unit's voucher along (rule 八).

    The voucher is taken from the folder unless the technician holds it already. Raises OtherVisitUnderWay, VoucherNotInFolder,
    NotYourVisit, VisitInWrongState, NotPermitted.
    """
    with act_transaction():
        order, visit = lock_visit(visit_id, act="depart", by=by, at=at)
        # Locked so that of two departures of one person, for two orders, one is refused.
        lock_technician(visit.technician_id, branch_id=visit.branch_id)
        if other := _UNDER_WAY.first(branch_id=visit.branch_id, technician_id=visit.technician_id):
            raise OtherVisitUnderWay(technician=visit.technician.name, number=other.work_order.number)
        voucher = take_out_voucher(order, holder=visit.technician, by=by, at=at)
        step = move_visit(visit, act="depart", departed_at=at)
        order_step = move_order(order, to=OrderStatus.IN_PROGRESS)
        data = {**step, "order": order_step, "voucher": voucher.number}
        journal(order, "visit.departed", subject=("visit", visit.id), by=by, at=at, data=data)
        return visit


def arrive(visit_id: UUID, *, by: Actor, at: datetime) -> Visit:
    """Be at the customer's. Raises NotYourVisit, VisitInWrongState, NotPermitted."""
    with act_transaction():
        order, visit = lock_visit(visit_id, act="arrive", by=by, at=at)
        step = move_visit(visit, act="arrive", arrived_at=at)
        move_order(order, to=OrderStatus.IN_PROGRESS, arrived_at=order.arrived_at or at)
        go_on_with_repair(order, at=at)
        journal(order, "visit.arrived", subject=("visit", visit.id), by=by, at=at, data=step)
        return visit


def add_line(
    visit_id: UUID,
    *,
    kind: str,
    quantity: Decimal,
    by: Actor,
    at: datetime,
    description: str = "",
    part: str = "",
    unit: str = "",
    unit_price: Decimal | None = None,
) -> WorkOrderLine:
    """Write down labour, a part, travel or something else spent on this visit. A part's price is that of the day's list.

    Raises UnknownChoice, UnknownPart, EntryRetired, CurrencyMismatch, QuantityInvalid, PriceInvalid, DescriptionMissing,
    TextTooLong, NotYourVisit, VisitInWrongState, WrongState, NotPermitted.
    """
    # Finer than the column holds would be rounded on the way in, and the amount would no longer follow from the line.
    if not quantity.is_finite() or not 0 < quantity < _MOST_QUANTITY or round(quantity, 3) != quantity:
        raise QuantityInvalid(most=_MOST_QUANTITY, field="quantity")
    if unit_price is not None and not (
        unit_price.is_finite() and 0 <= unit_price < _MOST_PRICE and round(unit_price, 2) == unit_price
    ):
        raise PriceInvalid(most=_MOST_PRICE, field="unit_price")
    check_choice("kind", kind, LineKind.values)
    text, unit = written(description, most=200, field="description"), written(unit, most=10, field="unit")
    with act_transaction():
        order, visit = lock_visit(visit_id, act="add_line", by=by, at=at)
        used = get_part(part) if kind == LineKind.PART else None
        text = text or (used.name if used else "")
        if not text:
            raise DescriptionMissing(field="description")
        listed = _listed(used, order, by=by, at=at) if used else None
        price = listed or Money(unit_price or Decimal(0))
        line = WorkOrderLine.objects.create(
            branch_id=order.branch_id,
            work_order=order,
            visit=visit,
            kind=kind,
            part=used,
            description=text,
            quantity=quantity,
            unit=used.unit if used else unit,
            unit_price=price.amount,
            amount=(price * quantity).rounded().amount,
            currency=price.currency,
            written_at=at,
        )
        data = {"kind": kind, "text": text, "quantity": str(quantity), "amount": str(line.amount)}
        journal(order, "line.added", subject=("line", line.id), by=by, at=at, data=data)
        return line


def _listed(part: Part, order: WorkOrder, *, by: Actor, at: datetime) -> Money | None:
    """What a part costs the customer today; whether he owes it, the work class decides at the end of the visit.

    Raises CurrencyMismatch: an order is reckoned up in one currency.
    """
    day = at.astimezone(ZoneInfo(by.branch_of(order.branch_id).time_zone)).date()
    price = price_of(part, day=day, in_warranty=False, side=Side.CHARGED)
    return price and Money(Decimal(0)) + price


def take_back_line(visit_id: UUID, *, line_id: UUID, by: Actor, at: datetime) -> WorkOrderLine:
    """Correct a line by its reversal: the same line with the opposite sign. Raises LineNotFound, LineReversedAlready."""
    with act_transaction():
        order, visit = lock_visit(visit_id, act="add_line", by=by, at=at)
        lines = WorkOrderLine.objects.filter(branch_id=order.branch_id, work_order_id=order.id)
        line = lines.filter(id=line_id, reverses=None).first()
        if line is None:
            raise LineNotFound(field="line")
        if lines.filter(reverses_id=line_id).exists():
            raise LineReversedAlready(field="line")
        reversal = WorkOrderLine.objects.create(
            branch_id=order.branch_id,
            work_order=order,
            visit=visit,
            kind=line.kind,
            part_id=line.part_id,
            description=line.description,
            quantity=-line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=-line.amount,
            reverses=line,
            written_at=at,
        )
        journal(order, "line.reversed", subject=("line", line.id), by=by, at=at, data={"amount": str(reversal.amount)})
        return reversal


def complete_visit(
    visit_id: UUID,
    *,
    fault_found: str,
    work_done: str,
    checks: Mapping[str, str],
    by: Actor,
    at: datetime,
    fault_code: str = "",
    labour_minutes: int | None = None,
    travel_minutes: int | None = None,
) -> VoucherEntry:
    """Solved on site: write the visit's line on the voucher, ready for the customer's signature.

    `fault_code` is the fault that it turned out to be: by it the repair counts from now on, not by the one that was reported.
    Minutes that are not given are taken from the recorded times. Raises UnknownFaultCode, EntryRetired,
    WorkDoneMissing, TextTooLong, MinutesInvalid, ChecklistIncomplete, CheckUnknown, VoucherNotWithTechnician, NotYourVisit,
    VisitInWrongState, NotPermitted.
    """
    with act_transaction():
        order, visit = lock_visit(visit_id, act="complete", by=by, at=at)
        check_checklist(order.work_type, checks)
        found = get_fault_code(fault_code, product_model=_model_of(order)) if fault_code else None
        entry = _write_entry(
            order,
            visit,
            completed=True,
            found=found,
            fault_found=fault_found,
            work_done=work_done,
            checks=checks,
            labour_minutes=labour_minutes,
            travel_minutes=travel_minutes,
            at=at,
        )
        step = move_visit(visit, act="complete", ended_at=at)
        order_step = move_order(order, to=OrderStatus.COMPLETED, completed_at=at)
        finish_repair(order, found=found, at=at)
        data = {**step, "order": order_step, "entry": str(entry.id), "charge": str(entry.charge)}
        data |= {"fault_code": found.code} if found else {}
        journal(order, "visit.completed", subject=("visit", visit.id), by=by, at=at, data=data)
        return entry


def leave_incomplete(
    visit_id: UUID,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    fault_found: str = "",
    work_done: str = "",
    waits_for_part: bool = False,
) -> VoucherEntry:
    """It cannot be finished on this visit: say why; the call waits for another visit.

    `waits_for_part`: because a part is not to be had; days of waiting do not count in the guarantee, and may give rights.

    Raises ReasonMissing, VoucherNotWithTechnician, NotYourVisit, VisitInWrongState, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        order, visit = lock_visit(visit_id, act="leave_incomplete", by=by, at=at)
        entry = _write_entry(
            order,
            visit,
            completed=False,
            found=None,
            fault_found=fault_found or reason,
            work_done=work_done or reason,
            checks={},
            labour_minutes=None,
            travel_minutes=None,
            at=at,
        )
        step = move_visit(visit, act="leave_incomplete", ended_at=at, reason=reason)
        order_step = move_order(order, to=OrderStatus.RECEIVED)
        if waits_for_part:
            wait_for_part(order, at=at)
        data = {**step, "order": order_step, "reason": reason, "entry": str(entry.id), "waits_for_part": waits_for_part}
        journal(order, "visit.left_incomplete", subject=("visit", visit.id), by=by, at=at, data=data)
        return entry


def _write_entry(
    order: WorkOrder,
    visit: Visit,
    *,
    completed: bool,
    found: FaultCode | None,
    fault_found: str,
    work_done: str,
    checks: Mapping[str, str],
    labour_minutes: int | None,
    travel_minutes: int | None,
    at: datetime,
) -> VoucherEntry:
    seen = written(fault_found, most=_LONGEST_TEXT, field="fault_found")
    done = written(work_done, most=_LONGEST_TEXT, field="work_done")
    if not seen or not done:
        raise WorkDoneMissing(field="work_done" if seen else "fault_found")
    voucher = lock_voucher_for(order)
    if voucher.state != VoucherState.WITH_TECHNICIAN or voucher.holder_id != visit.technician_id:
        raise VoucherNotWithTechnician(voucher=voucher.number)
    return VoucherEntry.objects.create(
        branch_id=order.branch_id,
        voucher=voucher,
        work_order=order,
        visit=visit,
        entered_at=at,
        work_class=order.work_class,
        completed=completed,
        fault_found=seen,
        fault_code=found,
        work_done=done,
        checks=dict(checks),
        labour_minutes=_minutes(labour_minutes, visit.arrived_at, at, field="labour_minutes"),
        travel_minutes=_minutes(travel_minutes, visit.departed_at, visit.arrived_at, field="travel_minutes"),
        charge=_charge(order, visit),
    )


def _model_of(order: WorkOrder) -> ProductModel:
    return ProductModel.objects.select_related("product_class").get(
        assets__branch_id=order.branch_id, assets__id=order.asset_id
    )


def _minutes(given: int | None, start: datetime | None, end: datetime | None, *, field: str) -> int:
    most = 7 * 24 * 60
    if given is None:
        given = max(0, int((end - start).total_seconds() // 60)) if start and end else 0
        return min(given, most)
    if not 0 <= given <= most:
        raise MinutesInvalid(most=most, field=field)
    return given


def _charge(order: WorkOrder, visit: Visit) -> Decimal:
    """What the customer owes for this visit: its lines, when the work is charged.

    Free work (class C) is free in the kinds of lines that the verdict says; the others he pays.
    """
    lines = WorkOrderLine.objects.filter(branch_id=order.branch_id, visit_id=visit.id)
    if order.work_class == WorkClass.C:
        verdict = standing_verdict(order.id, branch_id=order.branch_id)
        lines = lines.filter(kind__in=charged_kinds(verdict)) if verdict else lines.none()
    elif order.work_class != WorkClass.A:
        return Decimal(0)
    return lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)
