"""Reads: the board of a branch, one card with all that hangs on it, and who has worked on it."""

from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_WORKSHOP
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.models import Asset
from shouhou.kernel.errors import NotFound
from shouhou.workshop.models import BenchWork, CustomerQuestion, Inspection, PartUsed, PartWait, RepairCard
from shouhou.workshop.rules import InspectionPoint, Outcome, inspection_list


class CardNotFound(NotFound):
    code = "card_not_found"


def find_cards(branch: Branch, *, by: Actor) -> BranchQuerySet[RepairCard]:
    """The cards of a branch, the earliest planned first. Raises NotPermitted."""
    by.require(SEE_WORKSHOP, branch.id)
    rows = RepairCard.objects.at(branch).select_related("asset__product_model", "technician", "work_order", "receipt")
    return rows.order_by("planned_on", "id")


def get_card(card_id: UUID, *, by: Actor) -> RepairCard:
    """One card of the actor's branches, with what its page shows. Raises CardNotFound, NotPermitted."""
    rows = RepairCard.objects.visible_to(by).select_related(
        "branch",
        "asset__product_model__product_class",
        "asset__customer",
        "technician",
        "work_order",
        "receipt",
        "fault_code",
    )
    card = rows.filter(id=card_id).first()
    if card is None:
        raise CardNotFound()
    by.require(SEE_WORKSHOP, card.branch_id)
    return card


def find_cards_of_order(order_id: UUID, *, by: Actor) -> BranchQuerySet[RepairCard]:
    """The cards that were written for an order, oldest first."""
    return RepairCard.objects.visible_to(by).filter(work_order_id=order_id).order_by("opened_at", "id")


def find_stretches(card: RepairCard) -> BranchQuerySet[BenchWork]:
    """The work on a card, in order."""
    rows = BenchWork.objects.filter(branch_id=card.branch_id, card_id=card.id)
    return rows.select_related("technician").order_by("starts_at", "id")


def find_parts_used(card: RepairCard) -> BranchQuerySet[PartUsed]:
    """The parts that went into the unit, in order."""
    rows = PartUsed.objects.filter(branch_id=card.branch_id, card_id=card.id)
    return rows.select_related("part", "technician").order_by("at", "id")


def find_questions(card: RepairCard) -> BranchQuerySet[CustomerQuestion]:
    """What the customer was asked, in order; the last one counts."""
    return CustomerQuestion.objects.filter(branch_id=card.branch_id, card_id=card.id).order_by("asked_at", "id")


def find_waits(card: RepairCard) -> BranchQuerySet[PartWait]:
    """What was waited for, in order."""
    rows = PartWait.objects.filter(branch_id=card.branch_id, card_id=card.id)
    return rows.select_related("part").order_by("starts_at", "id")


def find_inspections(card: RepairCard) -> BranchQuerySet[Inspection]:
    """Every inspection of a card, in order."""
    rows = Inspection.objects.filter(branch_id=card.branch_id, card_id=card.id)
    return rows.select_related("inspector").order_by("at", "id")


def points_of(card: RepairCard) -> tuple[InspectionPoint, ...]:
    """What has to be looked at before this unit is passed; while it is not known how it ends, as for a mended one."""
    asset = Asset.objects.select_related("product_model__product_class").get(branch_id=card.branch_id, id=card.asset_id)
    return inspection_list(asset.product_model.product_class.rules_class, card.outcome or Outcome.MENDED)


def menders_of(card: RepairCard) -> dict[UUID, str]:
    """The users who have worked on a card, or were given it, with their names: none of them inspects it."""
    people = {one.technician.user_id: one.technician.name for one in find_stretches(card)}
    return people | ({card.technician.user_id: card.technician.name} if card.technician else {})
