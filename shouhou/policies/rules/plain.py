"""A verdict as JSON values: text, whole numbers, true, false. The form in which it is stored and shown."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Candidate, Right, Verdict


def plain(value: Any) -> Any:
    """Any outcome as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if value is None or isinstance(value, bool | int) else str(value)


def plain_rule(rule: Rule) -> dict[str, Any]:
    """The rule as it is cited: name, version, what it says, where it is from, how far it was checked."""
    return {
        "rule": rule.id,
        "version": rule.version,
        "layer": rule.layer.name.lower(),
        "title": plain(rule.title),
        "text": plain(rule.text),
        "since": rule.in_force_since or None,
        "until": plain(rule.until),
        "source": plain(rule.source),
        "verified": str(rule.verified),
    }


def plain_candidate(one: Candidate) -> dict[str, Any]:
    """A line of the trace."""
    line: dict[str, Any] = {"rule": one.rule.version, "topic": one.topic, "fate": str(one.fate)}
    if one.outcome is not None:
        line["outcome"] = plain(one.outcome)
    if one.condition is not None:
        line["condition"] = {"fact": one.condition.fact, "expects": one.condition.expects}
    if one.needs:
        line["needs"] = list(one.needs)
    if one.beaten_by is not None:
        line["beaten_by"] = one.beaten_by.version
    return line


def plain_right(right: Right) -> dict[str, Any]:
    """The answer to one question, with the rules that give it and those that lost."""
    return {
        "outcome": plain(right.winner.outcome),
        "rules": [one.rule.version for one in right.winners],
        "lost": [one.rule.version for one in right.losers],
        "decided_by": None if right.decided_by is None else right.decided_by.version,
    }


def plain_verdict(verdict: Verdict) -> dict[str, Any]:
    """The whole verdict with its trace and the rules that it cites."""
    cited = {one.rule.version: one.rule for one in verdict.candidates}
    return {
        "facts": verdict.facts.known(),
        "start": plain(verdict.start),
        "rights": {topic: plain_right(right) for topic, right in sorted(verdict.rights.items())},
        "missing": list(verdict.missing),
        "trace": [plain_candidate(one) for one in verdict.candidates],
        "unsure": [rule.version for rule in verdict.unsure()],
        "dormant": [rule.version for rule in verdict.dormant],
        "rules": {version: plain_rule(rule) for version, rule in sorted(cited.items())},
    }
