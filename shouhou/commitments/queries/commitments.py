from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shouhou.access.actors import Actor
from shouhou.access.wall import BranchQuerySet
from shouhou.commitments.models import Commitment, CommitmentMark
from shouhou.commitments.rules.standing import Mark
from shouhou.commitments.rules.words import OPEN, Cause, MarkKind, State
from shouhou.kernel.errors import NotFound


class CommitmentNotFound(NotFound):
    code = "commitment_not_found"


def get_commitment(commitment_id: UUID, *, by: Actor) -> Commitment:
    """One commitment of the actor's branches. Raises CommitmentNotFound."""
    found = Commitment.objects.visible_to(by).filter(id=commitment_id).first()
    if found is None:
        raise CommitmentNotFound()
    return found


def commitments_of(subjects: Collection[UUID], *, branch_id: UUID, kind: str) -> dict[UUID, list[Commitment]]:
    """The commitments of several subjects of a kind, in the order in which they began. One query."""
    rows = Commitment.objects.filter(branch_id=branch_id, subject_kind=kind, subject_id__in=subjects)
    found: dict[UUID, list[Commitment]] = defaultdict(list)
    for row in rows.order_by("started_at", "id"):
        found[row.subject_id].append(row)
    return dict(found)


def find_open(*, by: Actor, owner: str = "", definition: str = "") -> BranchQuerySet[Commitment]:
    """What is owed and not kept yet, the longest overdue first; what is paused comes last. Breaches stay until they are kept."""
    rows = Commitment.objects.visible_to(by).filter(Q(state__in=sorted(OPEN)) | Q(state=State.BREACHED, ended_at=None))
    if owner:
        rows = rows.filter(owner=owner)
    if definition:
        rows = rows.filter(definition=definition)
    return rows.order_by("due_at", "id")


def find_due(branch_id: UUID, *, at: datetime) -> BranchQuerySet[Commitment]:
    """What may have changed by itself since it was last looked at, the earliest first. Served by a partial index."""
    return Commitment.objects.filter(branch_id=branch_id, next_at__lte=at).order_by("next_at", "id")


def marks_of(rows: Iterable[Commitment], *, branch_id: UUID) -> dict[UUID, list[CommitmentMark]]:
    """The marks of several commitments, oldest first. One query."""
    found: dict[UUID, list[CommitmentMark]] = {row.id: [] for row in rows}
    marks = CommitmentMark.objects.filter(branch_id=branch_id, commitment_id__in=list(found))
    for mark in marks.order_by("at", "id"):
        found[mark.commitment_id].append(mark)
    return found


def read_marks(rows: Iterable[CommitmentMark]) -> list[Mark]:
    """The marks as the rules take them."""
    return [Mark(MarkKind(row.kind), row.at, row.key, Cause(row.cause) if row.cause else None) for row in rows]
