"""A history that says two things, or too little: what is wrong with it, and what each way to read it would come to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shouhou.assets.warranty.happenings import UnitHistory
from shouhou.kernel.errors import Invalid, gettext_noop


@dataclass(frozen=True, slots=True)
class Assumption:
    """One way to read an unclear history: in words, and as the history that it would then be."""

    template: str
    history: UnitHistory
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.params


class HistoryUnclear(Invalid):
    """The history cannot be read without a guess. `assumptions` are the ways to read it; nobody has chosen among them."""

    code = "history_unclear"
    template = gettext_noop("What is known about this unit is not enough, or does not fit together.")

    def __init__(self, *, assumptions: tuple[Assumption, ...], field: str = "", **params: Any) -> None:
        super().__init__(field=field, **params)
        self.assumptions = assumptions


class SeveralDays(HistoryUnclear):
    code = "several_days"
    template = gettext_noop("“%(what)s” is recorded for more than one time: %(times)s.")


class BeforeTheUnitWasThere(HistoryUnclear):
    code = "before_the_unit_was_there"
    template = gettext_noop("“%(what)s” (%(day)s) lies before the unit came to the customer (%(first)s).")


class RepairEndsBeforeItBegins(HistoryUnclear):
    code = "repair_ends_before_it_begins"
    template = gettext_noop("The repair %(repair)s that began %(start)s cannot end %(end)s.")


class RepairNeverBegan(HistoryUnclear):
    code = "repair_never_began"
    template = gettext_noop("The repair %(repair)s has no beginning; all that is known is of %(time)s.")


class RepairNeverEnded(HistoryUnclear):
    code = "repair_never_ended"
    template = gettext_noop("The repair %(repair)s has no end, but the unit was back: %(other)s began %(time)s.")


class WaitNeverBegan(HistoryUnclear):
    code = "wait_never_began"
    template = gettext_noop("The wait for a part in the repair %(repair)s ended %(time)s and has no beginning.")


class MeterRunsBack(HistoryUnclear):
    code = "meter_runs_back"
    template = gettext_noop(
        "The meter cannot have shown %(earlier)s km on %(earlier_day)s and %(later)s km on %(later_day)s."
    )


class StartNotKnown(HistoryUnclear):
    code = "start_not_known"
    template = gettext_noop("Guarantee periods run from a day that is not known: %(needs)s is missing.")


@dataclass(frozen=True, slots=True)
class Supposed[T]:
    """The answer under one assumption; a refusal again where that is not the only thing that is unclear."""

    assumption: Assumption
    answer: T | HistoryUnclear


def under_each[T](refusal: HistoryUnclear, answer: Callable[[UnitHistory], T]) -> tuple[Supposed[T], ...]:
    """What `answer` gives for each way to read the history that was refused."""
    return tuple(Supposed(one, _asked(answer, one.history)) for one in refusal.assumptions)


def _asked[T](answer: Callable[[UnitHistory], T], history: UnitHistory) -> T | HistoryUnclear:
    try:
        return answer(history)
    except HistoryUnclear as again:
        return again
