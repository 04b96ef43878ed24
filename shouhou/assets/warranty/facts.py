"""The life of a unit as facts that the rules of `policies` ask for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shouhou.assets.warranty.counts import Counts, counts_of
from shouhou.assets.warranty.happenings import Fault, Proof, UnitHistory
from shouhou.assets.warranty.periods import Periods, periods_of
from shouhou.assets.warranty.reading import Life, read_life
from shouhou.assets.warranty.segments import Moved, WarrantySegment, segments_of
from shouhou.assets.warranty.spans import midnight
from shouhou.assets.warranty.standstills import standstills
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import Facts, Stood
from shouhou.policies.rules.words import Restart

_OF_NAMED_FAULTS = {
    "failed_repairs",
    "same_fault_repairs",
    "severe_fault_repairs",
    "same_part_repaired",
    "part_repaired_on",
    "same_part_replacements",
}


@dataclass(frozen=True, slots=True)
class Guarantee:
    """All that a history says at one moment: the life read, the rules of the sale, the segments and the counts."""

    life: Life
    periods: Periods
    segments: tuple[WarrantySegment, ...]
    counts: Counts
    facts: Facts


def guarantee_of(
    book: RuleBook, facts: Facts, history: UnitHistory, *, at: datetime, fault: Fault | None = None
) -> Guarantee:
    """The guarantee of the unit by the rules in force for its sale. `facts` tell what the history does not: class, region, price.

    With the `fault` that is there now, the facts that come back hold the counts for it. Raises HistoryUnclear in its several
    kinds, and NoRuleForTheStart.
    """
    life = read_life(history, at=at)
    dated = with_dates(facts, life)
    periods = periods_of(book, dated)
    counts = counts_of(life, periods.counting_rule)
    segments = segments_of(life, periods)
    told = with_counts(dated, life, counts, fault=fault)
    told = told.but(
        stood=_stood(life, periods, segments),
        part_repaired_in_guarantee=_part_repaired_in_guarantee(told, periods, segments),
    )
    return Guarantee(life, periods, segments, counts, told)


def _stood(life: Life, periods: Periods, segments: tuple[WarrantySegment, ...]) -> tuple[Stood, ...] | None:
    """When the days were that do not count, since the periods of the unit began."""
    begin = next((one.start for one in segments if one.is_of_the_unit), None)
    if begin is None:
        return None
    zone = life.history.zone
    stretches = standstills(life.stays, life.waits, (midnight(begin, zone), life.at), life, periods)
    return tuple(Stood(one.pause, life.history.day_of(one.span[0]), one.days) for one in stretches)


def _part_repaired_in_guarantee(facts: Facts, periods: Periods, segments: tuple[WarrantySegment, ...]) -> bool | None:
    """Whether the period of the part that fails started again with its last repair; None where no rule is sure to say so."""
    if facts.part_repaired_on is None or periods.rule_of_restart(Restart.PART_REPAIR) is None:
        return None
    return any(
        one.parts == (facts.faulty_part,)
        and one.steps[0].why is Moved.PART_REPAIR
        and one.steps[0].on == facts.part_repaired_on
        for one in segments
    )


def with_dates(facts: Facts, life: Life) -> Facts:
    """The facts with the days of this life instead of their own."""
    proofs = [one.proof for one in (life.sold, life.delivered) if one is not None]
    reading = life.readings[-1] if life.readings else None
    return facts.but(
        on=life.on,
        sold_on=life.sold.on if life.sold else None,
        delivered_on=life.delivered.on if life.delivered else None,
        installed_on=life.installed.on if life.installed else None,
        replaced_on=life.replaced_on,
        trader_installs=facts.trader_installs if life.history.trader_installs is None else life.history.trader_installs,
        date_provable=any(one is not Proof.NONE for one in proofs) if proofs else facts.date_provable,
        # An older reading is not the distance driven by today, and a distance taken too short is a guess in the usage fee.
        km=reading.km if reading is not None and reading.on == life.on else facts.km,
        repaired_on=None,
        part_repaired_on=None,
    )


def with_counts(facts: Facts, life: Life, counts: Counts, *, fault: Fault | None = None) -> Facts:
    """The facts with the counts of this life; what only the fault can tell is left as it is while there is none.

    The repairer's own delay is a finding and never counted here: only a unit that was never in the shop surely has none.
    """
    told: dict[str, Any] = _sure_zeros(life, counts) | {
        "repaired": counts.repairs > 0,
        "repaired_on": counts.last_repaired_on,
        "repair_days": counts.repair_days,
        "parts_wait_days": counts.parts_wait_days,
        "current_repair_days": counts.current_repair_days,
        "current_parts_wait_days": counts.current_parts_wait_days,
    }
    if fault is not None:
        told |= {
            "performance_fault": fault.performance,
            "failed_repairs": counts.failed_before(fault),
            "same_fault_repairs": counts.by_fault.get(fault.code, 0),
            "severe_fault_repairs": counts.severe_before(fault),
        }
        if fault.part is not None:
            replaced = counts.replaced_parts.get(fault.part, 0)
            told |= {
                "faulty_part": fault.part,
                "same_part_repaired": fault.part in counts.parts_repaired_on,
                "part_repaired_on": counts.parts_repaired_on.get(fault.part),
                "same_part_replacements": replaced,
                "accessory_replacements": replaced,
            }
        if fault.assembly is not None:
            told |= {
                "assembly": fault.assembly,
                "assembly_replacements": counts.replaced_assemblies.get(fault.assembly, 0),
            }
    if any(not stay.fault.named for _, stay in life.finished):
        # Whether such a repair was of a performance fault, or of this one, nobody wrote down.
        told |= dict.fromkeys(_OF_NAMED_FAULTS & told.keys())
    return facts.but(**told)


def _sure_zeros(life: Life, counts: Counts) -> dict[str, Any]:
    """Counts of what never happened: they are nothing whatever the fault is."""
    zeros: dict[str, Any] = {}
    if not life.stays:
        zeros["repairer_delay_days"] = 0
    if not counts.repairs:
        zeros |= {"failed_repairs": 0, "same_fault_repairs": 0, "severe_fault_repairs": 0, "same_part_repaired": False}
    if not counts.replaced_parts:
        zeros |= {"same_part_replacements": 0, "accessory_replacements": 0}
    if not counts.replaced_assemblies:
        zeros["assembly_replacements"] = 0
    return zeros
