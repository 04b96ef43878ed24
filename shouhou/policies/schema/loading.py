"""Pack files into rules, and rules into the book that the engine asks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path as File
from typing import Any

from pydantic import TypeAdapter

from shouhou.kernel.errors import Invalid, Refusal, Wording, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.conditions import compile_conditions, spelled
from shouhou.policies.rules.facts import NAMES, Facts, kind_of
from shouhou.policies.rules.limits import limit_of
from shouhou.policies.rules.rights import GivesGuarantee, GivesMoney, SetsDeduction, SetsDuty, SetsLimit
from shouhou.policies.rules.rule import Condition, Findings, Rule, Source, Words
from shouhou.policies.rules.words import Channel, Layer, Segment, Standing
from shouhou.policies.schema.entries import (
    Applies,
    BothLanguages,
    Day,
    Example,
    PackEntry,
    RuleEntry,
    layer_of,
)
from shouhou.policies.schema.listing import rules_of_row
from shouhou.policies.schema.marked import Marked, Path, read_marked
from shouhou.policies.schema.strict import read_strictly
from shouhou.policies.schema.vocabulary import Vocabulary, vocabulary

PACKS = File(__file__).parent.parent / "packs"

_KEYS = {
    "regions": "region",
    "channels": "channel",
    "platforms": "platform",
    "brands": "brand",
    "promises": "promises",
}
_SHAPE = TypeAdapter(PackEntry)
_UNKNOWN = {
    "class": gettext_noop("the class “%(word)s” is not in the vocabulary"),
    "part": gettext_noop("the part “%(word)s” is not in the vocabulary"),
    "region": gettext_noop("the region “%(word)s” is not in the vocabulary"),
    "channel": gettext_noop("the channel “%(word)s” is not in the vocabulary"),
    "platform": gettext_noop("the platform “%(word)s” is not in the vocabulary"),
    "brand": gettext_noop("the brand “%(word)s” is not in the vocabulary"),
    "promises": gettext_noop("the promise “%(word)s” is not in the vocabulary"),
}


@dataclass(frozen=True)
class WorkedExample:
    """An example of a rule, with the place in the file where it stands."""

    rule: str
    place: str
    given: Mapping[str, object]
    expect: Mapping[str, object]


@dataclass(frozen=True)
class Pack:
    """One file, read."""

    id: str
    title: Words
    layer: Layer
    file: str
    rules: tuple[Rule, ...]
    examples: tuple[WorkedExample, ...]


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with the product."""
    return tuple(read_pack(file.read_text(encoding="utf-8"), file=file.name) for file in sorted(PACKS.glob("*.yaml")))


@cache
def shipped_book() -> RuleBook:
    """The book of the packs that come with the product."""
    return book_of(shipped_packs())


def book_of(packs: Iterable[Pack]) -> RuleBook:
    """Raises what RuleBook raises."""
    return RuleBook(rule for pack in packs for rule in pack.rules)


def read_pack(text: str, *, file: str) -> Pack:
    """Raises PackRefused with file, line and reason."""
    document = read_marked(text, file=file)
    return _Reader(document, read_strictly(_SHAPE, document), vocabulary()).pack()


