"""What is new."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.desk import Desk
from bot.latest import Latest
from bot.locales import words_for
from bot.permissions import place_of
from bot.rendering import latest_pages
from bot.replying import send_pages


class LatestNews(commands.Cog):
    """`/latest`."""

    def __init__(self, desk: Desk, latest: Latest) -> None:
        self._desk = desk
        self._latest = latest

    @app_commands.command()
    @app_commands.describe(topic="Only articles about this")
    async def latest(
        self,
        interaction: discord.Interaction,
        topic: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """The newest articles."""
        self._desk.admit(interaction.user.id, place_of(interaction))
        await interaction.response.defer(thinking=True, ephemeral=True)
        found = await (self._latest.newest() if topic is None else self._latest.newest_on(topic))
        pages = latest_pages(found, words_for(interaction.locale.value), topic=topic)
        await send_pages(interaction, pages, private=True)
