"""Which rules of the book set the guarantee of a sale, whatever may fail one day: its periods, clocks and way of counting."""

from dataclasses import dataclass
from datetime import date

from shouhou.policies.rules.amounts import period
from shouhou.policies.rules.book import Chosen, RuleBook
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.rights import CountsRepairDays, GivesGuarantee, SetsClock
from shouhou.policies.rules.rule import Findings, Rule
from shouhou.policies.rules.words import Basis, Matter, Pause, Restart, Segment

# What these ask is about the failure, not about the sale: they say for which part a period is, and `parts` says so too.
_OF_THE_FAILURE = frozenset({"faulty_part", "main_part", "battery_capacity", "repaired"})


@dataclass(frozen=True, slots=True)
class Term:
    """One period that a rule gives. `needs`: facts that would say whether it is for this sale; none where it surely is."""

    rule: Rule
    then: GivesGuarantee
    needs: tuple[str, ...] = ()

    @property
    def is_of_a_repair(self) -> bool:
        """A repair's own guarantee, which runs from the end of the repair."""
        return self.then.segment is Segment.REPAIRED

    def covers(self, part: str | None) -> bool:
        """Whether it is for this part, as far as the rule says; a rule without a list leaves it to the certificate."""
        return self.then.segment is Segment.WHOLE_UNIT or (self.then.parts is not None and part in self.then.parts)

    def last_day(self, start: date) -> date:
        """The last day of the period that runs from `start`, with nothing in between."""
        # The arithmetic of the law stands once, in the engine: here it is asked about a sale of that day.
        found = Findings()
        found.start = start
        reckoned, _ = period(self.then, Facts(matter=Matter.DEFECT, on=start, repaired_on=start), found)
        if reckoned is None:
            raise AssertionError("a period with a start has an end")
        return reckoned.last_day


@dataclass(frozen=True, slots=True)
class Clock:
    """A rule about from when periods run, what stops them, what starts them again. `needs` as in Term."""

    rule: Rule
    then: SetsClock
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Periods:
    """The rules that set the guarantee of one sale, those further up first."""

    terms: tuple[Term, ...]
    clocks: tuple[Clock, ...]
    counting: tuple[Rule, CountsRepairDays] | None = None

    @property
    def sure_clocks(self) -> tuple[Clock, ...]:
        """Those that are surely for this sale."""
        return tuple(one for one in self.clocks if not one.needs)

    def bases(self) -> tuple[tuple[Basis, Rule], ...]:
        """From which days periods run, and the rules that say so."""
        return tuple((one.then.basis, one.rule) for one in self.sure_clocks if one.then.basis is not None)

    def rule_of_pause(self, pause: Pause) -> Rule | None:
        """The rule by which this stops the clock."""
        return next((one.rule for one in self.sure_clocks if pause in one.then.pauses), None)

    def rule_of_restart(self, restart: Restart) -> Rule | None:
        """The rule by which this starts the clock again."""
        return next((one.rule for one in self.sure_clocks if restart in one.then.restarts), None)

    @property
    def counting_rule(self) -> CountsRepairDays | None:
        """How hours in repair become days, where a rule says so."""
        return self.counting[1] if self.counting else None


def periods_of(book: RuleBook, facts: Facts) -> Periods:
    """The rules of the book for the sale that the facts tell of. Rules of which a fact is missing say which in `needs`."""
    terms: list[Term] = []
    clocks: list[Clock] = []
    counting: tuple[Rule, CountsRepairDays] | None = None
    for phase in book.select(facts).phases:
        for choice in phase:
            then = choice.rule.then
            if not isinstance(then, GivesGuarantee | SetsClock | CountsRepairDays):
                continue
            needs = _needs(choice, facts)
            if needs is None:
                continue
            if isinstance(then, GivesGuarantee):
                terms.append(Term(choice.rule, then, needs))
            elif isinstance(then, SetsClock):
                clocks.append(Clock(choice.rule, then, needs))
            elif not needs:
                counting = (choice.rule, then)
    return Periods(tuple(terms), tuple(clocks), counting)


def _needs(choice: Chosen, facts: Facts) -> tuple[str, ...] | None:
    """The facts without which nobody can say whether the rule is for this sale; None when it is not."""
    if choice.superseded is not None:
        return None
    needs = choice.needs
    for test, condition, _ in choice.tests:
        if condition.fact in _OF_THE_FAILURE:
            continue
        held = test(facts, Findings())
        if held is False:
            return None
        if held is None:
            needs += (condition.fact,)
    return tuple(dict.fromkeys(needs))
