"""Pages as messages on Discord: sent once, and from then on changed in place."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

import discord
from discord import ui
from discord.utils import MISSING

from bot.markdown import units
from bot.rendering import Page

log = logging.getLogger(__name__)

_COLOUR: Final = discord.Colour(0x2F6FDE)
_NONE: Final = discord.AllowedMentions.none()
MOST_IN_CHOICE: Final = 100


def cut(text: str, most: int, *, mark: str = "") -> str:
    """Let text have at most `most` signs as Discord counts them; `mark` shows where it was cut."""
    if units(text) <= most:
        return text
    begins = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - units(mark))]
    # Without half a sign, which may be the last one, and without the blanks that Discord drops.
    return begins.decode("utf-16-le", "ignore").rstrip() + mark


def embed_of(page: Page) -> discord.Embed:
    """Put a page into the one embed of its message."""
    embed = discord.Embed(description=page.text, colour=_COLOUR)
    return embed if page.footer is None else embed.set_footer(text=page.footer)


class Messages(ABC):
    """The messages of one reply, a page in each."""

    def __init__(self) -> None:
        self._sent: list[discord.Message] = []

    async def write(self, pages: Sequence[Page], view: ui.View | None = None) -> None:
        """Show these pages in the place of the ones before, which were no more than these.

        Args:
            pages: In reading order.
            view: Stands below the last one.
        """
        for number, page in enumerate(pages):
            below = view if view is not None and number == len(pages) - 1 else MISSING
            if number == len(self._sent):
                self._sent.append(await self._send(embed_of(page), below))
                continue
            try:
                await self._sent[number].edit(
                    embed=embed_of(page), view=below, allowed_mentions=_NONE
                )
            except discord.NotFound:
                log.info("an answer was deleted while it was written")
                return

    async def write_one(self, page: Page) -> None:
        """Show this page."""
        await self.write([page])

    @abstractmethod
    async def _send(self, embed: discord.Embed, view: ui.View) -> discord.Message:
        """Send the next message."""


class InteractionMessages(Messages):
    """The deferred reply of an interaction, and what follows it.

    The first page goes out as an edit: repeated after a failure, it still is one message.
    """

    def __init__(self, interaction: discord.Interaction, *, private: bool) -> None:
        super().__init__()
        self._interaction = interaction
        self._private = private

    async def _send(self, embed: discord.Embed, view: ui.View) -> discord.Message:
        if not self._sent:
            return await self._interaction.edit_original_response(
                embed=embed, view=view, allowed_mentions=_NONE
            )
        return await self._interaction.followup.send(
            embed=embed, view=view, ephemeral=self._private, allowed_mentions=_NONE, wait=True
        )


class RepliesTo(Messages):
    """Replies to a message, whose author is not pinged."""

    def __init__(self, message: discord.Message) -> None:
        super().__init__()
        self._message = message

    async def _send(self, embed: discord.Embed, view: ui.View) -> discord.Message:
        return await self._message.reply(
            embed=embed, view=view, mention_author=False, allowed_mentions=_NONE
        )


async def send_pages(
    interaction: discord.Interaction, pages: Sequence[Page], *, private: bool
) -> None:
    """Write pages into the deferred reply of an interaction, and below it what does not fit."""
    await InteractionMessages(interaction, private=private).write(pages)
