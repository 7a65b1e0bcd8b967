"""Events that the library cannot read; for one of them it would end the connection, and the bot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import discord

log = logging.getLogger(__name__)

# Without it the client is not connected, and going on would be of no use.
_NEEDED: Final = "READY"


def outlive_odd_events(client: discord.Client) -> None:
    """Have events that cannot be read logged and passed over."""
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
            # Without its message and trace: they may hold what a person wrote.
            kind = type(error).__name__
            log.error("%s passed over, it cannot be read: %s", event, kind)  # noqa: TRY400

    return parse_or_log
