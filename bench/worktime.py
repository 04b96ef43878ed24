"""(h) Working time: due moments a second, beside other packages and against a reckoning minute by minute."""

import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from bench.tables import table
from bench.worktime_peers import PEERS, Answers, Asked, ours
from shouhou.kernel.tests.working_time_cast import Oracle, differences, random_calendar
from shouhou.kernel.working_time.china import ZONE, special_days
from shouhou.kernel.working_time.timeline import Timeline

_ROUNDS = 3
_BEGIN, _SECONDS = datetime(2024, 1, 1, tzinfo=UTC), 1000 * 86_400
_PER_CALENDAR = 5_000


def measure(*, seed: int) -> str:
    """Each package is asked the same: random seconds of 2024 to 2026 and 1 to 40 whole hours, as pandas takes no others."""
    random = Random(seed)
    most = max(number for _, number, _ in PEERS.values())
    asked = [_question(random) for _ in range(most)]
    act, read = ours(asked[:300_000])
    right = read(act())
    rows = []
    for name, (peer, number, told) in PEERS.items():
        act, read = peer(asked[:number])
        best, found = _best(act)
        answers = read(found)[: len(right)]
        rows.append([name, f"{number / best:,.0f}", "yes" if told else "no", *_wrong(asked, right, answers)])
    head = [
        "package",
        "per second",
        "told of make-up days",
        "other answer, make-up day on the way",
        "other answer, none",
    ]
    return table(head, rows)


def compare(*, cases: int, seed: int) -> str:
    """Random calendars in five time zones, each asked some thousand times, beside a walk from minute to minute."""
    wrong, started = 0, time.perf_counter()
    for number in range(0, cases, _PER_CALENDAR):
        random = Random(seed + number)
        calendar = random_calendar(random)
        wrong += differences(Timeline(calendar), Oracle(calendar), random, _PER_CALENDAR)
    calendars = -(-cases // _PER_CALENDAR)
    shown = [[f"{calendars * _PER_CALENDAR:,}", calendars, wrong, f"{time.perf_counter() - started:.0f}"]]
    return table(["cases", "calendars", "differences", "seconds"], shown)


def _question(random: Random) -> tuple[datetime, timedelta]:
    return _BEGIN + timedelta(seconds=random.randrange(_SECONDS)), timedelta(hours=random.randint(1, 40))


def _best(act: Callable[[], object]) -> tuple[float, object]:
    """The best of some rounds by processor time, so that other programs do not count."""
    best, found = float("inf"), None
    for _ in range(_ROUNDS):
        started = time.process_time()
        with warnings.catch_warnings(action="ignore"):
            found = act()
        best = min(best, time.process_time() - started)
    return best, found


def _wrong(asked: Asked, right: Answers, answers: Answers) -> tuple[str, str]:
    made_up = {day for day, (is_worked, _) in special_days().items() if is_worked}
    wrong, counted = [0, 0], [0, 0]
    for (at, _), due, found in zip(asked, right, answers, strict=False):
        first, last = at.astimezone(ZONE).date(), due.astimezone(ZONE).date()
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        group = 0 if any(day in made_up for day in days) else 1
        counted[group] += 1
        wrong[group] += found != due
    one, other = (f"{bad:,} of {all_:,}" for bad, all_ in zip(wrong, counted, strict=True))
    return one, other
