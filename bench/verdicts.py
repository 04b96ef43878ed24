"""(g) Verdicts of the pure engine with their whole trace, all packs loaded, on one core."""

import cProfile
import io
import pstats
import time
from collections.abc import Callable

from bench.tables import table
from shouhou.policies.rules.alternatives import assumptions, changes
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.plain import plain_verdict
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import book_of, shipped_packs


def measure(*, seconds: float, profile: bool) -> str:
    """Verdicts a second over the facts of all worked examples, by processor time so that other programs do not count."""
    started = time.process_time()
    packs = shipped_packs()
    book = book_of(packs)
    loaded = time.process_time() - started
    facts = [read_facts(example.given) for pack in packs for example in pack.examples]
    lines = sum(len(judge(book, one).candidates) for one in facts) / len(facts)
    best, median = rates(book, facts, seconds=seconds)
    defects = [one for one in facts if one.matter == "defect"]
    rows = [
        ["packs, rules, worked examples", f"{len(packs)}, {len(book.rules)}, {len(facts)}"],
        ["read, check and index all packs", f"{loaded:.2f} s"],
        ["lines in a trace, on average", f"{lines:.1f}"],
        ["verdicts a second, all facts: best round, median", f"{best:,.0f}, {median:,.0f}"],
        ["verdicts a second, repair questions only", "{:,.0f}, {:,.0f}".format(*rates(book, defects, seconds=seconds))],
        ["verdict with trace as JSON values", f"{_each(lambda one: plain_verdict(judge(book, one)), facts):.2f} ms"],
        ["what would change it", f"{_each(lambda one: changes(book, one), defects[::10]):.1f} ms"],
        [
            "what the missing facts would make of it",
            f"{_each(lambda one: assumptions(book, one), defects[::10]):.1f} ms",
        ],
    ]
    shown = table(["verdicts", "figure"], rows)
    return f"{shown}\n\n{_profile(book, facts)}" if profile else shown


def rates(book: RuleBook, facts: list[Facts], *, seconds: float) -> tuple[float, float]:
    """Best and median of the rounds that fit into the time."""
    found: list[float] = []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends or not found:
        started = time.process_time()
        for one in facts:
            judge(book, one)
        found.append(len(facts) / (time.process_time() - started))
    return max(found), sorted(found)[len(found) // 2]


def _each(act: Callable[[Facts], object], facts: list[Facts]) -> float:
    """Milliseconds of processor time for one."""
    started = time.process_time()
    for one in facts:
        act(one)
    return (time.process_time() - started) * 1000 / len(facts)


def _profile(book: RuleBook, facts: list[Facts]) -> str:
    profiler, out = cProfile.Profile(), io.StringIO()
    profiler.enable()
    for one in facts * 5:
        judge(book, one)
    profiler.disable()
    pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(15)
    return out.getvalue()
