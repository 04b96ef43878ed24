"""All rules together, indexed so that a question only meets the rules that can answer it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.policies.rules.conditions import DERIVED
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.resolution import governs, hours
from shouhou.policies.rules.rights import Bounds, GivesMoney, SetsLimit, SetsPrecedence
from shouhou.policies.rules.rule import KEYS, Condition, Rule, Test, Wanted
from shouhou.policies.rules.verdict import Candidate, Fate
from shouhou.policies.rules.words import JudgedBy, Precedence

_CACHED = 20_000
_PHASES = {"clock": 0, "exclusion": 0, "precedence": 0, "guarantee": 1, "deduction": 2}
# Kinds that have no better and worse: two of them that differ need a declared order.
_UNORDERED = {"rhythm", "ladder", "repair_day", "precedence"}


class Clash(Invalid):
    """Two rules that cannot both count: `between`."""

    def __init__(self, *, between: tuple[Rule, Rule], **params: Any) -> None:
        first, second = between
        super().__init__(field=second.id, first=first.version, second=second.version, **params)
        self.between = between


class OverlappingVersions(Clash):
    code = "overlapping_versions"
    template = gettext_noop(
        "Two versions of the rule %(rule)s are in force at the same time: %(first)s and %(second)s."
    )


class PacksContradict(Clash):
    code = "packs_contradict"
    template = gettext_noop(
        "%(first)s and %(second)s answer “%(topic)s” differently, and neither is plainly better for the customer: "
        "a rule of precedence is needed."
    )


class UnknownRule(Invalid):
    code = "unknown_rule"
    template = gettext_noop("There is no rule “%(rule)s”.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rule that the question meets. `needs`: keys that are not known, so that nobody can say whether it is for this sale.

    The lines of the trace that do not depend on the question are made once: for each condition the one that says that it
    does not hold, and the one of a rule that was superseded.
    """

    rule: Rule
    needs: tuple[str, ...]
    tests: tuple[tuple[Test, Condition, Candidate], ...]
    superseded: Candidate | None


