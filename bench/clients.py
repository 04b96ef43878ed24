"""Several processes that do the same work at the same time, each with a connection of its own."""

import subprocess
import sys

from bench.servers import ROOT, Site


def rate(site: Site, client: str, work: str, *, clients: int, seconds: float) -> float:
    """How much of a work so many processes of the module `client` do in a second, all together."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", client, work, str(number), str(seconds)],
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
