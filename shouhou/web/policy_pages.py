"""Rules and packs as the pages show them: in words, with their examples asked anew."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.policies.examples import deviations
from shouhou.policies.outcomes import outcome_words
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.rule import KEYS, Rule
from shouhou.policies.rules.words import Layer, Standing
from shouhou.policies.schema.loading import Pack, WorkedExample, shipped_book, shipped_packs
from shouhou.policies.wording import (
    answer_words,
    condition_words,
    fact_name,
    fact_value,
    joined,
    question_words,
    said,
    word,
)

PROPOSE, APPROVE = "policies.propose_pack", "policies.approve_pack"
_TONES = {Standing.VERIFIED: "green", Standing.CHECK_SUCCESSOR: "green", Standing.SECONDARY: "amber"}


@dataclass(frozen=True)
class ExampleLine:
    """A worked example in words; `holds` says whether the engine answers so today."""

    given: list[tuple[str, str]]
    expected: list[tuple[str, str]]
    holds: bool


@dataclass(frozen=True)
class RuleCard:
    """One version of a rule, for a template."""

    rule: Rule
    anchor: str
    examples: Sequence[ExampleLine] = ()

    @property
    def title(self) -> str:
        return said(self.rule.title)

    @property
    def text(self) -> str:
        return said(self.rule.text)

    @property
    def other_text(self) -> tuple[str, str]:
        """The text in the other language, with the code of that language."""
        text = self.rule.text
        return (text.en, "en") if said(text) == text.zh else (text.zh, "zh-Hans")

    @property
    def source(self) -> str:
        return said(self.rule.source.title)

    @property
    def layer(self) -> str:
        return word("layer", self.rule.layer.name.lower())

    @property
    def verified(self) -> str:
        return word("verified", self.rule.verified)

    @property
    def tone(self) -> str:
        """Unverified wording is marked plainly, wherever it stands."""
        return _TONES.get(self.rule.verified, "amber")

    @property
    def is_checked(self) -> bool:
        return self.rule.verified in (Standing.VERIFIED, Standing.CHECK_SUCCESSOR)

    @cached_property
    def applies(self) -> list[tuple[str, str]]:
        """For which sales: only what narrows it down."""
        narrowed = [
            (word("key", key), joined(sorted(fact_value(key, one) for one in self.rule.keys[key])))
            for key in KEYS
            if key in self.rule.keys
        ]
        matters = joined(word("matter", one) for one in sorted(self.rule.matters))
        return [(_("Asked about"), matters), *narrowed]

    @cached_property
    def conditions(self) -> list[tuple[str, str]]:
        return [condition_words(one) for one in self.rule.conditions]

    @cached_property
    def outcome(self) -> list[str]:
        return outcome_words(self.rule.then)


@dataclass(frozen=True)
class PackLine:
    """A pack in the list."""

    pack: Pack
    rules: int
    standings: Sequence[tuple[str, str, int]]  # words, tone, how many

    @property
    def title(self) -> str:
        return said(self.pack.title)

    @property
    def source(self) -> str:
        return said(self.pack.rules[0].source.title) if self.pack.rules else ""

    @property
    def since(self) -> str:
        """The earliest day of its rules as the source gives it."""
        return min((rule.in_force_since for rule in self.pack.rules if rule.in_force_since), default="")


def pack_line(pack: Pack) -> PackLine:
    """The pack with how far its rules were checked, best first."""
    counted = Counter(rule.verified for rule in pack.rules)
    standings = [(word("verified", one), _TONES.get(one, "amber"), counted[one]) for one in Standing if counted[one]]
    return PackLine(pack, len(pack.rules), standings)


def by_layer(packs: Iterable[Pack]) -> list[tuple[str, list[PackLine]]]:
    """The packs under the name of who made them, in the order of rank."""
    lines: dict[Layer, list[PackLine]] = {}
    for pack in sorted(packs, key=lambda one: (one.layer, one.id)):
        lines.setdefault(pack.layer, []).append(pack_line(pack))
    return [(word("layer", layer.name.lower()), found) for layer, found in lines.items()]


def cards_of(pack: Pack, rules: Iterable[Rule], book: RuleBook) -> list[RuleCard]:
    """The rules with their examples, asked of the book. Each card has an anchor of its own: the name of the rule."""
    shared = shared_facts(pack)
    examples: dict[str, list[ExampleLine]] = {}
    for one in pack.examples:
        examples.setdefault(one.rule, []).append(_example(one, shared, book))
    seen: Counter[str] = Counter()
    cards = []
    for rule in rules:
        seen[rule.id] += 1
        anchor = rule.id if seen[rule.id] == 1 else f"{rule.id}--{seen[rule.id]}"
        cards.append(RuleCard(rule, anchor, examples.get(rule.id, ())))
    return cards


def shared_facts(pack: Pack) -> Mapping[str, object]:
    """What most examples of the pack start from: it is said once, and each example says what is different."""
    counted = Counter((name, repr(value)) for one in pack.examples for name, value in one.given.items())
    given = {(name, repr(value)): value for one in pack.examples for name, value in one.given.items()}
    most = len(pack.examples) / 2
    return {name: given[name, text] for (name, text), number in counted.items() if number > max(most, 1)}


def facts_said(given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Facts as names and values."""
    return [(fact_name(name), fact_value(name, value)) for name, value in given.items()]


def _example(one: WorkedExample, shared: Mapping[str, object], book: RuleBook) -> ExampleLine:
    given = {name: value for name, value in one.given.items() if name not in shared or shared[name] != value}
    unknown = [(fact_name(name), _("not known")) for name in shared if name not in one.given]
    expected = [(question_words(name), answer_words(name, value)) for name, value in one.expect.items()]
    return ExampleLine([*facts_said(given), *unknown], expected, not deviations(book, one))


def book_for(pack: Pack, book: Callable[[], RuleBook]) -> RuleBook:
    """Against which rules the examples of a pack hold: those of the product are about the product alone."""
    return shipped_book() if pack.id in {one.id for one in shipped_packs()} else book()


def headquarters_of(actor: Actor, code: str) -> Branch | None:
    """The headquarters, if the actor holds the permission there."""
    return next((one for one in actor.branches if one.parent_id is None and actor.may(code, one.id)), None)


def at_headquarters(actor: Actor, code: str) -> Branch:
    """The same; a 403 where he does not."""
    branch = headquarters_of(actor, code)
    if branch is None:
        raise PermissionDenied(_("The company's own rules are made at the headquarters; your roles do not allow it."))
    return branch
