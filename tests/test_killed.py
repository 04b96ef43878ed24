"""Server and worker are killed (SIGKILL) in the middle of work; a book-keeper outside keeps what was acknowledged to him.

Every call carries an idempotency key and is repeated until it is answered. In the end nothing that was acknowledged is missing,
nothing stands in the books twice, and everything can be proved.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import psycopg
import pytest

CLIENTS, CALLS, KILLS = 4, 12, 3
ACTS = ("call", "hold", "resume")
PATIENCE = 120  # seconds until a call has to be answered, over all repetitions
PROGRAM = "from shouhou.config.cli import main; main()"


pytestmark = pytest.mark.django_db  # on both databases


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Book:
    """What was acknowledged: call → the answer to it. The same call is never acknowledged in two ways."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.repeated = 0

    def note(self, key: str, status: int, answer: Any) -> None:
        assert self.answers.setdefault(key, (status, answer)) == (status, answer)


class Installation:
    """The product in a folder of its own, with its own database; server and worker can be killed and started again."""

    def __init__(self, folder: Path, database: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "DATABASE_URL"))}
        self.environment = kept | {"SHOUHOU_VAR": str(folder), "SHOUHOU_INSECURE_HTTP": "yes"}
        self.environment |= {"DJANGO_SETTINGS_MODULE": "shouhou.config.settings"}
        self.environment |= {"DATABASE_URL": database} if database else {}
        self.port, self.running = free_port(), list[subprocess.Popen[bytes]]()

    def do(self, *arguments: str) -> str:
        command = [sys.executable, "-c", PROGRAM, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        for arguments in (("serve", "--port", str(self.port)), ("worker",)):
            command = [sys.executable, "-c", PROGRAM, *arguments]
            # A session each: a process is killed together with those that it has started.
            self.running.append(
                subprocess.Popen(
                    command,
                    env=self.environment,
                    start_new_session=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )

    def kill(self, number: int = signal.SIGKILL) -> None:
        while self.running:
            one = self.running.pop()
            with suppress(ProcessLookupError):
                os.killpg(one.pid, number)
            one.wait(30)

    def ask(self, method: str, path: str, token: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        content = None if body is None else json.dumps(body).encode()
        request = Request(f"http://127.0.0.1:{self.port}/api/v1{path}", content, headers, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, json.load(refused)

    def insist(self, book: Book, key: str, method: str, path: str, token: str, body: Any = None) -> Any:
        """Repeat the call until it is answered, whatever happens to the server meanwhile."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                status, answer = self.ask(method, path, token, body, key)
            except (URLError, OSError, ValueError):
                assert time.monotonic() < until, f"{key} was never answered"
                book.repeated += 1
                time.sleep(0.1)
                continue
            assert status < 400, answer
            book.note(key, status, answer)
            return answer


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """On PostgreSQL a new database of the test server; on SQLite a file in the folder."""
    if not (url := os.environ.get("DATABASE_URL", "")):
        yield ""
        return
    name, server = f"killed_{os.getpid()}", urlsplit(url)._replace(path="/postgres")
    with psycopg.connect(urlunsplit(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(server._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(server), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Installation]:
    with database_of_its_own() as database:
        made = Installation(tmp_path, database)
        made.do("migrate")
        made.do("demo", "--size", "s", "--seed", "1")
        made.start()
        try:
            yield made
        finally:
            made.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to kill")
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(company: Installation) -> None:
    clerk, lead = (
        company.do("token", "issue", name, "--name", "killed", "--branch", "QD").split()[-1]
        for name in ("qd-clerk", "qd-supervisor")
    )
    book, before = Book(), _until_answered(company, clerk)
    units = [(one["customer"]["id"], one["asset"]["id"]) for one in before if one["status"] == "struck_off"]
    failures: list[BaseException] = []

    def work(client: int) -> None:
        try:
            for number in range(CALLS):
                customer, asset = units[(client * CALLS + number) % len(units)]
                call = {"branch": "QD", "customer": customer, "asset": asset, "fault": f"不制冷 {client}/{number}"}
                name = f"{client}/{number}"
                order = company.insist(book, f"call-{name}", "POST", "/work-orders", clerk, call)
                path, why = f"/work-orders/{order['id']}/hold", {"reason": "客户外出", "cause": "customer"}
                company.insist(book, f"hold-{name}", "POST", path, lead, why)
                company.insist(book, f"resume-{name}", "DELETE", path, lead)
        except BaseException as failure:
            failures.append(failure)

    clients = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for one in clients:
        one.start()
    for kill in range(1, KILLS + 1):
        # By progress, not by the clock: on a fast machine all would be over before the first kill.
        _until_acknowledged(book, len(ACTS) * CLIENTS * CALLS * kill // (KILLS + 1), clients)
        company.kill()
        company.start()
    for one in clients:
        one.join(2 * PATIENCE)
    assert not failures, failures[0]
    assert book.repeated, "nothing was under way when it was killed"

    after = _until_answered(company, clerk)
    known = {one["id"] for one in before}
    fresh = {one["id"]: one["number"] for one in after if one["id"] not in known}
    acknowledged = {answer["id"]: answer["number"] for key, (_, answer) in book.answers.items() if key[0] == "c"}
    assert fresh == acknowledged
    assert len(fresh) == CLIENTS * CALLS == len(set(fresh.values()))
    for key in fresh:
        events = company.ask("GET", f"/work-orders/{key}/events?limit=100", clerk)[1]["rows"]
        verbs = [one["verb"].rpartition(".")[2] for one in events]
        assert (verbs.count("received"), verbs.count("held"), verbs.count("resumed")) == (1, 1, 1)
    owed = [one["subject_id"] for one in _all(company, "/promises?branch=QD&definition=arrival", clerk)]
    assert sorted(one for one in owed if one in fresh) == sorted(fresh)
    assert json.loads(company.do("verify", "--json"))["holds"]
    assert json.loads(company.do("ledger", "verify", "--json"))["holds"]


def _until_acknowledged(book: Book, count: int, clients: list[threading.Thread]) -> None:
    until = time.monotonic() + PATIENCE
    while len(book.answers) < count and any(one.is_alive() for one in clients):
        assert time.monotonic() < until, f"{len(book.answers)} of {count} acknowledged"
        time.sleep(0.005)


def _until_answered(company: Installation, token: str) -> list[dict[str, Any]]:
    """All lines of the register, as soon as the server answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return _all(company, "/work-orders?branch=QD", token)
        except (URLError, OSError):
            assert time.monotonic() < until
            time.sleep(0.2)


def _all(company: Installation, path: str, token: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        status, page = company.ask("GET", f"{path}&limit=100&cursor={cursor}", token)
        assert status == 200, page
        rows += page["rows"]
        if not (cursor := page["next_cursor"] or ""):
            return rows