def _chosen(rule: Rule, needs: tuple[str, ...], heir: Rule | None) -> Chosen:
    tests = tuple((one.test, one, Candidate(rule, rule.topic, Fate.FAILED, None, one)) for one in rule.conditions)
    superseded = None if heir is None else Candidate(rule, rule.topic, Fate.SUPERSEDED, beaten_by=heir)
    return Chosen(rule, needs, tests, superseded)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules for one combination of keys on one date, by phase, and those that were not in force."""

    phases: tuple[tuple[Chosen, ...], ...]
    dormant: tuple[Rule, ...]


class RuleBook:
    """Rules ready to be asked. The order in which they are given makes no difference.

    Raises OverlappingVersions, PacksContradict, and UnknownRule for a rule that supersedes one which is not there.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: (rule.rank, rule.since or date.min, rule.version)))
        self.by_id: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            self.by_id[rule.id].append(rule)
        _refuse_overlaps(self.by_id)
        _refuse_contradictions(self.rules)
        for rule in self.rules:
            for other in rule.supersedes:
                if other not in self.by_id:
                    raise UnknownRule(rule=other, field=rule.id)
        self.topics = frozenset(topic for rule in self.rules for topic in rule.topics)
        self.days = tuple(sorted({day for rule in self.rules for day in (rule.since, rule.until) if day}))
        self._known = {key: frozenset(word for rule in self.rules for word in rule.keys.get(key, ())) for key in KEYS}
        self._selections: dict[tuple[object, ...], Selection] = {}

    def get(self, rule_id: str) -> list[Rule]:
        """All versions of the rule, oldest first. Raises UnknownRule."""
        if rule_id not in self.by_id:
            raise UnknownRule(rule=rule_id)
        return self.by_id[rule_id]

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever any version does."""
        return digest([rule.version for rule in self.rules]).hex()

    def select(self, facts: Facts) -> Selection:
        """The rules that the question meets. Words that no rule knows (a brand, say) are all alike."""
        known = self._known
        days = self.days
        sold, asked = facts.sold_on, facts.on
        key = (
            facts.matter,
            facts.product_class,
            facts.region,
            facts.channel,
            facts.platform,
            facts.brand if facts.brand is None or facts.brand in known["brand"] else "",
            facts.promises,
            None if sold is None else bisect_right(days, sold),
            bisect_right(days, asked),
        )
        selection = self._selections.get(key)
        if selection is None:
            if len(self._selections) >= _CACHED:
                self._selections.clear()
            selection = self._selections[key] = self._choose(facts)
        return selection

    def _choose(self, facts: Facts) -> Selection:
        chosen, dormant = [], []
        for rule in self.rules:
            if facts.matter not in rule.matters or (needs := _needs(rule, facts)) is None:
                continue
            day = facts.on if rule.judged_by is JudgedBy.QUESTION else facts.sold_on
            if day is None and (rule.since or rule.until):
                chosen.append((rule, (*needs, "sold_on")))
            elif day is not None and ((rule.since and day < rule.since) or (rule.until and day >= rule.until)):
                dormant.append(rule)
            else:
                chosen.append((rule, needs))
        heir = {old: rule for rule, needs in chosen if not needs for old in rule.supersedes}
        phases: list[list[Chosen]] = [[], [], [], [], []]
        for rule, needs in chosen:
            phases[phase_of(rule)].append(_chosen(rule, needs, heir.get(rule.id)))
        return Selection(tuple(tuple(phase) for phase in phases), tuple(dormant))


def phase_of(rule: Rule) -> int:
    """When the rule is judged: clocks, then periods, then deductions, then rights, then rights that rest on other rights."""
    if any(condition.fact == "entitled_to" for condition in rule.conditions):
        return 4
    return _PHASES.get(rule.then.kind, 3)


def _needs(rule: Rule, facts: Facts) -> tuple[str, ...] | None:
    """The keys that would have to be known; None when the rule is not for this sale."""
    needs = []
    for key, words in rule.keys.items():
        if key == "promises":
            if not words & facts.promises:
                return None
            continue
        word = getattr(facts, key)
        if word is None:
            needs.append(key)
        elif word not in words:
            return None
    return tuple(needs)


def _refuse_overlaps(by_id: dict[str, list[Rule]]) -> None:
    for rule_id, versions in by_id.items():
        for first, second in combinations(versions, 2):
            if first.overlaps(second):
                raise OverlappingVersions(between=(first, second), rule=rule_id)


def _refuse_contradictions(rules: tuple[Rule, ...]) -> None:
    by_topic: dict[str, list[Rule]] = defaultdict(list)
    orders = [(rule, rule.then) for rule in rules if isinstance(rule.then, SetsPrecedence)]
    for rule in rules:
        for topic in rule.then.topics:
            by_topic[topic].append(rule)
    for topic, competing in by_topic.items():
        for first, second in combinations(competing, 2):
            if not _contradicts(first, second) or not _may_meet(first, second):
                continue
            if any(
                governs(then, topic) and _may_meet(rule, first) and _may_meet(rule, second) for rule, then in orders
            ):
                continue
            if second.id in first.supersedes or first.id in second.supersedes:
                continue
            raise PacksContradict(between=(first, second), topic=topic)


def _contradicts(first: Rule, second: Rule) -> bool:
    one, other = first.then, second.then
    if one == other:
        return False
    if isinstance(one, SetsPrecedence) and isinstance(other, SetsPrecedence):
        return Precedence.AGREEMENT_FIRST not in (one.rule, other.rule) and one.rule != other.rule
    if isinstance(one, GivesMoney) and isinstance(other, GivesMoney):
        return (one.points is None) != (other.points is None)
    if isinstance(one, SetsLimit) and isinstance(other, SetsLimit):
        return one.side != other.side or one.since != other.since or not _comparable(one, other)
    return one.kind in _UNORDERED


def _comparable(one: SetsLimit, other: SetsLimit) -> bool:
    if one.unit == other.unit:
        return one.window == other.window
    (least, most), (other_least, other_most) = hours(one.amount, one.unit), hours(other.amount, other.unit)
    return (most is not None and most <= other_least) or (other_most is not None and other_most <= least)


def _may_meet(first: Rule, second: Rule) -> bool:
    """Whether one question can meet both: same matter, keys and dates in common, no conditions that shut each other out."""
    if not first.matters & second.matters or not first.overlaps(second):
        return False
    for key in (first.keys.keys() & second.keys.keys()) - {"promises"}:
        if not first.keys[key] & second.keys[key]:
            return False
    return not any(_shut_out(one, other) for one in first.conditions for other in second.conditions)


def _shut_out(one: Condition, other: Condition) -> bool:
    """Whether no question can meet both: the same fact would have to be two different words at once.

    Of what the engine finds out itself several can be so at a time: open guarantees, remedies.
    """
    if one.fact != other.fact or one.fact in DERIVED:
        return False
    words, others = _words(one.wanted), _words(other.wanted)
    return bool(words and others) and words.isdisjoint(others)


def _words(wanted: Wanted) -> frozenset[str | bool]:
    if isinstance(wanted, Bounds):
        return frozenset()
    return frozenset(wanted) if isinstance(wanted, tuple) else frozenset([wanted])
