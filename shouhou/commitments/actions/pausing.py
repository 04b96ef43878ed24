"""Stopping and releasing a clock by hand, where no act on the subject does so by itself."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._judging import judge_anew, lock_commitment
from shouhou.commitments.models import Commitment, CommitmentMark
from shouhou.commitments.rules.words import OPEN, Cause, MarkKind
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written

PAUSE = "commitments.pause_commitment"
BY_HAND = "by_hand"


class PauseReasonMissing(Invalid):
    code = "pause_reason_missing"
    template = gettext_noop("Please write down why the clock stands still.")


class NothingRuns(Conflict):
    code = "nothing_runs"
    template = gettext_noop("This promise is not running any more.")


class PausedAlready(Conflict):
    code = "paused_already"
    template = gettext_noop("The clock stands still already, since %(since)s.")


class NotPaused(Conflict):
    code = "not_paused"
    template = gettext_noop("The clock is not standing still; it cannot be released.")


class BeforeItBegan(Conflict):
    code = "before_it_began"
    template = gettext_noop("That was before the clock was last touched (%(latest)s).")


def pause_commitment(commitment_id: UUID, *, cause: str, reason: str, by: Actor, at: datetime) -> Commitment:
    """Let the clock stand still from now on; a pause of our own making is written down and stops nothing.

    Raises CommitmentNotFound, PauseReasonMissing, UnknownChoice, NothingRuns, PausedAlready, BeforeItBegan, NotPermitted.
    """
    check_choice("cause", cause, Cause.values)
    reason = written(reason, most=200, field="reason")
    if not reason:
        raise PauseReasonMissing(field="reason")
    with act_transaction():
        row, marks = lock_commitment(commitment_id, permission=PAUSE, by=by)
        if row.state not in OPEN:
            raise NothingRuns()
        if (pause := _open_pause(marks)) is not None:
            raise PausedAlready(since=pause.at.isoformat())
        _touch(row, marks, MarkKind.PAUSE, cause=cause, note=reason, by=by, at=at)
        return row


def release_commitment(commitment_id: UUID, *, by: Actor, at: datetime) -> Commitment:
    """Let the clock go on. Raises CommitmentNotFound, NotPaused, BeforeItBegan, NotPermitted."""
    with act_transaction():
        row, marks = lock_commitment(commitment_id, permission=PAUSE, by=by)
        if _open_pause(marks) is None:
            raise NotPaused()
        _touch(row, marks, MarkKind.RELEASE, by=by, at=at)
        return row


def _open_pause(marks: list[CommitmentMark]) -> CommitmentMark | None:
    by_hand = [mark for mark in marks if mark.key == BY_HAND]
    return by_hand[-1] if by_hand and by_hand[-1].kind == MarkKind.PAUSE else None


def _touch(
    row: Commitment,
    marks: list[CommitmentMark],
    kind: MarkKind,
    *,
    by: Actor,
    at: datetime,
    cause: str = "",
    note: str = "",
) -> None:
    latest = max(mark.at for mark in marks)
    if at < latest:
        raise BeforeItBegan(latest=latest.isoformat())
    data = {"cause": cause, "reason": note, "definition": row.definition}
    event = record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"commitments.commitment.{'paused_by_hand' if kind is MarkKind.PAUSE else 'released_by_hand'}",
        subject=("commitment", row.id),
        by=by,
        at=at,
        data=data,
    )
    mark = CommitmentMark.objects.create(
        branch_id=row.branch_id,
        commitment=row,
        kind=kind,
        at=at,
        key=BY_HAND,
        cause=cause,
        note=note,
        event_id=event.id,
        by=by.user,
        known_at=at,
    )
    judge_anew(row, [*marks, mark], by=by, at=at)
