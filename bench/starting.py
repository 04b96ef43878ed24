"""(c) From nothing to the first page: tables, demonstration company, server."""

import subprocess
import sys
import time

from bench.servers import ROOT, Site, run, serving, wait_for
from bench.tables import table


def measure(site: Site) -> str:
    """The steps of a first start, in an empty site, and a later start; each in seconds."""
    steps = []
    for name, arguments in (
        ("create the tables, collect the static files", ["-m", "shouhou.config.cli", "migrate"]),
        ("load the demonstration company (size s)", ["-m", "shouhou.config.cli", "demo", "--size", "s", "--seed", "1"]),
    ):
        started = time.perf_counter()
        run(site, *arguments)
        steps.append([name, f"{time.perf_counter() - started:.1f}"])
    started = time.perf_counter()
    with serving(site, workers=1, threads=2) as server:
        wait_for(server.port, path="/accounts/login/")
        steps.append(["start the server, answer the first page", f"{time.perf_counter() - started:.1f}"])
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import shouhou.config.wsgi"], cwd=ROOT, env=site.environment, check=True)
    steps.append(["of which Python and Django", f"{time.perf_counter() - started:.1f}"])
    return f"{site.name}\n\n{table(['step', 'seconds'], steps)}\n"
