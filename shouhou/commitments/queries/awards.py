"""Reading awards: one, those that wait, those of one breach; and which sellers are restricted."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.permissions import SEE_AWARDS
from shouhou.access.wall import BranchQuerySet
from shouhou.commitments.models import Award, AwardStep, TopUp
from shouhou.kernel.errors import NotFound
from shouhou.kernel.money import Money
from shouhou.ledger.rules import Reference


class AwardNotFound(NotFound):
    code = "award_not_found"


def get_award(award_id: UUID, *, by: Actor) -> Award:
    """One award of the actor's branches. Raises AwardNotFound, NotPermitted."""
    found = Award.objects.visible_to(by).select_related("proposed_by", "branch").filter(id=award_id).first()
    if found is None:
        raise AwardNotFound()
    by.require(SEE_AWARDS, found.branch_id)
    return found


def find_awards(branch_id: UUID, *, by: Actor, states: Collection[str] = ()) -> BranchQuerySet[Award]:
    """The awards of a branch, the oldest first. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_AWARDS, branch_id)
    rows = Award.objects.filter(branch_id=branch_id).select_related("proposed_by")
    return (rows.filter(state__in=states) if states else rows).order_by("proposed_at", "id")


def awards_about(about: Reference, *, branch_id: UUID) -> BranchQuerySet[Award]:
    """What is owed for one thing, whatever became of it, the oldest first."""
    rows = Award.objects.filter(branch_id=branch_id, about_kind=about.kind, about_id=about.id)
    return rows.order_by("proposed_at", "id")


def steps_of(award: Award) -> list[AwardStep]:
    """What was done to an award, oldest first."""
    rows = AwardStep.objects.filter(branch_id=award.branch_id, award_id=award.id)
    return list(rows.select_related("by").order_by("at", "id"))


def top_ups_of(award: Award) -> BranchQuerySet[TopUp]:
    """What a seller has to fill up, or had to, because of an award."""
    return TopUp.objects.filter(branch_id=award.branch_id, award_id=award.id).order_by("id")


def missing_for(award: Award) -> Money:
    """What a deposit still has to be filled up for before the whole award can be settled."""
    open_minor = sum(one.open_minor for one in top_ups_of(award))
    return Money.of_minor_units(open_minor, award.currency)


def find_top_ups(owner: Reference, *, branch_id: UUID) -> BranchQuerySet[TopUp]:
    """What a seller still has to fill up at a branch, the longest due first. Served by a partial index."""
    rows = TopUp.objects.filter(branch_id=branch_id, owner_kind=owner.kind, owner_id=owner.id, open_minor__gt=0)
    return rows.order_by("due_at", "id")


def is_restricted(owner: Reference, *, branch_id: UUID, at: datetime) -> bool:
    """Whether a seller has let the day go by on which his deposit was to be full again. Over as soon as it is."""
    return find_top_ups(owner, branch_id=branch_id).filter(due_at__lte=at).exists()
