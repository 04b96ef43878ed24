"""The engine: one question against the book. A function of the facts and of the versions, of nothing else."""

from shouhou.policies.rules.amounts import deduction, money, period, rounded
from shouhou.policies.rules.book import Chosen, RuleBook
from shouhou.policies.rules.clock import start_clock
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.resolution import Ranking, resolve
from shouhou.policies.rules.rights import (
    Excludes,
    GivesGuarantee,
    GivesMoney,
    GivesRemedy,
    SetsDeduction,
    SetsPrecedence,
)
from shouhou.policies.rules.rule import Condition, Findings, Rule
from shouhou.policies.rules.verdict import Candidate, Fate, Granted, Outcome, Right, Sum, Verdict
from shouhou.policies.rules.words import Less, Matter, Precedence, Remedy

# Rights that goods give because they are defective; a finding of misuse and the like takes them away.
OF_DEFECTS = frozenset(Remedy) - {
    Remedy.NO_REASON_RETURN,
    Remedy.RECORD_COPY,
    Remedy.DEPOSIT_PAYOUT,
    Remedy.RESEND,
    Remedy.REFUND_FREIGHT,
    Remedy.REFUSE_PARCEL,
}
_NOT_FOUND = Condition("exclusions", "found", lambda facts, _: bool(facts.exclusions))


def judge(book: RuleBook, facts: Facts) -> Verdict:
    """The verdict with its whole trace. Never refuses for want of facts: what hangs on one is undecided and says so."""
    return _Judgement(book, facts).verdict()


