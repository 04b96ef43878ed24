"""Starting the product: the tables, the static files, the server and its worker."""

import hashlib
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext

from shouhou.access.models import RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.cli.demo.command import kept_password, load, logins_table, password_option
from shouhou.cli.demo.founding import Login
from shouhou.cli.demo.history import is_empty
from shouhou.cli.terminal import stop

_PATIENCE = 15.0  # seconds for a child to start or to stop

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port_option = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
workers_option = click.option("--workers", type=click.IntRange(1, 64), help="Server processes; chosen when not given.")


@click.command()
@host_option
@port_option
@workers_option
@click.option("--demo/--no-demo", default=None, help="Load the demonstration company into an empty database. Without this "
              "option that happens only where nobody but this computer can reach the server.")  # fmt: skip
@password_option
def run(host: str, port: int, workers: int | None, demo: bool | None, password: str | None) -> None:
    """Start Shouhou: tables, demonstration company when the database is empty, server and one worker.

    Bound to this computer only (the default) it speaks plain http; on any other address it expects TLS before it, see
    README.md. Ctrl-C stops it.
    """
    local = is_loopback(host)
    check_port(host, port)
    prepare()
    if is_empty() and (local if demo is None else demo):
        load(size="s", seed=1, end_date=None, password=password)
    environment = child_environment(local=local)
    children = {
        gettext("server"): server_command(host, port, workers),
        gettext("worker"): [sys.executable, "-m", "shouhou.worker"],
    }
    with together(children, environment) as running:
        wait_for_port(host, port, running)
        click.echo(welcome(host, port, secure=environment.get("SHOUHOU_INSECURE_HTTP") != "1"))
        watch(running)


@click.command()
@host_option
@port_option
@workers_option
def serve(host: str, port: int, workers: int | None) -> NoReturn:
    """The server alone, for production: `shouhou migrate`, then this and `shouhou worker` under a process supervisor."""
    check_port(host, port)
    collect_static()
    command = server_command(host, port, workers)
    os.execve(command[0], command, child_environment(local=is_loopback(host)))  # noqa: S606 - replaces this process


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def worker(options: tuple[str, ...]) -> NoReturn:
    """The worker: closes the day's register pages and clears away what is over. `--once` for one round."""
    command = [sys.executable, "-m", "shouhou.worker", *options]
    os.execve(command[0], command, dict(os.environ))  # noqa: S606 - replaces this process


@click.command()
def migrate() -> None:
    """Bring the tables up to this version, and collect the static files."""
    call_command("migrate", verbosity=1, interactive=False)
    collect_static()


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the address."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def check_port(host: str, port: int) -> None:
    """End the command where the port is taken.

    The server listens with SO_REUSEPORT: it would start beside an old one without a word and share the requests with it.
    """
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past connections are no obstacle
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        where = {"host": host, "port": port, "reason": reason}
        stop(
            gettext("%(host)s:%(port)s cannot be used (%(reason)s). Stop what listens there, or give another --port.")
            % where
        )


def prepare() -> None:
    """Tables and static files, up to date."""
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()


def collect_static() -> None:
    """Copy and compress the static files, unless that was done for these very files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    mark = Path(settings.STATIC_ROOT, ".collected")
    if not mark.exists() or mark.read_text() != digest.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False, clear=False)
        mark.write_text(digest.hexdigest())


def child_environment(*, local: bool) -> dict[str, str]:
    """The environment of server and worker: on this computer alone plain http will do."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "shouhou.config.settings"),
    }
    if local:
        environment.setdefault("SHOUHOU_INSECURE_HTTP", "1")
    return environment


def server_command(host: str, port: int, workers: int | None) -> list[str]:
    """SQLite has one writer: more processes only make writers wait for each other (99th percentile 29 ms against 230)."""
    chosen = workers or (1 if connection.vendor == "sqlite" else min(4, os.cpu_count() or 1))
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(chosen), "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        "shouhou.config.wsgi:application",
    ]  # fmt: skip


@contextmanager
def together(
    commands: Mapping[str, list[str]], environment: dict[str, str]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start all; on the way out, whatever happened, stop all that still run."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            # A session of their own: Ctrl-C reaches this process alone, which then stops them in order.
            running[name] = subprocess.Popen(command, env=environment, start_new_session=True)
        yield running
    except KeyboardInterrupt:
        click.echo("")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in running.values():
            child.terminate()
        for child in running.values():
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def watch(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Wait until one of them ends, which none should; then end the command with exit code 1."""
    while True:
        _check_alive(running)
        time.sleep(0.25)


def wait_for_port(host: str, port: int, running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Return when the server answers."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    deadline = time.monotonic() + 4 * _PATIENCE
    while time.monotonic() < deadline:
        _check_alive(running)
        with suppress(OSError), socket.create_connection((target, port), timeout=1):
            return
        time.sleep(0.1)
    stop(gettext("The server does not answer on port %(port)s.") % {"port": port})


def _check_alive(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, child in running.items():
        if (code := child.poll()) is not None:
            stop(gettext("The %(name)s has ended (exit code %(code)s).") % {"name": name, "code": code})


def welcome(host: str, port: int, *, secure: bool) -> str:
    """The address, and in the demonstration company the logins."""
    shown = f"[{host}]" if ":" in host else host
    address = f"{'https' if secure else 'http'}://{shown}:{port}/"
    lines = ["", f"  Shouhou 售后   {address}", ""]
    if password := _demo_password():
        lines += [
            f"  演示账号 demonstration users     密码 password: {password}",
            "",
            logins_table(_demo_logins()),
            "",
        ]
    lines += ["  按 Ctrl-C 停止 · Ctrl-C stops server and worker", ""]
    return "\n".join(lines)


def _demo_password() -> str:
    """The kept password, if it is the one of this database's demonstration company."""
    password, user = kept_password(), User.objects.filter(username="admin").first()
    return password if password and user and user.check_password(password) else ""


def _demo_logins() -> list[Login]:
    """The people of the headquarters and of the first branch: enough to see everything, short enough to read."""
    rows = RoleAssignment.objects.filter(branch__code__in=["HQ", "QD"]).select_related("user", "branch")
    return [
        Login(one.user.username, one.user.display_name, Role(one.role), one.branch.name)
        for one in rows.order_by("branch__path", "user__date_joined", "id")
    ]
