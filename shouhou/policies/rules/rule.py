"""One rule in one version, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.rights import Bounds, Then
from shouhou.policies.rules.words import CountFrom, JudgedBy, Layer, Matter, Pause, Standing

type Test = Callable[[Facts, Findings], bool | None]
type Wanted = bool | str | tuple[str, ...] | Bounds

KEYS = ("product_class", "region", "channel", "platform", "brand", "promises")


@dataclass(frozen=True, slots=True)
class Words:
    """A text for the customer in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text behind a rule. `article` is empty where it was not recorded; `mark` is the mark of the collection it is from."""

    title: Words
    refs: tuple[str, ...]
    article: str | None
    mark: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold. `test` answers yes, no, or None for "not known"; `expects` says it in the words of the pack."""

    fact: str
    expects: str
    test: Test = field(compare=False)
    wanted: Wanted = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One version of a rule: in force from `since` (None: not known, taken as always) until before `until`.

    `since_year_only` says that the source gives the year alone. `keys` name the sales it is for; a key that is absent means all.
    """

    id: str
    pack: str
    layer: Layer
    title: Words
    text: Words
    matters: frozenset[Matter]
    keys: dict[str, frozenset[str]]
    since: date | None
    until: date | None
    since_year_only: bool
    judged_by: JudgedBy
    conditions: tuple[Condition, ...]
    then: Then
    source: Source
    verified: Standing
    supersedes: tuple[str, ...] = ()
    substance: str = ""
    count_days_from: CountFrom = CountFrom.DAY_AFTER

    @cached_property
    def version(self) -> str:
        """Names this version for ever: the rule, from when to when it is in force, and a hash over what it says."""
        until = "" if self.until is None else f"..{self.until}"
        return f"{self.id}@{self.in_force_since or 'always'}{until}#{self.substance}"

    @cached_property
    def in_force_since(self) -> str:
        """The day as the source gives it: in full, the year alone, or nothing."""
        if self.since is None:
            return ""
        return str(self.since.year) if self.since_year_only else self.since.isoformat()

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The questions that the rule answers."""
        return self.then.topics

    @cached_property
    def topic(self) -> str:
        """The first of its questions."""
        return self.then.topics[0]

    @cached_property
    def rank(self) -> tuple[int, str]:
        """Which of two equal rules is cited: the one of the higher norm, then by name, so that file order never matters."""
        return (self.layer, self.id)

    def overlaps(self, other: "Rule") -> bool:
        """Whether both are in force on some day."""
        return (other.until is None or self.since is None or self.since < other.until) and (
            self.until is None or other.since is None or other.since < self.until
        )


class Findings:
    """What the engine has found out so far about one question; later conditions build on it."""

    __slots__ = (
        "entitled",
        "entitlement_needs",
        "guarantees",
        "part_start",
        "paused",
        "paused_needs",
        "pauses",
        "start",
        "start_needs",
    )

    def __init__(self) -> None:
        self.start: date | None = None
        self.part_start: date | None = None
        self.start_needs: tuple[str, ...] = ()
        self.pauses: tuple[Pause, ...] = ()
        self.paused = 0
        self.paused_needs: tuple[str, ...] = ()
        # segment → (open?, made by the state?, what it takes to know)
        self.guarantees: dict[str, list[tuple[bool | None, bool, tuple[str, ...]]]] = {}
        # remedy → granted, or None while undecided
        self.entitled: dict[str, bool | None] = {}
        self.entitlement_needs: tuple[str, ...] = ()

    def in_guarantee(self, segments: tuple[str, ...], *, legal: bool) -> bool | None:
        """Whether one of the segments is open; None when that cannot be said yet."""
        unknown = False
        for segment in segments:
            for is_open, by_law, _needs in self.guarantees.get(segment, ()):
                if by_law or not legal:
                    if is_open:
                        return True
                    unknown = unknown or is_open is None
        return None if unknown else False

    def needs_for_guarantee(self, segments: tuple[str, ...]) -> tuple[str, ...]:
        """The facts that would say whether one of the segments is open."""
        return tuple(
            dict.fromkeys(
                name
                for segment in segments
                for is_open, _by_law, needs in self.guarantees.get(segment, ())
                if is_open is None
                for name in needs
            )
        )
