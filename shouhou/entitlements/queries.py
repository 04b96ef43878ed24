"""Questions made of what the tables know, the verdict on them, and what was said of them before."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.models import Asset
from shouhou.assets.queries import fault_of, history_of
from shouhou.audit.looks import Look
from shouhou.catalog.models import FaultCode
from shouhou.entitlements.models import CitedRule, Finding, Override, OverrideRuling, Verdict
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.entitlements.rules.words import Payer, WorkClass, WorkType
from shouhou.kernel.errors import NotFound
from shouhou.policies.queries import rules_in_force
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.words import Channel, Exclusion, Matter

_STANDING = Look(
    lambda branch_id, about: Verdict.objects.filter(branch_id=branch_id, about=about).order_by("-sequence")[:1]
)


class VerdictNotFound(NotFound):
    code = "verdict_not_found"


class OverrideNotFound(NotFound):
    code = "override_not_found"


class FindingNotFound(NotFound):
    code = "finding_not_found"


def question_about(
    unit: Asset,
    *,
    branch: Branch,
    at: datetime,
    work_type: str = WorkType.REPAIR,
    fault_code: FaultCode | None = None,
    internal: bool = False,
    fresh: bool = False,
) -> Question:
    """What is known of a unit of the branch, as the question who pays for this work. Two queries.

    `unit` comes with its model and the class of it; `fault_code` is the fault that was reported, if it has a name. `fresh`: the
    unit was registered in this very act, so that nothing was written of it yet and none need be looked for.
    """
    zone = ZoneInfo(branch.time_zone)
    model = unit.product_model
    kind = model.product_class
    facts = Facts(
        matter=Matter.DEFECT,
        on=at.astimezone(zone).date(),
        product_class=kind.rules_class or None,
        brand=model.brand or None,
        region=branch.region or None,
        channel=Channel(unit.channel) if unit.channel else None,
        platform=unit.platform or ("none" if unit.channel == Channel.STORE else None),
        promises=frozenset(unit.promises),
        bulky=kind.bulky,
        price=unit.price,
        exclusions=frozenset(Exclusion(one.exclusion) for one in ([] if fresh else standing_findings(unit))),
        # A fault that is on the list is a defect; whether another one is, somebody has to find out.
        defect=True if fault_code is not None and fault_code.performance_fault else None,
        main_part=fault_code.main_part if fault_code is not None else None,
    )
    return Question(
        facts=facts,
        history=history_of(unit, zone=zone, fresh=fresh),
        at=at,
        work_type=WorkType(work_type),
        fault=fault_of(fault_code),
        contract=unit.contract_number,
        certificate_ends_on=unit.guarantee_until,
        internal=internal,
    )


def coverage_of(unit: Asset, *, branch: Branch, at: datetime, **asked: Any) -> Coverage:
    """The verdict by the rules in force now; `asked` as in `question_about`. Stored nowhere."""
    return entitle(rules_in_force(), question_about(unit, branch=branch, at=at, **asked))


def standing_findings(unit: Asset) -> list[Finding]:
    """The findings at a unit that were not withdrawn, oldest first."""
    rows = _FINDINGS.all(branch_id=unit.branch_id, asset_id=unit.id)
    withdrawn = {row.withdraws_id for row in rows}
    return [row for row in rows if row.exclusion and row.id not in withdrawn]


def find_findings(unit: Asset) -> BranchQuerySet[Finding]:
    """All findings at a unit, with the withdrawals, oldest first."""
    return _findings(unit.branch_id, unit.id).select_related("found_by")


def _findings(branch_id: UUID, asset_id: UUID) -> BranchQuerySet[Finding]:
    return Finding.objects.filter(branch_id=branch_id, asset_id=asset_id).order_by("found_at", "id")


_FINDINGS = Look(_findings)


def find_verdicts(about: UUID, *, by: Actor) -> BranchQuerySet[Verdict]:
    """The verdicts given about one thing, the newest first, with what people made of them."""
    rows = Verdict.objects.visible_to(by).filter(about=about).select_related("judged_by")
    return rows.prefetch_related("overrides__rulings__ruled_by", "overrides__made_by").order_by("-sequence")


def standing_verdict(about: UUID, *, branch_id: UUID) -> Verdict | None:
    """The newest verdict about one thing."""
    return _STANDING.first(branch_id=branch_id, about=about)


def charged_kinds(verdict: Verdict) -> list[str]:
    """The kinds of lines that the customer pays by a stored verdict although the work is free (travel, say)."""
    if verdict.work_class != WorkClass.C:
        return []
    return [line["kind"] for line in verdict.answer["lines"] if line["payer"] == Payer.CUSTOMER]


def get_verdict(verdict_id: UUID, *, by: Actor) -> Verdict:
    """Raises VerdictNotFound."""
    rows = Verdict.objects.visible_to(by).select_related("asset__product_model", "judged_by", "branch")
    verdict = rows.filter(id=verdict_id).first()
    if verdict is None:
        raise VerdictNotFound()
    return verdict


def find_waiting_overrides(branch: Branch) -> list[Override]:
    """Overrides above the limit of whoever made them, on which nobody has ruled yet, oldest first. One query."""
    ruled_on = OverrideRuling.objects.filter(branch_id=branch.id, override_id=OuterRef("id"))
    rows = Override.objects.at(branch).filter(~Exists(ruled_on), amount__gt=F("limit"))
    return list(rows.select_related("verdict__asset", "made_by").order_by("made_at", "id"))


def find_stored_questions(
    branch: Branch, *, since: datetime | None = None, until: datetime | None = None, batch: int = 500
) -> Iterator[list[tuple[UUID, Question]]]:
    """What the newest verdicts of a branch were asked about, by what they were asked for; in batches, one query each.

    Both moments are those of the verdict; `until` no longer belongs to the time.
    """
    newer = Verdict.objects.filter(branch_id=branch.id, about=OuterRef("about"), sequence__gt=OuterRef("sequence"))
    rows = Verdict.objects.filter(~Exists(newer), branch_id=branch.id).order_by("id")
    if since is not None:
        rows = rows.filter(judged_at__gte=since)
    if until is not None:
        rows = rows.filter(judged_at__lt=until)
    rest = rows
    while found := list(rest.values_list("id", "about", "question", "judged_at")[:batch]):
        yield [(about, read_question(question, at=judged_at)) for _id, about, question, judged_at in found]
        rest = rows.filter(id__gt=found[-1][0])


def cited_texts(versions: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the versions that a stored verdict names say, by version."""
    rows = CitedRule.objects.filter(version__in=set(versions))
    return dict(rows.values_list("version", "text"))
