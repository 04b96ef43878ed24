"""Promises: how each stands, by which terms, what happened to its clock, its excuses, and what a breach owes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from shouhou.access.permissions import Role
from shouhou.access.rules import Decision
from shouhou.api.fields import Answer, Input, Line, Prose
from shouhou.api.paging import Page
from shouhou.commitments.models import Award, Commitment, CommitmentMark, CommitmentNotice, Excuse, ExcuseRuling
from shouhou.commitments.rules.award_words import AwardState, Settlement
from shouhou.commitments.rules.remedies import Means, Payee
from shouhou.commitments.rules.words import Band, Cause, MarkKind, State


class StandWanted(StrEnum):
    """What of the promises that are owed."""

    OVERDUE = "overdue"
    SOON = "soon"
    PAUSED = "paused"


class PromiseAnswer(Answer):
    """One promise. What happens before `due_at` is in time; null while the clock stands still."""

    id: UUID
    branch_id: UUID
    definition: str = Field(examples=["arrival"])
    subject_kind: str = Field(examples=["work_order"])
    subject_id: UUID
    label: str = Field(examples=["QD261123-0042"])
    owner: Role
    round: int
    state: State
    band: Band = Field(description="How pressing it is at this moment.")
    started_at: datetime
    due_at: datetime | None
    paused_since: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    rule: str = Field(description="The version of the rule that says how long; empty where a moment was agreed.")
    verified: str = Field(description="How far the rule was checked against its source.")
    assumed: list[str] = Field(description="Facts that were not known, for which the strictest rule was taken.")

    @classmethod
    def of(cls, row: Commitment, *, now: datetime) -> Self:
        return cls(**_standing(row, now))


def _standing(row: Commitment, now: datetime) -> dict[str, Any]:
    plain = ("id", "branch_id", "definition", "subject_kind", "subject_id", "label", "round", "started_at", "due_at")
    moments = ("paused_since", "breached_at", "ended_at")
    return {name: getattr(row, name) for name in (*plain, *moments)} | {
        "owner": Role(row.owner),
        "state": State(row.state),
        "band": row.band(now),
        "rule": row.terms["rule"],
        "verified": row.terms["verified"],
        "assumed": row.terms["assumed"],
    }


class PromisePage(Page):
    rows: list[PromiseAnswer]


class MarkAnswer(Answer):
    """What happened to the clock, and when that was written down."""

    kind: MarkKind
    at: datetime
    known_at: datetime
    cause: Cause | None
    note: str
    by_id: UUID | None

    @classmethod
    def of(cls, row: CommitmentMark) -> Self:
        return cls(
            kind=MarkKind(row.kind),
            at=row.at,
            known_at=row.known_at,
            cause=Cause(row.cause) if row.cause else None,
            note=row.note,
            by_id=row.by_id,
        )


class NoticeAnswer(Answer):
    """Who was told how far it had run."""

    role: Role
    reached_at: datetime
    told_at: datetime

    @classmethod
    def of(cls, row: CommitmentNotice) -> Self:
        return cls(role=Role(row.tell), reached_at=row.reached_at, told_at=row.told_at)


class ExcuseRulingAnswer(Answer):
    accepted: bool
    reason: str
    ruled_by_id: UUID | None
    ruled_at: datetime

    @classmethod
    def of(cls, row: ExcuseRuling) -> Self:
        return cls(accepted=row.accepted, reason=row.reason, ruled_by_id=row.ruled_by_id, ruled_at=row.ruled_at)


class EvidenceAnswer(Answer):
    """A file; its bytes have an address of their own."""

    id: UUID
    media_type: str
    digest: str = Field(description="SHA-256 of the stored file.")


class ExcuseAnswer(Answer):
    """An objective cause that is claimed, and the ruling on it."""

    id: UUID
    kind: Excuse.Kind
    account: str
    claimed_by_id: UUID | None
    claimed_at: datetime
    evidence: list[EvidenceAnswer]
    ruling: ExcuseRulingAnswer | None

    @classmethod
    def of(cls, row: Excuse) -> Self:
        ruling = next(iter(row.rulings.all()), None)
        return cls(
            id=row.id,
            kind=Excuse.Kind(row.kind),
            account=row.account,
            claimed_by_id=row.claimed_by_id,
            claimed_at=row.claimed_at,
            evidence=[
                EvidenceAnswer(
                    id=one.id, media_type="image/jpeg" if one.is_picture else "application/pdf", digest=one.digest
                )
                for one in row.evidence.all()
            ],
            ruling=ExcuseRulingAnswer.of(ruling) if ruling else None,
        )


class PromiseHistoryAnswer(PromiseAnswer):
    """One promise with everything that is known of it."""

    marks: list[MarkAnswer]
    notices: list[NoticeAnswer]
    excuses: list[ExcuseAnswer]

    @classmethod
    def whole(
        cls,
        row: Commitment,
        *,
        marks: list[CommitmentMark],
        notices: list[CommitmentNotice],
        excuses: list[Excuse],
        now: datetime,
    ) -> Self:
        return cls(
            **_standing(row, now),
            marks=[MarkAnswer.of(one) for one in marks],
            notices=[NoticeAnswer.of(one) for one in notices],
            excuses=[ExcuseAnswer.of(one) for one in excuses],
        )


class PauseInput(Input):
    """Why the clock is stopped by hand. A cause of our own is written down and stops nothing."""

    cause: Annotated[Cause, Field(strict=False)]
    reason: Line


class ExcuseRulingInput(Input):
    accepted: bool
    reason: Prose


class AwardAnswer(Answer):
    """What one breach owes, and how much of it was given already."""

    id: UUID
    branch_id: UUID
    about_kind: str
    about_id: str
    remedy: str = Field(description="The version of the remedy.")
    rule: str
    decision: Decision
    payee: Payee
    means: Means
    state: AwardState
    amount: Decimal
    settled: Decimal
    currency: str
    points: int | None
    exact: str = Field(description="What the formula said, before floor, cap and rounding.")
    proposed_by_id: UUID | None
    proposed_at: datetime

    @classmethod
    def of(cls, row: Award) -> Self:
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            about_kind=row.about_kind,
            about_id=row.about_id,
            remedy=row.remedy_version,
            rule=row.rule,
            decision=Decision(row.decision),
            payee=Payee(row.payee),
            means=Means(row.means),
            state=AwardState(row.state),
            amount=row.amount.amount,
            settled=row.settled.amount,
            currency=row.currency,
            points=row.points,
            exact=row.exact,
            proposed_by_id=row.proposed_by_id,
            proposed_at=row.proposed_at,
        )


class AwardPage(Page):
    rows: list[AwardAnswer]


class SettlementInput(Input):
    """How it is given. The key makes a repeated payment the same payment."""

    how: Annotated[Settlement, Field(strict=False)]
    key: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
