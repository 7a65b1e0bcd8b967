"""What the gateway sends and the library cannot read; one such frame would end the bot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Final

import aiohttp
import discord
import discord.client
from discord.gateway import DiscordWebSocket, ReconnectWebSocket, WebSocketClosure

log = logging.getLogger(__name__)

# Without it the client is not connected, and going on would be of no use.
_NEEDED: Final = "READY"
# How the library says that the connection has ended, or has to.
_ENDS: Final = (
    ReconnectWebSocket,
    WebSocketClosure,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    OSError,
)


class _SteadySocket(DiscordWebSocket):
    """A connection that passes over what it cannot read, once it stands."""

    async def received_message(self, msg: object, /) -> None:
        # It stands when HELLO and READY have been read; who resumes has the session of before.
        stands = self._keep_alive is not None and self.session_id is not None
        try:
            await super().received_message(msg)
        except _ENDS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next frame can be read
            _log_passed_over("a frame", error)
            if not stands:
                self.session_id = self.sequence = None
                self.gateway = self.DEFAULT_GATEWAY
                await self.close()
                reason = "the gateway did not say HELLO and READY so that it can be read"
                raise ConnectionError(reason) from None


def outlive_odd_events(client: discord.Client) -> None:
    """Have what cannot be read logged and passed over, or the connection made anew for want of it.

    The sockets are so for the whole process: the library keeps their class in a module.
    """
    discord.client.DiscordWebSocket = _SteadySocket  # type: ignore[misc]  # there is no hook
    # To connect anew, the library asks the socket before, also where there has been none.
    client.ws = SimpleNamespace(  # type: ignore[assignment]
        sequence=None, session_id=None, gateway=None, open=False
    )
    # The library has no hook before its own reading of an event.
    parsers: dict[str, Callable[[object], None]] = client._connection.parsers  # noqa: SLF001
    for event, parse in parsers.items():
        if event != _NEEDED:
            parsers[event] = _outlived(event, parse)


def _outlived(event: str, parse: Callable[[object], None]) -> Callable[[object], None]:
    def parse_or_log(data: object) -> None:
        try:
            parse(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next event can be read
            _log_passed_over(event, error)

    return parse_or_log


def _log_passed_over(what: str, error: Exception) -> None:
    # Without its message and trace: they may hold what a person wrote.
    log.error("%s passed over, it cannot be read: %s", what, type(error).__name__)
