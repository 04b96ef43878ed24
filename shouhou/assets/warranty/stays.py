"""Repairs and waits for parts, put together from their beginnings and ends."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shouhou.assets.warranty.assumptions import (
    Assumption,
    RepairEndsBeforeItBegins,
    RepairNeverBegan,
    SeveralDays,
    WaitNeverBegan,
)
from shouhou.assets.warranty.happenings import (
    SAID,
    Fault,
    LeftOut,
    OfRepair,
    PartWaitBegun,
    PartWaitEnded,
    RepairBegun,
    RepairEnded,
    UnitHistory,
)
from shouhou.assets.warranty.spans import Span
from shouhou.kernel.errors import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One repair: from the agreement on it to its completion; no end while it lasts."""

    repair: str
    fault: Fault
    begun_at: datetime
    ended_at: datetime | None = None
    left_out: tuple[LeftOut, ...] = ()
    parts: frozenset[str] = frozenset()
    assemblies: frozenset[str] = frozenset()

    @property
    def parts_touched(self) -> frozenset[str]:
        """The parts that were repaired or replaced."""
        return self.parts if self.fault.part is None else self.parts | {self.fault.part}

    def until(self, at: datetime) -> Span:
        """The time that it has taken by then."""
        return (self.begun_at, self.ended_at or max(at, self.begun_at))

    def end_at(self, moment: datetime) -> RepairEnded:
        """The happening that would end it."""
        return RepairEnded(repair=self.repair, at=moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Time without a part; no end while it lasts."""

    repair: str
    begun_at: datetime
    ended_at: datetime | None = None

    def until(self, at: datetime) -> Span:
        """The time that it has taken by then."""
        return (self.begun_at, self.ended_at or max(at, self.begun_at))


def read_stays(history: UnitHistory) -> tuple[Stay, ...]:
    """The repairs, earliest first. Raises SeveralDays, RepairNeverBegan, RepairEndsBeforeItBegins."""
    begun, ended = _by_repair(history, history.of(RepairBegun)), _by_repair(history, history.of(RepairEnded))
    left_out: dict[str, list[LeftOut]] = {}
    for one in history.of(LeftOut):
        left_out.setdefault(one.repair, []).append(one)
    for repair in (*ended, *left_out):
        if repair not in begun:
            raise _never_began(history, repair, ended.get(repair), left_out.get(repair, []))
    stays = [
        _stay(history, first, ended.get(repair), tuple(left_out.get(repair, ()))) for repair, first in begun.items()
    ]
    return tuple(sorted(stays, key=lambda one: (one.begun_at, one.repair)))


def _stay(history: UnitHistory, first: RepairBegun, last: RepairEnded | None, left_out: tuple[LeftOut, ...]) -> Stay:
    if last is None:
        return Stay(repair=first.repair, fault=first.fault, begun_at=first.at, left_out=left_out)
    if last.at < first.at:
        raise RepairEndsBeforeItBegins(
            repair=first.repair,
            start=first.at.isoformat(),
            end=last.at.isoformat(),
            assumptions=(
                Assumption(gettext_noop("the end is wrong: the repair lasts"), history.but(without=[last])),
                Assumption(
                    gettext_noop("the beginning is wrong: it took no time"),
                    history.but(without=[first], also=[replace(first, at=last.at)]),
                ),
            ),
        )
    return Stay(
        repair=first.repair,
        fault=last.found or first.fault,
        begun_at=first.at,
        ended_at=last.at,
        left_out=left_out,
        parts=last.parts,
        assemblies=last.assemblies,
    )


def _by_repair[H: (RepairBegun, RepairEnded)](history: UnitHistory, happenings: Iterable[H]) -> dict[str, H]:
    found: dict[str, list[H]] = {}
    for one in happenings:
        found.setdefault(one.repair, []).append(one)
    for repair, several in found.items():
        if len(several) > 1:
            raise SeveralDays(
                what=SAID[type(several[0])],
                repair=repair,
                times=", ".join(one.at.isoformat() for one in several),
                assumptions=tuple(
                    Assumption(
                        gettext_noop("only the record of %(day)s is right"),
                        history.but(without=[other for other in several if other != one]),
                        {"day": one.at.isoformat()},
                    )
                    for one in several
                ),
            )
    return {repair: only for repair, (only,) in found.items()}


def _never_began(
    history: UnitHistory, repair: str, last: RepairEnded | None, left_out: list[LeftOut]
) -> RepairNeverBegan:
    written: list[OfRepair] = [*left_out] if last is None else [last, *left_out]
    first_known = min(history.begins(one) for one in written)
    assumptions = [Assumption(gettext_noop("it is not a repair of this unit"), history.but(without=written))]
    if last is not None:
        fault = last.found or Fault(code="")
        assumptions.insert(
            0,
            Assumption(
                gettext_noop("it began and ended at the same time"),
                history.but(without=left_out, also=[RepairBegun(repair=repair, at=last.at, fault=fault)]),
            ),
        )
    return RepairNeverBegan(repair=repair, time=first_known.isoformat(), assumptions=tuple(assumptions))


def read_waits(history: UnitHistory, stays: Iterable[Stay]) -> tuple[Wait, ...]:
    """The waits, earliest first. With the end of its repair a wait is over, too. Raises WaitNeverBegan."""
    of = {one.repair: one for one in stays}
    begun, ended = history.of(PartWaitBegun), history.of(PartWaitEnded)
    waits: list[Wait] = []
    for repair in dict.fromkeys([*(one.repair for one in begun), *(one.repair for one in ended)]):
        starts = {one.at for one in begun if one.repair == repair}
        ends = {one.at: one for one in ended if one.repair == repair}
        since: datetime | None = None
        # One wait that ends in the moment in which the next begins is one wait: neither says anything.
        for moment in sorted(starts ^ ends.keys()):
            if moment in starts:
                since = since or moment
            elif since is None:
                raise _wait_never_began(history, ends[moment], of.get(repair))
            else:
                waits.append(Wait(repair=repair, begun_at=since, ended_at=moment))
                since = None
        if since is not None:
            stay = of.get(repair)
            end = stay.ended_at if stay else None
            waits.append(Wait(repair=repair, begun_at=since, ended_at=max(end, since) if end else None))
    return tuple(sorted(waits, key=lambda one: (one.begun_at, one.repair)))


def _wait_never_began(history: UnitHistory, end: PartWaitEnded, stay: Stay | None) -> WaitNeverBegan:
    assumptions = [Assumption(gettext_noop("nothing was waited for"), history.but(without=[end]))]
    if stay is not None and stay.begun_at < end.at:
        begin = PartWaitBegun(repair=end.repair, at=stay.begun_at)
        assumptions.append(Assumption(gettext_noop("it began with the repair"), history.but(also=[begin])))
    return WaitNeverBegan(repair=end.repair, time=end.at.isoformat(), assumptions=tuple(assumptions))
