"""At the bench: work begins and stops with the clock, what is wrong is written down, parts go in, and it ends mended or not."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import write
from shouhou.catalog.models import ProductModel
from shouhou.catalog.queries import get_fault_code, get_part
from shouhou.custody.models import Custody
from shouhou.custody.rules import IN_HOUSE
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_technician_of
from shouhou.workorders.rules import WorkClass
from shouhou.workshop.actions._card import (
    LEAD,
    WORK,
    NotYourCard,
    journal,
    lock_card,
    lock_own_card,
    lock_technician,
    move_card,
    nobody_at_work,
    order_of,
    owed,
    technician_of,
)
from shouhou.workshop.models import BenchWork, PartUsed, RepairCard
from shouhou.workshop.queries import find_questions
from shouhou.workshop.rules import Outcome

_MOST_QUANTITY = Decimal(10_000)


class AtWorkAlready(Conflict):
    code = "at_work_already"
    template = gettext_noop("%(technician)s is at work on %(number)s already; that work has to be stopped first.")


class NotAtWork(Conflict):
    code = "not_at_work"
    template = gettext_noop("%(technician)s has not started work on %(number)s.")


class StretchOverlaps(Invalid):
    code = "stretch_overlaps"
    template = gettext_noop("%(technician)s was at work until %(until)s already; nobody works twice at a time.")


class StoppedBeforeStart(Invalid):
    code = "stopped_before_start"
    template = gettext_noop("The work began at %(start)s; it cannot stop before.")


class GoodsElsewhere(Conflict):
    code = "goods_elsewhere"
    template = gettext_noop("The unit is not in the house; the register says: %(holder)s.")


class WorkClassOwed(Invalid):
    code = "work_class_owed"
    template = gettext_noop("Say for which class the time is: A, B, C or D.")


class PartQuantityInvalid(Invalid):
    code = "part_quantity_invalid"
    template = gettext_noop(
        "The quantity must be more than nothing and less than %(most)s, with three decimals at most."
    )


class DiagnosisMissing(Conflict):
    code = "diagnosis_missing"
    template = gettext_noop("Write down first what is wrong with the unit.")


class NothingWorked(Conflict):
    code = "nothing_worked"
    template = gettext_noop("Nobody has worked on %(number)s yet.")


class CustomerDeclined(Conflict):
    code = "customer_declined"
    template = gettext_noop("The customer does not want this repair: give it back as it is, or ask again.")


def start_work(
    card_id: UUID, *, by: Actor, at: datetime, technician_id: UUID | None = None, work_class: str = ""
) -> BenchWork:
    """A technician begins; time is written for a class of work, that of the order unless said otherwise.

    A technician starts for himself, who leads the workshop for anybody, at first for the one who was given the card.
    Raises AtWorkAlready, StretchOverlaps, GoodsElsewhere, WorkClassOwed, UnknownChoice, NotYourCard, TechnicianNotFound,
    TechnicianInactive, CardInWrongState, ActBeforeCard, CardNotFound, NotPermitted.
    """
    check_choice("work_class", work_class, ["", *WorkClass.values])
    with act_transaction():
        card, technician = _lock_for_work(card_id, technician_id, act="start_work", by=by, at=at)
        custody = Custody.objects.get(branch_id=card.branch_id, asset_id=card.asset_id)
        if custody.kind not in IN_HOUSE:
            raise GoodsElsewhere(holder=custody.holder.shown)
        own = BenchWork.objects.filter(branch_id=card.branch_id, technician_id=technician.id)
        if still := own.filter(ends_at=None).select_related("card").first():
            raise AtWorkAlready(technician=technician.name, number=still.card.number)
        last = own.order_by("-ends_at").first()
        if last and last.ends_at and at < last.ends_at:
            raise StretchOverlaps(technician=technician.name, until=last.ends_at.isoformat())
        class_ = work_class or order_of(card).work_class
        if not class_:
            raise WorkClassOwed(field="work_class")
        stretch = BenchWork.objects.create(
            branch_id=card.branch_id, card=card, technician=technician, work_class=class_, starts_at=at
        )
        told = {"technician": str(technician.id), "work_class": str(class_)}
        journal(card, "work.started", by=by, at=at, data=told)
        return stretch


def stop_work(card_id: UUID, *, by: Actor, at: datetime, technician_id: UUID | None = None) -> BenchWork:
    """The technician stops; what he worked is the time between.

    Raises NotAtWork, StoppedBeforeStart, and as `start_work` does.
    """
    with act_transaction():
        card, technician = _lock_for_work(card_id, technician_id, act="stop_work", by=by, at=at)
        open_ones = BenchWork.objects.filter(branch_id=card.branch_id, card_id=card.id, technician_id=technician.id)
        stretch = open_ones.filter(ends_at=None).first()
        if stretch is None:
            raise NotAtWork(technician=technician.name, number=card.number)
        if at <= stretch.starts_at:
            raise StoppedBeforeStart(start=stretch.starts_at.isoformat())
        stretch.ends_at = at
        write(stretch, "ends_at")
        seconds = int((at - stretch.starts_at).total_seconds())
        journal(card, "work.stopped", by=by, at=at, data={"technician": str(technician.id), "seconds": seconds})
        return stretch


def record_diagnosis(card_id: UUID, *, diagnosis: str, by: Actor, at: datetime, fault_code: str = "") -> RepairCard:
    """Write down what is wrong; with its code the repair counts as one of that fault.

    Raises TextOwed, UnknownFaultCode, EntryRetired, NotYourCard, CardInWrongState, CardNotFound, NotPermitted.
    """
    diagnosis = owed(diagnosis, field="diagnosis")
    with act_transaction():
        card, _technician = lock_own_card(card_id, act="record_diagnosis", by=by, at=at)
        code = get_fault_code(fault_code, product_model=_model_of(card)) if fault_code else None
        before = card.diagnosis
        step = move_card(card, "record_diagnosis", diagnosis=diagnosis, fault_code=code)
        told = {"before": before, "after": diagnosis, "fault_code": code.code if code else ""}
        journal(card, "diagnosis.recorded", by=by, at=at, data={**step, **told})
        return card


def use_part(card_id: UUID, *, part: str, quantity: Decimal, by: Actor, at: datetime) -> PartUsed:
    """Write a part onto the card that went into the unit; a part that the rules know gets its own guarantee with the repair.

    Raises UnknownPart, EntryRetired, PartQuantityInvalid, NotYourCard, CardInWrongState, CardNotFound, NotPermitted.
    """
    if not quantity.is_finite() or not 0 < quantity < _MOST_QUANTITY or round(quantity, 3) != quantity:
        raise PartQuantityInvalid(most=_MOST_QUANTITY, field="quantity")
    with act_transaction():
        card, technician = lock_own_card(card_id, act="use_part", by=by, at=at)
        used = PartUsed.objects.create(
            branch_id=card.branch_id, card=card, part=get_part(part), quantity=quantity, technician=technician, at=at
        )
        journal(card, "part.used", by=by, at=at, data={"part": part, "quantity": str(quantity)})
        return used


def finish_repair(card_id: UUID, *, work_done: str, by: Actor, at: datetime) -> RepairCard:
    """The bench is done with it: to the inspection. The repair itself ends when that is passed.

    Raises TextOwed, DiagnosisMissing, NothingWorked, WorkStillOpen, CustomerDeclined, NotYourCard, CardInWrongState,
    CardNotFound, NotPermitted.
    """
    work_done = owed(work_done, field="work_done")
    with act_transaction():
        card, _technician = lock_own_card(card_id, act="finish_repair", by=by, at=at)
        nobody_at_work(card)
        if not card.diagnosis:
            raise DiagnosisMissing()
        if not BenchWork.objects.filter(branch_id=card.branch_id, card_id=card.id).exists():
            raise NothingWorked(number=card.number)
        answer = find_questions(card).last()
        if answer is not None and answer.agreed is False:
            raise CustomerDeclined()
        step = move_card(card, "finish_repair", outcome=Outcome.MENDED, work_done=work_done)
        journal(card, "repair.finished", by=by, at=at, data={**step, "work_done": work_done})
        return card


def cannot_be_repaired(card_id: UUID, *, outcome: str, reason: str, by: Actor, at: datetime) -> RepairCard:
    """It is not mended: it goes back as it is, or the customer has a right to another one or his money. To the inspection.

    Raises UnknownChoice, TextOwed, DiagnosisMissing, WorkStillOpen, NotYourCard, CardInWrongState, CardNotFound, NotPermitted.
    """
    check_choice("outcome", outcome, [Outcome.AS_IS, Outcome.RIGHT])
    reason = owed(reason, field="reason")
    with act_transaction():
        card, _technician = lock_own_card(card_id, act="cannot_be_repaired", by=by, at=at)
        nobody_at_work(card)
        if not card.diagnosis:
            raise DiagnosisMissing()
        step = move_card(card, "cannot_be_repaired", outcome=outcome, work_done=reason)
        journal(card, "repair.given_up", by=by, at=at, data={**step, "outcome": outcome, "reason": reason})
        return card


def _lock_for_work(
    card_id: UUID, technician_id: UUID | None, *, act: str, by: Actor, at: datetime
) -> tuple[RepairCard, Technician]:
    """The card and the technician whose time is written, both locked."""
    card = lock_card(card_id, act=act, permission=WORK, by=by, at=at)
    if technician_id is None:
        own = find_technician_of(by.user_id, by=by)
        technician_id = own.id if own and own.branch_id == card.branch_id else technician_of(card).id
    technician = lock_technician(technician_id, branch_id=card.branch_id)
    if technician.user_id != by.user_id and not by.may(LEAD, card.branch_id):
        raise NotYourCard(technician=technician.name)
    return card, technician


def _model_of(card: RepairCard) -> ProductModel:
    return ProductModel.objects.select_related("product_class").get(
        assets__branch_id=card.branch_id, assets__id=card.asset_id
    )
