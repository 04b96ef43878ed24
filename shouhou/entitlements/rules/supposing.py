"""The verdict under each assumption: for a history that can be read in several ways, facts that are missing, rules that clash.

One unknown after the other is supposed to be each of what it can be, until the class is decided; values that come to the same
are one assumption. Nothing is chosen among them: only a class that comes out under every assumption is the class.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shouhou.assets.warranty.assumptions import HistoryUnclear, StartNotKnown
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.verdict import Coverage, Line, Supposed, Supposition, undecided
from shouhou.entitlements.rules.words import Charged, Payer, WorkClass
from shouhou.kernel.errors import gettext_noop
from shouhou.policies.rules.alternatives import telling_values
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.rules.facts import NAMES, DatesOutOfOrder, answers, kind_of
from shouhou.policies.rules.rule import Rule

# So many unknowns are supposed at once; the ways to read more of them nobody could read.
_DEEPEST = 4

type Ask = Callable[[RuleBook, Question], Coverage]


@dataclass(slots=True)
class _Group:
    """Values of one fact that come to the same."""

    values: list[Any]
    question: Question
    coverage: Coverage
    days: set[date | None]


def supposing(ask: Ask, book: RuleBook, question: Question, *, deep: int = 0) -> Coverage:
    """The coverage by `ask`, and, where it hangs on what is not known, what it would be under each assumption."""
    coverage = ask(book, question)
    unclear = coverage.unclear
    if unclear is None and coverage.is_decided:
        return coverage
    if deep >= _DEEPEST:
        return coverage
    if isinstance(unclear, HistoryUnclear) and unclear.assumptions:
        supposed = [
            way
            for one in unclear.assumptions
            for way in further(
                Supposition(one.template, one.params),
                supposing(ask, book, question.supposing(one.history), deep=deep + 1),
            )
        ]
        # Later days are the better ones. What is charged even then is charged; what is free then may be over by an earlier one.
        bounded = not (isinstance(unclear, StartNotKnown) and unclear.field == "sold_on")
    else:
        supposed, bounded = _under_each_value(ask, book, coverage, deep=deep), True
    return _of_all_ways(coverage, supposed, bounded=bounded)


def by_each_rule(ask: Ask, divided: DividedBook, question: Question) -> Coverage:
    """The coverage by rules that contradict each other: what it would be with either of them alone."""
    supposed: list[Supposed] = []
    for one in divided.readings:
        said = Supposition(
            gettext_noop("%(rule)s counts, and %(other)s does not"),
            {"rule": one.counts.version, "other": one.left_out.version},
        )
        if isinstance(one.book, DividedBook):
            then = by_each_rule(ask, one.book, question)
        else:
            then = supposing(ask, one.book, question, deep=1)
        supposed += further(said, then)
    return _of_all_ways(undecided(question, (), unclear=divided.refusal), supposed, bounded=True)


def further(said: Supposition, then: Coverage) -> Iterator[Supposed]:
    """The verdict under this assumption; under further ones where it still hangs on something."""
    if not then.supposed:
        yield Supposed(assumptions=(said,), coverage=then)
    for one in then.supposed:
        # A wrong day may be wrong in two ways; it is said once.
        yield replace(one, assumptions=tuple(dict.fromkeys((said, *one.assumptions))))


def _under_each_value(ask: Ask, book: RuleBook, coverage: Coverage, *, deep: int) -> list[Supposed]:
    """For the first missing fact on which something hangs: the verdict with each value. Those with few values come first."""
    question, verdict = coverage.question, coverage.verdict
    facts = verdict.facts if verdict else question.facts
    names = [name for name in coverage.needs if name in NAMES]
    for name in sorted(names, key=lambda name: len(answers(name)) or 1_000):
        groups = _groups(ask, book, question, name, telling_values(book, facts, name))
        if len(groups) == 1 and not groups[0].coverage.is_decided:
            continue  # whatever it is, something else decides
        found: list[Supposed] = []
        for one in groups:
            then = one.coverage
            if then.unclear is not None or not then.is_decided:
                then = supposing(ask, book, one.question, deep=deep + 1)
            elif one.days - {then.last_day}:
                then = replace(then, last_day=min((day for day in one.days if day), default=None))
            latest = max((day for day in one.days if day), default=None)
            found += [
                replace(way, last_day_to=latest) if latest and then.is_decided and latest != then.last_day else way
                for way in further(_said(name, one.values), then)
            ]
        return found
    return []


def _groups(ask: Ask, book: RuleBook, question: Question, name: str, values: Iterable[Any]) -> list[_Group]:
    """Numbers and days only join their neighbours, words any other word."""
    ranges = kind_of(name) not in (bool, str)
    groups: list[_Group] = []
    by_outcome: dict[Any, _Group] = {}
    for value in values:
        try:
            asked = question.with_fact(name, value)
        except DatesOutOfOrder:
            continue  # such a day cannot have been
        coverage = ask(book, asked)
        outcome = _outcome(coverage, ranges=ranges)
        if ranges:
            known = groups[-1] if groups and _outcome(groups[-1].coverage, ranges=True) == outcome else None
        else:
            known = by_outcome.get(outcome)
        if known is None:
            known = by_outcome[outcome] = _Group([], asked, coverage, set())
            groups.append(known)
        known.values.append(value)
        known.days.add(coverage.last_day)
    return groups


def _outcome(one: Coverage, *, ranges: bool) -> Any:
    payers = tuple((line.kind, line.payer) for line in one.lines)
    unclear = one.unclear and one.unclear.code
    return one.work_class, one.ground, payers, one.needs, unclear, None if ranges else one.last_day


def _said(name: str, values: list[Any]) -> Supposition:
    if kind_of(name) in (bool, str) or len(values) == 1:
        listed = ", ".join(map(str, values))
        return Supposition(gettext_noop("%(fact)s: %(values)s"), {"fact": name, "values": listed}, name, tuple(values))
    first, last = values[0], values[-1]
    between = {"fact": name, "first": str(first), "last": str(last)}
    return Supposition(gettext_noop("%(fact)s: %(first)s to %(last)s"), between, name, (first,), last)


def _of_all_ways(coverage: Coverage, supposed: list[Supposed], *, bounded: bool) -> Coverage:
    """What is the same under every assumption is sure."""
    needs = tuple(dict.fromkeys(name for name in (*_needed(coverage), *_of_leaves(supposed)) if name))
    classes = {one.coverage.work_class for one in supposed}
    if len(classes) == 1 and None not in classes and (bounded or classes == {WorkClass.A}):
        first = supposed[0].coverage
        last = [one.coverage.last_day for one in supposed if one.coverage.last_day]
        return replace(
            coverage,
            work_class=first.work_class,
            ground=first.ground,
            rules=_cited_by_all(one.coverage.rules for one in supposed),
            lines=tuple(_agreed(kind, supposed) for kind in Charged),
            # The day that is sure: later ones hang on the assumption.
            last_day=min(last, default=None),
            needs=needs,
            supposed=tuple(supposed),
        )
    return replace(coverage, needs=needs, supposed=tuple(supposed))


def _needed(coverage: Coverage) -> Iterator[str]:
    if isinstance(coverage.unclear, HistoryUnclear):
        yield coverage.unclear.field
    yield from coverage.needs


def _of_leaves(supposed: list[Supposed]) -> Iterator[str]:
    for one in supposed:
        yield from (each.fact for each in one.assumptions)
        yield from one.coverage.needs


def _agreed(kind: Charged, supposed: list[Supposed]) -> Line:
    lines = [line for one in supposed for line in one.coverage.lines if line.kind is kind]
    payers = {line.payer for line in lines}
    payer = payers.pop() if len(payers) == 1 else Payer.OPEN
    return Line(kind=kind, payer=payer, rules=_cited_by_all(line.rules for line in lines))


def _cited_by_all(cited: Iterable[tuple[Rule, ...]]) -> tuple[Rule, ...]:
    first, *others = list(cited) or [()]
    return tuple(rule for rule in first if all(rule in other for other in others))
