"""Keeping the verdict that was given: the question, the answer, and what every rule that it cites says."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.entitlements.models import CitedRule, Verdict
from shouhou.entitlements.rules.answers import answer_of, rules_cited
from shouhou.entitlements.rules.documents import write_question
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.kernel.ids import uuid7
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.rules.plain import plain_rule


def store_verdict(
    unit: Asset,
    coverage: Coverage,
    *,
    about: UUID,
    book: RuleBook | DividedBook,
    by: Actor,
    at: datetime,
    first: bool = False,
) -> Verdict:
    """Keep a verdict for ever, as the next one about this thing. A part of the act that asked for it, which holds its lock.

    `first`: there is none yet, so that none need be looked for.
    """
    _keep_texts(coverage)
    return Verdict.objects.create(
        branch_id=unit.branch_id,
        asset=unit,
        about=about,
        sequence=1 if first else _next_sequence(unit.branch_id, about),
        question=write_question(coverage.question),
        answer=answer_of(coverage),
        work_class=coverage.work_class or "",
        ground=coverage.ground,
        book=book.fingerprint,
        judged_at=at,
        judged_by=by.user,
    )


def _next_sequence(branch_id: UUID, about: UUID) -> int:
    rows = Verdict.objects.filter(branch_id=branch_id, about=about)
    return (rows.aggregate(last=Max("sequence"))["last"] or 0) + 1


def _keep_texts(coverage: Coverage) -> None:
    """One look in the usual case. The table is asked and no cache: what was written may have been rolled back."""
    rules = rules_cited(coverage)
    known = set(CitedRule.objects.filter(version__in=rules.keys()).values_list("version", flat=True))
    rows = [
        CitedRule(id=uuid7(), version=version, text=plain_rule(rule))
        for version, rule in rules.items()
        if version not in known
    ]
    # Another act may be keeping the same one: what it says is the same.
    CitedRule.objects.bulk_create(rows, ignore_conflicts=True)
