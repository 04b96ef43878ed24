"""The answer: every right with the rule that gives it, and the trace of all rules that were looked at."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.rule import Condition, Rule
from shouhou.policies.rules.words import Bearer, Less, Pause, Remedy, Restart, Segment


class Fate(StrEnum):
    """What became of a candidate."""

    WON = "won"
    LOST = "lost"  # another rule answers the same question better for the customer
    GOVERNED = "governed"  # a declared order of precedence put another rule before it
    SUPERSEDED = "superseded"  # a later norm took its place
    EXCLUDED = "excluded"  # a finding takes the right away
    FAILED = "failed"  # a condition does not hold
    UNDECIDED = "undecided"  # a fact is missing


@dataclass(frozen=True, slots=True)
class Granted:
    """A remedy. For a refund: what is taken off, as a range where the rate is one; `needs` names facts the amount waits for."""

    remedy: Remedy
    less: Less = Less.NOTHING
    refund_least: Decimal | None = None
    refund_most: Decimal | None = None
    bearer: Bearer | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A guarantee period: both days belong to it. `is_open` None, and `exact` False, when pauses or kilometres are not known."""

    segment: Segment
    start: date
    last_day: date
    km: int | None
    is_open: bool | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """From when periods run. `paused` days are added to their end, as far as they began before it."""

    start: date
    pauses: tuple[Pause, ...]
    restarts: tuple[Restart, ...]
    paused: int


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount, as a range where the source has one; or points."""

    least: Decimal
    most: Decimal
    points: int | None = None


type Outcome = object


@dataclass(slots=True)
class Candidate:
    """One rule looked at for one question.

    `condition` is the one that does not hold; `needs` the facts that are missing; `beaten_by` the rule that decided against it.
    """

    rule: Rule
    topic: str
    fate: Fate
    outcome: Outcome | None = None
    condition: Condition | None = None
    needs: tuple[str, ...] = ()
    beaten_by: Rule | None = None


@dataclass(slots=True)
class Right:
    """The answer to one question. Several winners only where all of them apply side by side."""

    topic: str
    winners: list[Candidate]
    losers: list[Candidate]
    decided_by: Rule | None = None

    @property
    def winner(self) -> Candidate:
        return self.winners[0]


@dataclass(slots=True)
class Verdict:
    """All rights that the facts give. A function of the facts and of the versions of the rules, of nothing else.

    `rights` holds what is granted or set; `candidates` all rules of the matter that were looked at; `missing` the facts that
    could still change the answer; `dormant` the versions that were not in force on the date that counts.
    """

    facts: Facts
    rights: dict[str, Right]
    candidates: list[Candidate]
    missing: tuple[str, ...]
    dormant: tuple[Rule, ...]
    start: date | None

    def has(self, topic: str) -> bool | None:
        """Whether the right is there; None while a missing fact decides it."""
        if topic in self.rights:
            return True
        undecided = any(one.fate is Fate.UNDECIDED and topic in one.rule.topics for one in self.candidates)
        return None if undecided else False

    def unsure(self) -> tuple[Rule, ...]:
        """Rules that decided although the sale lies in the very year of which the source gives no day of force."""
        cited = {one.rule: None for right in self.rights.values() for one in right.winners}
        return tuple(
            rule
            for rule in cited
            if rule.since is not None
            and rule.since_year_only
            and (day := getattr(self.facts, rule.judged_by)) is not None
            and day.year == rule.since.year
        )

    def remedies(self) -> frozenset[str]:
        """The remedies that the customer can have now."""
        return frozenset(topic.removeprefix("remedy.") for topic in self.rights if topic.startswith("remedy."))
