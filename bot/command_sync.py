"""Telling Discord which commands there are, only when that has changed: it limits how often."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import discord
from discord import app_commands
from discord.http import Route

from bot.errors import BotError
from corpus.durability import replace_durably

log = logging.getLogger(__name__)
ClientT = TypeVar("ClientT", bound=discord.Client)


class CommandChangedError(BotError):
    """Discord still shows a command as it is in another version."""


async def sync_if_changed(tree: app_commands.CommandTree[ClientT], fingerprint: Path) -> bool:
    """Register the commands of `tree`, unless `fingerprint` says that Discord has just these.

    To register them again whatever it says, delete the file. Where it cannot be written, they are
    registered at each start.

    Returns:
        Whether they were registered.
    """
    present = await _fingerprint(tree)
    if _read(fingerprint) == present:
        return False
    commands = await tree.sync()
    log.info("registered %d commands", len(commands))
    try:
        await asyncio.to_thread(replace_durably, fingerprint, present.encode("ascii"))
    except OSError as error:
        log.warning("that commands are registered could not be kept: %s", error.strerror)
    return True


async def sync_at_next_start(fingerprint: Path) -> None:
    """Let the next `sync_if_changed` register the commands whatever Discord has."""
    with suppress(OSError):
        await asyncio.to_thread(fingerprint.unlink)


async def _fingerprint(tree: app_commands.CommandTree[ClientT]) -> str:
    """Digest the commands as Discord would see them, with the application and the server."""
    translator = tree.translator
    commands = [
        await command.get_translated_payload(tree, translator)
        if translator is not None
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    everything = [Route.BASE, tree.client.application_id, commands]
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def _read(fingerprint: Path) -> str | None:
    try:
        return fingerprint.read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
