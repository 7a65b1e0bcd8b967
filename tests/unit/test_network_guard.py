"""The guard that keeps tests on this machine."""

from __future__ import annotations

import socket
import threading

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "198.51.100.7", "2001:db8::1"])
def test_no_test_connects_beyond_this_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.socket(family) as sock,
        pytest.raises(RuntimeError, match="connection to"),
    ):
        sock.connect((host, 80))


def test_no_test_looks_a_name_up() -> None:
    with pytest.raises(RuntimeError, match="look-up of"):
        socket.getaddrinfo("news.example.org", 443)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        socket.create_connection(server.getsockname()).close()
        thread.join(timeout=5)
    assert not thread.is_alive()
