"""Telling the log channel who did what, and in which language a server is spoken to."""

from __future__ import annotations

import logging
from typing import Final

import aiohttp
import discord

from bot.audit import AuditLine
from bot.locales import Words, words_for
from bot.moderation_pages import audit_sentence
from bot.permissions import permissions_of

log = logging.getLogger(__name__)

_NONE: Final = discord.AllowedMentions.none()


def server_words(interaction: discord.Interaction) -> Words:
    """Choose the language of what a whole server reads."""
    return words_for(interaction.guild_locale.value if interaction.guild_locale else "en")


async def announce(interaction: discord.Interaction, line: AuditLine) -> None:
    """Say in the log channel who did what, in the server's language; a failure is only logged."""
    number = permissions_of(interaction).servers.of(interaction.guild_id).log_channel_id
    if number is None:
        return
    channel = interaction.client.get_partial_messageable(number)
    try:
        await channel.send(audit_sentence(line, server_words(interaction)), allowed_mentions=_NONE)
    except discord.HTTPException as error:
        log.warning("cannot write to the log channel: %s", error.text)
    except (aiohttp.ClientError, OSError, RuntimeError) as error:
        # Discord cannot be reached, or we are leaving; what was done is done.
        log.warning("cannot write to the log channel: %s", type(error).__name__)
