"""What the verdict would be if a fact were known, or were another: the same engine, asked once for each telling value.

Telling values are those next to which some rule changes its mind: yes and no, the words of a list, the numbers and days on
both sides of a limit. So the alternatives are complete as far as the rules of the book go.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shouhou.kernel.days import months_after
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import DatesOutOfOrder, Facts, answers, kind_of
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rights import Bounds, Excludes, GivesGuarantee
from shouhou.policies.rules.rule import KEYS, Rule
from shouhou.policies.rules.verdict import Granted, Period, Verdict

_STARTS = ("sold_on", "delivered_on", "installed_on")
_ON_DAYS = {"day", "in_guarantee", "in_legal_guarantee"}
_NOT_COUNTED = {"repair_days", "parts_wait_days"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What holds for a value of the fact, or for all values from `value` to `to` that the rules tell apart."""

    fact: str
    value: Any
    to: Any
    rights: frozenset[str]
    verdict: Verdict


def assumptions(book: RuleBook, facts: Facts) -> dict[str, tuple[Alternative, ...]]:
    """For every missing fact that could change the answer: the answer under each assumption, in the order of the values."""
    return {name: alternatives(book, facts, name) for name in judge(book, facts).missing}


def changes(book: RuleBook, facts: Facts) -> dict[str, tuple[Alternative, ...]]:
    """For every known fact that a rule looked at: the values with which the rights would be others. Findings included."""
    verdict = judge(book, facts)
    rights = rights_of(verdict)
    asked = dict.fromkeys(
        name
        for one in verdict.candidates
        for condition in one.rule.conditions
        for name in (_STARTS if condition.fact in _ON_DAYS else (condition.fact,))
        if name in facts.known()
    )
    found = {name: alternatives(book, facts, name) for name in asked}
    found["exclusions"] = _with_findings(book, facts, verdict)
    return {
        name: others
        for name, all_of_them in found.items()
        if (others := tuple(one for one in all_of_them if one.rights != rights))
    }


def alternatives(book: RuleBook, facts: Facts, name: str) -> tuple[Alternative, ...]:
    """The answer for each telling value of one fact; neighbours with the same rights are one."""
    told: list[Alternative] = []
    for value in telling_values(book, facts, name):
        try:
            supposed = facts.but(**{name: value})
        except DatesOutOfOrder:
            # Such a day cannot have been; it is no alternative.
            continue
        verdict = judge(book, supposed)
        rights = rights_of(verdict)
        if told and told[-1].rights == rights and kind_of(name) is not str:
            told[-1] = Alternative(name, told[-1].value, value, rights, told[-1].verdict)
        else:
            told.append(Alternative(name, value, value, rights, verdict))
    return tuple(told)


def rights_of(verdict: Verdict) -> frozenset[str]:
    """What the customer has, without dates and amounts, so that two verdicts can be compared."""
    return frozenset(
        f"{topic} less {outcome.less}"
        if isinstance(outcome := right.winner.outcome, Granted) and outcome.less != "nothing"
        else topic
        for topic, right in verdict.rights.items()
        if topic.startswith(("remedy.", "money.", "burden.", "bearer."))
    )


def _with_findings(book: RuleBook, facts: Facts, verdict: Verdict) -> tuple[Alternative, ...]:
    findings = dict.fromkeys(
        finding
        for one in verdict.candidates
        if isinstance(one.rule.then, Excludes)
        for finding in one.rule.then.findings
        if finding not in facts.exclusions
    )
    supposed = ((finding, judge(book, facts.but(exclusions=facts.exclusions | {finding}))) for finding in findings)
    return tuple(Alternative("exclusions", finding, finding, rights_of(one), one) for finding, one in supposed)