class _Judgement:
    __slots__ = (
        "candidates",
        "excluded_by",
        "exclusion_needs",
        "facts",
        "found",
        "orders",
        "rights",
        "running",
        "selection",
    )

    def __init__(self, book: RuleBook, facts: Facts) -> None:
        self.facts = facts
        self.selection = book.select(facts)
        self.found = Findings()
        self.candidates: list[Candidate] = []
        self.running: dict[str, list[Candidate]] = {}
        self.rights: dict[str, Right] = {}
        self.orders: list[Ranking] = []
        self.excluded_by: Rule | None = None
        self.exclusion_needs: tuple[str, ...] = ()

    def verdict(self) -> Verdict:
        frame, periods, deductions, rights, resting = self.selection.phases
        self._judge_all(frame)
        self._find_frame()
        self._judge_all(periods)
        self._note_guarantees()
        self._judge_all(deductions)
        self._resolve()
        self._judge_all(rights)
        if resting:
            self._note_entitlements()
            self._judge_all(resting)
        self._resolve()
        missing: dict[str, None] = {}
        for one in self.candidates:
            for name in one.needs:
                missing[name] = None
        return Verdict(
            self.facts, self.rights, self.candidates, tuple(missing), self.selection.dormant, self.found.start
        )

    def _judge_all(self, chosen: tuple[Chosen, ...]) -> None:
        facts, found, candidates = self.facts, self.found, self.candidates
        for choice in chosen:
            if choice.superseded is not None:
                candidates.append(choice.superseded)
                continue
            needs = choice.needs
            # Where no rule says from when a period runs, nothing is known and no fact would help.
            unknown = bool(needs)
            for test, condition, failed in choice.tests:
                held = test(facts, found)
                if held:
                    continue
                if held is None:
                    unknown = True
                    needs += self._missing(condition)
                else:
                    candidates.append(failed)
                    break
            else:
                rule = choice.rule
                if unknown:
                    self._leave_open(rule, needs)
                else:
                    self._give(rule)

    def _leave_open(self, rule: Rule, needs: tuple[str, ...]) -> None:
        if self.excluded_by is not None and not self.exclusion_needs and self._is_of_defect(rule):
            self.candidates.append(Candidate(rule, rule.topic, Fate.EXCLUDED, beaten_by=self.excluded_by))
        else:
            self.candidates.append(Candidate(rule, rule.topic, Fate.UNDECIDED, None, None, needs))

    def _is_of_defect(self, rule: Rule) -> bool:
        then = rule.then
        return (
            self.facts.matter is Matter.DEFECT and isinstance(then, GivesRemedy) and OF_DEFECTS.issuperset(then.options)
        )

    def _missing(self, condition: Condition) -> tuple[str, ...]:
        match condition.fact:
            case "day":
                return self.found.start_needs
            case "in_guarantee" | "in_legal_guarantee":
                return self.found.needs_for_guarantee(tuple(condition.expects.split(" | ")))
            case "entitled_to":
                return self.found.entitlement_needs
        return (condition.fact,)

    def _give(self, rule: Rule) -> None:
        """The conditions hold: work out what the rule gives, and let it compete for its questions."""
        then, facts = rule.then, self.facts
        outcome: Outcome | None = then
        needs: tuple[str, ...] = ()
        match then:
            case GivesRemedy():
                for topic, option in zip(rule.topics, then.options, strict=True):
                    self._give_remedy(rule, topic, option, then)
                return
            case GivesGuarantee():
                outcome, needs = period(then, facts, self.found)
                if outcome is not None:
                    known = self.found.guarantees.setdefault(then.segment, [])
                    known.append((outcome.is_open, rule.layer.is_legal, needs))
            case SetsDeduction():
                outcome, needs = deduction(then, facts)
            case GivesMoney():
                outcome, needs = money(then, facts)
            case Excludes():
                self._give_exclusion(rule, then)
                return
        if outcome is None:
            self.candidates.append(Candidate(rule, rule.topic, Fate.UNDECIDED, None, None, needs))
            return
        for topic in rule.topics:
            self._run(Candidate(rule, topic, Fate.WON, outcome, None, needs))

    def _run(self, one: Candidate) -> None:
        self.candidates.append(one)
        if one.topic in self.running:
            self.running[one.topic].append(one)
        else:
            self.running[one.topic] = [one]

    def _give_exclusion(self, rule: Rule, then: Excludes) -> None:
        """It is about what was found only; without a finding it is a condition that does not hold."""
        found = [finding for finding in then.findings if finding in self.facts.exclusions]
        if not found:
            self.candidates.append(Candidate(rule, rule.topic, Fate.FAILED, None, _NOT_FOUND))
        for finding in found:
            self._run(Candidate(rule, f"exclusion.{finding}", Fate.WON, then))

    def _give_remedy(self, rule: Rule, topic: str, option: Remedy, then: GivesRemedy) -> None:
        if self.excluded_by is not None and option in OF_DEFECTS and self.facts.matter is Matter.DEFECT:
            fate = Fate.UNDECIDED if self.exclusion_needs else Fate.EXCLUDED
            self.candidates.append(Candidate(rule, topic, fate, None, None, self.exclusion_needs, self.excluded_by))
            return
        granted = self._refund(then) if option is Remedy.REFUND else Granted(option, bearer=then.bearer)
        self._run(Candidate(rule, topic, Fate.WON, granted, None, granted.needs))

    def _refund(self, then: GivesRemedy) -> Granted:
        price = self.facts.price
        if then.less is Less.NOTHING:
            return Granted(Remedy.REFUND, then.less, price, price, then.bearer, () if price is not None else ("price",))
        topic = f"deduction.{then.less}"
        right = self.rights.get(topic)
        taken = None if right is None else right.winner.outcome
        if price is None or not isinstance(taken, Sum):
            needs = [name for one in self.candidates if one.topic == topic for name in one.needs]
            return Granted(Remedy.REFUND, then.less, None, None, then.bearer, tuple(dict.fromkeys(needs)))
        least, most = rounded(price - taken.most), rounded(price - taken.least)
        return Granted(Remedy.REFUND, then.less if taken.most else Less.NOTHING, least, most, then.bearer)

    def _find_frame(self) -> None:
        """Exclusions that stand, orders of precedence, and the day from which periods run."""
        held = self.running
        self.running = {}
        for topic, candidates in held.items():
            if topic != "clock":
                self.rights[topic] = resolve(topic, candidates)
        orders = [
            Ranking(right.winner.rule, right.winner.rule.then)
            for right in self.rights.values()
            if isinstance(right.winner.rule.then, SetsPrecedence)
        ]
        self.orders = sorted(
            {order.rule: order for order in orders}.values(),
            key=lambda order: (order.then.rule is not Precedence.AGREEMENT_FIRST, order.rule.rank),
        )
        if self.facts.exclusions:
            self._find_exclusion()
        clock = start_clock(self.facts, self.found, held.get("clock", []), self.candidates)
        if clock is not None:
            self.rights["clock"] = clock

    def _find_exclusion(self) -> None:
        """The rule by which a finding takes rights away. While a fact is missing that could bar it, it only perhaps does."""
        for finding in sorted(self.facts.exclusions):
            about = [
                (one, one.rule.then.stands)
                for one in self.candidates
                if isinstance(one.rule.then, Excludes) and finding in one.rule.then.findings
            ]
            standing = [one for one, stands in about if stands and one.fate in (Fate.WON, Fate.LOST, Fate.UNDECIDED)]
            barring = [one for one, stands in about if not stands and one.fate in (Fate.WON, Fate.LOST)]
            if barring:
                for one in standing:
                    one.fate, one.beaten_by = Fate.GOVERNED, barring[0].rule
                continue
            perhaps = [one for one, _ in about if one.fate is Fate.UNDECIDED]
            certain = any(one.fate is not Fate.UNDECIDED for one in standing) and not perhaps
            if standing and (self.excluded_by is None or (certain and self.exclusion_needs)):
                self.excluded_by = standing[0].rule
                self.exclusion_needs = () if certain else tuple(name for one in perhaps for name in one.needs)

    def _note_guarantees(self) -> None:
        """Periods that nobody can tell yet stand as "perhaps open", so that what rests on them is undecided too."""
        for one in self.candidates:
            then = one.rule.then
            if one.fate is Fate.UNDECIDED and isinstance(then, GivesGuarantee):
                known = self.found.guarantees.setdefault(then.segment, [])
                known.append((None, one.rule.layer.is_legal, one.needs))

    def _note_entitlements(self) -> None:
        found = self.found
        for one in self.candidates:
            then = one.rule.then
            if not isinstance(then, GivesRemedy):
                continue
            if one.fate is Fate.WON and isinstance(one.outcome, Granted):
                found.entitled[one.outcome.remedy] = True
            elif one.fate is Fate.UNDECIDED:
                for option in then.options:
                    found.entitled.setdefault(option, None)
                found.entitlement_needs = tuple(dict.fromkeys((*found.entitlement_needs, *one.needs)))

    def _resolve(self) -> None:
        orders = self.orders
        for topic, running in self.running.items():
            if len(running) == 1:
                self.rights[topic] = Right(topic, running, [])
            else:
                self.rights[topic] = resolve(topic, running, [one for one in orders if one.governs(topic)])
        self.running = {}
