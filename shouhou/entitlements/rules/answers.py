"""A coverage as JSON values: what is stored, sent by the API and printed by the command line. Texts stay in both languages.

Rules are cited by their versions; `rules` of the answer holds what each version says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shouhou.assets.warranty.outlook import coming_rights, next_failure
from shouhou.assets.warranty.segments import Step, WarrantySegment
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.verdict import Coverage, Line, Supposed, Supposition
from shouhou.policies.rules.alternatives import Alternative, alternatives, changes
from shouhou.policies.rules.book import Clash, RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.rules.plain import plain, plain_candidate, plain_right, plain_rule
from shouhou.policies.rules.rights import GivesRemedy, SetsLimit
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Granted, Right, Verdict
from shouhou.policies.rules.words import Exclusion

_REMEDY = "remedy."
_LIMIT = "limit."
_WAYS_AHEAD = 4
# Where an answer names versions of rules.
_CITING = {"rule", "rules", "lost", "decided_by", "beaten_by", "unsure"}


def answer_of(coverage: Coverage) -> dict[str, Any]:
    """The verdict with its trace. What it cites is named by version; see `rules_cited`."""
    verdict, guarantee = coverage.verdict, coverage.guarantee
    return {
        "work_class": coverage.work_class and str(coverage.work_class),
        "ground": str(coverage.ground),
        "rules": [rule.version for rule in coverage.rules],
        "lines": [_line(one) for one in coverage.lines],
        "last_day": plain(coverage.last_day),
        "needs": list(coverage.needs),
        "remedies": _remedies(verdict) if verdict else [],
        "deadlines": _deadlines(verdict) if verdict else [],
        "segments": [_segment(one, coverage) for one in guarantee.segments] if guarantee else [],
        "counts": _counts(coverage) if guarantee else None,
        "missing": list(verdict.missing) if verdict else [],
        "unsure": [rule.version for rule in verdict.unsure()] if verdict else [],
        "rights": {topic: plain_right(one) for topic, one in sorted(verdict.rights.items())} if verdict else {},
        "trace": [plain_candidate(one) for one in verdict.candidates] if verdict else [],
        "unclear": _unclear(coverage),
        "supposed": [supposed_told(one) for one in coverage.supposed],
    }


def rules_cited(coverage: Coverage) -> dict[str, Rule]:
    """The rules that the answer names, by version, in the order of these."""
    rules = {rule.version: rule for rule in _rules_of(coverage)}
    return {version: rules[version] for version in sorted(rules)}


def cited_by(coverage: Coverage) -> dict[str, dict[str, Any]]:
    """What each version that the answer names says, by version."""
    return {version: plain_rule(rule) for version, rule in rules_cited(coverage).items()}


def versions_in(answer: Any) -> set[str]:
    """The versions that an answer names, wherever in it: those that `rules_cited` told when it was given."""
    found: set[str] = set()
    waiting = [answer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            for name, value in one.items():
                if name in _CITING and value is not None:
                    found |= {value} if isinstance(value, str) else set(value)
                else:
                    waiting.append(value)
    return found


def _rules_of(coverage: Coverage) -> Iterator[Rule]:
    yield from coverage.rules
    for line in coverage.lines:
        yield from line.rules
    if coverage.verdict:
        for one in coverage.verdict.candidates:
            yield one.rule
            if one.beaten_by is not None:
                yield one.beaten_by
        for right in coverage.verdict.rights.values():
            if right.decided_by is not None:
                yield right.decided_by
    if coverage.guarantee:
        for segment in coverage.guarantee.segments:
            yield segment.rule
            yield from (step.rule for step in segment.steps)
    for supposed in coverage.supposed:
        yield from supposed.coverage.rules
    if isinstance(coverage.unclear, Clash):
        yield from coverage.unclear.between


def _line(one: Line) -> dict[str, Any]:
    return {"kind": str(one.kind), "payer": str(one.payer), "rules": [rule.version for rule in one.rules]}


def _remedies(verdict: Verdict) -> list[dict[str, Any]]:
    """What the customer can have now. `chooses_among`: the remedies of the same rule, between which he chooses."""
    found = []
    for topic, right in sorted(verdict.rights.items()):
        if topic.startswith(_REMEDY) and isinstance(granted := right.winner.outcome, Granted):
            told: dict[str, Any] = {
                "remedy": str(granted.remedy),
                "rules": [one.rule.version for one in right.winners],
                "chooses_among": _choice(right),
            }
            if granted.refund_most is not None:
                told["refund"] = {"least": plain(granted.refund_least), "most": plain(granted.refund_most)}
                told["less"] = str(granted.less)
            if granted.needs:
                told["needs"] = list(granted.needs)
            if granted.bearer is not None:
                told["bearer"] = str(granted.bearer)
            found.append(told)
    return found


def _choice(right: Right) -> list[str]:
    then = right.winner.rule.then
    return [str(one) for one in then.options] if isinstance(then, GivesRemedy) and len(then.options) > 1 else []


def _deadlines(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {
            "act": limit.act,
            "side": str(limit.side),
            "amount": limit.amount,
            "unit": str(limit.unit),
            "since": limit.since,
            "rules": [one.rule.version for one in right.winners],
        }
        for topic, right in sorted(verdict.rights.items())
        if topic.startswith(_LIMIT) and isinstance(limit := right.winner.outcome, SetsLimit)
    ]


def _segment(one: WarrantySegment, coverage: Coverage) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "rule": one.rule.version,
        "parts": None if one.parts is None else list(one.parts),
        "start": plain(one.start),
        "last_day": plain(one.last_day),
        "km": one.km,
        "used_up_on": plain(one.used_up_on),
        "is_open": one.is_open(coverage.question.on),
        "lasts": one.lasts,
        "needs": list(one.needs),
        "steps": [_step(step) for step in one.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "why": str(step.why),
        "rule": step.rule.version,
        "on": plain(step.on),
        "until": plain(step.until),
        "days": step.days,
        "end": plain(step.end),
        "repairs": list(step.repairs),
    }


def _counts(coverage: Coverage) -> dict[str, Any]:
    if coverage.guarantee is None:
        raise AssertionError("asked of a coverage without a guarantee")
    counts = coverage.guarantee.counts
    return {
        "repairs": counts.repairs,
        "by_fault": dict(sorted(counts.by_fault.items())),
        "performance_repairs": counts.performance_repairs,
        "severe_repairs": counts.severe_repairs,
        "repair_days": counts.repair_days,
        "days_left_out": counts.days_left_out,
        "parts_wait_days": counts.parts_wait_days,
        "current_repair_days": counts.current_repair_days,
        "replaced_parts": dict(sorted(counts.replaced_parts.items())),
    }


def _unclear(coverage: Coverage) -> dict[str, Any] | None:
    if coverage.unclear is None:
        return None
    return {
        "code": coverage.unclear.code,
        "params": _params(coverage.unclear.params),
        "template": coverage.unclear.template,
    }


def supposed_told(one: Supposed) -> dict[str, Any]:
    """The verdict under one set of assumptions."""
    return {
        "assumptions": [_assumption(each) for each in one.assumptions],
        "work_class": one.coverage.work_class and str(one.coverage.work_class),
        "ground": str(one.coverage.ground),
        "last_day": plain(one.coverage.last_day),
        "last_day_to": plain(one.last_day_to),
        "remedies": sorted(one.coverage.verdict.remedies()) if one.coverage.verdict else [],
        "needs": list(one.coverage.needs),
        "rules": [rule.version for rule in one.coverage.rules],
    }


def _assumption(one: Supposition) -> dict[str, Any]:
    said: dict[str, Any] = {"template": one.template, "params": _params(one.params)}
    if one.fact:
        said |= {"fact": one.fact, "values": [plain(value) for value in one.values], "to": plain(one.to)}
    return said


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in params.items()}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would change the verdict.

    `under`: for each fact that is missing, the remedies under each value. `changed`: for each known one, the values that
    would give other rights. `next_failure`: what one more failed repair brings; `coming`: counts that bring more.
    `ways`: where something is unclear, the last two for each of the first assumptions of the verdict (`supposed`), in its order.
    `unfound`: the class and the last free day if a finding did not hold.
    """

    under: dict[str, list[dict[str, Any]]]
    changed: dict[str, list[dict[str, Any]]]
    next_failure: dict[str, Any] | None
    coming: list[dict[str, Any]]
    ways: list[dict[str, Any]]
    unfound: list[dict[str, Any]]


