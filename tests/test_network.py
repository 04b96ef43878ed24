import socket

import pytest


def test_it_refuses_a_connection_to_another_computer() -> None:
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_it_refuses_to_look_up_a_name() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)


def test_it_refuses_a_datagram() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outside, pytest.raises(pytest.fail.Exception):
        outside.sendto(b"", ("192.0.2.1", 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_lets_this_computer_through(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1])).close()
