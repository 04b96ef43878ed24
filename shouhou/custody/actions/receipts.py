"""客户商品领取收据: a unit is taken away against it, handed back for it, and the paper is voided (rules 十一, 十二)."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actions import take_number
from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import write
from shouhou.custody.actions._handing import checked_holder, hand_over, lock_away, lock_unit
from shouhou.custody.models import Custody, GoodsReceipt
from shouhou.custody.queries import ReceiptNotFound, unvoided_receipt
from shouhou.custody.rules import AT_CUSTOMER, HandOverKind, Holder, HolderKind, ReceiptStatus, Side
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.numbers import dated_number
from shouhou.kernel.texts import written
from shouhou.ledger.rules import Reference


class ReceiptStillOpen(Conflict):
    code = "receipt_still_open"
    template = gettext_noop("The receipt %(number)s for this unit has not been recovered and voided yet.")


class UnitGone(Conflict):
    code = "unit_gone"
    template = gettext_noop("This unit has been disposed of.")


class ConditionMissing(Invalid):
    code = "condition_missing"
    template = gettext_noop("Write down in which condition the unit is.")


class PromisedInPast(Invalid):
    code = "promised_in_past"
    template = gettext_noop("The promised date lies before today.")


class ReceiptNotShown(Invalid):
    code = "receipt_not_shown"
    template = gettext_noop("Recover the receipt first, or write down the customer's declaration that it is lost.")


class ForeignReceipt(Conflict):
    code = "foreign_receipt"
    template = gettext_noop("“%(code)s” is not the receipt of this unit; that is %(number)s.")


class ReceiptNotRecovered(Conflict):
    code = "receipt_not_recovered"
    template = gettext_noop("The receipt %(number)s has not been recovered yet.")


class ReceiptVoidedAlready(Conflict):
    code = "receipt_voided_already"
    template = gettext_noop("The receipt %(number)s is void already.")


def take_away(
    asset_id: UUID,
    *,
    to: Holder,
    condition: str,
    promised_on: date,
    customer: Side,
    taker: Side,
    by: Actor,
    at: datetime,
    accessories: str = "",
    about: Reference | None = None,
) -> GoodsReceipt:
    """Take a unit away from its customer: receipt, line "in" of the register and new holder in one.

    `about` is the order that it happens for. Raises ReceiptStillOpen, UnitGone, ConditionMissing, PromisedInPast, UnitNotFound,
    HolderIncomplete, TechnicianNotFound, HandOverNotPossible, BeforeLastHandOver, NotPermitted, what `Side.checked` raises.
    """
    condition = written(condition, most=500, field="condition")
    accessories = written(accessories, most=500, field="accessories")
    if not condition:
        raise ConditionMissing(field="condition")
    customer, taker = customer.checked(field="customer"), taker.checked(field="taker")
    about = (about or Reference("", "")).checked("about")
    with act_transaction():
        asset, custody = lock_unit(asset_id, permission="custody.take_away", by=by)
        before = unvoided_receipt(asset.branch_id, asset.id)
        if before is not None:
            raise ReceiptStillOpen(number=before.number)
        if custody is not None and custody.kind == HolderKind.DISPOSED:
            raise UnitGone()
        to = checked_holder(to, branch_id=asset.branch_id, field="to")
        branch = by.branch_of(asset.branch_id)
        if promised_on < _day(branch, at):
            raise PromisedInPast(field="promised_on")
        receipt = GoodsReceipt.objects.create(
            branch_id=asset.branch_id,
            number=_number(branch, at=at),
            asset=asset,
            about_kind=about.kind,
            about_id=about.id,
            accessories=accessories,
            condition=condition,
            promised_on=promised_on,
            issued_at=at,
        )
        custody = custody or Custody(branch_id=asset.branch_id, asset=asset, since=at)
        hand_over(custody, HandOverKind.TAKEN_AWAY, receipt=receipt, to=to, giver=customer, taker=taker, by=by, at=at)
        return receipt


def hand_back(
    asset_id: UUID,
    *,
    giver: Side,
    customer: Side,
    by: Actor,
    at: datetime,
    receipt_code: str = "",
    declaration: str = "",
) -> GoodsReceipt:
    """Give the unit back to its customer for the receipt, whose number is scanned or typed.

    Where the receipt is lost, the customer's declaration takes its place.
    Raises ReceiptNotShown, ForeignReceipt, UnitNotAway, UnitNotFound, HandOverNotPossible, BeforeLastHandOver, NotPermitted, what
    `Side.checked` raises.
    """
    giver, customer = giver.checked(field="giver"), customer.checked(field="customer")
    with act_transaction():
        custody, receipt = lock_away(asset_id, permission="custody.hand_back", by=by)
        recover(receipt, code=receipt_code, declaration=declaration, at=at)
        hand_over(
            custody,
            HandOverKind.HANDED_BACK,
            receipt=receipt,
            to=AT_CUSTOMER,
            giver=giver,
            taker=customer,
            by=by,
            at=at,
            reason="" if receipt.status == ReceiptStatus.RECOVERED else receipt.declaration[:200],
        )
        return receipt


def recover(receipt: GoodsReceipt, *, code: str, declaration: str, at: datetime) -> None:
    """The customer gives the receipt back, or declares it lost; part of what ends our custody.

    Raises ReceiptNotShown, ForeignReceipt, TextTooLong.
    """
    code = written(code, most=60, field="receipt_code")
    declaration = written(declaration, most=500, field="declaration")
    if bool(code) == bool(declaration):
        raise ReceiptNotShown(field="receipt_code")
    if code and code.upper() != receipt.number.upper():
        raise ForeignReceipt(code=code, number=receipt.number, field="receipt_code")
    receipt.status = ReceiptStatus.RECOVERED if code else ReceiptStatus.DECLARED_LOST
    receipt.declaration, receipt.recovered_at = declaration, at
    write(receipt, "status", "declaration", "recovered_at")


def void_receipt(receipt_id: UUID, *, by: Actor, at: datetime) -> GoodsReceipt:
    """Void a receipt that has been recovered or declared lost 作废; only then may its order be struck off.

    Raises ReceiptNotFound, ReceiptNotRecovered, ReceiptVoidedAlready, NotPermitted.
    """
    with act_transaction():
        found = GoodsReceipt.objects.visible_to(by).filter(id=receipt_id).first()
        if found is None:
            raise ReceiptNotFound()
        lock_unit(found.asset_id, permission="custody.void_receipt", by=by)
        receipt = GoodsReceipt.objects.get(branch_id=found.branch_id, id=found.id)
        if receipt.status == ReceiptStatus.ISSUED:
            raise ReceiptNotRecovered(number=receipt.number)
        if receipt.status == ReceiptStatus.VOIDED:
            raise ReceiptVoidedAlready(number=receipt.number)
        was = receipt.status
        receipt.status, receipt.voided_at, receipt.voided_by = ReceiptStatus.VOIDED, at, by.user
        write(receipt, "status", "voided_at", "voided_by")
        custody = Custody.objects.get(branch_id=receipt.branch_id, asset_id=receipt.asset_id)
        record(
            branch_id=receipt.branch_id,
            chain_id=custody.id,
            verb="custody.receipt.voided",
            subject=("receipt", receipt.id),
            by=by,
            at=at,
            data={"receipt": receipt.number, "from": str(was), "to": str(ReceiptStatus.VOIDED)},
        )
        return receipt


def _day(branch: Branch, at: datetime) -> date:
    return at.astimezone(ZoneInfo(branch.time_zone)).date()


def _number(branch: Branch, *, at: datetime) -> str:
    """收据: LQ, the branch, the day, and the counter of that day."""
    day = _day(branch, at)
    return dated_number(f"LQ-{branch.code}", day, take_number(branch.id, kind="goods_receipt", period=f"{day:%y%m%d}"))
