"""(i) The live verdict: `coverage_of` by itself, and the route that the intake page asks while the clerk is typing."""

import json
import os
import time
from urllib.parse import urlencode

from bench.lives import percentile
from bench.reading import Reader
from bench.servers import Site, run, serving, wait_for
from bench.tables import table

_UNITS = 50
LIMIT_MS = 50


def measure(site: Site, *, orders: int, repeats: int) -> list[tuple[str, list[float]]]:
    """Fill the empty site with orders; the times in seconds of `coverage_of`, and of the intake page's request."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
    run(site, "-m", "bench.filling", str(orders))
    asked = json.loads(run(site, "-m", "bench.entitle", str(repeats)))
    with serving(site, workers=1, threads=1) as server:
        wait_for(server.port, path="/accounts/login/")
        reader = Reader(server)
        times: list[float] = []
        for turn in range(-len(asked["paths"]), repeats):
            path = asked["paths"][turn % len(asked["paths"])]
            started = time.perf_counter()
            reader.get(path)
            if turn >= 0:  # the first ones fill caches
                times.append(time.perf_counter() - started)
    return [("coverage_of", asked["times"]), ("intake verdict route", times)]


def show(site: Site, figures: list[tuple[str, list[float]]]) -> str:
    """A table with median and p95 in milliseconds against the limit."""
    rows = [
        [name, f"{percentile(times, 50) * 1000:.1f} ms", f"{percentile(times, 95) * 1000:.1f} ms", f"{LIMIT_MS} ms"]
        for name, times in figures
    ]
    return table([site.name, "p50", "p95", "limit at p95"], rows)


def ask_inside(repeats: int) -> dict[str, object]:
    """Within a site's environment: the times of `coverage_of`, and the addresses that the intake page asks for its units."""
    import django

    django.setup()
    from django.urls import reverse
    from django.utils import timezone

    from shouhou.assets.models import Asset
    from shouhou.entitlements.queries import coverage_of

    units = list(Asset.objects.select_related("branch", "product_model__product_class").order_by("id")[:_UNITS])
    times = []
    for turn in range(-len(units), repeats):
        unit = units[turn % len(units)]
        started = time.perf_counter()
        coverage_of(unit, branch=unit.branch, at=timezone.now())
        if turn >= 0:
            times.append(time.perf_counter() - started)
    paths = [f"{reverse('intake_verdict')}?{urlencode({'asset': unit.id})}" for unit in units]
    return {"times": times, "paths": paths}


if __name__ == "__main__":
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhou.config.settings")
    print(json.dumps(ask_inside(int(sys.argv[1]))))
