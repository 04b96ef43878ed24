"""What the page of a promise shows: its terms, everything that happened to its clock, the excuses, and what it owes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouhou.access.actors import Actor
from shouhou.access.models import User
from shouhou.access.permissions import SEE_AWARDS, Role
from shouhou.commitments.actions.excusing import CLAIM, RULE
from shouhou.commitments.actions.pausing import BY_HAND, PAUSE
from shouhou.commitments.models import Award, Commitment, CommitmentMark, CommitmentNotice, Excuse
from shouhou.commitments.queries import excuses_of, marks_of, notices_of
from shouhou.commitments.queries.awards import awards_about
from shouhou.commitments.rules.definition import Step
from shouhou.commitments.rules.words import OPEN, Cause, MarkKind, State
from shouhou.ledger.rules import Reference
from shouhou.web.promise_words import PromiseWords

_TONES = {
    MarkKind.START: "blue",
    MarkKind.STOP: "green",
    MarkKind.PAUSE: "amber",
    MarkKind.RELEASE: "blue",
    MarkKind.REOPEN: "amber",
    MarkKind.VOID: "plain",
    MarkKind.EXCUSE: "green",
}
_EXCUSABLE = (State.RUNNING, State.PAUSED, State.BREACHED)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history: when, what, and who did it. `later` where it was written down after it had happened."""

    at: datetime
    words: str
    tone: str
    by: str
    later: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepWords:
    """Whom the terms name, when so much of the time is used up, and when he was told."""

    share: str
    role: str
    told: CommitmentNotice | None


@dataclass(frozen=True, slots=True)
class PromisePage:
    """All that the page shows."""

    promise: PromiseWords
    history: list[Told]
    steps: list[StepWords]
    excuses: list[Excuse]
    # The one on which nobody has ruled yet; who claimed it (`own`) does not rule on it.
    waiting: Excuse | None
    own: bool
    awards: list[Award]
    offers: set[str]


def read_promise(row: Commitment, *, by: Actor, now: datetime) -> PromisePage:
    """All of it, with a fixed number of queries. Whoever found the commitment has checked branch and permission."""
    promise = PromiseWords(row, now)
    marks = marks_of([row], branch_id=row.branch_id)[row.id]
    notices, excuses = notices_of(row), excuses_of(row)
    by_hand = [mark for mark in marks if mark.key == BY_HAND]
    paused = bool(by_hand) and by_hand[-1].kind == MarkKind.PAUSE
    awards = list(awards_about(Reference("commitment", str(row.id)), branch_id=row.branch_id))
    waiting = next((one for one in excuses if not one.rulings.all()), None)
    return PromisePage(
        promise=promise,
        history=_history(row, marks, notices, excuses),
        steps=_steps(promise.terms.steps, notices),
        excuses=excuses,
        waiting=waiting,
        awards=awards if by.may(SEE_AWARDS, row.branch_id) else [],
        offers=set(_offers(row, paused=paused, waiting=waiting is not None, by=by)),
        own=waiting is not None and waiting.claimed_by_id == by.user_id,
    )


def _offers(row: Commitment, *, paused: bool, waiting: bool, by: Actor) -> Iterator[str]:
    if by.may(PAUSE, row.branch_id):
        if paused:
            yield "release"
        elif row.state in OPEN:
            yield "pause"
    if by.may(CLAIM, row.branch_id) and row.state in _EXCUSABLE and not waiting:
        yield "excuse"
    if by.may(RULE, row.branch_id) and waiting:
        yield "rule"


def _steps(steps: tuple[Step, ...], notices: list[CommitmentNotice]) -> list[StepWords]:
    told = {one.step: one for one in notices}
    return [
        StepWords(_share(step.at), str(Role(step.tell).label), told.get(number)) for number, step in enumerate(steps)
    ]


def _history(
    row: Commitment, marks: list[CommitmentMark], notices: list[CommitmentNotice], excuses: list[Excuse]
) -> list[Told]:
    """The newest first."""
    users = User.objects.in_bulk({mark.by_id for mark in marks if mark.by_id})
    told = [
        Told(
            mark.at,
            _mark_words(mark),
            _TONES[MarkKind(mark.kind)],
            str(users[mark.by_id]) if mark.by_id in users else "",
            mark.known_at if (mark.known_at - mark.at).total_seconds() >= 60 else None,
        )
        for mark in marks
    ]
    told += [
        Told(one.reached_at, _("%(role)s was told") % {"role": Role(one.tell).label}, "amber", "") for one in notices
    ]
    if row.breached_at:
        told.append(Told(row.breached_at, pgettext("promise", "The time ran out"), "red", ""))
    for one in excuses:
        told.append(
            Told(
                one.claimed_at,
                _("Excuse: %(kind)s") % {"kind": Excuse.Kind(one.kind).label},
                "blue",
                str(one.claimed_by or ""),
            )
        )
        for ruling in one.rulings.all():
            said = _("Excuse accepted: %(reason)s") if ruling.accepted else _("Excuse rejected: %(reason)s")
            tone = "green" if ruling.accepted else "amber"
            told.append(Told(ruling.ruled_at, said % {"reason": ruling.reason}, tone, str(ruling.ruled_by or "")))
    return sorted(told, key=lambda one: one.at, reverse=True)


def _mark_words(mark: CommitmentMark) -> str:
    kind = MarkKind(mark.kind)
    if kind is not MarkKind.PAUSE:
        return str(kind.label)
    said = {"cause": Cause(mark.cause).label, "reason": mark.note}
    return (_("Paused, %(cause)s: %(reason)s") if mark.note else _("Paused, %(cause)s")) % said


def _share(share: Decimal) -> str:
    """“80 %”."""
    return f"{(share * 100).normalize():f} %"
