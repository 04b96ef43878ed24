"""(a) The whole life of an order over the API, every act of it: how many a second, at what cost, how long each takes."""

import http.client
import json
import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.servers import Server, Site, run, serving
from bench.tables import table

_SIGNATURE = [[[x, 40 + x * 7 % 60, x * 9] for x in range(20 * part, 20 * part + 60)] for part in range(4)]


@dataclass(frozen=True)
class Act:
    """One call of the life: who makes it, and what it is."""

    name: str
    role: str
    method: str
    path: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """What one run showed. Times in seconds."""

    lives: int
    seconds: float
    cpu: float
    times: dict[str, list[float]]

    @property
    def acts(self) -> int:
        return sum(len(times) for times in self.times.values())


def measure(site: Site, *, clients: int, seconds: float) -> Figures:
    """Let so many clients take orders from call to filed voucher for a while, each with people of its own."""
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    company = json.loads(run(site, "-m", "bench.company", str(clients)))
    # As `shouhou serve` does. One writer is all that SQLite has: a second process would only wait for it.
    with serving(site, workers=1 if site.name == "SQLite" else 2, threads=1) as server:
        crews = [Client(server, company["branch"], crew) for crew in company["crews"]]
        for client in crews:
            client.live()  # warm: imports, prepared statements, first page of the register
            client.times.clear()
        before, started = server.cpu_seconds(), time.perf_counter()
        deadline = started + seconds
        threads_of_clients = [threading.Thread(target=client.work_until, args=(deadline,)) for client in crews]
        for thread in threads_of_clients:
            thread.start()
        for thread in threads_of_clients:
            thread.join()
        spent, cpu = time.perf_counter() - started, server.cpu_seconds() - before
    times: dict[str, list[float]] = defaultdict(list)
    for client in crews:
        if client.failure:
            raise client.failure
        for name, measured in client.times.items():
            times[name] += measured
    return Figures(sum(client.lives for client in crews), spent, cpu, times)


class Client:
    """A clerk, a supervisor and a technician behind one connection, one act after the other."""

    def __init__(self, server: Server, branch: str, crew: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.branch = branch
        self.crew = crew
        self.times: dict[str, list[float]] = defaultdict(list)
        self.lives = 0
        self.known = ("", "")
        self.failure: Exception | None = None

    def work_until(self, deadline: float) -> None:
        """Whole lives, until it is time."""
        try:
            while time.perf_counter() < deadline:
                self.live()
                self.lives += 1
        except Exception as failure:
            self.failure = failure

    def live(self) -> None:
        """One order from call to struck-off line."""
        order = self._receive()
        for act in self._of_order(order):
            answer = self.call(act)
            if act.name == "dispatch":
                for inner in self._of_visit(answer["id"]):
                    self.call(inner)

    def _receive(self) -> str:
        """Most callers are known, as in a shop; every fourth is new, with a new unit."""
        caller: dict[str, Any] = {"customer": self.known[0], "asset": self.known[1]}
        name = "receive, known caller"
        if self.lives % 4 == 0:
            name = "receive, new caller and unit"
            caller = {
                "customer": {"name": "王建华", "phone": "13812342071", "address": "市北区 延安三路 12 号"},
                "asset": {"product_model": "KFR-35", "serial": uuid4().hex[:16]},
            }
        body = {"branch": self.branch, "fault": "开机十分钟停机，显示 E4", **caller}
        answer = self.call(Act(name, "clerk", "POST", "work-orders", body))
        self.known = (answer["customer_id"], answer["asset_id"])
        return str(answer["id"])

    def _of_order(self, order: str) -> Iterator[Act]:
        path = f"work-orders/{order}"
        yield Act("assign class", "clerk", "PUT", f"{path}/work-class", {"work_class": "C"})
        body = {"technician_id": self.crew["technician_id"]}
        yield Act("dispatch", "supervisor", "POST", f"{path}/dispatches", body)
        signature = {"signer_name": "王建华", "strokes": _SIGNATURE}
        yield Act("sign", "technician", "POST", f"{path}/signature", signature)
        yield Act("hand in", "technician", "POST", f"{path}/voucher/hand-in", {})
        yield Act("file", "clerk", "POST", f"{path}/voucher/filing", {})
        yield Act("strike off", "clerk", "POST", f"{path}/strike-off", {})

    def _of_visit(self, visit: str) -> Iterator[Act]:
        path = f"visits/{visit}"
        yield Act("accept", "technician", "POST", f"{path}/acceptance", {})
        yield Act("depart", "technician", "POST", f"{path}/departure", {})
        yield Act("arrive", "technician", "POST", f"{path}/arrival", {})
        line = {"kind": "labour", "quantity": "1", "description": "检修"}
        yield Act("add line", "technician", "POST", f"{path}/lines", line)
        done = {"fault_found": "电容老化", "work_done": "更换电容，试机正常", "checks": {"safe": "ok", "works": "ok"}}
        yield Act("complete", "technician", "POST", f"{path}/completion", done)

    def call(self, act: Act) -> dict[str, Any]:
        """Make the call with an idempotency key, as a good client does; the answer."""
        headers = {
            "Authorization": f"Bearer {self.crew[act.role]}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }
        body = json.dumps(act.body) if act.body else None
        started = time.perf_counter()
        self.connection.request(act.method, f"/api/v1/{act.path}", body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        self.times[act.name].append(time.perf_counter() - started)
        if response.status >= 300:
            raise RuntimeError(f"{act.name}: {response.status} {answer.decode()}")
        found: dict[str, Any] = json.loads(answer)
        return found


def show(site: Site, clients: int, figures: Figures) -> str:
    """The figures as two tables: the whole, and each act."""
    every = sorted(one for times in figures.times.values() for one in times)
    whole = table(
        ["database", "clients", "lives/s", "acts/s", "CPU ms/life", "CPU ms/act", "p50 ms", "p99 ms"],
        [
            [
                site.name,
                clients,
                f"{figures.lives / figures.seconds:.1f}",
                f"{figures.acts / figures.seconds:.0f}",
                f"{figures.cpu / figures.lives * 1000:.0f}",
                f"{figures.cpu / figures.acts * 1000:.1f}",
                f"{percentile(every, 50) * 1000:.0f}",
                f"{percentile(every, 99) * 1000:.0f}",
            ]
        ],
    )
    each = table(
        ["act", "p50 ms", "p99 ms"],
        [
            [name, f"{percentile(times, 50) * 1000:.1f}", f"{percentile(times, 99) * 1000:.1f}"]
            for name, times in figures.times.items()
        ],
    )
    return f"{whole}\n\n{each}\n"


def percentile(values: list[float], share: int) -> float:
    """The value below or at which so many per cent lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]
