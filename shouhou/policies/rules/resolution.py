"""Which of several rules answers a question: the best for the customer, unless a rule declares another order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shouhou.policies.rules.rights import GivesMoney, SetsLimit, SetsPrecedence, Then
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Candidate, Fate, Granted, Period, Right, Sum
from shouhou.policies.rules.words import Bearer, Layer, Less, Precedence, Side, Span

# A limit in working time is at least as long as the same number in running time, and has no certain upper end.
_HOURS = {
    Span.HOURS: (1, 1),
    Span.WORKING_HOURS: (1, None),
    Span.DAYS: (24, 24),
    Span.WORKING_DAYS: (24, None),
    Span.MONTHS: (28 * 24, 31 * 24),
    Span.YEARS: (365 * 24, 366 * 24),
}
_BEARERS = {Bearer.CUSTOMER: 0, Bearer.AT_FAULT: 1, Bearer.AGREED: 1, Bearer.TRADER: 2, Bearer.REPAIRER: 2}


def hours(amount: int, unit: Span) -> tuple[int, int | None]:
    """Running hours that a limit takes, at least and at most (None: no certain end)."""
    least, most = _HOURS[unit]
    return amount * least, None if most is None else amount * most


def merit(one: Candidate) -> Any:
    """How good the answer is for the customer; comparable within one question."""
    outcome, then = one.outcome, one.rule.then
    if isinstance(outcome, Granted):
        return (outcome.less is Less.NOTHING, -1 if outcome.refund_most is None else outcome.refund_most)
    if isinstance(outcome, Period):
        return (outcome.is_open is not False, outcome.last_day, outcome.km is None, outcome.km or 0)
    if isinstance(outcome, Sum):
        if isinstance(then, GivesMoney):
            return (outcome.most, outcome.points or 0)
        return (-outcome.most, -outcome.least)
    return merit_of_rule(then)


def merit_of_rule(then: Then) -> Any:
    """The same for rules whose answer does not depend on the facts. Kinds without a better and worse are all alike."""
    match then.kind:
        case "limit":
            return _limit(then)
        case "burden":
            return _BEARERS[then.on]
        case "bearer":
            return _BEARERS[then.bearer]
        case "duty":
            return hours(then.at_least, then.unit)[0] if then.at_least is not None and then.unit is not None else 0
    return 0


def _limit(then: SetsLimit) -> int:
    least = hours(then.amount, then.unit)[0]
    return least if then.side is Side.CUSTOMER else -least


@dataclass(frozen=True, slots=True)
class Ranking:
    """A declared order of precedence and the rule that declares it."""

    rule: Rule
    then: SetsPrecedence

    def governs(self, topic: str) -> bool:
        """Whether it is about the question."""
        return governs(self.then, topic)


def governs(then: SetsPrecedence, topic: str) -> bool:
    """Whether the order is about the question; a name that ends in `*` stands for all that begin so."""
    return any(topic == over or (over.endswith("*") and topic.startswith(over.removesuffix("*"))) for over in then.over)


def resolve(topic: str, running: list[Candidate], orders: Sequence[Ranking] = ()) -> Right:
    """Pick the winner, mark the others with what beat them. `orders`: those that govern the question, agreements first."""
    pool, decided_by = running, None
    for order in orders:
        kept = _KEPT[order.then.rule](pool, order.rule)
        for one in pool:
            if one not in kept:
                one.fate, one.beaten_by, decided_by = Fate.GOVERNED, order.rule, decided_by or order.rule
        pool = kept
    best = max(sorted(pool, key=lambda one: one.rule.rank), key=merit)
    winners = [best]
    for order in orders:
        if order.then.rule is Precedence.WHICHEVER_FIRST:
            winners, decided_by = sorted(pool, key=lambda one: one.rule.rank), order.rule
        elif order.then.rule is Precedence.HIGHER_AMOUNT and len(pool) > 1:
            decided_by = order.rule
    for one in pool:
        if one in winners:
            one.fate = Fate.WON
        else:
            one.fate, one.beaten_by = Fate.LOST, best.rule
    return Right(topic, winners, [one for one in running if one not in winners], decided_by)


def _agreement_first(pool: list[Candidate], rule: Rule) -> list[Candidate]:
    """An agreement takes the place of the platform's rule and what comes after it, never that of the law."""
    if not any(one.rule.layer is Layer.CONTRACT for one in pool):
        return pool
    return [one for one in pool if one.rule.layer is Layer.CONTRACT or one.rule.layer < rule.layer]


def _platform_amount(pool: list[Candidate], rule: Rule) -> list[Candidate]:
    """The platform's amount takes the place of what brand or seller promised."""
    if not any(one.rule.layer is Layer.PLATFORM for one in pool):
        return pool
    return [one for one in pool if one.rule.layer not in (Layer.BRAND, Layer.SELLER)]


def _all(pool: list[Candidate], rule: Rule) -> list[Candidate]:
    return pool


_KEPT: dict[Precedence, Callable[[list[Candidate], Rule], list[Candidate]]] = {
    Precedence.AGREEMENT_FIRST: _agreement_first,
    Precedence.PLATFORM_AMOUNT: _platform_amount,
    Precedence.HIGHER_AMOUNT: _all,
    Precedence.WHICHEVER_FIRST: _all,
}
