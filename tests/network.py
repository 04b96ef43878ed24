"""Tests reach nothing but this computer: a connection or a name look-up that leads elsewhere fails the test."""

import ipaddress
import sys
from typing import Any

import pytest

_HERE = {"localhost", "", None}


def pytest_configure() -> None:
    # An audit hook sees every socket of the process, whatever library opened it.
    sys.addaudithook(_guard)


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket
            return
        host = address[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if not _is_here(host):
        # Not an Exception: no `except Exception` of the code under test may hide it.
        pytest.fail(f"this test tried to reach {host!r}; tests stay on this computer")


def _is_here(host: str | None) -> bool:
    if host in _HERE:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False
