"""What the journal says becomes marks: an event starts, stops, pauses or ends the clocks that listen to it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.looks import Look
from shouhou.audit.models import Event
from shouhou.audit.statements import insert
from shouhou.commitments.actions._judging import judge_anew
from shouhou.commitments.models import Commitment, CommitmentMark
from shouhou.commitments.queries import current_calendar
from shouhou.commitments.queries.commitments import marks_of
from shouhou.commitments.rules.definition import Definition
from shouhou.commitments.rules.reading import shipped_definitions
from shouhou.commitments.rules.terms import terms_of
from shouhou.commitments.rules.words import Cause, MarkKind
from shouhou.kernel.errors import Invalid
from shouhou.policies.queries import book_in_force

log = logging.getLogger(__name__)


def observe(
    event: Event,
    *,
    subject: tuple[str, UUID],
    label: str,
    branch_id: UUID,
    told: Mapping[str, Any],
    by: Actor,
    happened_at: datetime | None = None,
) -> list[Commitment]:
    """Let the clocks know of an event, in the transaction of the act that made it. Costs nothing where none listens.

    `branch_id` is one of the actor's branches, `subject` what the promise is about, `label` what people call it, `told` what the
    definitions read from the event, `happened_at` when it happened, if that was before it was written down. The same event twice
    changes nothing; an event that becomes known late counts from when it happened. Gives the commitments that it touched.
    """
    at = happened_at or event.at
    touched = []
    listening = [one for one in shipped_definitions().listening.get(event.verb, ()) if one.subject == subject[0]]
    begun = [one for one in listening if one.begins_with(event.verb, told)]
    # Of a case that has just been opened nothing can be running.
    running = {} if event.sequence == 1 or not listening else _running(listening, subject, branch_id)
    marks = marks_of([row for rows in running.values() for row in rows], branch_id=branch_id) if running else {}
    for definition in listening:
        rows = running.get(definition.id, [])
        for row, kind, key, cause in _said(definition, event, told, rows, at):
            if any(mark.event_id == event.id and mark.kind == kind for mark in marks[row.id]):
                continue
            mark = _mark(row, kind, at, event=event, by=by, key=key, cause=cause)
            insert(mark)
            judge_anew(row, [*marks[row.id], mark], by=by, at=event.at)
            touched.append(row)
        if definition in begun and (definition.each or not rows):
            begun_one = _begin(
                definition, event, subject=subject, label=label, branch=by.branch_of(branch_id), told=told, by=by, at=at
            )
            touched += [] if begun_one is None else [begun_one]
    return touched


_BEGUN = Look(
    lambda *, branch_id, kind, key, definitions: (
        Commitment.objects.select_for_update()
        .filter(branch_id=branch_id, subject_kind=kind, subject_id=key, definition__in=definitions)
        .order_by("started_at", "round", "id")
    )
)


def _running(
    listening: Sequence[Definition], subject: tuple[str, UUID], branch_id: UUID
) -> dict[str, list[Commitment]]:
    kind, key = subject
    found: dict[str, list[Commitment]] = {}
    for row in _BEGUN.all(branch_id=branch_id, kind=kind, key=key, definitions=[one.id for one in listening]):
        found.setdefault(row.definition, []).append(row)
    return found


type _Said = tuple[Commitment, MarkKind, str, str]


def _said(
    definition: Definition, event: Event, told: Mapping[str, Any], rows: Sequence[Commitment], at: datetime
) -> list[_Said]:
    """What the event says to which of the running rounds."""
    verb = event.verb
    alive = [row for row in rows if row.ended_at is None]
    said: list[_Said] = []
    if verb in definition.stops:
        # One visit keeps one promise: the oldest that was begun by then.
        said += [(row, MarkKind.STOP, "", "") for row in [row for row in alive if row.started_at <= at][:1]]
    if verb in definition.reopens:
        said += [(row, MarkKind.REOPEN, "", "") for row in rows if row.ended_at is not None]
    if verb in definition.voids:
        said += [(row, MarkKind.VOID, "", "") for row in alive]
    for pause in definition.pauses:
        if verb == pause.on:
            said += [(row, MarkKind.PAUSE, pause.on, str(pause.caused_by(told))) for row in alive]
        if verb == pause.until:
            said += [(row, MarkKind.RELEASE, pause.on, "") for row in alive]
    return said


def _begin(
    definition: Definition,
    event: Event,
    *,
    subject: tuple[str, UUID],
    label: str,
    branch: Branch,
    told: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> Commitment | None:
    zone = ZoneInfo(branch.time_zone)
    try:
        terms = terms_of(
            definition, told, book=book_in_force(), on=at.astimezone(zone).date(), zone=zone, region=branch.region
        )
    except Invalid as refusal:
        # A call is received also where no rule says how soon somebody must come; what is missing is seen in the log.
        log.warning("%s of %s has no clock: %s", definition.id, label or subject, refusal)
        return None
    row = Commitment(
        branch_id=branch.id,
        definition=definition.id,
        definition_version=definition.version,
        subject_kind=subject[0],
        subject_id=subject[1],
        label=label,
        owner=str(definition.owner),
        occasion=str(event.id) if definition.each else "",
        terms=terms.as_json(),
        calendar=current_calendar(branch),
    )
    judge_anew(row, [_mark(row, MarkKind.START, at, event=event, by=by)], by=by, at=event.at, fresh=True)
    return row


def _mark(
    row: Commitment, kind: MarkKind, at: datetime, *, event: Event, by: Actor, key: str = "", cause: Cause | str = ""
) -> CommitmentMark:
    return CommitmentMark(
        branch_id=row.branch_id,
        commitment=row,
        kind=kind,
        at=at,
        key=key,
        cause=str(cause),
        event_id=event.id,
        by=by.user,
        known_at=event.at,
    )
