"""What a question about coverage is answered with, as values: who pays, and why; and what holds under each assumption."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shouhou.assets.warranty.facts import Guarantee
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.words import Charged, Ground, Payer, WorkClass
from shouhou.kernel.errors import Refusal
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who pays for one kind of line, and the rules that say so (none where no rule is needed to say it)."""

    kind: Charged
    payer: Payer
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Supposition:
    """Something that is supposed because it is not known, in words.

    About a fact: `values` are those with which the answer is the same; or it is anything from the only one of them up to `to`.
    """

    template: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    fact: str = ""
    values: tuple[Any, ...] = ()
    to: Any = None

    def __str__(self) -> str:
        return self.template % self.params


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """The verdict under all of these suppositions together.

    Where several values of a fact come to the same, the last free day is the earliest of theirs, and `last_day_to` the latest
    if they differ.
    """

    assumptions: tuple[Supposition, ...]
    coverage: "Coverage"
    last_day_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who pays, and why. `work_class` is None while a missing fact decides it; then `needs` says which.

    `last_day` is the last free day. `verdict` and `guarantee` are None where no rule was asked, or where something is `unclear`:
    a history that can be read in several ways, or rules that contradict each other. `supposed` holds the verdict under each
    assumption about what is unclear or missing, as far as it can be told.
    """

    question: Question
    work_class: WorkClass | None
    ground: Ground
    rules: tuple[Rule, ...] = ()
    lines: tuple[Line, ...]
    last_day: date | None = None
    needs: tuple[str, ...] = ()
    verdict: Verdict | None = None
    guarantee: Guarantee | None = None
    unclear: Refusal | None = None
    supposed: tuple[Supposed, ...] = ()

    @property
    def is_decided(self) -> bool:
        return self.work_class is not None


def all_lines(payer: Payer) -> tuple[Line, ...]:
    """The same payer for every kind of line."""
    return tuple(Line(kind=kind, payer=payer) for kind in Charged)


def undecided(
    question: Question,
    needs: tuple[str, ...],
    *,
    verdict: Verdict | None = None,
    guarantee: Guarantee | None = None,
    unclear: Refusal | None = None,
    supposed: tuple[Supposed, ...] = (),
) -> Coverage:
    """Nobody can say who pays until something more is known."""
    return Coverage(
        question=question,
        work_class=None,
        ground=Ground.UNDECIDED,
        lines=all_lines(Payer.OPEN),
        needs=needs,
        verdict=verdict,
        guarantee=guarantee,
        unclear=unclear,
        supposed=supposed,
    )
