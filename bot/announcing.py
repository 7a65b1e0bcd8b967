"""Telling the log channel who did what, and in which language a server is spoken to."""

from __future__ import annotations

import logging
from typing import Final, Protocol, runtime_checkable

import discord

from bot.audit import AuditLine
from bot.locales import Words, words_for
from bot.moderation_pages import audit_sentence

log = logging.getLogger(__name__)

_NONE: Final = discord.AllowedMentions.none()


@runtime_checkable
class HasLogChannel(Protocol):
    """The client, as far as announcing needs it."""

    log_channel_id: int | None


def server_words(interaction: discord.Interaction) -> Words:
    """Choose the language of what a whole server reads."""
    return words_for(interaction.guild_locale.value if interaction.guild_locale else "en")


async def announce(interaction: discord.Interaction, line: AuditLine) -> None:
    """Say in the log channel who did what, in the server's language; a failure is only logged."""
    client = interaction.client
    if not isinstance(client, HasLogChannel):
        msg = f"{type(client).__name__} has no log channel"
        raise TypeError(msg)
    if client.log_channel_id is None:
        return
    channel = client.get_partial_messageable(client.log_channel_id)
    try:
        await channel.send(audit_sentence(line, server_words(interaction)), allowed_mentions=_NONE)
    except discord.HTTPException as error:
        log.warning("cannot write to the log channel: %s", error.text)
