"""A history read as one life of a unit, up to a moment; or refused, with the ways to read it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from shouhou.assets.warranty.assumptions import (
    Assumption,
    BeforeTheUnitWasThere,
    MeterRunsBack,
    RepairNeverEnded,
    SeveralDays,
)
from shouhou.assets.warranty.happenings import (
    SAID,
    Delivered,
    Happening,
    Installed,
    LeftOut,
    MeterRead,
    Proof,
    Sold,
    UnitHistory,
    UnitReplaced,
)
from shouhou.assets.warranty.stays import Stay, Wait, read_stays, read_waits
from shouhou.kernel.errors import gettext_noop

# The stronger proof of two for the same day.
_STRENGTH = {proof: place for place, proof in enumerate((Proof.NONE, Proof.SERIAL, Proof.WAYBILL, Proof.INVOICE))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The life of a unit up to `at`. Stays, waits and readings are those of the unit that the customer has now.

    `earlier_stays` and `earlier_waits` are those of the units that were replaced on the days `replaced`.
    """

    history: UnitHistory
    at: datetime
    on: date
    sold: Sold | None
    delivered: Delivered | None
    installed: Installed | None
    replaced: tuple[date, ...]
    stays: tuple[Stay, ...]
    waits: tuple[Wait, ...]
    earlier_stays: tuple[Stay, ...]
    earlier_waits: tuple[Wait, ...]
    readings: tuple[MeterRead, ...]

    @property
    def replaced_on(self) -> date | None:
        """The day since which the customer has this unit instead of another one."""
        return self.replaced[-1] if self.replaced else None

    @property
    def finished(self) -> list[tuple[date, Stay]]:
        """The repairs that have ended with the day on which they did, in that order."""
        ended = sorted((one.ended_at, one.repair, one) for one in self.stays if one.ended_at is not None)
        return [(self.history.day_of(moment), one) for moment, _, one in ended]


def read_life(history: UnitHistory, *, at: datetime) -> Life:
    """What had happened by `at`. Raises HistoryUnclear: what is wrong with the history, and the ways to read it."""
    on = history.day_of(at)
    known = history.but(without=[one for one in history.happenings if _is_later(history, one, at, on)])
    sold, delivered, installed = _one_of(known, Sold), _one_of(known, Delivered), _one_of(known, Installed)
    replaced = tuple(dict.fromkeys(one.on for one in known.of(UnitReplaced)))
    stays = read_stays(known)
    waits = read_waits(known, stays)
    _refuse_too_early(known, sold, delivered)
    since = replaced[-1] if replaced else None

    def is_of_this_unit(one: Stay | Wait) -> bool:
        return since is None or history.day_of(one.begun_at) >= since

    mine = tuple(one for one in stays if is_of_this_unit(one))
    _refuse_endless(known, mine)
    readings = tuple(one for one in known.of(MeterRead) if since is None or one.on >= since)
    return Life(
        history=history,
        at=at,
        on=on,
        sold=sold,
        delivered=delivered,
        installed=installed,
        replaced=replaced,
        stays=mine,
        waits=tuple(one for one in waits if is_of_this_unit(one)),
        earlier_stays=tuple(one for one in stays if not is_of_this_unit(one)),
        earlier_waits=tuple(one for one in waits if not is_of_this_unit(one)),
        readings=_rising(known, readings),
    )


def _is_later(history: UnitHistory, one: Happening, at: datetime, on: date) -> bool:
    if isinstance(one, Sold | Delivered | Installed | UnitReplaced | MeterRead):
        return one.on > on
    return (one.starts_at if isinstance(one, LeftOut) else one.at) > at


