"""What a promise is: which events start, stop and pause its clock, which rule says how long, and what a breach sets off."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from shouhou.access.permissions import Role
from shouhou.commitments.rules.words import Cause
from shouhou.kernel.hashing import digest

_STRICT = ConfigDict(extra="forbid")
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=60)]
Verb = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Fraction = Annotated[Decimal, Field(gt=0, le=10)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Words:
    """The same in both languages."""

    zh: Text
    en: Text


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Pause:
    """A pair of events between which the promise is not worked on. `cause` is a word, or the field of the event that has it."""

    on: Verb
    until: Verb
    cause: Cause | None = None
    cause_from: str | None = None

    def caused_by(self, told: Mapping[str, Any]) -> Cause:
        """Who caused it. What the event does not say is the company's own doing: it never stops the clock by silence."""
        said = self.cause if self.cause_from is None else told.get(self.cause_from)
        return Cause(said) if said in Cause.values else Cause.COMPANY


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Step:
    """Tell somebody when so much of the time is used up: 1 is the end of it, more is afterwards."""

    at: Fraction
    tell: Role


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class LimitByRule:
    """How long, by the rule in force that answers the question. `facts`: fact of the rules ← field of the event."""

    topic: Annotated[str, StringConstraints(pattern=r"^(limit|rhythm|duty)\.[a-z_]+$")]
    matter: str
    facts: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Definition:
    """One promise of the company as a row of policy data.

    `starts`, `stops`, `voids`, `reopens`: verbs of the journal. `pauses`: only those with a cause in `stops_for` stop the clock,
    the others are kept for the history. `until`: the field of the starting event with the moment (or day) that was agreed;
    `not_before`: the same for a wish of the customer that makes the time longer, never shorter. `ahead`: the limit runs back from
    the agreed moment. `repeats`: when one period is over the next begins. `only`: the starting event has one of these values.
    """

    id: Code
    title: Words
    subject: Code
    owner: Role
    starts: tuple[Verb, ...]
    stops: tuple[Verb, ...]
    limit: LimitByRule | None = None
    until: str | None = None
    not_before: str | None = None
    ahead: bool = False
    repeats: bool = False
    each: bool = False
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    voids: tuple[Verb, ...] = ()
    reopens: tuple[Verb, ...] = ()
    pauses: tuple[Pause, ...] = ()
    stops_for: tuple[Cause, ...] = (Cause.CUSTOMER, Cause.OBJECTIVE)
    yellow: Fraction = Decimal("0.5")
    orange: Fraction = Decimal("0.8")
    steps: tuple[Step, ...] = ()
    remedy: Code | None = None

    @cached_property
    def version(self) -> str:
        """Changes with whatever the definition says."""
        return digest(_plain(self)).hex()[:16]

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Every verb that the promise listens to."""
        return frozenset(
            [*self.starts, *self.stops, *self.voids, *self.reopens]
            + [verb for pause in self.pauses for verb in (pause.on, pause.until)]
        )

    def begins_with(self, verb: str, told: Mapping[str, Any]) -> bool:
        """Whether the event starts the clock."""
        return verb in self.starts and all(told.get(name) in words for name, words in self.only.items())


def _plain(definition: Definition) -> dict[str, Any]:
    """The definition as JSON knows it, without what was computed from it."""
    written: dict[str, Any] = TypeAdapter(Definition).dump_python(definition, mode="json")
    return written
