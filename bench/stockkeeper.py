"""One client of stock: `python -m bench.stockkeeper WORK NUMBER SECONDS` says that it is ready, waits for a line, works, and
prints how much it did. `found` instead of a work sets up the branch, its stores and its parts.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import django

from bench.bookkeeper import raw

_PLENTY = Decimal(1_000_000)


def found(clients: int) -> None:
    """A branch with a store, a van's worth of another place, a part for each client and one for all; a table for the raw rate."""
    from django.db import connection

    from shouhou.access.actions import open_branch
    from shouhou.access.actors import product_itself
    from shouhou.access.models import Branch
    from shouhou.catalog.actions import add_part
    from shouhou.kernel.money import Money
    from shouhou.stock.actions import open_store, receive_parts
    from shouhou.stock.rules import Lot

    at, root = datetime.now(UTC), product_itself(channel="cli")
    hq = open_branch(code="HQ", name="海风电器", kind=Branch.Kind.HQ, parent=None, by=root, at=at)
    by = product_itself(channel="cli")
    parts = [
        add_part(number=f"P-{name}", name="配件", unit="件", branch=hq, by=by, at=at)
        for name in [*map(str, range(clients)), "all"]
    ]
    lots = [Lot(part.id, _PLENTY, cost=Money(Decimal("12.50"))) for part in parts]
    store = open_store(hq, kind="branch", code="BR", name="分公司库", by=by, at=at)
    open_store(hq, kind="quarantine", code="QU", name="待检区", by=by, at=at)
    receive_parts(store.id, lots, key="all", by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_raw (id integer, number integer)")


def moves(number: int, *, work: str) -> Callable[[int], None]:
    """Issue one piece (with its entry in the books), or put it from one place to another (which has no value)."""
    from shouhou.access.actors import product_itself
    from shouhou.catalog.queries import get_part
    from shouhou.ledger.rules import Reference
    from shouhou.stock.actions import block_parts, issue_parts
    from shouhou.stock.queries import find_places
    from shouhou.stock.rules import Lot

    by = product_itself(channel="cli")
    places = {one.kind: one.id for one in find_places(by.branches[0], by=by)}
    part = get_part("P-all" if work == "shared" else f"P-{number}")
    lots, started = [Lot(part.id, Decimal(1))], time.time_ns()

    def move(turn: int) -> None:
        key, at = f"{started}-{number}-{turn}", datetime.now(UTC)
        if work == "put":
            block_parts(places["branch"], lots, to=places["quarantine"], key=key, reason="抽检", by=by, at=at)
        else:
            issue_parts(places["branch"], lots, about=Reference("work_order", key), key=key, by=by, at=at)

    return move


def say_where(stores: int) -> None:
    """Put a part into so many stores, ask two hundred times where it is, print the median and the slowest but ten."""
    from shouhou.access.actors import product_itself
    from shouhou.catalog.queries import get_part
    from shouhou.kernel.money import Money
    from shouhou.stock.actions import open_store, receive_parts
    from shouhou.stock.queries import find_availability
    from shouhou.stock.rules import Lot

    by, at = product_itself(channel="cli"), datetime.now(UTC)
    part = get_part("P-all")
    for number in range(stores):
        told: dict[str, Any] = {"by": by, "at": at}
        place = open_store(by.branches[0], kind="branch", code=f"S{number}", name=f"{number} 号库", **told)
        lots = [Lot(part.id, Decimal(5), cost=Money(Decimal("12.50")))]
        receive_parts(place.id, lots, key=f"store {number}", **told)
    times = []
    for _turn in range(200):
        begun = time.perf_counter()
        found = find_availability(part, by=by)
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    print(f"{len(found)} places: median {times[100]:.1f} ms, 95 % within {times[190]:.1f} ms")


def main() -> None:
    """Read the words of the command line."""
    work, number = sys.argv[1], int(sys.argv[2])
    django.setup()
    if work == "found":
        found(number)
        return
    if work == "where":
        say_where(number)
        return
    act = raw(number) if work == "raw" else moves(number, work=work)
    for turn in range(10):
        act(-1 - turn)  # warm: imports, prepared statements
    print("ready", flush=True)
    sys.stdin.readline()
    done, ends = 0, time.perf_counter() + float(sys.argv[3])
    while time.perf_counter() < ends:
        act(done)
        done += 1
    print(done)


if __name__ == "__main__":
    main()
