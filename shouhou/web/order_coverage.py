"""Who pays for a work order: what was said of it, by the rules and by people, and what may be said now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.entitlements.actions.overrides import RULE_ON_OVERRIDE, own_authority
from shouhou.entitlements.models import Override, OverrideRuling, Verdict
from shouhou.entitlements.queries import find_findings, find_verdicts, find_waiting_overrides
from shouhou.web.unit_life import FoundLine, found_lines
from shouhou.web.verdict_reasons import Change, changes_between
from shouhou.web.verdict_words import VerdictWords, words_stored
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_photos_of

_SHOWN = 10


@dataclass(frozen=True)
class OverrideLine:
    """A person's word against the rules, and what became of it."""

    override: Override

    @property
    def ruling(self) -> OverrideRuling | None:
        return next(iter(self.override.rulings.all()), None)

    @property
    def state(self) -> str:
        """`counts`, `waits` or `refused`."""
        if self.override.counts:
            return "counts"
        return "waits" if self.override.waits else "refused"


@dataclass(frozen=True)
class Given:
    """One verdict as it was given, what it says otherwise than the one before it, and what people made of it."""

    verdict: Verdict
    words: VerdictWords
    changes: Sequence[Change]
    overrides: Sequence[OverrideLine]


@dataclass(frozen=True)
class WhoPays:
    """All that is said of it, the newest verdict first."""

    given: Sequence[Given]
    findings: Sequence[FoundLine]
    may_rule: bool

    @property
    def standing(self) -> Given | None:
        return self.given[0] if self.given else None

    @property
    def earlier(self) -> Sequence[Given]:
        return self.given[1:]

    @property
    def waiting(self) -> list[OverrideLine]:
        return [line for one in self.given for line in one.overrides if line.state == "waits"]

    @property
    def overrides(self) -> list[OverrideLine]:
        """What people said since the rules were first asked, the newest first."""
        return [line for one in self.given for line in one.overrides]

    @property
    def stands_findings(self) -> list[FoundLine]:
        return [one for one in self.findings if one.withdrawal is None]


def read_who_pays(order: WorkOrder, *, by: Actor) -> WhoPays:
    """Six queries. The branch and permission have been checked by whoever found the order."""
    verdicts = list(find_verdicts(order.id, by=by)[:_SHOWN])
    words = words_stored(verdicts)
    changes = [changes_between(earlier, later) for later, earlier in pairwise(words)]
    return WhoPays(
        given=[
            Given(verdict, said, changed, _lines(verdict))
            for verdict, said, changed in zip(verdicts, words, [*changes, []][: len(verdicts)], strict=True)
        ],
        findings=read_findings(order),
        may_rule=by.may(RULE_ON_OVERRIDE, order.branch_id),
    )


def read_findings(order: WorkOrder) -> list[FoundLine]:
    """The findings at the unit of the order, oldest first, whatever order they were made on."""
    rows = list(find_findings(order.asset))
    return found_lines(rows, photos=find_photos_of(order) if rows else ())


@dataclass(frozen=True)
class Waiting:
    """An override that waits for a second person, with the order that it is about."""

    override: Override
    order: WorkOrder
    is_own: bool
    above_limit: bool


def read_waiting(branch: Branch, *, by: Actor, at: datetime) -> list[Waiting]:
    """What waits for somebody to confirm it at the branch, for who may: four queries, none for anybody else."""
    if not by.may(RULE_ON_OVERRIDE, branch.id):
        return []
    rows = find_waiting_overrides(branch)
    orders = _orders(branch, [row.verdict.about for row in rows])
    authority = own_authority(by, branch_id=branch.id, at=at)
    return [
        Waiting(row, order, is_own=row.made_by_id == by.user_id, above_limit=not authority.covers(row.amount))
        for row in rows
        if (order := orders.get(row.verdict.about))
    ]


def _orders(branch: Branch, ids: Sequence[UUID]) -> dict[Any, WorkOrder]:
    rows = WorkOrder.objects.at(branch).filter(id__in=ids).select_related("asset__product_model")
    return {row.id: row for row in rows} if ids else {}


def _lines(verdict: Verdict) -> list[OverrideLine]:
    return [OverrideLine(one) for one in sorted(verdict.overrides.all(), key=lambda one: one.made_at, reverse=True)]
