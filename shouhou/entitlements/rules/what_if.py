"""What if the rules were other ones: the same questions asked of two books, and what comes out differently. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.entitlements.rules.words import Charged, Payer, WorkClass
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.verdict import Granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What matters of a verdict to whoever pays. `refund` is the most that the customer gets back, None where none or unknown.

    `work_class` None: a missing fact decides.
    """

    work_class: WorkClass | None
    payers: tuple[tuple[Charged, Payer], ...]
    last_day: date | None
    remedies: frozenset[str]
    refund: Decimal | None


@dataclass(frozen=True, slots=True)
class Change[K]:
    """A question that the second book answers otherwise. `key` is whatever the caller knows it by."""

    key: K
    question: Question
    before: Outcome
    after: Outcome

    @property
    def gained(self) -> frozenset[str]:
        """Remedies that there were not before."""
        return self.after.remedies - self.before.remedies

    @property
    def lost(self) -> frozenset[str]:
        return self.before.remedies - self.after.remedies

    @property
    def refund_difference(self) -> Decimal:
        """How much more the customer can get back."""
        return (self.after.refund or Decimal(0)) - (self.before.refund or Decimal(0))


def outcome_of(coverage: Coverage) -> Outcome:
    """What of a coverage is compared."""
    verdict = coverage.verdict
    return Outcome(
        work_class=coverage.work_class,
        payers=tuple((line.kind, line.payer) for line in coverage.lines),
        last_day=coverage.last_day,
        remedies=verdict.remedies() if verdict else frozenset(),
        refund=_refund(coverage),
    )


def changes_between[K](old: RuleBook, new: RuleBook, asked: Iterable[tuple[K, Question]]) -> Iterator[Change[K]]:
    """The questions that the new book answers otherwise, as they come."""
    for key, question in asked:
        before, after = outcome_of(entitle(old, question)), outcome_of(entitle(new, question))
        if before != after:
            yield Change(key, question, before, after)


def _refund(coverage: Coverage) -> Decimal | None:
    if coverage.verdict is None:
        return None
    granted = [right.winner.outcome for right in coverage.verdict.rights.values()]
    sums = [one.refund_most for one in granted if isinstance(one, Granted) and one.refund_most is not None]
    return max(sums, default=None)
