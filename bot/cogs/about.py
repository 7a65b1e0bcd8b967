"""What the bot knows, and what it keeps about people."""

from __future__ import annotations

from importlib.metadata import version

import discord
from discord import app_commands
from discord.ext import commands

from bot.desk import Desk
from bot.locales import words_for
from bot.rendering import about_page
from bot.replying import send_pages


class About(commands.Cog):
    """`/about` and `/forget-me`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command()
    async def about(self, interaction: discord.Interaction) -> None:
        """What I know, and what I keep about you."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        page = about_page(
            await self._desk.statistics(),
            words_for(interaction.locale.value),
            version=version("newsdesk"),
            kept_days=self._desk.kept_days,
        )
        await send_pages(interaction, [page], private=True)

    @app_commands.command(name="forget-me")
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Delete what I keep about you."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        forgotten = await self._desk.forget(interaction.user.id)
        words = words_for(interaction.locale.value)
        sentence = words.forgotten if any(forgotten) else words.nothing_to_forget
        await interaction.edit_original_response(content=sentence.format(**forgotten._asdict()))