class _Reader:
    def __init__(self, document: Marked, entry: PackEntry, words: Vocabulary) -> None:
        self.document, self.entry, self.words = document, entry, words
        self.examples: list[WorkedExample] = []

    def pack(self) -> Pack:
        entry = self.entry
        rules = [self._rule(("rules", place), one) for place, one in enumerate(entry.rules)]
        for place, row in enumerate(entry.products):
            path: Path = ("products", place)
            listed = [self._rule(path, one) for one in rules_of_row(row, self.words, path, self.document)]
            self._note_examples(path, listed[0].id, row.examples)
            rules += listed
        return Pack(
            entry.pack,
            _words(entry.title),
            layer_of(entry.layer),
            self.document.file,
            tuple(rules),
            tuple(self.examples),
        )

    def _rule(self, path: Path, one: RuleEntry) -> Rule:
        entry = self.entry
        applies = _over(entry.applies, one.applies)
        since, until = _day(one.since, entry.since), _day(one.until, entry.until)
        mark, verified = one.mark or entry.mark, one.verified or entry.verified
        if mark is None or verified is None:
            raise self.document.refuse(path, Wording(gettext_noop("neither rule nor pack has “mark” and “verified”")))
        source = one.source or entry.source
        self._check_mark((*path, "mark") if one.mark else ("mark",), mark, verified)
        self._check_then((*path, "then"), one)
        rule_id = f"{entry.pack}.{one.id}"
        keys = self._keys(path, applies)
        if since is not None and until is not None and until <= since:
            raise self.document.refuse((*path, "until"), Wording(gettext_noop("the rule ends before it begins")))
        self._note_examples(path, rule_id, one.examples)
        return Rule(
            id=rule_id,
            pack=entry.pack,
            layer=layer_of(entry.layer),
            title=_words(one.title),
            text=_words(one.text),
            matters=frozenset(one.matters or entry.matters),
            keys=keys,
            since=since,
            until=until,
            since_year_only=isinstance(entry.since if one.since == "as_pack" else one.since, int),
            judged_by=one.judged_by or entry.judged_by,
            conditions=self._conditions(path, one),
            then=one.then,
            source=Source(
                title=_words(source.title), refs=self._known_sources(path, source.refs), article=one.article, mark=mark
            ),
            verified=verified,
            supersedes=one.supersedes,
            substance=_substance(entry, one, keys, since),
            count_days_from=entry.count_days_from,
        )

    def _note_examples(self, path: Path, rule_id: str, examples: tuple[Example, ...]) -> None:
        for place, example in enumerate(examples):
            given = self.entry.sample | example.given
            line = self.document.line((*path, "examples", place))
            known = {name: value for name, value in given.items() if value is not None}
            self.examples.append(WorkedExample(rule_id, f"{self.document.file}:{line}", known, dict(example.expect)))

    def _conditions(self, path: Path, one: RuleEntry) -> tuple[Condition, ...]:
        try:
            conditions = compile_conditions(one.when, count=self.entry.count_days_from)
        except Invalid as refusal:
            raise self.document.refuse((*path, "when", refusal.field), _of(refusal)) from refusal
        if isinstance(one.then, GivesGuarantee) and one.then.segment in (Segment.MAIN_PARTS, Segment.ACCESSORY):
            conditions += (_covers(one.then),)
        return conditions

    def _keys(self, path: Path, applies: Applies) -> dict[str, frozenset[str]]:
        words = self.words
        known = {
            "regions": words.regions,
            "channels": tuple(Channel),
            "platforms": words.platforms,
            "brands": words.brands,
            "promises": words.promises,
        }
        keys: dict[str, frozenset[str]] = {}
        if applies.classes is not None or applies.groups is not None:
            classes = set(applies.classes or ())
            self._refuse_unknown(path, "class", classes, self.words.classes)
            for name in applies.groups or ():
                if not (members := self.words.group(name)):
                    raise self.document.refuse(
                        (*path, "applies"), Wording(gettext_noop("no class belongs to the group “%(name)s”"), name=name)
                    )
                classes |= members
            keys["product_class"] = frozenset(classes)
        for name, key in _KEYS.items():
            if (listed := getattr(applies, name)) is not None:
                self._refuse_unknown(path, key, set(listed), known[name])
                keys[key] = frozenset(listed)
        return keys

    def _refuse_unknown(self, path: Path, what: str, used: set[str], known: Iterable[str]) -> None:
        if unknown := used - set(known):
            raise self.document.refuse((*path, "applies"), Wording(_UNKNOWN[what], word=min(unknown)))

    def _known_sources(self, path: Path, refs: tuple[str, ...]) -> tuple[str, ...]:
        for ref in refs:
            if ref not in self.words.sources:
                raise self.document.refuse(
                    (*path, "source"), Wording(gettext_noop("the source “%(word)s” is not in the vocabulary"), word=ref)
                )
        return refs

    def _check_mark(self, path: Path, mark: str, verified: Standing) -> None:
        """The mark says where the number is from; only the full text of the source makes it verified."""
        if mark == "Seed":
            allowed = {Standing.VERIFIED}
        elif mark.startswith("F:"):
            refs = self._known_sources(path, tuple(mark.removeprefix("F:").split(",")))
            read = any(self.words.sources[ref].full_text for ref in refs)
            allowed = {Standing.VERIFIED, Standing.CHECK_SUCCESSOR} if read else {Standing.SECONDARY}
        elif mark in ("K", "K+", "K?", "E", "none"):
            allowed = {Standing.UNVERIFIED}
        else:
            raise self.document.refuse(path, Wording(gettext_noop("“%(mark)s” is not a mark"), mark=mark))
        if verified not in allowed:
            raise self.document.refuse(
                path,
                Wording(
                    gettext_noop("a rule marked “%(mark)s” cannot be “%(verified)s”"), mark=mark, verified=str(verified)
                ),
            )

    def _check_then(self, path: Path, one: RuleEntry) -> None:
        then = one.then
        if isinstance(then, GivesGuarantee):
            if (then.days is None) == (then.months is None):
                raise self.document.refuse(path, Wording(gettext_noop("a guarantee has either days or months")))
            self._refuse_unknown(path, "part", set(then.parts or ()), self.words.parts)
        if isinstance(then, SetsDeduction) and then.rate_to is not None and then.rate_to < then.rate:
            raise self.document.refuse((*path, "rate_to"), Wording(gettext_noop("the range ends before it begins")))
        if isinstance(then, GivesMoney):
            self._check_money(path, then)
        if isinstance(then, SetsDuty) and (then.at_least is None) != (then.unit is None):
            raise self.document.refuse(path, Wording(gettext_noop("a duty has both amount and unit, or neither")))
        if isinstance(then, SetsLimit):
            try:
                limit_of(then, count=self.entry.count_days_from)
            except Invalid as refusal:
                raise self.document.refuse(path, _of(refusal)) from refusal

    def _check_money(self, path: Path, then: GivesMoney) -> None:
        for name in filter(None, (then.of, then.per, then.by)):
            if name not in NAMES:
                raise self.document.refuse(path, Wording(gettext_noop("there is no fact “%(name)s”"), name=name))
            if kind_of(name) not in (int, Decimal):
                raise self.document.refuse(path, Wording(gettext_noop("the fact “%(name)s” is no number"), name=name))
        if (then.of is None) == (then.points is None):
            raise self.document.refuse(path, Wording(gettext_noop("an amount needs a fact or points")))
        if bool(then.by) != bool(then.bands):
            raise self.document.refuse(
                path, Wording(gettext_noop("bands need a fact to go by, and the other way round"))
            )
        if any(next_one.up_to <= one.up_to for one, next_one in pairwise(then.bands)):
            raise self.document.refuse((*path, "bands"), Wording(gettext_noop("the bands do not go up")))


