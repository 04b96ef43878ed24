"""What every act on a commitment ends with: judge it anew by all its marks, and write how it stands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.statements import insert, write
from shouhou.commitments.models import STANDING_FIELDS, Commitment, CommitmentMark, CommitmentNotice
from shouhou.commitments.queries import clock_for
from shouhou.commitments.queries.commitments import CommitmentNotFound, marks_of, read_marks
from shouhou.commitments.rules.reading import shipped_definitions
from shouhou.commitments.rules.standing import Standing, stand
from shouhou.commitments.rules.terms import read_terms
from shouhou.commitments.rules.words import MarkKind, State

_FIELDS = (*STANDING_FIELDS, "next_at", "steps_done")


def lock_commitment(commitment_id: UUID, *, permission: str, by: Actor) -> tuple[Commitment, list[CommitmentMark]]:
    """The commitment, locked until the transaction ends, and its marks. Raises CommitmentNotFound, NotPermitted."""
    row = Commitment.objects.visible_to(by).select_for_update().filter(id=commitment_id).first()
    if row is None:
        raise CommitmentNotFound()
    by.require(permission, row.branch_id)
    return row, marks_of([row], branch_id=row.branch_id)[row.id]


def judge_anew(
    row: Commitment, marks: Sequence[CommitmentMark], *, by: Actor, at: datetime, fresh: bool = False
) -> Standing:
    """Write how a locked commitment stands, tell whom its steps name, and begin the next round where one follows.

    A clock that was set back changes nothing: it is never judged at an earlier moment than before. `fresh`: it was made in this
    transaction and is not in the table yet.
    """
    now = at if fresh else max(at, row.judged_at)
    before, told = (None if fresh else row.state), (0 if fresh else row.steps_done)
    standing = stand(read_terms(row.terms), read_marks(marks), clock_for(row.calendar), now)
    for name in _FIELDS:
        setattr(row, name, getattr(standing, name))
    # Whom it was told to stays told, also when a late word of the past shows that it need not have been.
    row.steps_done = max(standing.steps_done, told)
    row.judged_at, row.fault = now, ""
    if fresh:
        insert(row)
        for mark in marks:
            insert(mark)
    else:
        write(row, *_FIELDS, "judged_at", "fault")
    _tell(row, standing, told, at=now)
    if before is not None and before != row.state:
        _journal_change(row, before, by=by, at=at)
    if standing.breached_at or standing.ended_at:
        _begin_next(row, standing, by=by, at=at)
    return standing


def _tell(row: Commitment, standing: Standing, told: int, *, at: datetime) -> None:
    if told >= standing.steps_done:
        return
    steps = read_terms(row.terms).steps
    CommitmentNotice.objects.bulk_create(
        CommitmentNotice(
            branch_id=row.branch_id,
            commitment=row,
            step=number,
            tell=str(steps[number].tell),
            reached_at=standing.step_moments[number] or at,
            told_at=at,
        )
        for number in range(told, standing.steps_done)
    )


def _journal_change(row: Commitment, before: str, *, by: Actor, at: datetime) -> None:
    record(
        branch_id=row.branch_id,
        # A chain of its own: whoever works on the subject holds that one's, and would meet the sweep in a ring.
        chain_id=row.id,
        verb=f"commitments.commitment.{row.state}",
        subject=("commitment", row.id),
        by=by,
        at=at,
        data={
            "from": before,
            "to": str(row.state),
            "definition": row.definition,
            "of": [row.subject_kind, str(row.subject_id)],
            "due_at": row.due_at and row.due_at.isoformat(),
            "breached_at": row.breached_at and row.breached_at.isoformat(),
        },
    )


def _begin_next(row: Commitment, standing: Standing, *, by: Actor, at: datetime) -> None:
    """The next round of a promise that repeats begins when this one's time is over, whenever it was kept."""
    definition = shipped_definitions().by_id.get(row.definition)
    if definition is None or not definition.repeats or standing.due_at is None or standing.state is State.VOID:
        return
    earlier = {"branch_id": row.branch_id, "subject_kind": row.subject_kind, "subject_id": row.subject_id}
    rounds = Commitment.objects.filter(**earlier, definition=row.definition, occasion=row.occasion)
    if rounds.filter(round__gt=row.round).exists():
        return
    following = Commitment(
        **earlier,
        definition=row.definition,
        definition_version=row.definition_version,
        label=row.label,
        owner=row.owner,
        occasion=row.occasion,
        round=row.round + 1,
        terms=row.terms,
        calendar=row.calendar,
    )
    begun = CommitmentMark(
        branch_id=row.branch_id, commitment=following, kind=MarkKind.START, at=standing.due_at, known_at=at
    )
    judge_anew(following, [begun], by=by, at=at, fresh=True)
