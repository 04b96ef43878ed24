"""What the customer may ask for if a unit fails today, and what one more failure or one more day in the shop will bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shouhou.assets.warranty.facts import Guarantee, with_counts
from shouhou.assets.warranty.happenings import Fault
from shouhou.assets.warranty.outlook import coming_rights, next_failure
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.plain import plain_rule
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Remedy
from shouhou.policies.wording import fact_name, word
from shouhou.web.cited_words import CitedWords, cited_words


@dataclass(frozen=True, slots=True)
class Gain:
    """Something that the customer may ask for, under which circumstances (empty: now), and the rules that give it."""

    when: str
    what: list[str]
    rules: list[CitedWords]


@dataclass(frozen=True, slots=True)
class UnitRights:
    """`supposed`: the failure of which it speaks. `after_next` is None where one more failure brings nothing further."""

    supposed: str
    in_repair: bool
    now: list[Gain]
    after_next: Gain | None
    coming: list[Gain]


def rights_of(book: RuleBook, guarantee: Guarantee, *, fault_names: Mapping[str, str]) -> UnitRights:
    """Asks of the fault that is being repaired, else of the last one that was. `fault_names`: what the codes mean."""
    fault, in_repair = _fault_of(guarantee)
    facts = with_counts(guarantee.facts, guarantee.life, guarantee.counts, fault=fault).but(defect=True)
    failure = next_failure(book, facts)
    return UnitRights(
        supposed=" ".join(filter(None, (fault.code, fault_names.get(fault.code)))) if fault else "",
        in_repair=in_repair,
        now=_now(book, facts),
        after_next=Gain("", _named(failure.gained), _cited(failure.rules)) if failure.gained else None,
        coming=[
            Gain(
                _("%(what)s: %(count)s or more (now %(now)s)")
                % {"what": fact_name(one.count), "count": one.at_least, "now": one.now},
                _named(one.gained),
                _cited(one.rules),
            )
            for one in coming_rights(book, facts)
        ],
    )


def _fault_of(guarantee: Guarantee) -> tuple[Fault | None, bool]:
    life = guarantee.life
    running = [one.fault for one in life.stays if one.ended_at is None]
    named = [one.fault for _, one in life.finished if one.fault.named]
    if running:
        return running[-1], True
    return (named[-1] if named else None), False


def _now(book: RuleBook, facts: Facts) -> list[Gain]:
    """The remedies of one rule stand together: the customer chooses among them."""
    verdict = judge(book, facts)
    by_rules: dict[tuple[Rule, ...], list[str]] = {}
    for remedy in _in_turn(verdict.remedies()):
        rules = tuple(dict.fromkeys(one.rule for one in verdict.rights[f"remedy.{remedy}"].winners))
        by_rules.setdefault(rules, []).append(remedy)
    return [Gain("", _named(remedies), _cited(rules)) for rules, remedies in by_rules.items()]


def _named(remedies: Iterable[str]) -> list[str]:
    return [word("remedy", one) for one in _in_turn(remedies)]


def _in_turn(remedies: Iterable[str]) -> list[str]:
    """The great ones first, as the list of the rules has them."""
    return sorted(remedies, key=list(Remedy).index)  # type: ignore[arg-type]


def _cited(rules: Iterable[Rule]) -> list[CitedWords]:
    return [cited_words(plain_rule(rule)) for rule in rules]
