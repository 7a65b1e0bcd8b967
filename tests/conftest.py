"""What holds for every test: no network beyond this machine, no hub, no settings from outside."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from corpus.extractor import Extractor

# Before any test module can import a library that reads them.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"  # as many workers as cores: more threads would only wait
for _name in [name for name in os.environ if name.startswith(("DISCORD_", "LLM_", "NEWSDESK_"))]:
    del os.environ[_name]

# The same examples each time; `--hypothesis-profile=search` looks for new ones, and for longer.
hypothesis_settings.register_profile("newsdesk", deadline=None, print_blob=True, derandomize=True)
hypothesis_settings.register_profile(
    "search", deadline=None, print_blob=True, derandomize=False, max_examples=2_000
)
hypothesis_settings.load_profile("newsdesk")


class NetworkForbiddenError(RuntimeError):
    """A test tried to leave this machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuse every connection and every name beyond loopback."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def check(sock: socket.socket, address: object) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else address
            if not _is_here(host):
                msg = f"connection to {host!r}"
                raise NetworkForbiddenError(msg)

    def guarded_connect(self: socket.socket, address: object) -> None:
        check(self, address)
        connect(self, address)  # type: ignore[arg-type]  # passed on as it came

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        check(self, address)
        return connect_ex(self, address)  # type: ignore[arg-type]  # passed on as it came

    def guarded_getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
        # Numbers are not looked up, so they are for `connect` to judge.
        if not _is_here(host):
            try:
                ipaddress.ip_address(str(host))
            except ValueError:
                msg = f"look-up of {host!r}"
                raise NetworkForbiddenError(msg) from None
        return getaddrinfo(host, *args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session")
def extractor() -> Iterator[Extractor]:
    """The process that reads articles, one for all tests."""
    with closing(Extractor()) as made:
        yield made


@pytest.fixture
def accented(tmp_path: Path) -> Path:
    """A folder whose path has a space and an accent, as real ones have."""
    folder = tmp_path / "mes données été"
    folder.mkdir()
    return folder
