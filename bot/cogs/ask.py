"""Asking a question: as a command, about a message, or simply by speaking to the bot."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.desk import Desk
from bot.error_replies import sentence_for
from bot.journal import AnswerKey
from bot.limits import Limits
from bot.locales import Words, words_for
from bot.logs import interaction_id, new_reference
from bot.permissions import Permissions, place_of
from bot.replying import MOST_IN_CHOICE, RepliesTo, cut
from bot.views import MOST_CHARACTERS, answer_interaction, buttons_below, key_below

log = logging.getLogger(__name__)

_NONE: Final = discord.AllowedMentions.none()
_MOST_CHOICES: Final = 25


class Ask(commands.Cog):
    """`/ask`, the context menu of messages, mentions, replies and direct messages."""

    def __init__(self, client: commands.Bot, desk: Desk, permissions: Permissions) -> None:
        self._client = client
        self._desk = desk
        self._permissions = permissions
        self._about_this = app_commands.ContextMenu(
            name="Ask Newsdesk about this", callback=self._ask_about
        )

    async def cog_load(self) -> None:
        """Register what a cog does not register by itself."""
        self._client.tree.add_command(self._about_this)

    @app_commands.command()
    @app_commands.describe(
        question="What would you like to know?",
        since="The first day, month or year: 2023, 2023-04 or 2023-04-19",
        until="The last day, month or year: 2023, 2023-04 or 2023-04-19",
        outlet="Only what this outlet published",
        private="Only you see the answer",
    )
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MOST_CHARACTERS],
        since: app_commands.Range[str, 1, 40] | None = None,
        until: app_commands.Range[str, 1, 40] | None = None,
        outlet: app_commands.Range[str, 1, 100] | None = None,
        private: bool = False,  # noqa: FBT001, FBT002 - an option that a person ticks
    ) -> None:
        """Ask the stored tech news articles a question."""
        limits = Limits.read(since=since, until=until, outlet=outlet)
        self._desk.admit(interaction.user.id, place_of(interaction))
        await interaction.response.defer(thinking=True, ephemeral=private)
        limits = replace(limits, outlet=await self._outlet_meant(limits.outlet))
        await answer_interaction(interaction, question, private=private, limits=limits)

    @ask.autocomplete("outlet")
    async def _outlets(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        outlets = await self._desk.outlets(current)
        # Two that begin alike cannot be told apart, and are one choice.
        offered = list(dict.fromkeys(cut(one, MOST_IN_CHOICE) for one in outlets))
        return [app_commands.Choice(name=one, value=one) for one in offered[:_MOST_CHOICES]]

    async def _outlet_meant(self, chosen: str | None) -> str | None:
        """Find the outlet that was offered cut: Discord takes no choice that is as long as it."""
        if chosen is None:
            return None
        outlets = await self._desk.outlets(chosen)
        whole = (one for one in outlets if cut(one, MOST_IN_CHOICE) == chosen)
        return chosen if chosen in outlets else next(whole, chosen)

    async def _ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        self._desk.admit(interaction.user.id, place_of(interaction))
        await interaction.response.defer(thinking=True, ephemeral=True)
        await answer_interaction(interaction, message.content, private=True)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is said to the bot: in a direct message, after its name, or in reply."""
        if message.author.bot or not self._is_for_us(message):
            return
        interaction_id.set(new_reference())
        try:
            await self._answer(message)
        except discord.Forbidden as error:
            log.warning("may not write in channel %d: %s", message.channel.id, error.text)
        except Exception as error:  # noqa: BLE001 - the outermost place, where each gets its words
            await _say(message, sentence_for(error, _words_around(message)))

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True
        return (
            self._client.user in message.mentions
            and self._permissions.serves(message.guild.id)
            and self._desk.listens(place_of(message))
        )

    async def _answer(self, message: discord.Message) -> None:
        question = self._without_our_name(message.content)
        if not question:
            await _say(message, _words_around(message).empty_mention)
            return
        self._desk.admit(message.author.id, place_of(message))
        messages = RepliesTo(message)
        async with message.channel.typing():
            told = await self._desk.ask(
                message.author.id,
                question,
                server_id=message.guild.id if message.guild else None,
                channel_id=message.channel.id,
                write=messages.write_one,
                after=self._answer_replied_to(message),
                with_question=False,
            )
        await messages.write(told.pages, buttons_below(told, private=False, words=told.words))

    def _answer_replied_to(self, message: discord.Message) -> AnswerKey | None:
        replied_to = message.reference.resolved if message.reference else None
        if isinstance(replied_to, discord.Message) and replied_to.author == self._client.user:
            return key_below(replied_to)
        return None

    def _without_our_name(self, content: str) -> str:
        if self._client.user is None:
            return content.strip()
        name = self._client.user.id
        return content.replace(f"<@{name}>", "").replace(f"<@!{name}>", "").strip()


def _words_around(message: discord.Message) -> Words:
    """Choose the language of the server: a message does not tell that of its author."""
    return words_for(message.guild.preferred_locale.value if message.guild else "en")


async def _say(message: discord.Message, sentence: str) -> None:
    try:
        await message.reply(sentence, mention_author=False, allowed_mentions=_NONE)
    except discord.HTTPException as failure:
        log.warning("a message could not be answered: %s", failure)
