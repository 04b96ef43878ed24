"""What rights come to: periods, deductions, refunds, sums. Each returns the outcome, or the facts it would need."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from shouhou.kernel.days import months_after
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.rights import GivesGuarantee, GivesMoney, SetsDeduction
from shouhou.policies.rules.rule import Findings
from shouhou.policies.rules.verdict import Period, Sum
from shouhou.policies.rules.words import Pause, Segment

type Needs = tuple[str, ...]

_FEN = Decimal("0.01")
_PAUSED = {Pause.REPAIR: "repair_days", Pause.PARTS_WAIT: "parts_wait_days"}
_NOTHING = Decimal(0)


def rounded(amount: Decimal) -> Decimal:
    """To the fen, half up."""
    return amount.quantize(_FEN, rounding=ROUND_HALF_UP)


def paused_days(pauses: tuple[Pause, ...], facts: Facts) -> tuple[int, Needs]:
    """Days that do not count, as far as known, and the facts that would say the rest."""
    days, needs = 0, []
    for pause in pauses:
        name = _PAUSED[pause]
        known = getattr(facts, name)
        if known is None:
            needs.append(name)
        else:
            days += known
    return days, tuple(needs)


def period(then: GivesGuarantee, facts: Facts, found: Findings) -> tuple[Period | None, Needs]:
    """The guarantee period and whether it is open on the day of the question."""
    of_repair = then.segment is Segment.REPAIRED
    start = facts.repaired_on if of_repair else found.start
    if start is None:
        return None, ("repaired_on",) if of_repair else found.start_needs
    paused_needs = () if of_repair else found.paused_needs
    last_day = _last_day(then, start) if of_repair else _put_off(_last_day(then, start), start, facts, found)
    still = facts.on <= last_day
    if not still and found.part_start is not None and not of_repair:
        # A repair after the guarantee finds no period that could start again.
        anew = found.part_start <= last_day or facts.part_repaired_in_guarantee
        part_end = _last_day(then, found.part_start)
        if facts.stood is not None:
            part_end = _put_off(part_end, found.part_start, facts, found)
        still = facts.on <= part_end and anew is True
        if anew is None and facts.on <= part_end:
            paused_needs += ("part_repaired_in_guarantee",)
    is_open: bool | None = still
    needs: Needs = ()
    if not still and paused_needs:
        # More days that do not count could still keep it open.
        is_open, needs = None, paused_needs
    if then.km is not None and is_open is not False:
        if facts.km is None:
            is_open, needs = None, (*needs, "km")
        elif facts.km > then.km:
            is_open, needs = False, ()
    return Period(then.segment, start, last_day, then.km, is_open, not paused_needs), needs


def _put_off(end: date, since: date, facts: Facts, found: Findings) -> date:
    """The end of a period with the days that do not count; those that began before or after it are nothing to it."""
    if facts.stood is None:
        return end + timedelta(days=found.paused)
    for one in facts.stood:
        if one.pause in found.pauses and since <= one.on <= end:
            end += timedelta(days=one.days)
    return end


def _last_day(then: GivesGuarantee, start: date) -> date:
    end = months_after(start, then.months) - timedelta(days=1) if then.months is not None else start
    # Days are counted from the day after: day 30 is the thirtieth day after the repair.
    return end + timedelta(days=then.days or 0)


def deduction(then: SetsDeduction, facts: Facts) -> tuple[Sum | None, Needs]:
    """What use costs on a refund asked for today."""
    if not then.rate:
        return Sum(_NOTHING, _NOTHING), ()
    if then.of == "depreciation":
        return _depreciation(then, facts)
    if facts.price is None or facts.km is None:
        return None, tuple(name for name in ("price", "km") if getattr(facts, name) is None)
    each, told = facts.price * facts.km / 1000, facts.usage_coefficient
    if told is None:
        return _at_most(_NOTHING, each * then.rate, facts.price), ()
    return _at_most(each * min(told, then.rate), each * min(told, then.rate), facts.price), ()


def _depreciation(then: SetsDeduction, facts: Facts) -> tuple[Sum | None, Needs]:
    not_counted, paused_needs = paused_days(then.minus, facts)
    if facts.price is None or facts.sold_on is None or paused_needs:
        missing = tuple(name for name in ("price", "sold_on") if getattr(facts, name) is None)
        return None, missing + paused_needs
    used = facts.price * max((facts.on - facts.sold_on).days - not_counted, 0)
    return _at_most(used * then.rate, used * (then.rate_to or then.rate), facts.price), ()


def _at_most(least: Decimal, most: Decimal, price: Decimal) -> Sum:
    """Nobody pays for use more than the price."""
    return Sum(min(rounded(least), price), min(rounded(most), price))


def money(then: GivesMoney, facts: Facts) -> tuple[Sum | None, Needs]:
    """An amount beside the remedy."""
    if then.of is None:
        return Sum(_NOTHING, _NOTHING, then.points), ()
    wanted = [name for name in (then.of, then.per, then.by) if name] + (["price"] if then.cap_share is not None else [])
    needs = tuple(dict.fromkeys(name for name in wanted if getattr(facts, name) is None))
    if needs:
        return None, needs
    share = then.share
    if then.by:
        measured = getattr(facts, then.by)
        # What is above the last band is paid like the last band.
        share = next((band.share for band in then.bands if measured <= band.up_to), then.bands[-1].share)
    amount = getattr(facts, then.of) * share * (getattr(facts, then.per) if then.per else 1)
    if then.floor is not None:
        amount = max(amount, then.floor)
    if then.cap is not None:
        amount = min(amount, then.cap)
    if then.cap_share is not None and facts.price is not None:
        amount = min(amount, facts.price * then.cap_share)
    amount = rounded(amount)
    return Sum(amount, amount), ()
