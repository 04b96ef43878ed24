"""Excuses: a promise was not kept for an objective cause 客观原因, with evidence; a second person accepts it or does not."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile

from shouhou.access.actors import Actor
from shouhou.access.approvals import require_approval
from shouhou.access.rules import Decision
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._judging import judge_anew, lock_commitment
from shouhou.commitments.actions.withdrawing import withdraw_awards_about
from shouhou.commitments.models import Commitment, CommitmentMark, Excuse, ExcuseEvidence, ExcuseRuling
from shouhou.commitments.queries.awards import awards_about
from shouhou.commitments.queries.excuses import ExcuseNotFound
from shouhou.commitments.rules.award_words import AwardState
from shouhou.commitments.rules.words import MarkKind, State
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.ids import uuid7
from shouhou.kernel.money import Money
from shouhou.kernel.pictures import MOST_BYTES, fresh_picture
from shouhou.kernel.texts import written
from shouhou.ledger.rules import Reference

CLAIM = "commitments.claim_excuse"
RULE = "commitments.rule_on_excuse"
_MOST_FILES = 6
_PDF = b"%PDF-"


class AccountMissing(Invalid):
    code = "account_missing"
    template = gettext_noop("Please write down what happened.")


class EvidenceFileMissing(Invalid):
    code = "evidence_file_missing"
    template = gettext_noop("An excuse needs at least one file that proves it: a photo or a PDF.")


class TooMuchEvidence(Invalid):
    code = "too_much_evidence"
    template = gettext_noop("At most %(most)s files.")


class EvidenceTooLarge(Invalid):
    code = "evidence_too_large"
    template = gettext_noop("The file is larger than %(most)s MB.")


class RulingReasonMissing(Invalid):
    code = "ruling_reason_missing"
    template = gettext_noop("Please give the reason of the ruling.")


class NothingToExcuse(Conflict):
    code = "nothing_to_excuse"
    template = gettext_noop("Only a promise that is running or was broken can be excused.")


class ExcuseWaits(Conflict):
    code = "excuse_waits"
    template = gettext_noop("An excuse is waiting for its ruling already.")


class RuledAlready(Conflict):
    code = "excuse_ruled_already"
    template = gettext_noop("There is a ruling on this excuse already.")


class OwnExcuse(Conflict):
    code = "own_excuse"
    template = gettext_noop("Who claims an excuse does not rule on it.")


def claim_excuse(
    commitment_id: UUID, *, kind: str, account: str, evidence: Sequence[BinaryIO], by: Actor, at: datetime
) -> Excuse:
    """Claim that an objective cause keeps, or kept, us from what was promised. Pictures and PDF files prove it.

    Raises CommitmentNotFound, UnknownChoice, AccountMissing, EvidenceFileMissing, TooMuchEvidence, EvidenceTooLarge,
    PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable, NothingToExcuse, ExcuseWaits, NotPermitted.
    """
    check_choice("kind", kind, Excuse.Kind.values)
    account = written(account, most=1000, field="account")
    if not account:
        raise AccountMissing(field="account")
    if not evidence:
        raise EvidenceFileMissing(field="evidence")
    if len(evidence) > _MOST_FILES:
        raise TooMuchEvidence(most=_MOST_FILES, field="evidence")
    files = [_read(file) for file in evidence]
    stored: list[ExcuseEvidence] = []
    try:
        with act_transaction():
            row, _marks = lock_commitment(commitment_id, permission=CLAIM, by=by)
            if row.state not in (State.RUNNING, State.PAUSED, State.BREACHED):
                raise NothingToExcuse()
            if Excuse.objects.filter(branch_id=row.branch_id, commitment=row, rulings=None).exists():
                raise ExcuseWaits()
            excuse = Excuse.objects.create(
                branch_id=row.branch_id, commitment=row, kind=kind, account=account, claimed_by=by.user, claimed_at=at
            )
            for content, is_picture in files:
                stored.append(_store(excuse, content, is_picture))
            data = {"kind": kind, "commitment": str(row.id), "evidence": [one.digest for one in stored]}
            _record(row, "claimed", excuse.id, data, by=by, at=at)
            return excuse
    except BaseException:
        for one in stored:
            one.file.delete(save=False)  # no row, so no file either
        raise


def rule_on_excuse(excuse_id: UUID, *, accepted: bool, reason: str, by: Actor, at: datetime) -> ExcuseRuling:
    """Accept or reject an excuse; both stay. Accepted, the breach is excused and what it owed is taken back.

    Raises ExcuseNotFound, RulingReasonMissing, RuledAlready, OwnExcuse, AboveLimit, NobodyDecides, NotPermitted.
    """
    reason = written(reason, most=300, field="reason")
    if not reason:
        raise RulingReasonMissing(field="reason")
    with act_transaction():
        excuse = Excuse.objects.visible_to(by).filter(id=excuse_id).first()
        if excuse is None:
            raise ExcuseNotFound()
        row, marks = lock_commitment(excuse.commitment_id, permission=RULE, by=by)
        if excuse.claimed_by_id == by.user_id:
            raise OwnExcuse()
        if ExcuseRuling.objects.filter(branch_id=row.branch_id, excuse=excuse).exists():
            raise RuledAlready()
        ruling = ExcuseRuling.objects.create(
            branch_id=row.branch_id, excuse=excuse, accepted=accepted, reason=reason, ruled_by=by.user, ruled_at=at
        )
        _record(row, "accepted" if accepted else "rejected", excuse.id, {"reason": reason}, by=by, at=at)
        if accepted:
            _require_limit(row, excuse, by=by, at=at)
            mark = CommitmentMark.objects.create(
                branch_id=row.branch_id,
                commitment=row,
                kind=MarkKind.EXCUSE,
                at=at,
                note=excuse.kind,
                by=by.user,
                known_at=at,
            )
            judge_anew(row, [*marks, mark], by=by, at=at)
            owed_for = Reference("commitment", str(row.id))
            withdraw_awards_about(owed_for, branch_id=row.branch_id, reason=reason[:200], permission=RULE, by=by, at=at)
        return ruling


def _require_limit(row: Commitment, excuse: Excuse, *, by: Actor, at: datetime) -> None:
    """What the breach owes falls away with it: that decides who may accept it alone. Owed nothing, whoever rules may."""
    awards = awards_about(Reference("commitment", str(row.id)), branch_id=row.branch_id)
    owed: Counter[str] = Counter()
    for award in awards.filter(state__in=[AwardState.PROPOSED, AwardState.APPROVED, AwardState.SETTLED]):
        owed[award.currency] += award.amount_minor
    told: dict[str, Any] = {"branch_id": row.branch_id, "asked_by": excuse.claimed_by_id, "by": by, "at": at}
    for currency, units in owed.items():
        require_approval(Money.of_minor_units(units, currency), kind=Decision.EXCUSE, **told)


def _read(file: BinaryIO) -> tuple[bytes, bool]:
    """What is kept of a file, and whether it is a picture."""
    head = file.read(len(_PDF))
    file.seek(0)
    if head != _PDF:
        return fresh_picture(file)[0], True
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise EvidenceTooLarge(most=MOST_BYTES // 1024 // 1024, field="evidence")
    return content, False


def _store(excuse: Excuse, content: bytes, is_picture: bool) -> ExcuseEvidence:
    row = ExcuseEvidence(
        branch_id=excuse.branch_id, excuse=excuse, digest=hashlib.sha256(content).hexdigest(), is_picture=is_picture
    )
    # A random name: nothing of what the sender called his file is used.
    row.file.save(f"{uuid7().hex}.{'jpg' if is_picture else 'pdf'}", ContentFile(content), save=False)
    try:
        row.save(force_insert=True)
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


def _record(row: Commitment, what: str, excuse_id: UUID, data: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    record(
        branch_id=row.branch_id,
        chain_id=row.id,
        verb=f"commitments.excuse.{what}",
        subject=("excuse", excuse_id),
        by=by,
        at=at,
        data=dict(data),
    )
