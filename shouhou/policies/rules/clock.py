"""From which day guarantee periods run, what does not count, and what starts them again."""

from datetime import date

from shouhou.policies.rules.amounts import Needs, paused_days
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.rights import SetsClock
from shouhou.policies.rules.rule import Findings
from shouhou.policies.rules.verdict import Candidate, Clock, Fate, Right
from shouhou.policies.rules.words import Basis, Restart

_DATES = {Basis.SOLD: "sold_on", Basis.DELIVERED: "delivered_on", Basis.INSTALLED: "installed_on"}


def start_clock(facts: Facts, found: Findings, holding: list[Candidate], candidates: list[Candidate]) -> Right | None:
    """Write start, pauses and restarts into `found`; give the right, or None while nobody can say from when periods run.

    Of several starts the latest counts, the best for the customer; pauses and restarts of all rules add up.
    """
    clocks = [(one, one.rule.then) for one in holding if isinstance(one.rule.then, SetsClock)]
    undecided = [
        (one, one.rule.then)
        for one in candidates
        if one.fate is Fate.UNDECIDED and isinstance(one.rule.then, SetsClock)
    ]
    pauses = tuple(dict.fromkeys(pause for _, then in clocks for pause in then.pauses))
    restarts = tuple(dict.fromkeys(restart for _, then in clocks for restart in then.restarts))
    found.pauses = pauses
    found.paused, paused_needs = paused_days(pauses, facts)
    if facts.stood is not None:
        found.paused = sum(one.days for one in facts.stood if one.pause in pauses)
    for one, then in undecided:
        # It could still lengthen a period that has run out.
        days, needs = paused_days(tuple(pause for pause in then.pauses if pause not in pauses), facts)
        if days or needs or (Restart.PART_REPAIR in then.restarts and _part_was_repaired(facts) is not False):
            paused_needs += one.needs
    if Restart.PART_REPAIR in restarts:
        found.part_start, part_needs = _start_of_part(facts)
        paused_needs += part_needs
    found.paused_needs = tuple(dict.fromkeys(paused_needs))
    _find_start(facts, found, clocks, undecided, restarts)
    dated = [(day, one) for one, then in clocks if then.basis and (day := getattr(facts, _DATES[then.basis]))]
    if found.start is None or not dated:
        return None
    clock = Clock(found.start, pauses, restarts, found.paused)
    latest = max(day for day, _ in dated)
    winner = next(one for day, one in dated if day == latest)
    for one, then in clocks:
        one.outcome = clock
        if then.basis is not None and one is not winner and one.fate is Fate.WON:
            one.fate, one.beaten_by = Fate.LOST, winner.rule
    others = [one for one, _ in clocks if one.fate is Fate.WON and one is not winner]
    return Right("clock", [winner, *others], [one for one, _ in clocks if one.fate is not Fate.WON])


def _find_start(
    facts: Facts,
    found: Findings,
    clocks: list[tuple[Candidate, SetsClock]],
    undecided: list[tuple[Candidate, SetsClock]],
    restarts: tuple[Restart, ...],
) -> None:
    needs = [name for one, then in undecided if then.basis is not None for name in one.needs]
    days = []
    for one, then in clocks:
        if then.basis is None:
            continue
        name = _DATES[then.basis]
        day = getattr(facts, name)
        if day is None:
            one.fate, one.needs = Fate.UNDECIDED, (name,)
            needs.append(name)
        else:
            days.append(day)
    if facts.replaced_on is not None and Restart.REPLACEMENT in restarts:
        found.start, needs = facts.replaced_on, []
    elif not needs and days:
        found.start = max(days)
    found.start_needs = tuple(dict.fromkeys(needs))


def _part_was_repaired(facts: Facts) -> bool | None:
    return False if facts.repaired is False else facts.same_part_repaired


def _start_of_part(facts: Facts) -> tuple[date | None, Needs]:
    """From when the period of the part that fails runs anew, if it was repaired before."""
    repaired = _part_was_repaired(facts)
    if repaired is None:
        return None, ("same_part_repaired",)
    if repaired and facts.part_repaired_on is None:
        return None, ("part_repaired_on",)
    return (facts.part_repaired_on if repaired else None), ()