def _covers(then: GivesGuarantee) -> Condition:
    """Holds when the part that fails is one of those; without a list, when the certificate says that it is a main part."""
    if then.parts is None:
        return Condition("main_part", "true", lambda facts, _: facts.main_part)
    parts, certified = frozenset(then.parts), then.segment is Segment.MAIN_PARTS

    def test(facts: Facts, _: Findings) -> bool | None:
        # The certificate may list more than the rule does, never less.
        if certified and facts.main_part:
            return True
        return None if facts.faulty_part is None else facts.faulty_part in parts

    return Condition("faulty_part", spelled(then.parts), test, then.parts)


class _Within(Wording):
    """What another refusal says, as the reason of this one, whose sentence it does not end."""

    __slots__ = ()

    def __new__(cls, template: str, **params: Any) -> "_Within":
        made = str.__new__(cls, (template % params).rstrip("."))
        made.template, made.params = template, params
        return made

    def told(self, translate: Callable[[str], str]) -> str:
        return super().told(translate).rstrip(".。")


def _of(refusal: Refusal) -> Wording:
    return _Within(refusal.template, **refusal.params)


def _words(both: BothLanguages) -> Words:
    return Words(both.zh, both.en)


def _over(pack: Applies, rule: Applies | None) -> Applies:
    """What the rule says stands over what the pack says; classes and groups are one statement."""
    if rule is None:
        return pack
    said = {name: value for name, value in asdict(rule).items() if value is not None}
    if said.keys() & {"classes", "groups"}:
        said = {"classes": None, "groups": None} | said
    return Applies(**(asdict(pack) | said))


def _day(own: Day, packs: date | int | None) -> date | None:
    said = packs if isinstance(own, str) else own
    return date(said, 1, 1) if isinstance(said, int) else said


def _substance(entry: PackEntry, one: RuleEntry, keys: dict[str, frozenset[str]], since: date | None) -> str:
    """A short hash over all that decides but the end, so that a version cannot change without its name changing."""
    said = {
        "layer": entry.layer,
        "matters": sorted(one.matters or entry.matters),
        "keys": {key: sorted(words) for key, words in keys.items()},
        "since": [str(since), str(one.judged_by or entry.judged_by)],
        "when": [[fact, spelled(wanted)] for fact, wanted in one.when.items()],
        "count": str(entry.count_days_from),
        "then": repr(one.then),
        "supersedes": list(one.supersedes),
        "article": one.article,
    }
    return digest(said).hex()[:10]
