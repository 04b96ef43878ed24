"""Entries a second, beside the rate at which the engine commits one row, in the same run on the same machine."""

import subprocess
import sys

from bench.servers import ROOT, Site, run
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
        rates = {work: _rate(site, work, clients=number, seconds=seconds) for work in _WORKS}
        for work, rate in rates.items():
            rows.append([site.name, number, _WORKS[work], f"{rate:.0f}", f"{rate / rates['raw']:.2f}"])
    run(
        site, "-m", "shouhou.config.cli", "ledger", "verify"
    )  # fails, and the measurement with it, if anything does not hold
    return rows


def show(rows: list[list[object]]) -> str:
    """The figures as a table."""
    return table(["database", "clients", "what", "a second", "of the raw rate"], rows)


def _rate(site: Site, work: str, *, clients: int, seconds: float) -> float:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.bookkeeper", work, str(number), str(seconds)],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(clients)
    ]
    for process in processes:
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"a client of {work} did not come up on {site.name}")
    for process in processes:
        if process.stdin is not None:
            process.stdin.write("go\n")
            process.stdin.flush()
    done = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise RuntimeError(f"a client of {work} failed on {site.name}")
    return sum(int(one) for one in done) / seconds
