"""(b) The register as a clerk sees it, and the search, at growing sizes."""

import http.client
import json
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.lives import percentile
from bench.servers import Server, Site, run, serving, wait_for
from bench.tables import table

_ORDER = re.compile(rb'href="/orders/([0-9a-f-]{36})/')


@dataclass(frozen=True)
class Reading:
    """The times of one page at one size, in seconds, how many orders it showed, and how large the answer was."""

    page: str
    times: list[float]
    cpu: float
    lines: int
    size: int


def measure(site: Site, *, orders: int, repeats: int) -> tuple[float, list[Reading]]:
    """Fill the empty site, sign in as a clerk, ask for every page again and again; the seconds of filling first."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
    filled = json.loads(run(site, "-m", "bench.filling", str(orders)))
    with serving(site, workers=1, threads=1) as server:
        wait_for(server.port, path="/accounts/login/")
        reader = Reader(server)
        return filled["seconds"], [reader.read(page, path, repeats) for page, path in filled["pages"].items()]


class Reader:
    """A browser: somebody signed in, one connection."""

    def __init__(self, server: Server, *, login: str = "clerk0") -> None:
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.cookies: dict[str, str] = {}
        form = self.get("/accounts/login/").decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token, "the sign-in page has no form"
        body = {"csrfmiddlewaretoken": token[1], "login": login, "password": "a password for measuring"}
        status, _answer = self._ask("POST", "/accounts/login/", urlencode(body))
        assert status == 302, f"signing in answered {status}"

    def read(self, page: str, path: str, repeats: int) -> Reading:
        """Ask for a page; the first two answers, which fill caches, are not counted."""
        for _warm in range(2):
            answer = self.get(path)
        times, before = [], self.server.cpu_seconds()
        for _turn in range(repeats):
            started = time.perf_counter()
            answer = self.get(path)
            times.append(time.perf_counter() - started)
        lines = len(set(_ORDER.findall(answer)))
        return Reading(page, times, (self.server.cpu_seconds() - before) / repeats, lines, len(answer))

    def sees(self, path: str) -> bool:
        """Whether this is a page, and one for him."""
        status, answer = self._ask("GET", path)
        return status == 200 and b"<html" in answer[:500]

    def get(self, path: str) -> bytes:
        status, answer = self._ask("GET", path)
        assert status == 200, f"{path} answered {status}"
        return answer

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.read()


def show(site: Site, sizes: dict[int, tuple[float, list[Reading]]]) -> str:
    """One row for each page: p50, p95 and p99 at each size with the number of orders shown.

    How much the middle grew is told where the smallest and the largest register show equally many: a page of fifty lines costs
    more than one of three, whatever the register.
    """
    smallest, largest = min(sizes), max(sizes)
    head = ["page", *[f"{size:,}: p50 / p95 / p99 ms (orders)" for size in sizes], "grew by", "CPU ms", "kB"]
    rows = []
    for place, reading in enumerate(sizes[largest][1]):
        at = {size: readings[place] for size, (_seconds, readings) in sizes.items()}
        middles = {size: percentile(one.times, 50) * 1000 for size, one in at.items()}
        alike = at[smallest].lines == at[largest].lines
        rows.append(
            [
                reading.page,
                *[
                    f"{middles[size]:.1f} / {percentile(one.times, 95) * 1000:.1f} / {percentile(one.times, 99) * 1000:.1f}"
                    f" ({one.lines})"
                    for size, one in at.items()
                ],
                f"× {middles[largest] / middles[smallest]:.2f}" if alike else "more found",
                f"{reading.cpu * 1000:.1f}",
                f"{reading.size / 1000:.0f}",
            ]
        )
    filled = ", ".join(f"{size:,} in {seconds:.0f} s" for size, (seconds, _readings) in sizes.items())
    return f"{site.name} (filled: {filled})\n\n{table(head, rows)}\n"
