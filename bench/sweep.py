"""The worker's round over very many promises: its cost when nothing is due and when much is; how many are kept a second."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from bench.servers import Site, run
from bench.tables import table

# A Wednesday of an ordinary week, ten o'clock at the branch.
_NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_FEW, _ROUNDS, _MARKS = 10_000, 50, 500
_TOLD = [
    *("id", "branch", "definition", "definition_version", "subject_kind", "subject_id"),
    *("label", "owner", "terms", "calendar"),
]
_JUDGED = [
    *("started_at", "state", "due_at", "yellow_at", "orange_at", "paused_since"),
    *("breached_at", "ended_at", "next_at", "steps_done"),
]


def measure(site: Site, *, promises: int, due: int) -> dict[str, float]:
    """Fill the empty site with so many open promises, so many of them due within the hour; the figures of `show`."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    figures: dict[str, float] = json.loads(run(site, "-m", "bench.sweep", str(promises), str(due)))
    return figures


def show(site: Site, figures: dict[str, float], *, promises: int, due: int) -> str:
    """The figures as a table."""
    rows = [
        [f"fill {promises:,} open promises", f"{figures['filled']:.0f} s"],
        [f"round without anything due, {_few(due):,} open", f"{figures['idle few']:.1f} ms"],
        [f"round without anything due, {promises:,} open", f"{figures['idle many']:.1f} ms"],
        [f"round with {due:,} due, each of them broken", f"{figures['swept']:.1f} s"],
        ["of these, a second", f"{due / figures['swept']:.0f}"],
        ["arrivals that keep a promise, a second, one client", f"{figures['marks']:.0f}"],
    ]
    return table([site.name, ""], rows)


def sweep_inside(promises: int, due: int) -> dict[str, float]:
    """Within a site's environment. Raises RuntimeError if a round finds more or less than what is due."""
    from shouhou.access.actions import open_branch
    from shouhou.access.actors import product_itself
    from shouhou.access.models import Branch
    from shouhou.commitments.models import Commitment
    from shouhou.commitments.rules.words import State

    root = product_itself(channel="cli")
    branch = open_branch(code="HQ", name="海风电器", kind=Branch.Kind.HQ, parent=None, by=root, at=_NOW)
    _rounds(_NOW, expected=0, times=3)  # what comes with the product is read once
    started = time.perf_counter()
    _fill(branch, due, broken=True)
    _fill(branch, _few(due) - due, broken=False)
    filled = time.perf_counter() - started
    idle_few = _rounds(_NOW, expected=0, times=_ROUNDS)
    started = time.perf_counter()
    _fill(branch, promises - _few(due), broken=False)
    filled += time.perf_counter() - started
    idle_many = _rounds(_NOW, expected=0, times=_ROUNDS)
    swept = _rounds(_NOW + _HOUR, expected=due, times=1)
    broken = Commitment.objects.filter(branch_id=branch.id, state=State.BREACHED).count()
    if broken != due:
        raise RuntimeError(f"{broken} broken promises instead of {due}")
    return {
        "filled": filled,
        "idle few": idle_few * 1000,
        "idle many": idle_many * 1000,
        "swept": swept,
        "marks": _marks(branch),
    }


def _few(due: int) -> int:
    return max(due, _FEW)


