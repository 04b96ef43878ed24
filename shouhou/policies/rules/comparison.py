"""What a change of rules would change: versions that come and go, and questions that are answered otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shouhou.policies.rules.alternatives import rights_of
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that the two books answer differently. `topics` names what differs: a right, its amount or its period."""

    facts: Facts
    topics: tuple[str, ...]
    gained: frozenset[str]
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Versions that only one of the books has, and the questions that come out differently."""

    added: tuple[Rule, ...]
    gone: tuple[Rule, ...]
    asked: int
    differences: tuple[Difference, ...]


class ChangeKind(StrEnum):
    """What happens to a rule from one version of its pack to the next."""

    ADDED = "added"
    ENDED = "ended"  # it says the same and gets another end
    REWORDED = "reworded"  # it decides the same and says it in other words
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The rule as it is now (one that is gone: as it was), and as it was `before` where it only changed."""

    kind: ChangeKind
    rule: Rule
    before: Rule | None = None


def rule_changes(before: Iterable[Rule], after: Iterable[Rule]) -> tuple[RuleChange, ...]:
    """How the rules of two versions of a pack differ, in the order of the new one; what is gone comes last.

    A rule that decides otherwise is another version of it: the old one is gone, the new one added.
    """
    had = {(rule.id, rule.substance): rule for rule in before}
    changes = []
    for rule in after:
        old = had.pop((rule.id, rule.substance), None)
        if old is None:
            changes.append(RuleChange(ChangeKind.ADDED, rule))
        elif old.until != rule.until:
            changes.append(RuleChange(ChangeKind.ENDED, rule, old))
        elif (old.title, old.text, old.source) != (rule.title, rule.text, rule.source):
            changes.append(RuleChange(ChangeKind.REWORDED, rule, old))
    return (*changes, *(RuleChange(ChangeKind.GONE, rule) for rule in had.values()))


def compare(old: RuleBook, new: RuleBook, questions: Iterable[Facts]) -> Comparison:
    """Ask both books the same questions. Which rule is cited makes no difference, what comes out does."""
    before, after = ({rule.version: rule for rule in book.rules} for book in (old, new))
    asked, differences = 0, []
    for facts in questions:
        asked += 1
        one, other = judge(old, facts), judge(new, facts)
        had, has = _outcomes(one), _outcomes(other)
        topics = tuple(sorted(topic for topic in had.keys() | has.keys() if had.get(topic) != has.get(topic)))
        if topics:
            held, holds = rights_of(one), rights_of(other)
            differences.append(Difference(facts, topics, holds - held, held - holds))
    return Comparison(
        tuple(rule for version, rule in after.items() if version not in before),
        tuple(rule for version, rule in before.items() if version not in after),
        asked,
        tuple(differences),
    )


def _outcomes(verdict: Verdict) -> dict[str, object]:
    return {topic: [one.outcome for one in right.winners] for topic, right in verdict.rights.items()}
