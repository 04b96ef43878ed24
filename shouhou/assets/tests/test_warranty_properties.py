"""What holds for every life of a unit."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shouhou.assets.tests.lives import BOOK, BRAKES, CHINA, LEAK, NOISE, SHORT, car, fridge, moment
from shouhou.assets.warranty.assumptions import HistoryUnclear, under_each
from shouhou.assets.warranty.facts import Guarantee, guarantee_of
from shouhou.assets.warranty.happenings import (
    Delivered,
    Happening,
    Installed,
    LeftOut,
    MeterRead,
    PartWaitBegun,
    PartWaitEnded,
    RepairBegun,
    RepairEnded,
    Sold,
    UnitHistory,
    UnitReplaced,
)
from shouhou.assets.warranty.segments import Moved
from shouhou.assets.warranty.spans import merged, without
from shouhou.kernel.days import months_after
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.verdict import Clock, Period
from shouhou.policies.rules.words import Segment, Uncounted

AT = moment(12, 31, 18, year=2029)
FACTS = {
    "refrigerator in Hunan": fridge(),
    "refrigerator in Zhejiang": fridge(region="zhejiang"),
    "telephone": fridge(product_class="mobile_phone"),
    "Gree": fridge(product_class="air_conditioner", brand="gree"),
    "car": car(),
}
PAUSES = (Moved.REPAIR, Moved.PARTS_WAIT)
some_facts = st.sampled_from(sorted(FACTS)).map(FACTS.__getitem__)
faults = st.sampled_from([LEAK, SHORT, NOISE, BRAKES])
lengths = st.integers(min_value=0, max_value=60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def lives(draw: st.DrawFn, *, most: int = 4, replaced: bool = True) -> UnitHistory:
    """A unit sold in a year on each side of the rules of 2024, with repairs one after the other."""
    year = draw(st.sampled_from([2023, 2024, 2026]))
    first = draw(st.dates(date(year, 1, 1), date(year, 12, 31)))
    known: list[Happening] = [Sold(on=first), Delivered(on=first + timedelta(days=draw(st.integers(0, 3))))]
    installs = draw(st.booleans())
    known += [Installed(on=first + timedelta(days=draw(st.integers(3, 40))))] if installs else []
    clock = datetime.combine(first + timedelta(days=4), time(12), CHINA)
    for number in range(draw(st.integers(0, most))):
        begun = clock + draw(lengths)
        clock = begun + draw(lengths)
        repair = f"R{number}"
        known += [RepairBegun(repair=repair, at=begun, fault=draw(faults)), RepairEnded(repair=repair, at=clock)]
        if draw(st.booleans()):
            known += [
                PartWaitBegun(repair=repair, at=begun - timedelta(hours=draw(st.integers(0, 12)))),
                PartWaitEnded(repair=repair, at=clock),
            ]
    if replaced and draw(st.booleans()):
        known.append(
            UnitReplaced(on=max(clock.date(), first + timedelta(days=40)) + timedelta(days=draw(st.integers(1, 60))))
        )
    return UnitHistory(frozenset(known), CHINA, installs)


def ask(history: UnitHistory, facts: Facts, *, at: datetime = AT) -> Guarantee:
    return guarantee_of(BOOK, facts, history, at=at, fault=LEAK)


def ends(found: Guarantee, *, repaired: bool = False) -> dict[tuple[str, tuple[str, ...] | None], date]:
    own = [one for one in found.segments if repaired or one.kind is not Segment.REPAIRED]
    return {(one.rule.id, one.parts): one.last_day for one in own}


@given(lives(), some_facts)
def test_every_end_is_explained_step_by_step(history: UnitHistory, facts: Facts) -> None:
    for one in ask(history, facts).segments:
        assert one.steps[0].days == 0
        for step, after in pairwise(one.steps):
            assert (after.end - step.end).days == after.days
        assert one.steps[-1].end == one.last_day
        assert all(step.days >= 0 for step in one.steps if step.why is not Moved.REPLACEMENT)
        assert all(step.rule.text.zh for step in one.steps)


@given(lives(replaced=False), some_facts, lengths, lengths)
def test_a_pause_never_shortens_a_period(
    history: UnitHistory, facts: Facts, after: timedelta, length: timedelta
) -> None:
    before = ask(history, facts)
    begun = max([*(one.until(before.life.at)[1] for one in before.life.stays), moment(3, 1, year=2027)]) + after
    one_more: list[Happening] = [
        RepairBegun(repair="X", at=begun, fault=NOISE),
        RepairEnded(repair="X", at=begun + length),
    ]
    longer = ends(ask(history.but(also=one_more), facts))
    assert all(longer[key] >= end for key, end in ends(before).items())


@given(lives(most=2, replaced=False), some_facts, st.integers(1, 23), lengths, st.booleans())
def test_splitting_a_pause_in_two_changes_nothing(
    history: UnitHistory, facts: Facts, share: int, length: timedelta, waits: bool
) -> None:
    begun = moment(3, 1, 7, 30, year=2027)
    middle, end = begun + length * share / 24, begun + length

    def pause(number: str, start: datetime, stop: datetime) -> list[Happening]:
        if waits:
            return [PartWaitBegun(repair=number, at=start), PartWaitEnded(repair=number, at=stop)]
        return [RepairBegun(repair=number, at=start, fault=NOISE), RepairEnded(repair=number, at=stop)]

    one = ask(history.but(also=pause("X", begun, end)), facts)
    two = ask(history.but(also=[*pause("X", begun, middle), *pause("Y" if not waits else "X", middle, end)]), facts)
    assert ends(one) == ends(two)
    assert one.counts.repair_days == two.counts.repair_days
    assert one.counts.parts_wait_days == two.counts.parts_wait_days


@given(lives(), some_facts, st.randoms(use_true_random=False))
def test_the_order_of_what_happened_does_not_matter(history: UnitHistory, facts: Facts, shuffle: Random) -> None:
    shuffled = sorted(history.happenings, key=lambda _: shuffle.random())
    again = UnitHistory(frozenset(shuffled), history.zone, history.trader_installs)
    assert ask(again, facts) == ask(history, facts)


@given(lives(), some_facts)
@settings(max_examples=150)
def test_segments_and_the_engine_agree(history: UnitHistory, facts: Facts) -> None:
    """The same life as segments and as facts judged: one answer, wherever its repairs lie."""
    found = ask(history, facts)
    verdict = judge(BOOK, found.facts)
    clock = verdict.rights["clock"].winner.outcome
    assert isinstance(clock, Clock)
    engine = {one.rule.id: one.outcome for one in verdict.candidates if isinstance(one.outcome, Period)}
    for one in found.segments:
        if one.kind is Segment.REPAIRED or one.steps[0].why is Moved.PART_REPAIR or one.rule.id not in engine:
            continue
        judged = engine[one.rule.id]
        assert (one.start, one.last_day, one.km) == (judged.start, judged.last_day, judged.km)
        assert one.start == clock.start


@given(
    lives(replaced=False),
    st.sampled_from(["refrigerator in Zhejiang", "refrigerator in Hunan"]),
    st.integers(0, 365 * 6),
)
@settings(max_examples=150)
def test_main_parts_are_open_for_the_engine_when_they_are_for_the_segments(
    history: UnitHistory, name: str, days: int
) -> None:
    """Repaired parts included: the fault that there is now is in the compressor."""
    first = max(one.on for one in history.happenings if isinstance(one, Sold | Delivered | Installed))
    at = datetime.combine(first + timedelta(days=days), time(18), CHINA)
    found = ask(history, FACTS[name], at=at)
    if any(one.ended_at is None for one in found.life.stays):
        return
    of_compressor = [
        one for one in found.segments if one.kind is Segment.MAIN_PARTS and one.parts and "compressor" in one.parts
    ]
    judged = judge(BOOK, found.facts)
    periods = [one.outcome for one in judged.candidates if isinstance(one.outcome, Period)]
    engine = any(one.is_open for one in periods if one.segment is Segment.MAIN_PARTS)
    assert engine == any(one.is_open(at.date()) for one in of_compressor)


@given(lives(), some_facts, st.integers(0, 365 * 3))
def test_looking_back_shows_what_was_known_then(history: UnitHistory, facts: Facts, days: int) -> None:
    first = min(history.begins(one) for one in history.happenings)
    at = moment(1, 1).replace(year=first.year, month=first.month, day=min(first.day, 28)) + timedelta(days=days + 60)
    known = history.but(without=[one for one in history.happenings if history.begins(one) > at.date()])
    assert ends(ask(history, facts, at=at), repaired=True) == ends(ask(known, facts, at=at), repaired=True)


@given(st.dates(date(1999, 1, 1), date(2040, 12, 31)), st.integers(1, 120))
def test_a_month_ends_on_its_day_or_on_the_last_there_is(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


some_moments = st.integers(0, 90 * 24).map(lambda hours: moment(3, 1) + timedelta(hours=hours))
some_days = some_moments.map(lambda one: one.date())
numbers = st.sampled_from(["R1", "R2"])
anything = st.one_of(
    st.builds(Sold, on=some_days),
    st.builds(Delivered, on=some_days),
    st.builds(Installed, on=some_days),
    st.builds(UnitReplaced, on=some_days),
    st.builds(MeterRead, on=some_days, km=st.integers(0, 70_000)),
    st.builds(RepairBegun, repair=numbers, at=some_moments, fault=faults),
    st.builds(RepairEnded, repair=numbers, at=some_moments),
    st.builds(PartWaitBegun, repair=numbers, at=some_moments),
    st.builds(PartWaitEnded, repair=numbers, at=some_moments),
    st.builds(LeftOut, repair=numbers, reason=st.sampled_from(Uncounted), starts_at=some_moments, ends_at=st.just(AT)),
)


@given(st.frozensets(anything, max_size=9), some_facts, st.sampled_from([True, False, None]))
@settings(max_examples=300)
def test_any_history_is_read_or_refused_by_name(
    happenings: frozenset[Happening], facts: Facts, installs: bool | None
) -> None:
    history = UnitHistory(happenings, CHINA, installs)
    answer = asked(history, facts)
    if isinstance(answer, Guarantee):
        assert answer.counts.repair_days >= 0
        judge(BOOK, answer.facts)
        return
    assert str(answer)
    assert answer.assumptions
    for one in under_each(answer, lambda supposed: ask(supposed, facts)):
        assert str(one.assumption)
        assert one.assumption.history != history


def asked(history: UnitHistory, facts: Facts) -> Guarantee | HistoryUnclear:
    try:
        return ask(history, facts)
    except HistoryUnclear as refusal:
        return refusal


spans = st.lists(st.tuples(some_moments, some_moments).map(lambda two: (min(two), max(two))), max_size=6)


@given(spans, spans)
def test_stretches_and_holes(some: list[tuple[datetime, datetime]], holes: list[tuple[datetime, datetime]]) -> None:
    left = without(merged(some), holes)
    hours = [moment(3, 1) + timedelta(hours=number, minutes=30) for number in range(90 * 24)]
    for hour in hours[::7]:
        inside = any(start <= hour < end for start, end in some) and not any(
            start <= hour < end for start, end in holes
        )
        assert inside == any(start <= hour < end for start, end in left)
