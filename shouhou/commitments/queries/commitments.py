from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.looks import Look
from shouhou.commitments.models import Commitment, CommitmentMark, CommitmentNotice
from shouhou.commitments.rules.standing import Mark
from shouhou.commitments.rules.words import OPEN, Cause, MarkKind, State
from shouhou.kernel.errors import NotFound

type Owed = BranchQuerySet[Commitment]
# The condition of the partial index: what runs or is paused, and what was broken and is still not done.
OWED = Q(state__in=sorted(OPEN)) | Q(state=State.BREACHED, ended_at=None)


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


def find_owed(branch: Branch, *, owner: str = "", definition: str = "", stand: str = "", at: datetime) -> Owed:
    """What the branch owes and has not kept yet, narrowed, in the order in which it falls due; what is paused comes last.

    `stand`: overdue, soon (within the last part of its time) or paused.
    """
    rows = Commitment.objects.filter(OWED, branch_id=branch.id)
    if owner:
        rows = rows.filter(owner=owner)
    if definition:
        rows = rows.filter(definition=definition)
    if stand:
        rows = rows.filter(_standing(at)[stand])
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def after_due(rows: Owed, *, due_at: datetime | None, commitment_id: UUID) -> Owed:
    """Those that come after one in that order. The list goes on there however it has changed."""
    if due_at is None:
        return rows.filter(due_at=None, id__gt=commitment_id)
    return rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=commitment_id) | Q(due_at=None))


def find_told_to(branch: Branch, roles: Collection[str]) -> Owed:
    """What is owed by one of the roles, or what one of them was told of because it ran late. In order of urgency."""
    told = CommitmentNotice.objects.filter(branch_id=branch.id, commitment_id=OuterRef("id"), tell__in=roles)
    rows = Commitment.objects.filter(OWED, branch_id=branch.id).filter(Q(owner__in=roles) | Exists(told))
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def count_owed(rows: Owed, *, at: datetime) -> dict[str, int]:
    """How many of them there are in all, overdue, soon and paused. One query."""
    counts = {name: Count("id", filter=part) for name, part in _standing(at).items()}
    return rows.order_by().aggregate(all=Count("id"), **counts)


def find_definitions(branch: Branch) -> list[str]:
    """The promises of which the branch owes one."""
    rows = Commitment.objects.filter(OWED, branch_id=branch.id)
    return sorted(rows.order_by().values_list("definition", flat=True).distinct())


def _standing(at: datetime) -> dict[str, Q]:
    return {
        "overdue": Q(due_at__lte=at),
        "soon": Q(due_at__gt=at, orange_at__lte=at),
        "paused": Q(state=State.PAUSED),
    }


def find_due(branch_id: UUID, *, at: datetime) -> BranchQuerySet[Commitment]:
    """What may have changed by itself since it was last looked at, the earliest first. Served by a partial index."""
    return Commitment.objects.filter(branch_id=branch_id, next_at__lte=at).order_by("next_at", "id")


def marks_of(rows: Iterable[Commitment], *, branch_id: UUID) -> dict[UUID, list[CommitmentMark]]:
    """The marks of several commitments, oldest first. One query."""
    found: dict[UUID, list[CommitmentMark]] = {row.id: [] for row in rows}
    for mark in _MARKS.all(branch_id=branch_id, commitments=list(found)):
        found[mark.commitment_id].append(mark)
    return found


_MARKS = Look(
    lambda *, branch_id, commitments: CommitmentMark.objects.filter(
        branch_id=branch_id, commitment_id__in=commitments
    ).order_by("at", "id")
)


def read_marks(rows: Iterable[CommitmentMark]) -> list[Mark]:
    """The marks as the rules take them."""
    return [Mark(MarkKind(row.kind), row.at, row.key, Cause(row.cause) if row.cause else None) for row in rows]


def notices_of(row: Commitment) -> list[CommitmentNotice]:
    """Who was told how far it had run, in that order."""
    return list(CommitmentNotice.objects.filter(branch_id=row.branch_id, commitment_id=row.id).order_by("step"))
