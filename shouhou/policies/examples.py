"""Worked examples: every rule shows on facts what it gives, and the engine is held to it.

What an example expects, by question: `true` (the right is there), `false` (it is not), null (a missing fact decides), or a
detail after the question: `:by` (the rule that is cited, without its pack where it is the same), `:refund` (an amount, or a
range "least-most"), `:last_day`, `:open`, `:start`, `:amount`, `:bearer`, `:limit` ("5 days"), `:steps`, `:fate` (what became
of this rule).
"""

from dataclasses import dataclass
from decimal import Decimal

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rights import SetsBearer, SetsBurden, SetsDuty, SetsLadder, SetsLimit, SetsRhythm
from shouhou.policies.rules.verdict import Candidate, Clock, Granted, Period, Sum, Verdict
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import WorkedExample


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that came out otherwise than the example says."""

    place: str
    rule: str
    question: str
    expected: object
    found: object


class UnknownQuestion(Invalid):
    code = "unknown_question"
    template = gettext_noop("An example cannot ask for “%(question)s”.")


def deviations(book: RuleBook, example: WorkedExample) -> list[Deviation]:
    """Where the verdict differs from the example. Raises the refusals of facts for an example with wrong ones."""
    for question in example.expect:
        if question.partition(":")[0] not in book.topics:
            raise UnknownQuestion(question=question, field=question)
    verdict = judge(book, read_facts(example.given))
    wrong = [
        Deviation(example.place, example.rule, question, expected, found)
        for question, expected in example.expect.items()
        if (found := _found(verdict, question, example.rule)) != (str(expected) if ":" in question else expected)
    ]
    met = {one.rule.id for one in verdict.candidates} | {rule.id for rule in verdict.dormant}
    if example.rule not in met:
        wrong.append(Deviation(example.place, example.rule, "selected", True, False))
    return wrong


def _found(verdict: Verdict, question: str, rule: str) -> object:
    topic, _, detail = question.partition(":")
    if not detail:
        return verdict.has(topic)
    if detail == "fate":
        return ", ".join(
            sorted({one.fate for one in verdict.candidates if one.rule.id == rule and topic in one.rule.topics})
        )
    if topic not in verdict.rights:
        return "none"
    winners = verdict.rights[topic].winners
    if detail == "by":
        pack = rule.partition(".")[0]
        return ", ".join(one.rule.id.removeprefix(pack + ".") for one in winners)
    if detail == "limit":
        return ", ".join(_detail(one, detail) for one in winners)
    return _detail(winners[0], detail)


def _detail(one: Candidate, detail: str) -> str:
    match detail, one.outcome, one.rule.then:
        case "refund", Granted() as granted, _:
            return _span(granted.refund_least, granted.refund_most)
        case "bearer", Granted() as granted, _:
            return str(granted.bearer)
        case "bearer", _, SetsBearer() as then:
            return then.bearer
        case "bearer", _, SetsBurden() as then:
            return then.on
        case "amount", Sum() as amount, _:
            return f"{amount.points} points" if amount.points is not None else _span(amount.least, amount.most)
        case "limit", _, SetsLimit() as then:
            return f"{then.amount} {then.unit}"
        case "limit", _, SetsRhythm() as then:
            return f"{then.every} {then.unit}"
        case "limit", _, SetsDuty() as then:
            return f"{then.at_least} {then.unit}"
        case "steps", _, SetsLadder() as then:
            return ", ".join(then.steps)
        case "last_day", Period() as period, _:
            return period.last_day.isoformat()
        case "open", Period() as period, _:
            return {True: "true", False: "false", None: "none"}[period.is_open]
        case "start", Clock() as clock, _:
            return clock.start.isoformat()
    raise UnknownQuestion(question=f"{one.topic}:{detail}")


def _span(least: Decimal | None, most: Decimal | None) -> str:
    if least is None or most is None:
        return "unknown"
    return f"{most:.2f}" if least == most else f"{least:.2f}-{most:.2f}"