def _one_of[H: (Sold, Delivered, Installed)](history: UnitHistory, kind: type[H]) -> H | None:
    """The only one, with its best proof. Those of a unit that came as a replacement are no start: the replacement is.

    Goods may be sold and replaced on one day; then that day is the sale.
    """
    replaced = [one.on for one in history.of(UnitReplaced)]
    found = [one for one in history.of(kind) if not replaced or one.on < replaced[0]]
    if kind is Sold and not found:
        found = [one for one in history.of(kind) if one.on == replaced[0]] if replaced else []
    days = dict.fromkeys(one.on for one in found)
    if len(days) > 1:
        raise SeveralDays(
            what=SAID[kind],
            times=", ".join(day.isoformat() for day in days),
            assumptions=tuple(
                Assumption(
                    gettext_noop("only %(day)s is right"),
                    history.but(without=[one for one in found if one.on != day]),
                    {"day": day.isoformat()},
                )
                for day in days
            ),
        )
    return max(found, key=lambda one: _STRENGTH[getattr(one, "proof", Proof.NONE)], default=None)


def _refuse_too_early(history: UnitHistory, sold: Sold | None, delivered: Delivered | None) -> None:
    """Only what can never be otherwise: goods may be delivered before the invoice is written, and installed in the shop."""
    known = [one for one in (sold, delivered) if one is not None]
    if not known:
        return
    came, earliest = delivered or known[0], min(known, key=lambda one: one.on)
    for one in sorted(history.happenings, key=lambda one: (history.begins(one), repr(one))):
        if isinstance(one, Sold | Delivered):
            continue
        floor = earliest if isinstance(one, Installed | MeterRead) else came
        if (day := history.begins(one)) < floor.on:
            raise BeforeTheUnitWasThere(
                what=SAID[type(one)],
                day=day.isoformat(),
                first=floor.on.isoformat(),
                assumptions=(
                    Assumption(
                        gettext_noop("the unit came earlier: %(day)s is wrong"),
                        history.but(without=[other for other in history.of(type(floor)) if other.on == floor.on]),
                        {"day": floor.on.isoformat()},
                    ),
                    Assumption(
                        gettext_noop("what is recorded as “%(what)s” is not of this sale"),
                        history.but(without=_all_of(history, one)),
                        {"what": SAID[type(one)]},
                    ),
                ),
            )


def _all_of(history: UnitHistory, one: Happening) -> list[Happening]:
    repair = getattr(one, "repair", None)
    if repair is None:
        return [one]
    return [other for other in history.happenings if getattr(other, "repair", None) == repair]


def _refuse_endless(history: UnitHistory, stays: tuple[Stay, ...]) -> None:
    """A repair without end is one that lasts; not when the unit has been handed in and back again since."""
    for one, *later in (stays[place:] for place in range(len(stays))):
        if one.ended_at is not None:
            continue
        after = next((other for other in later if other.ended_at is not None and other.begun_at > one.begun_at), None)
        if after is not None and after.ended_at is not None:
            raise RepairNeverEnded(
                repair=one.repair,
                other=after.repair,
                time=after.begun_at.isoformat(),
                assumptions=(
                    Assumption(
                        gettext_noop("it ended when %(other)s began"),
                        history.but(also=[one.end_at(after.begun_at)]),
                        {"other": after.repair},
                    ),
                    Assumption(
                        gettext_noop("it ended together with %(other)s"),
                        history.but(also=[one.end_at(after.ended_at)]),
                        {"other": after.repair},
                    ),
                ),
            )


def _rising(history: UnitHistory, readings: tuple[MeterRead, ...]) -> tuple[MeterRead, ...]:
    rising = tuple(sorted(readings, key=lambda one: (one.on, one.km)))
    for earlier, later in pairwise(rising):
        if later.km < earlier.km:
            raise MeterRunsBack(
                earlier=earlier.km,
                earlier_day=earlier.on.isoformat(),
                later=later.km,
                later_day=later.on.isoformat(),
                assumptions=tuple(
                    Assumption(
                        gettext_noop("%(km)s km on %(day)s was read wrongly"),
                        history.but(without=[wrong]),
                        {"km": wrong.km, "day": wrong.on.isoformat()},
                    )
                    for wrong in (earlier, later)
                ),
            )
    return rising
