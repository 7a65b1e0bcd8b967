"""Telling a person on Discord what went wrong: in private, in their language, once."""

from __future__ import annotations

import logging
from typing import Final

import aiohttp
import discord

from bot.error_messages import MESSAGES, report
from bot.locales import Words, words_for
from bot.logs import interaction_id, new_reference
from bot.markdown import shortened
from bot.rate_limit import AskingTooOftenError

log = logging.getLogger(__name__)

_MOST_CHARACTERS: Final = 1000

# 10062: not answered within three seconds; 40060: answered already; 50027: 15 minutes are over.
_TOO_LATE: Final = frozenset({10062, 40060, 50027})


def sentence_for(error: Exception, words: Words) -> str:
    """Log an error as it deserves and find its sentence; a surprise shows only a reference."""
    reference = interaction_id.get()
    if reference == "-":
        reference = new_reference()
    cause = getattr(error, "original", error)
    for kind in type(cause).__mro__:
        if kind in words.errors:
            log.info("refused: %s", type(cause).__name__)
            return words.errors[kind].format(error=cause, wait=_wait(cause, words))
    sentence = report(error, reference=reference)
    expected = any(kind in MESSAGES for kind in type(cause).__mro__)
    return sentence if expected else words.unexpected.format(reference=reference)


async def reply_to_error(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the person behind an interaction; never raises, there is nobody left to tell."""
    cause = getattr(error, "original", error)
    if isinstance(cause, discord.HTTPException) and cause.code in _TOO_LATE:
        log.warning("an interaction could not be answered: %s", cause)
        return
    words = words_for(interaction.locale.value)
    sentence = shortened(sentence_for(error, words), _MOST_CHARACTERS)
    if interaction.type is discord.InteractionType.autocomplete:
        return  # it takes choices, and no sentence
    await tell(interaction, sentence)


async def tell(interaction: discord.Interaction, sentence: str) -> None:
    """Say one sentence in private to the person behind an interaction; never raises."""
    try:
        await _tell(interaction, sentence)
    except (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError) as failure:
        # Discord refuses it, cannot be reached, or we are leaving.
        log.warning("an error could not be told: %s", failure)


async def _tell(interaction: discord.Interaction, sentence: str) -> None:
    none = discord.AllowedMentions.none()
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=none)
        return
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        # The first follow-up would take the visibility of the deferred reply, which may be public.
        original = await interaction.original_response()
        if original.flags.loading:
            await original.delete()
    await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=none)


def _wait(error: BaseException, words: Words) -> str:
    return words.duration(error.wait_s) if isinstance(error, AskingTooOftenError) else ""
