"""Movements of stock a second, beside the rate at which the engine commits one row; how long it takes to say where a part is."""

from bench.clients import rate
from bench.servers import Site, run
from bench.tables import table

_CLIENT = "bench.stockkeeper"
_WORKS = {
    "raw": "one row, one commit",
    "put": "put from place to place, no value",
    "own": "issued with its entry in the books, a part of one's own",
    "shared": "issued with its entry in the books, one part for all",
}


def measure(site: Site, *, clients: list[int], seconds: float) -> list[list[object]]:
    """A row of figures for each work and number of clients; fails if the stock or the books do not hold afterwards."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", _CLIENT, "found", str(max(clients)))
    rows: list[list[object]] = []
    for number in clients:
        rates = {work: rate(site, _CLIENT, work, clients=number, seconds=seconds) for work in _WORKS}
        for work, figure in rates.items():
            rows.append([site.name, number, _WORKS[work], f"{figure:.0f}", f"{figure / rates['raw']:.2f}"])
    for books in ("stock", "ledger"):
        run(site, "-m", "shouhou.config.cli", books, "verify")
    return rows


def show(rows: list[list[object]]) -> str:
    """The figures as a table."""
    return table(["database", "clients", "what", "a second", "of the raw rate"], rows)


def show_availability(site: Site, *, stores: int) -> str:
    """How long it takes to say where a part is that lies in so many stores; call it after `measure`."""
    return run(site, "-m", _CLIENT, "where", str(stores)).strip()