def telling_values(book: RuleBook, facts: Facts, name: str) -> list[Any]:
    """The values of the fact next to which some rule changes its mind, in their order."""
    rules = [rule for rule in book.rules if facts.matter in rule.matters]
    kind = kind_of(name)
    if few := answers(name):
        return list(few)
    if name in KEYS:
        words = {word for rule in rules for word in rule.keys.get(name, ())}
        return [*sorted(words), "other"] if "other" not in words else sorted(words)
    if kind is date:
        return sorted(set(_days(rules, facts, name)))
    if kind in (int, Decimal):
        numbers = set(_numbers(rules, name, step=Decimal(1) if kind is int else Decimal("0.01"), whole=kind is int))
        return sorted(numbers | _days_that_keep_open(book, facts, name))
    return [*sorted({word for rule in rules for word in _words(rule, name)}), "other"]


def _days_that_keep_open(book: RuleBook, facts: Facts, name: str) -> set[int]:
    """How many days that do not count would just keep a period open that has run out otherwise, and one fewer."""
    if name not in _NOT_COUNTED:
        return set()
    periods = (
        right.winner.outcome
        for topic, right in judge(book, facts.but(**{name: 0})).rights.items()
        if topic.startswith("guarantee.")
    )
    over = [(facts.on - one.last_day).days for one in periods if isinstance(one, Period) and one.last_day < facts.on]
    return {number for days in over for number in (days - 1, days)}


def _words(rule: Rule, name: str) -> Iterator[str]:
    for condition in rule.conditions:
        if condition.fact == name:
            if isinstance(condition.wanted, str):
                yield condition.wanted
            elif isinstance(condition.wanted, tuple):
                yield from condition.wanted


def _bounds(rules: Iterable[Rule], names: set[str]) -> Iterator[Bounds]:
    for rule in rules:
        for condition in rule.conditions:
            if condition.fact in names and isinstance(condition.wanted, Bounds):
                yield condition.wanted


def _numbers(rules: Iterable[Rule], name: str, *, step: Decimal, whole: bool) -> Iterator[int | Decimal]:
    yield 0
    for bounds in _bounds(rules, {name}):
        for edge, first in (
            (bounds.at_least, -step),
            (bounds.less_than, -step),
            (bounds.more_than, Decimal(0)),
            (bounds.at_most, Decimal(0)),
        ):
            if edge is not None:
                for value in (edge + first, edge + first + step):
                    if value >= 0:
                        yield int(value) if whole else value
    if name == "km":
        for rule in rules:
            if isinstance(rule.then, GivesGuarantee) and rule.then.km is not None:
                yield from (rule.then.km, rule.then.km + 1)


def _days(rules: list[Rule], facts: Facts, name: str) -> Iterator[date]:
    """Days before today on which windows close, periods end or rules come into force, and the days next to them."""
    today, starts = facts.on, name in _STARTS
    yield from (today, today - _DAY)
    for bounds in _bounds(rules, {name, "day"} if starts else {name}):
        for edge in (bounds.from_day, bounds.to_day):
            if edge is not None:
                yield from (today - _DAY * number for number in (edge - 1, edge, edge + 1) if number >= 0)
        if bounds.within_months is not None:
            yield from _months_ago(today, bounds.within_months)
        if bounds.not_past:
            yield today + _DAY
    for rule in rules if starts else ():
        if isinstance(rule.then, GivesGuarantee):
            for day in _ends_put_off(facts):
                yield from _months_ago(day, rule.then.months or 0)
                yield from (day - _DAY * number for number in (rule.then.days or 0, (rule.then.days or 0) + 1))
        if name == "sold_on":
            yield from (edge for day in (rule.since, rule.until) if day and day <= today for edge in (day - _DAY, day))


def _ends_put_off(facts: Facts) -> set[date]:
    """Today, and the days on which a period would have had to end to reach today with the days that do not count."""
    repair, wait = facts.repair_days or 0, facts.parts_wait_days or 0
    return {facts.on - _DAY * days for days in (0, repair, wait, repair + wait)}


def _months_ago(today: date, months: int) -> Iterator[date]:
    then = months_after(today, -months)
    yield from (then - _DAY, then, then + _DAY)
