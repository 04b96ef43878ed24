"""Findings: what takes free repairs away, with the evidence, and taken back where it does not hold."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.assets.actions import lock_unit, record_on_unit
from shouhou.assets.models import Asset
from shouhou.audit.atomicity import act_transaction
from shouhou.entitlements.models import Finding
from shouhou.entitlements.queries import FindingNotFound, standing_findings
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written
from shouhou.policies.rules.words import Exclusion

RECORD_FINDING = "entitlements.record_finding"
_LONGEST = 1000


class EvidenceMissing(Invalid):
    code = "evidence_missing"
    template = gettext_noop("Please write down what was seen: a finding without evidence takes no right away.")


class FoundAlready(Conflict):
    code = "found_already"
    template = gettext_noop("This finding stands already.")


class WithdrawnAlready(Conflict):
    code = "finding_withdrawn_already"
    template = gettext_noop("This finding has been withdrawn already.")


def record_finding(
    asset_id: UUID,
    *,
    exclusion: str,
    evidence: str,
    by: Actor,
    at: datetime,
    about: UUID | None = None,
    photos: Collection[UUID] = (),
) -> Finding:
    """Write down a finding at a unit with its evidence. `about` is the order on which it was found, `photos` are its photos.

    Raises AssetNotFound, UnknownChoice, EvidenceMissing, TextTooLong, FoundAlready, NotPermitted.
    """
    check_choice("exclusion", exclusion, [str(one) for one in Exclusion])
    evidence = written(evidence, most=_LONGEST, field="evidence")
    if not evidence:
        raise EvidenceMissing(field="evidence")
    with act_transaction():
        unit = lock_unit(asset_id, permission=RECORD_FINDING, by=by)
        if any(one.exclusion == exclusion for one in standing_findings(unit)):
            raise FoundAlready(field="exclusion")
        finding = Finding.objects.create(
            branch_id=unit.branch_id,
            asset=unit,
            about=about,
            exclusion=exclusion,
            evidence=evidence,
            photos=[str(one) for one in photos],
            found_by=by.user,
            found_at=at,
        )
        _record(unit, "recorded", finding, {"exclusion": exclusion}, by=by, at=at)
        return finding


def withdraw_finding(finding_id: UUID, *, reason: str, by: Actor, at: datetime) -> Finding:
    """A finding does not hold: a further row says so and why.

    Raises FindingNotFound, WithdrawnAlready, EvidenceMissing, TextTooLong, NotPermitted.
    """
    reason = written(reason, most=_LONGEST, field="reason")
    if not reason:
        raise EvidenceMissing(field="reason")
    with act_transaction():
        finding = Finding.objects.visible_to(by).filter(id=finding_id).exclude(exclusion="").first()
        if finding is None:
            raise FindingNotFound()
        unit = lock_unit(finding.asset_id, permission=RECORD_FINDING, by=by)
        if all(one.id != finding.id for one in standing_findings(unit)):
            raise WithdrawnAlready()
        row = Finding.objects.create(
            branch_id=unit.branch_id,
            asset=unit,
            about=finding.about,
            evidence=reason,
            withdraws=finding,
            found_by=by.user,
            found_at=at,
        )
        _record(unit, "withdrawn", row, {"finding": str(finding.id), "exclusion": finding.exclusion}, by=by, at=at)
        return row


def _record(unit: Asset, what: str, row: Finding, data: dict[str, object], *, by: Actor, at: datetime) -> None:
    record_on_unit(unit, f"entitlements.finding.{what}", subject=("finding", row.id), by=by, at=at, data=data)
