"""The coverage verdict: which work class, who pays which line, by which rule, until when.

A question is asked of the rules of `policies` with the facts that the unit's life gives. The work class follows in this order:

1. work of the house itself is D;
2. a finding that takes the free repair away makes it A;
3. an open guarantee of a rule makes a repair C, and so does a certificate of the model that is still good;
4. a maintenance contract makes it B; it is not used up by what the law gives anyway;
5. nothing that makes it free: A.

A fact that is missing leaves the class open only where the answer hangs on it: a class that comes out under every assumption
is the class. (Classes: rule 四 of the 管理办法.)
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from shouhou.assets.warranty.assumptions import HistoryUnclear
from shouhou.assets.warranty.facts import Guarantee, guarantee_of, with_dates
from shouhou.assets.warranty.reading import read_life
from shouhou.assets.warranty.start import NoRuleForTheStart
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.supposing import by_each_rule, supposing
from shouhou.entitlements.rules.verdict import Coverage, Line, all_lines, undecided
from shouhou.entitlements.rules.words import Charged, Ground, Payer, WorkClass, WorkType
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rights import GivesGuarantee
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Candidate, Fate, Period, Verdict
from shouhou.policies.rules.words import Remedy, Segment

_FREE_REPAIR = f"remedy.{Remedy.REPAIR}"
# Each of them says that the customer pays for no way: neither ours to him nor his to us.
_FREE_WAYS = tuple(f"remedy.{one}" for one in (Remedy.ON_SITE, Remedy.TRANSPORT_COST))


def entitle(book: RuleBook | DividedBook, question: Question) -> Coverage:
    """The coverage of the work that is asked about. A function of the question and of the rules, of nothing else.

    Where something is missing or unclear, it says what would be under each assumption; so it does where rules contradict each
    other.
    """
    if isinstance(book, DividedBook):
        return by_each_rule(_entitle, book, question)
    return supposing(_entitle, book, question)


def _entitle(book: RuleBook, question: Question) -> Coverage:
    if question.internal:
        return Coverage(
            question=question, work_class=WorkClass.D, ground=Ground.INTERNAL, lines=all_lines(Payer.COMPANY)
        )
    try:
        if question.work_type is WorkType.REPAIR:
            return _repair(question, *_judged(book, question))
        verdict = _judged_by_dates(book, question)
    except HistoryUnclear as unclear:
        return undecided(question, (unclear.field,) if unclear.field else (), unclear=unclear)
    if question.work_type is WorkType.INSTALLATION:
        return _installation(question, verdict)
    if question.work_type is WorkType.GUIDANCE:
        return _plain(question, verdict, None, WorkClass.C, Ground.GUIDANCE)
    if question.contract:
        return _plain(question, verdict, None, WorkClass.B, Ground.CONTRACT)
    return _plain(question, verdict, None, WorkClass.A, Ground.NOT_REPAIR)


def _judged(book: RuleBook, question: Question) -> tuple[Verdict, Guarantee | None]:
    """The rights by the rules, and the guarantee; none where no rule gives goods of this kind a period."""
    if question.history is not None:
        with suppress(NoRuleForTheStart):
            guarantee = guarantee_of(book, question.facts, question.history, at=question.at, fault=question.fault)
            return judge(book, guarantee.facts), guarantee
    return _judged_by_dates(book, question), None


def _judged_by_dates(book: RuleBook, question: Question) -> Verdict:
    """The rights without a guarantee: of work that no period decides about."""
    if question.history is None:
        return judge(book, question.facts)
    return judge(book, with_dates(question.facts, read_life(question.history, at=question.at)))


def _repair(question: Question, verdict: Verdict, guarantee: Guarantee | None) -> Coverage:
    free, excluding = verdict.has(_FREE_REPAIR), _excluding(verdict)
    if excluding:
        return _charged(question, verdict, guarantee, Ground.EXCLUDED, excluding)
    if free:
        return _free(question, verdict, guarantee)
    if certified_until := _last_certified_day(question):
        return Coverage(
            question=question,
            work_class=WorkClass.C,
            ground=Ground.CERTIFICATE,
            lines=all_lines(Payer.COMPANY),
            last_day=certified_until,
            verdict=verdict,
            guarantee=guarantee,
        )
    if question.contract:
        return _plain(question, verdict, guarantee, WorkClass.B, Ground.CONTRACT)
    if free is None and not _all_over(question, guarantee):
        needs = _needs_of(verdict.candidates, _FREE_REPAIR)
        return undecided(question, needs, verdict=verdict, guarantee=guarantee)
    over = tuple(dict.fromkeys(one.rule for one in _ended(verdict, guarantee)))
    if not over and _no_state_rule(verdict):
        return _charged(question, verdict, guarantee, Ground.NO_STATE_RULE, _asked_for_repair(verdict))
    return _charged(question, verdict, guarantee, Ground.OVER if over else Ground.NO_RULE, over)


def _free(question: Question, verdict: Verdict, guarantee: Guarantee | None) -> Coverage:
    by = tuple(one.rule for one in verdict.rights[_FREE_REPAIR].winners)
    open_periods = [one for one in _periods(verdict) if isinstance(one.outcome, Period) and one.outcome.is_open]
    periods = tuple(dict.fromkeys(one.rule for one in open_periods))
    ways = tuple(one.rule for topic in _FREE_WAYS if topic in verdict.rights for one in verdict.rights[topic].winners)
    travel = Payer.COMPANY if ways else _open_or(verdict, _FREE_WAYS, Payer.CUSTOMER)
    last = [one.outcome.last_day for one in open_periods if isinstance(one.outcome, Period)]
    if certified_until := _last_certified_day(question):
        last.append(certified_until)
        travel = Payer.COMPANY
    return Coverage(
        question=question,
        work_class=WorkClass.C,
        ground=Ground.NO_STATE_RULE if not last and _no_state_rule(verdict) else Ground.GUARANTEE,
        rules=(*by, *periods),
        lines=(
            Line(kind=Charged.LABOUR, payer=Payer.COMPANY, rules=by),
            Line(kind=Charged.PART, payer=Payer.COMPANY, rules=by),
            Line(kind=Charged.TRAVEL, payer=travel, rules=ways),
        ),
        last_day=max(last, default=None),
        verdict=verdict,
        guarantee=guarantee,
    )


def _installation(question: Question, verdict: Verdict) -> Coverage:
    """Free where it was sold with the goods and is still owed."""
    if verdict.facts.installed_on is not None or verdict.facts.trader_installs is False:
        return _plain(question, verdict, None, WorkClass.A, Ground.NO_RULE)
    if verdict.facts.trader_installs:
        return _plain(question, verdict, None, WorkClass.C, Ground.INSTALLATION_OWED)
    return undecided(question, ("trader_installs",), verdict=verdict)


_PAYERS = {
    WorkClass.A: Payer.CUSTOMER,
    WorkClass.B: Payer.CONTRACT,
    WorkClass.C: Payer.COMPANY,
    WorkClass.D: Payer.COMPANY,
}


def _plain(
    question: Question, verdict: Verdict, guarantee: Guarantee | None, work_class: WorkClass, ground: Ground
) -> Coverage:
    lines = all_lines(_PAYERS[work_class])
    return Coverage(
        question=question, work_class=work_class, ground=ground, lines=lines, verdict=verdict, guarantee=guarantee
    )


def _charged(
    question: Question, verdict: Verdict, guarantee: Guarantee | None, ground: Ground, rules: tuple[Rule, ...]
) -> Coverage:
    ended = [one.last_day for one in _ended(verdict, guarantee)]
    return Coverage(
        question=question,
        work_class=WorkClass.A,
        ground=ground,
        rules=rules,
        lines=tuple(Line(kind=kind, payer=Payer.CUSTOMER, rules=rules) for kind in Charged),
        last_day=max(ended, default=None) if ground == Ground.OVER else None,
        verdict=verdict,
        guarantee=guarantee,
    )


def _all_over(question: Question, guarantee: Guarantee | None) -> bool:
    """Whether there were periods and none is open any more, whichever part it turns out to be."""
    if guarantee is None or not guarantee.segments:
        return False
    return all(one.is_open(question.on) is False for one in guarantee.segments)


def _last_certified_day(question: Question) -> date | None:
    """The last day on which the certificate of the model makes it free; None where it does not, or not any more."""
    ends = question.certificate_ends_on
    if ends is None or question.on >= ends or question.facts.exclusions:
        return None
    return ends - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Ended:
    rule: Rule
    last_day: date


def _ended(verdict: Verdict, guarantee: Guarantee | None) -> list[_Ended]:
    """The periods that there were."""
    if guarantee is not None:
        return [_Ended(one.rule, one.last_day) for one in guarantee.segments]
    outcomes = ((one.rule, one.outcome) for one in _periods(verdict))
    return [_Ended(rule, outcome.last_day) for rule, outcome in outcomes if isinstance(outcome, Period)]


def _periods(verdict: Verdict) -> Iterator[Candidate]:
    for segment in Segment:
        if segment is not Segment.REPLACE_OR_REFUND and (right := verdict.rights.get(f"guarantee.{segment}")):
            yield from right.winners


def _no_state_rule(verdict: Verdict) -> bool:
    """Whether the law gives goods of this class no period at all, whatever may fail; not said of a class nobody knows."""
    return verdict.facts.product_class is not None and not any(
        isinstance(one.rule.then, GivesGuarantee)
        and one.rule.then.segment is not Segment.REPAIRED
        and one.rule.layer.is_legal
        for one in verdict.candidates
    )


def _asked_for_repair(verdict: Verdict) -> tuple[Rule, ...]:
    """The rules that could have made it free: what governs where no period does."""
    return tuple(dict.fromkeys(one.rule for one in verdict.candidates if _FREE_REPAIR in one.rule.topics))


def _excluding(verdict: Verdict) -> tuple[Rule, ...]:
    """The rules by which a finding takes the free repair away."""
    by = [one.beaten_by for one in verdict.candidates if one.fate is Fate.EXCLUDED and _FREE_REPAIR in one.rule.topics]
    return tuple(dict.fromkeys(rule for rule in by if rule is not None))


def _needs_of(candidates: Iterable[Candidate], topic: str) -> tuple[str, ...]:
    undecided = (one for one in candidates if one.fate is Fate.UNDECIDED and topic in one.rule.topics)
    return tuple(dict.fromkeys(name for one in undecided for name in one.needs))


def _open_or(verdict: Verdict, topics: Iterable[str], payer: Payer) -> Payer:
    return Payer.OPEN if any(verdict.has(topic) is None for topic in topics) else payer