def _rounds(at: datetime, *, expected: int, times: int) -> float:
    """The seconds of the worker's round, the median of so many."""
    from shouhou.worker.schedule import sweep_promises

    taken = []
    for _turn in range(times):
        started = time.perf_counter()
        if (found := sweep_promises(at)) != expected:
            raise RuntimeError(f"{found} promises judged instead of {expected}")
        taken.append(time.perf_counter() - started)
    return sorted(taken)[times // 2]


def _fill(branch: Any, count: int, *, broken: bool) -> None:
    """So many promises of arrival, begun in the last days: those that are `broken` within the hour, or of which none is due."""
    from django.db import connection

    from bench.bulk import Bulk, write_in_batches
    from shouhou.commitments.models import Commitment, CommitmentMark
    from shouhou.kernel.ids import uuid7

    terms, key, standings = _standings(branch, broken=broken)
    commitment = Bulk(Commitment, [*_TOLD, *_JUDGED, "judged_at"])
    mark = Bulk(CommitmentMark, ["id", "branch", "commitment", "kind", "at", "known_at"])
    stored = terms.as_json()

    def write() -> Iterator[None]:
        for number in range(count):
            standing = standings[number % len(standings)]
            row = uuid7()
            commitment.add(
                *(row, branch.id, "arrival", "1", "work_order", uuid7(), f"HQ-{number}", "technician", stored, key),
                *(getattr(standing, name) for name in _JUDGED),
                standing.started_at,
            )
            mark.add(uuid7(), branch.id, row, "start", standing.started_at, standing.started_at)
            yield None

    write_in_batches(write(), [commitment, mark])
    with connection.cursor() as cursor:
        # What a database does by itself in the night after such a load; else it does it while we measure.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _standings(branch: Any, *, broken: bool) -> tuple[Any, str, Sequence[Any]]:
    """The terms of an arrival in town, the key of the branch's calendar, and how promises stand that began at various minutes."""
    from shouhou.commitments.queries import clock_for, current_calendar
    from shouhou.commitments.rules.reading import shipped_definitions
    from shouhou.commitments.rules.standing import Mark, stand
    from shouhou.commitments.rules.terms import terms_of
    from shouhou.commitments.rules.words import MarkKind
    from shouhou.policies.queries import book_in_force

    key, clock = current_calendar(branch), clock_for(current_calendar(branch))
    arrival = shipped_definitions().get("arrival")
    terms = terms_of(
        arrival, {"zone": "city"}, book=book_in_force(), on=_NOW.date(), zone=clock.calendar.zone, region=branch.region
    )
    minutes = (_NOW - timedelta(minutes=number) for number in range(4 * 24 * 60))
    each = (stand(terms, [Mark(MarkKind.START, at)], clock, _NOW) for at in minutes)
    by = _NOW + _HOUR
    running = ((one, one.due_at, one.next_at) for one in each if one.due_at and one.next_at and one.due_at > _NOW)
    wanted = (one for one, due_at, next_at in running if (due_at <= by if broken else next_at > by))
    return terms, key, list(islice(wanted, 500))


def _marks(branch: Any) -> float:
    """How many arrivals a second are written down and heard of by the promise that they keep."""
    from shouhou.access.actors import product_itself
    from shouhou.audit.actions import record
    from shouhou.audit.atomicity import act_transaction
    from shouhou.commitments.actions import observe
    from shouhou.commitments.models import Commitment
    from shouhou.commitments.rules.words import State

    by, at = product_itself(channel="cli"), _NOW + _HOUR
    running = Commitment.objects.filter(branch_id=branch.id, state=State.RUNNING).order_by("next_at", "id")
    cases: list[UUID] = list(running.values_list("subject_id", flat=True)[:_MARKS])
    told: dict[str, Any] = {"branch_id": branch.id, "by": by}

    def journal(case: UUID, verb: str) -> Any:
        return record(chain_id=case, verb=verb, subject=("work_order", case), at=at, data={}, **told)

    for case in cases:
        with act_transaction():
            journal(case, "workorders.work_order.received")
    started = time.perf_counter()
    for case in cases:
        with act_transaction():
            event = journal(case, "workorders.visit.arrived")
            if len(observe(event, subject=("work_order", case), label="", told={}, **told)) != 1:
                raise RuntimeError(f"nobody heard of the arrival at {case}")
    return len(cases) / (time.perf_counter() - started)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhou.config.settings")
    django.setup()
    print(json.dumps(sweep_inside(int(sys.argv[1]), int(sys.argv[2]))))
