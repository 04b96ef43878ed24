"""Entries a second, beside the rate at which the engine commits one row, in the same run on the same machine."""

from bench.clients import rate
from bench.servers import Site, run
from bench.tables import table

_WORKS = {
    "raw": "one row, one commit",
    "own": "entry, accounts of one's own",
    "shared": "entry, one account shared by all",
}


def measure(site: Site, *, clients: list[int], seconds: float) -> list[list[object]]:
    """A row of figures for each work and number of clients. Each client is a process with a connection of its own."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", "bench.bookkeeper", "found", str(max(clients)))
    rows: list[list[object]] = []
    for number in clients:
        rates = {work: rate(site, "bench.bookkeeper", work, clients=number, seconds=seconds) for work in _WORKS}
        for work, figure in rates.items():
            rows.append([site.name, number, _WORKS[work], f"{figure:.0f}", f"{figure / rates['raw']:.2f}"])
    run(
        site, "-m", "shouhou.config.cli", "ledger", "verify"
    )  # fails, and the measurement with it, if anything does not hold
    return rows


def show(rows: list[list[object]]) -> str:
    """The figures as a table."""
    return table(["database", "clients", "what", "a second", "of the raw rate"], rows)
