"""(d) Two hundred pages that are open all day: what they cost, and how soon they show what has happened."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.lives import percentile
from bench.reading import Reader
from bench.servers import Site, run, serving, wait_for
from bench.tables import table

EVERY, JITTER = 3.0, 0.6  # seconds, as static/js/live.js asks
PAGES = ("/register/", "/dispatch/", "/")
_TICKET = re.compile(rb'data-pulse="([^"]+)"')
_ORDER = re.compile(rb'href="(/orders/[0-9a-f-]{36}/)"')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Figures:
    """What was measured: seconds from act to page, answers to the asking, and the server's share of one processor."""

    delays: list[float] = field(default_factory=list)
    asked: int = 0
    fetched: int = 0
    quiet: float = 0
    busy: float = 0


class Page(threading.Thread):
    """One open page: asks every few seconds, and fetches itself when something has happened."""

    def __init__(self, reader: "OpenReader", path: str, ticket: str, figures: Figures, acts: list[float]) -> None:
        super().__init__(daemon=True)
        self.reader, self.path, self.ticket, self.figures, self.acts = reader, path, ticket, figures, acts
        self.over = threading.Event()
        self.shown = 0

    def run(self) -> None:
        mark = ""
        self.over.wait(random.uniform(0, EVERY))
        while not self.over.is_set():
            now = self.reader.ask("/pulse/", {"X-Ticket": self.ticket}).split()[0].decode()
            self.figures.asked += 1
            if mark and now != mark:
                done = len(self.acts)
                self.reader.ask(self.path, {"X-Live": "1"})
                self.figures.fetched += 1
                at = time.monotonic()
                self.figures.delays += [at - act for act in self.acts[self.shown : done]]
                self.shown = done
            mark = now
            self.over.wait(EVERY + random.uniform(0, JITTER))


class OpenReader(Reader):
    """A reader that may send headers, and more than one thread of which share a session."""

    def ask(self, path: str, headers: dict[str, str]) -> bytes:
        """The body of a page that is there."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request("GET", path, headers={"Cookie": cookies, **headers})
        response = self.connection.getresponse()
        body = response.read()
        assert response.status == 200, f"{path} answered {response.status}"
        return body

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Send a form that leads on."""
        status, _body = self._ask("POST", path, urlencode(fields))
        assert status == 303, f"{path} answered {status}"


def measure(site: Site, *, pages: int, seconds: float, acts_every: float) -> Figures:
    """Fill the site with ten thousand orders, open the pages, let them rest, then act again and again."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
    run(site, "-m", "bench.filling", "10000")
    figures, acts = Figures(), list[float]()
    with serving(site, workers=2, threads=2) as server:
        wait_for(server.port, path="/accounts/login/")
        lead = OpenReader(server, login="supervisor0")
        found = _TICKET.search(lead.get("/register/"))
        assert found, "the page carries no ticket"
        opened = []
        for place in range(pages):
            reader = OpenReader.__new__(OpenReader)
            reader.server, reader.cookies = server, dict(lead.cookies)
            reader.connection = type(lead.connection)("127.0.0.1", server.port)
            opened.append(Page(reader, PAGES[place % len(PAGES)], found[1].decode(), figures, acts))
        for page in opened:
            page.start()
        time.sleep(EVERY + JITTER)
        before, began = server.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        figures.quiet = (server.cpu_seconds() - before) / (time.monotonic() - began)
        before, began = server.cpu_seconds(), time.monotonic()
        _act(lead, acts, seconds=seconds, every=acts_every)
        time.sleep(2 * EVERY)
        figures.busy = (server.cpu_seconds() - before) / (time.monotonic() - began)
        for page in opened:
            page.over.set()
    return figures


def _act(lead: OpenReader, acts: list[float], *, seconds: float, every: float) -> None:
    """Hold calls and take them up again, one act after the other."""
    lead.connection.close()  # the server has not waited for someone who rested so long
    orders = list(dict.fromkeys(_ORDER.findall(lead.get("/register/?state=received"))))
    assert orders, "no call waits"
    deadline, held = time.monotonic() + seconds, False
    while time.monotonic() < deadline:
        address = orders[0].decode()
        token = _TOKEN.search(lead.get(address))
        assert token
        act, fields = ("resumption/", {}) if held else ("hold/", {"reason": "x", "cause": "customer"})
        lead.post(address + act, {"csrfmiddlewaretoken": token[1].decode(), **fields})
        acts.append(time.monotonic())
        held = not held
        lead.connection.close()
        time.sleep(every)


def show(site: Site, pages: int, figures: Figures) -> str:
    """One table: the rest and the bustle."""
    head = ["open pages", "CPU at rest", "CPU with acts", "asked", "fetched", "act to page p50 / p95 s"]
    delays = f"{percentile(figures.delays, 50):.1f} / {percentile(figures.delays, 95):.1f}"
    row = [str(pages), f"{figures.quiet:.0%}", f"{figures.busy:.0%}", str(figures.asked), str(figures.fetched), delays]
    return f"{site.name}\n\n{table(head, [row])}\n"
