"""Reading excuses: those of a commitment with their evidence and rulings, one file, and what waits for a ruling."""

from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.commitments.models import Commitment, Excuse, ExcuseEvidence
from shouhou.kernel.errors import NotFound


class ExcuseNotFound(NotFound):
    code = "excuse_not_found"


class EvidenceNotFound(NotFound):
    code = "evidence_not_found"


def excuses_of(row: Commitment) -> list[Excuse]:
    """The excuses of a commitment with their files and rulings, the oldest first. Four queries."""
    excuses = Excuse.objects.filter(branch_id=row.branch_id, commitment_id=row.id).select_related("claimed_by")
    return list(excuses.prefetch_related("evidence", "rulings__ruled_by").order_by("claimed_at", "id"))


def find_waiting_excuses(branch: Branch) -> BranchQuerySet[Excuse]:
    """The excuses of the branch on which nobody has ruled yet, the oldest first."""
    rows = Excuse.objects.filter(branch_id=branch.id, rulings=None).select_related("commitment", "claimed_by")
    return rows.order_by("claimed_at", "id")


def get_excuse(commitment_id: UUID, excuse_id: UUID, *, by: Actor) -> Excuse:
    """An excuse of one commitment of the actor's branches. Raises ExcuseNotFound."""
    found = Excuse.objects.visible_to(by).filter(id=excuse_id, commitment_id=commitment_id).first()
    if found is None:
        raise ExcuseNotFound()
    return found


def get_evidence(evidence_id: UUID, *, by: Actor) -> ExcuseEvidence:
    """One file of the actor's branches. Raises EvidenceNotFound."""
    found = ExcuseEvidence.objects.visible_to(by).select_related("excuse").filter(id=evidence_id).first()
    if found is None:
        raise EvidenceNotFound()
    return found
