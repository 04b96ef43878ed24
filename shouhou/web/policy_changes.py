"""What a version of a pack changes, in words: its rules, and the questions that it answers otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from shouhou.policies.queries import compare_versions
from shouhou.policies.rules.comparison import ChangeKind, Difference, RuleChange, rule_changes
from shouhou.policies.schema.loading import Pack
from shouhou.policies.wording import fact_name, fact_value, topic_words
from shouhou.web.policy_pages import RuleCard

SHOWN = 50
# Facts that tell one question from another at first sight; the rest is folded away.
_FIRST = ("product_class", "brand", "platform", "promises", "on", "sold_on")
_SIGNS = {
    ChangeKind.ADDED: ("+", "green"),
    ChangeKind.ENDED: ("~", "amber"),
    ChangeKind.REWORDED: ("~", "blue"),
    ChangeKind.GONE: ("−", "red"),
}


@dataclass(frozen=True)
class ChangeLine:
    """A rule that comes, ends, is reworded or goes."""

    change: RuleChange
    card: RuleCard

    @property
    def kind(self) -> str:
        return str(self.change.kind)

    @property
    def sign(self) -> str:
        return _SIGNS[self.change.kind][0]

    @property
    def tone(self) -> str:
        return _SIGNS[self.change.kind][1]


@dataclass(frozen=True)
class DifferenceLine:
    """A question that comes out otherwise. `gained` and `lost` are rights; `topics` all that differs, also an amount."""

    gained: list[str]
    lost: list[str]
    topics: list[str]
    facts: list[tuple[str, str]]
    others: list[tuple[str, str]]


@dataclass(frozen=True)
class PackChanges:
    """What a version changes against the one before it."""

    rules: Sequence[ChangeLine]
    asked: int
    different: int
    differences: Sequence[DifferenceLine]

    @property
    def left_off(self) -> int:
        return self.different - len(self.differences)


def changes_between(before: Pack | None, after: Pack) -> PackChanges:
    """Raises what compare_versions raises."""
    found = compare_versions(before, after)
    lines = [
        ChangeLine(one, RuleCard(one.rule, "")) for one in rule_changes(before.rules if before else (), after.rules)
    ]
    shown = [_difference(one) for one in found.differences[:SHOWN]]
    return PackChanges(lines, found.asked, len(found.differences), shown)


def _difference(one: Difference) -> DifferenceLine:
    known = one.facts.known()
    first = [(fact_name(name), fact_value(name, known[name])) for name in _FIRST if known.get(name)]
    others = [(fact_name(name), fact_value(name, value)) for name, value in known.items() if name not in _FIRST]
    rights = {topic.partition(" less ")[0] for topic in one.gained | one.lost}
    return DifferenceLine(
        [topic_words(topic) for topic in sorted(one.gained)],
        [topic_words(topic) for topic in sorted(one.lost)],
        [topic_words(topic) for topic in one.topics if topic not in rights],
        first,
        others,
    )
