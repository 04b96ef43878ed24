"""A card is written when goods have come in, given to a technician, and closed when they are back with the customer."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actions import take_number
from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.atomicity import act_transaction
from shouhou.custody.actions import hand_back, keep_goods
from shouhou.custody.models import GoodsReceipt
from shouhou.custody.queries import unvoided_receipt
from shouhou.custody.rules import ReceiptStatus, Side
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.numbers import dated_number
from shouhou.kernel.texts import written
from shouhou.workforce.queries import refusals_of
from shouhou.workorders.actions.bench import open_order_locked, take_up_repair
from shouhou.workshop.actions._card import (
    LEAD,
    journal,
    lock_card,
    lock_technician,
    move_card,
    nobody_at_work,
    order_of,
    owed,
)
from shouhou.workshop.models import RepairCard

CLOSE = "workshop.close_card"


class GoodsNotWithUs(Conflict):
    code = "goods_not_with_us"
    template = gettext_noop("The unit of %(number)s is not with us: take it in against a receipt first.")


class CardExists(Conflict):
    code = "card_exists"
    template = gettext_noop("The card %(number)s hangs on this unit already.")


class PlannedInPast(Invalid):
    code = "planned_in_past"
    template = gettext_noop("The planned date lies before today.")


class GoodsNotBackYet(Conflict):
    code = "goods_not_back_yet"
    template = gettext_noop("The unit has not been handed back yet; its receipt %(receipt)s is still open.")


def open_card(
    order_id: UUID, *, by: Actor, at: datetime, planned_on: date | None = None, fault: str = ""
) -> RepairCard:
    """Write the card for the unit of an open order that was taken in against a receipt (rule 十一); it joins the queue.

    Until it is inspected the unit cannot be handed back. The repair counts from now on unless a visit began it. Without
    `planned_on` the day that the receipt promises is taken, without `fault` what the customer reported.
    Raises WorkOrderNotFound, WrongState, ActBeforeCall, GoodsNotWithUs, CardExists, PlannedInPast, UnitKeptAlready, NotPermitted.
    """
    with act_transaction():
        order = open_order_locked(order_id, by=by, at=at)
        by.require("workshop.open_card", order.branch_id)
        hanging = RepairCard.objects.filter(branch_id=order.branch_id, asset_id=order.asset_id, closed_at=None)
        if there := hanging.first():
            raise CardExists(number=there.number)
        receipt = unvoided_receipt(order.branch_id, order.asset_id)
        if receipt is None or receipt.status != ReceiptStatus.ISSUED:
            raise GoodsNotWithUs(number=order.number)
        branch = by.branch_of(order.branch_id)
        today = at.astimezone(ZoneInfo(branch.time_zone)).date()
        if planned_on is not None and planned_on < today:
            raise PlannedInPast(field="planned_on")
        number = _number(branch, day=today)
        keep_goods(order.asset_id, kept_for=number, by=by, at=at)
        card = RepairCard.objects.create(
            branch_id=order.branch_id,
            number=number,
            work_order=order,
            asset_id=order.asset_id,
            receipt=receipt,
            fault=written(fault, most=2000, field="fault") or order.fault,
            planned_on=planned_on or max(receipt.promised_on, today),
            opened_at=at,
            opened_by=by.user,
        )
        take_up_repair(order, at=at)
        told = {"number": number, "order": order.number, "receipt": receipt.number, "fault": card.fault}
        told |= {"planned_on": card.planned_on.isoformat()}
        journal(card, "card.opened", by=by, at=at, data=told, opens=True)
        return card


def assign_bench(card_id: UUID, *, technician_id: UUID, bench: str, by: Actor, at: datetime) -> RepairCard:
    """Give the card to a technician at a bench, or to another one while nobody is at work on it.

    Raises TextOwed, TechnicianNotFound, TechnicianInactive, QualificationMissing, QualificationExpired, TechnicianAbsent,
    WorkStillOpen, CardInWrongState, CardNotFound, NotPermitted.
    """
    bench = owed(bench, field="bench", most=60)
    with act_transaction():
        card = lock_card(card_id, act="assign_bench", permission=LEAD, by=by, at=at)
        nobody_at_work(card)
        technician = lock_technician(technician_id, branch_id=card.branch_id)
        order = order_of(card)
        unfit = refusals_of(
            [technician],
            product_class_id=order.product_class_id,
            work_type=order.work_type,
            day=at.astimezone(ZoneInfo(by.branch_of(card.branch_id).time_zone)).date(),
            from_=at,
            until=None,
        )
        if technician.id in unfit:
            raise unfit[technician.id]
        step = move_card(card, "assign_bench", technician=technician, bench=bench)
        journal(card, "card.assigned", by=by, at=at, data={**step, "technician": str(technician.id), "bench": bench})
        return card


def close_card(card_id: UUID, *, by: Actor, at: datetime) -> RepairCard:
    """The unit is back: its receipt was recovered, or declared lost. The card comes off.

    Raises GoodsNotBackYet, CardInWrongState, CardNotFound, NotPermitted.
    """
    with act_transaction():
        card = lock_card(card_id, act="close_card", permission=CLOSE, by=by, at=at)
        receipt = GoodsReceipt.objects.get(branch_id=card.branch_id, id=card.receipt_id)
        if receipt.status == ReceiptStatus.ISSUED:
            raise GoodsNotBackYet(receipt=receipt.number)
        return _close(card, by=by, at=at)


def hand_back_repaired(
    card_id: UUID,
    *,
    giver: Side,
    customer: Side,
    by: Actor,
    at: datetime,
    receipt_code: str = "",
    declaration: str = "",
) -> RepairCard:
    """Hand the inspected unit back for its receipt and close the card in one.

    Raises CardInWrongState, CardNotFound, NotPermitted, and as `custody.hand_back` does.
    """
    with act_transaction():
        card = lock_card(card_id, act="close_card", permission=CLOSE, by=by, at=at)
        told = {"receipt_code": receipt_code, "declaration": declaration}
        hand_back(card.asset_id, giver=giver, customer=customer, by=by, at=at, **told)
        return _close(card, by=by, at=at)


def _close(card: RepairCard, *, by: Actor, at: datetime) -> RepairCard:
    step = move_card(card, "close_card", closed_at=at)
    journal(card, "card.closed", by=by, at=at, data={**step, "outcome": card.outcome})
    return card


def _number(branch: Branch, *, day: date) -> str:
    """修护卡: XH, the branch, the day, and the counter of that day."""
    counter = take_number(branch.id, kind="repair_card", period=f"{day:%y%m%d}")
    return dated_number(f"XH-{branch.code}", day, counter)
