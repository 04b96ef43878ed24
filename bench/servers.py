"""The product running as it does in a shop, on a database of its own, for the length of one measurement."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
# A production server's settings: every commit reaches the disk.
DURABLE = {**postgres.OPTIONS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@dataclass(frozen=True)
class Site:
    """A place to run in: environment for every process, and the name of its database for the table."""

    name: str
    environment: dict[str, str]


@dataclass(frozen=True)
class Server:
    """A running web server."""

    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Processor time that the server and its workers have used, user and system."""
        everyone = [self.process, *self.process.children(recursive=True)]
        return sum(sum(one.cpu_times()[:2]) for one in everyone)


@contextmanager
def sites() -> Iterator[list[Site]]:
    """An empty SQLite and an empty PostgreSQL, one after the other in the list; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="shouhou-bench-") as folder, durable_postgres() as url:
        yield [
            site_on_sqlite(Path(folder)),
            Site("PostgreSQL", _environment(Path(folder, "postgresql"), url)),
        ]


def site_on_sqlite(folder: Path) -> Site:
    """An empty SQLite in that folder."""
    return Site("SQLite", _environment(folder / "sqlite", f"sqlite:///{folder}/bench.sqlite3"))


@contextmanager
def durable_postgres() -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL that does not cheat on commits."""
    usual = dict(postgres.OPTIONS)
    postgres.OPTIONS.update(DURABLE)
    try:
        with postgres.running_server() as server:
            with psycopg.connect(server.url.replace("/shouhou?", "/postgres?"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE shouhou")
            yield server.url
    finally:
        postgres.OPTIONS.update(usual)


@contextmanager
def serving(
    site: Site, *, workers: int, threads: int, application: str = "shouhou.config.wsgi:application"
) -> Iterator[Server]:
    """The product's web server on a free port, warm."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-access-log"]
    command += ["--workers", str(workers), "--blocking-threads", str(threads), application]
    process = subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(30)


def run(site: Site, *arguments: str) -> str:
    """A Python command in the site's environment; its output."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=site.environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def wait_for(port: int, *, path: str = "/api/v1/openapi.json", seconds: float = 60) -> None:
    """Until the page is answered. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status < 400:
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.02)
    raise TimeoutError(f"{path} was not answered within {seconds} s")


def _environment(folder: Path, url: str) -> dict[str, str]:
    folder.mkdir()
    return {
        **os.environ,
        "SHOUHOU_VAR": str(folder),
        "DATABASE_URL": url,
        "SHOUHOU_INSECURE_HTTP": "yes",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "shouhou.config.settings",
        "PYTHONPATH": str(ROOT),
    }
