"""One client of the ledger: `python -m bench.bookkeeper WORK NUMBER SECONDS` says that it is ready, waits for a line, works, and
prints how much it did. `found` instead of a work sets up the branch and its accounts.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import django

_RAW = "bench_raw"


def found(clients: int) -> None:
    """A branch, an account for each client and one that all share, and a table for the engine's own rate."""
    from django.db import connection

    from shouhou.access.actions import open_branch
    from shouhou.access.actors import product_itself
    from shouhou.access.models import Branch
    from shouhou.ledger.actions import open_account

    at = datetime.now(UTC)
    hq = open_branch(
        code="HQ", name="海风电器", kind=Branch.Kind.HQ, parent=None, by=product_itself(channel="cli"), at=at
    )
    by = product_itself(channel="cli")
    for kind, owner in _owners(clients):
        open_account(hq, kind=kind, owner=owner, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_RAW} (id integer, number integer)")


def _owners(clients: int) -> list[tuple[str, Any]]:
    from shouhou.ledger.rules import Reference

    own = [(kind, Reference("client", str(number))) for number in range(clients) for kind in ("bank", "revenue")]
    return [*own, ("revenue", Reference("client", "all"))]


def entries(number: int, *, shared: bool) -> Callable[[int], None]:
    """Post an entry of two lines, with event and key; the other account is the client's own, or the one that all share."""
    from shouhou.access.actors import product_itself
    from shouhou.kernel.money import Money
    from shouhou.ledger.actions import post_entry
    from shouhou.ledger.queries import find_accounts
    from shouhou.ledger.rules import Reference, credit, debit

    by = product_itself(channel="cli")

    def account(kind: str, owner: str) -> Any:
        return find_accounts(by.branches[0], kinds=[kind], owner=Reference("client", owner), by=by).get().id

    take, give = account("bank", str(number)), account("revenue", "all" if shared else str(number))
    amount = Money(Decimal("12.50"))
    started = time.time_ns()

    def post(turn: int) -> None:
        key = f"{started}-{number}-{turn}"
        post_entry([debit(take, amount), credit(give, amount)], key=key, memo="收费", by=by, at=datetime.now(UTC))

    return post


def raw(number: int) -> Callable[[int], None]:
    """Nothing but a row in a transaction of its own: what the engine can do at most."""
    from django.db import connection, transaction

    def insert(turn: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {_RAW} VALUES (%s, %s)", [turn, number])

    return insert


def main() -> None:
    """Read the words of the command line."""
    work, number = sys.argv[1], int(sys.argv[2])
    django.setup()
    if work == "found":
        found(number)
        return
    act = raw(number) if work == "raw" else entries(number, shared=work == "shared")
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
