"""(d) Every page of the web interface in a register of 100,000 orders, as each role gets it."""

import json
from dataclasses import dataclass

from bench.lives import percentile
from bench.reading import Reader
from bench.servers import Site, run, serving, wait_for
from bench.tables import table

LIMIT = 120  # milliseconds of server time, p95


@dataclass(frozen=True)
class Page:
    """One page as one role gets it: times in seconds, size of the answer in bytes."""

    name: str
    role: str
    times: list[float]
    size: int

    @property
    def p95(self) -> float:
        return percentile(self.times, 95) * 1000


def measure(site: Site, *, orders: int, repeats: int) -> tuple[list[Page], list[str]]:
    """Fill the empty site and read every page; the pages, and the names of those whose address could not be made."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
    run(site, "-m", "bench.filling", str(orders))
    asked = json.loads(run(site, "-m", "bench.screens"))
    pages, seen = [], set()
    with serving(site, workers=1, threads=1) as server:
        wait_for(server.port, path="/accounts/login/")
        for role in asked["roles"]:
            reader = Reader(server, login=f"{role}0")
            for name, path in asked["addresses"].items():
                # The start page is each role's own; of the others the first who may see it stands for all.
                if (name in seen and name != "home") or not reader.sees(path):
                    continue
                seen.add(name)
                reading = reader.read(name, path, repeats)
                pages.append(Page(name, role, reading.times, reading.size))
    return pages, asked["unknown"]


def show(site: Site, orders: int, pages: list[Page], unknown: list[str]) -> str:
    """The slowest first."""
    rows = [
        [page.name, page.role, f"{percentile(page.times, 50) * 1000:.0f}", f"{page.p95:.0f}", f"{page.size / 1000:.0f}"]
        for page in sorted(pages, key=lambda page: -page.p95)
    ]
    over = [page.name for page in pages if page.p95 > LIMIT]
    head = table(["page", "role", "p50 ms", "p95 ms", "kB, not compressed"], rows)
    said = f"{len(pages)} pages, {len(over)} over {LIMIT} ms" + (f": {', '.join(over)}" if over else "")
    left = f"\nNot asked, as their address names what this site does not have: {', '.join(unknown)}" if unknown else ""
    return f"{site.name}, {orders:,} orders: {said}\n\n{head}\n{left}"