def outlook_of(book: RuleBook | DividedBook, coverage: Coverage) -> Outlook:
    """Asks the engine once for every telling value, so it costs a hundred verdicts: made when somebody looks."""
    if isinstance(book, DividedBook):
        return Outlook({}, {}, None, [], [], [])
    ways = [_ahead(book, one.coverage) for one in coverage.supposed[:_WAYS_AHEAD]]
    unfound = [_unfound(book, coverage, one) for one in sorted(coverage.question.facts.exclusions)]
    if coverage.verdict is None:
        return Outlook({}, {}, None, [], ways, unfound)
    facts = coverage.verdict.facts
    return Outlook(
        under={name: _alternatives(alternatives(book, facts, name)) for name in _decisive(coverage.verdict)},
        changed={name: _alternatives(others) for name, others in changes(book, facts).items()},
        **_ahead(book, coverage),
        ways=ways,
        unfound=unfound,
    )


def _ahead(book: RuleBook, coverage: Coverage) -> dict[str, Any]:
    """What one more failed repair, or more of a count, brings; nothing where that is unclear as well."""
    if coverage.verdict is None:
        return {"next_failure": None, "coming": []}
    facts = coverage.verdict.facts
    failure = next_failure(book, facts)
    return {
        "next_failure": {"gained": sorted(failure.gained), "rules": [rule.version for rule in failure.rules]},
        "coming": [
            {
                "count": one.count,
                "now": one.now,
                "at_least": one.at_least,
                "gained": sorted(one.gained),
                "rules": [rule.version for rule in one.rules],
            }
            for one in coming_rights(book, facts)
        ],
    }


def _unfound(book: RuleBook, coverage: Coverage, finding: Exclusion) -> dict[str, Any]:
    others = coverage.question.facts.exclusions - {finding}
    then = entitle(book, coverage.question.with_fact("exclusions", others))
    return {
        "finding": str(finding),
        "work_class": then.work_class and str(then.work_class),
        "last_day": plain(then.last_day),
        "remedies": sorted(then.verdict.remedies()) if then.verdict else [],
    }


def _decisive(verdict: Verdict) -> tuple[str, ...]:
    """Missing facts on which a remedy hangs. Sums of money that nobody asked about are left out."""
    undecided = (
        one for one in verdict.candidates if one.needs and any(topic.startswith(_REMEDY) for topic in one.rule.topics)
    )
    return tuple(dict.fromkeys(name for one in undecided for name in one.needs))


def _alternatives(found: Iterable[Alternative]) -> list[dict[str, Any]]:
    return [
        {"value": plain(one.value), "to": plain(one.to), "remedies": sorted(one.verdict.remedies())} for one in found
    ]
