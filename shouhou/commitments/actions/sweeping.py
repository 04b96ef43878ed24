"""The worker's round: what may have changed by itself is judged anew, the earliest first."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._judging import judge_anew
from shouhou.commitments.models import Commitment
from shouhou.commitments.queries.commitments import find_due, marks_of

log = logging.getLogger(__name__)

BATCH = 200
PUT_OFF = timedelta(hours=1)


def sweep_commitments(branch_id: UUID, *, by: Actor, at: datetime) -> int:
    """Judge up to `BATCH` due commitments of a branch; returns how many. Several workers may do so at the same time.

    One that cannot be judged is put off for an hour with the reason written on it, and does not keep the others.
    """
    try:
        with act_transaction():
            rows = _claim(branch_id, at)
            _judge_all(rows, branch_id, by=by, at=at)
            return len(rows)
    except Exception:
        # One of them spoilt the transaction of all: each gets one of its own.
        log.exception("a batch of commitments of branch %s could not be judged; now one by one", branch_id)
    keys = list(find_due(branch_id, at=at).values_list("id", flat=True)[:BATCH])
    for key in keys:
        _judge_alone(key, branch_id, by=by, at=at)
    return len(keys)


def _claim(branch_id: UUID, at: datetime) -> list[Commitment]:
    # What another worker holds at this moment is his; SQLite has locked the whole database at BEGIN.
    skip = connection.features.has_select_for_update_skip_locked
    return list(find_due(branch_id, at=at).select_for_update(skip_locked=skip)[:BATCH])


def _judge_all(rows: Sequence[Commitment], branch_id: UUID, *, by: Actor, at: datetime) -> None:
    marks = marks_of(rows, branch_id=branch_id)
    for row in rows:
        judge_anew(row, marks[row.id], by=by, at=at)


def _judge_alone(key: UUID, branch_id: UUID, *, by: Actor, at: datetime) -> None:
    try:
        with act_transaction():
            rows = list(find_due(branch_id, at=at).filter(id=key).select_for_update())
            _judge_all(rows, branch_id, by=by, at=at)
    except Exception as fault:
        log.exception("commitment %s could not be judged", key)
        with act_transaction():
            row = Commitment.objects.select_for_update().get(branch_id=branch_id, id=key)
            row.fault, row.next_at = f"{type(fault).__name__}: {fault}"[:300], at + PUT_OFF
            row.save(update_fields=["fault", "next_at"])
