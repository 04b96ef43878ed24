"""What comes next: the rights that one more failure, or one more day in the shop, will create."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rights import Bounds
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Verdict

# What one more repair that does not hold adds one to. The last only where the fault is a dangerous one.
_OF_ONE_FAILURE = ("failed_repairs", "same_fault_repairs", "severe_fault_repairs")
_COUNTED = (
    *_OF_ONE_FAILURE,
    "assembly_replacements",
    "same_part_replacements",
    "accessory_replacements",
    "repair_days",
    "parts_wait_days",
    "current_repair_days",
    "current_parts_wait_days",
    "repairer_delay_days",
)


@dataclass(frozen=True, slots=True)
class NextFailure:
    """What the customer could ask for if the same fault came back after one more repair, and the rules that say so."""

    gained: frozenset[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A count that brings further remedies when it reaches `at_least`; it is at `now`. All else stays as it is."""

    count: str
    now: int
    at_least: int
    gained: frozenset[str]
    rules: tuple[Rule, ...]


def next_failure(book: RuleBook, facts: Facts, *, severe: bool = False) -> NextFailure:
    """The remedies that one more failed repair of this fault will bring. Counts that are not known stay so."""
    counts = _OF_ONE_FAILURE if severe else _OF_ONE_FAILURE[:2]
    more: dict[str, Any] = {name: known + 1 for name in counts if (known := getattr(facts, name)) is not None}
    gained, rules = _gained(judge(book, facts), judge(book, facts.but(**more)))
    return NextFailure(gained, rules)


def coming_rights(book: RuleBook, facts: Facts) -> tuple[Coming, ...]:
    """For each count, the lowest number at which it brings more than the customer has now. Counts not known are left out."""
    now = judge(book, facts)
    return tuple(one for name in _COUNTED if (one := _coming(book, facts, now, name)) is not None)


def _coming(book: RuleBook, facts: Facts, now: Verdict, name: str) -> Coming | None:
    known = getattr(facts, name)
    if known is None:
        return None
    for number in sorted({one for one in _limits(now, name) if one > known}):
        gained, rules = _gained(now, judge(book, facts.but(**{name: number})))
        if gained:
            return Coming(name, known, number, gained, rules)
    return None


def _limits(now: Verdict, name: str) -> Iterator[int]:
    """The numbers of the count at which rules of this sale begin to hold."""
    for one in now.candidates:
        for condition in one.rule.conditions:
            if condition.fact == name and isinstance(condition.wanted, Bounds):
                if (least := condition.wanted.at_least) is not None:
                    yield -int(-least // 1)
                if (over := condition.wanted.more_than) is not None:
                    yield int(over // Decimal(1)) + 1


def _gained(now: Verdict, then: Verdict) -> tuple[frozenset[str], tuple[Rule, ...]]:
    gained = then.remedies() - now.remedies()
    rules = {one.rule: None for remedy in sorted(gained) for one in then.rights[f"remedy.{remedy}"].winners}
    return gained, tuple(rules)
