"""Rules that contradict each other make no book; but a book for either of the two, so that everybody sees what hangs on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from shouhou.kernel.hashing import digest
from shouhou.policies.rules.book import Clash, OverlappingVersions, RuleBook
from shouhou.policies.rules.rule import Rule

# Every further clash doubles the ways out; beyond these the first one has to be settled.
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One of two rules that contradict each other counts, and what its pack says beside it; the other is left out."""

    counts: Rule
    left_out: Rule
    book: "RuleBook | DividedBook"


@dataclass(frozen=True, slots=True)
class DividedBook:
    """Rules of which two contradict each other. `refusal` names them; `readings` are the ways out, of which nobody chose one.

    There are no readings where more clash than anybody could weigh against each other.
    """

    rules: tuple[Rule, ...]
    refusal: Clash
    readings: tuple[Reading, ...]

    @property
    def fingerprint(self) -> str:
        """Changes whenever any version does."""
        return digest(sorted(rule.version for rule in self.rules)).hex()


def read_book(rules: Iterable[Rule]) -> RuleBook | DividedBook:
    """The book of the rules, or how they divide. Raises UnknownRule."""
    return _read(tuple(rules), deep=0)


def _read(rules: tuple[Rule, ...], *, deep: int) -> RuleBook | DividedBook:
    try:
        return RuleBook(rules)
    except Clash as clash:
        first, second = clash.between
        pairs = ((first, second), (second, first)) if deep < _DEEPEST else ()
        readings = (
            Reading(counts, other, _read(_without(rules, other, clash), deep=deep + 1)) for counts, other in pairs
        )
        return DividedBook(rules, clash, tuple(readings))


def _without(rules: tuple[Rule, ...], other: Rule, clash: Clash) -> tuple[Rule, ...]:
    """Without one version, or without all that the pack of the rule says about the question."""
    if isinstance(clash, OverlappingVersions):
        return tuple(rule for rule in rules if rule.version != other.version)
    topic = clash.params["topic"]
    return tuple(rule for rule in rules if rule.pack != other.pack or topic not in rule.topics)
