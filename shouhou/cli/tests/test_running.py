import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import click
import pytest

from shouhou.cli.running import check_port, is_loopback, server_command, together, watch

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def installation(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The product as an operator starts it: its own folder, its own database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "DATABASE_URL"))}
    environment = {**kept, "SHOUHOU_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "shouhou.config.settings"}
    program = "from shouhou.config.cli import main; main()"
    command = [sys.executable, "-u", "-c", program, *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as started:  # type: ignore[call-overload]
        try:
            yield started
        finally:
            if started.poll() is None:
                started.terminate()


def test_it_starts_with_a_company_and_stops_server_and_worker(tmp_path: Path) -> None:
    with installation(tmp_path, "run", "--port", str(port := free_port())) as running:
        assert running.stdout is not None
        printed = ""
        while "Ctrl-C stops" not in printed:
            line = running.stdout.readline()
            assert line, f"it ended: {printed}"
            printed += line
        assert f"http://127.0.0.1:{port}/" in printed
        assert "qd-clerk" in printed
        assert re.search(r"password: \w{4}-\w{4}-\w{4}\n", printed)
        try:
            status = urlopen(f"http://127.0.0.1:{port}/").status
        except HTTPError as error:
            status = error.code
        assert status < 500
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_busy_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(click.ClickException, match=f"127.0.0.1:{port}.*--port"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_a_server_that_shares_its_port_keeps_it_all_the_same() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other, pytest.raises(click.ClickException):
        check_port("127.0.0.1", other.getsockname()[1])


def test_if_one_ends_the_other_is_stopped() -> None:
    commands = {"worker": SLEEPER, "server": [sys.executable, "-c", "raise SystemExit(3)"]}
    began = time.monotonic()
    with pytest.raises(click.ClickException, match="3"), together(commands, dict(os.environ)) as running:
        watch(running)
    assert running["worker"].poll() is not None
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_only_this_computer_is_spoken_to_without_tls(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_the_server_runs_the_wsgi_application() -> None:
    command = server_command("127.0.0.1", 8000, 3)
    assert command[command.index("--workers") + 1] == "3"
    assert command[-1] == "shouhou.config.wsgi:application"
