"""Pointing discord.py at a server that is not Discord's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


@contextmanager
def discord_at(api_url: str | None) -> Iterator[None]:
    """Let discord.py speak to `api_url` (with its version, as in `.../api/v10`) in this block.

    For the whole process: the library keeps these addresses in classes. None is Discord's own.
    """
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    if api_url is not None:
        Route.BASE = api_url
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def use_gateway(url: str) -> None:
    """Connect to the gateway that the server names; undone at the end of `discord_at`."""
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url)
