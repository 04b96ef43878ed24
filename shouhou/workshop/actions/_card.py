"""What every act on a card begins and ends with: lock and check; write named fields and the event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.statements import write
from shouhou.commitments.actions import observe
from shouhou.kernel.errors import Conflict, Invalid, Refusal, gettext_noop
from shouhou.kernel.texts import written
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianInactive, TechnicianNotFound
from shouhou.workorders.models import WorkOrder
from shouhou.workshop.models import BenchWork, RepairCard
from shouhou.workshop.queries import CardNotFound
from shouhou.workshop.rules import status_after

LEAD = "workshop.assign_bench"
WORK = "workshop.work_bench"


class ActBeforeCard(Invalid):
    code = "act_before_card"
    template = gettext_noop("Nothing can have been done before the card was written (%(opened)s).")


class NotYourCard(Refusal):
    code = "not_your_card"
    template = gettext_noop("This repair was given to %(technician)s.")


class WorkStillOpen(Conflict):
    code = "work_still_open"
    template = gettext_noop("%(technician)s is still at work on it: stop the work first.")


class TextOwed(Invalid):
    code = "text_owed"
    template = gettext_noop("Please write this down.")


def lock_card(card_id: UUID, *, act: str, permission: str, by: Actor, at: datetime) -> RepairCard:
    """The card, locked until the transaction ends, if the actor may and its status allows the act.

    Raises CardNotFound, NotPermitted, CardInWrongState, ActBeforeCard.
    """
    card = RepairCard.objects.visible_to(by).select_for_update().filter(id=card_id).first()
    if card is None:
        raise CardNotFound()
    by.require(permission, card.branch_id)
    status_after(act, card.status, number=card.number)
    if at < card.opened_at:
        raise ActBeforeCard(opened=card.opened_at.isoformat())
    return card


def lock_own_card(card_id: UUID, *, act: str, by: Actor, at: datetime) -> tuple[RepairCard, Technician]:
    """The same for an act of the technician who was given the card, or of who leads the workshop; with that technician.

    Raises NotYourCard, and as `lock_card` does.
    """
    card = lock_card(card_id, act=act, permission=WORK, by=by, at=at)
    technician = technician_of(card)
    if technician.user_id != by.user_id and not by.may(LEAD, card.branch_id):
        raise NotYourCard(technician=technician.name)
    return card, technician


def technician_of(card: RepairCard) -> Technician:
    """Who was given the card; every card past the queue has one (check constraint)."""
    return Technician.objects.get(branch_id=card.branch_id, id=card.technician_id)  # type: ignore[misc]  # never None here


def lock_technician(technician_id: UUID, *, branch_id: UUID) -> Technician:
    """The branch's technician, locked: what fills his time waits for each other.

    Raises TechnicianNotFound, TechnicianInactive.
    """
    found = Technician.objects.select_for_update().filter(branch_id=branch_id, id=technician_id).first()
    if found is None:
        raise TechnicianNotFound(field="technician")
    if not found.active:
        raise TechnicianInactive(technician=found.name, field="technician")
    return found


def order_of(card: RepairCard) -> WorkOrder:
    """The order that the card was written for."""
    return WorkOrder.objects.get(branch_id=card.branch_id, id=card.work_order_id)


def nobody_at_work(card: RepairCard) -> None:
    """Raise WorkStillOpen while somebody works on it."""
    still = BenchWork.objects.filter(branch_id=card.branch_id, card_id=card.id, ends_at=None)
    if one := still.select_related("technician").first():
        raise WorkStillOpen(technician=one.technician.name)


def move_card(card: RepairCard, act: str, **fields: Any) -> dict[str, str]:
    """Write the card's new status and the named fields; returns from → to for the event."""
    to = status_after(act, card.status, number=card.number)
    step = {"from": str(card.status), "to": str(to)}
    card.status = to
    for name, value in fields.items():
        setattr(card, name, value)
    write(card, "status", *fields)
    return step


def owed(text: str, *, field: str, most: int = 2000) -> str:
    """The text, trimmed. Raises TextOwed, TextTooLong, TextUnreadable."""
    text = written(text, most=most, field=field)
    if not text:
        raise TextOwed(field=field)
    return text


def journal(card: RepairCard, verb: str, *, by: Actor, at: datetime, data: dict[str, Any], opens: bool = False) -> None:
    """The act's event, in the card's own chain; the clock of the planned date hears of it in the same transaction."""
    event = record(
        branch_id=card.branch_id,
        chain_id=card.id,
        verb=f"workshop.{verb}",
        subject=("repair_card", card.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
    observe(event, subject=("repair_card", card.id), label=card.number, branch_id=card.branch_id, told=data, by=by)
