"""What admins learn about the use of the bot."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.locales import words_for
from bot.permissions import Permissions, permissions_of
from bot.replying import send_pages
from bot.usage_desk import UsageDesk

_MOST_DAYS: Final = 365
_DAYS: Final = 30
_MOST_DESCRIBED: Final = 1000


class StatsCommand(commands.Cog):
    """`/stats`."""

    def __init__(self, desk: UsageDesk, permissions: Permissions) -> None:
        self._desk = desk
        self.stats.guild_only = True
        if not permissions.admin_role_ids:
            # Only hides it; a role cannot be named here, so with roles it is shown to all.
            self.stats.default_permissions = discord.Permissions(administrator=True)

    @app_commands.command()
    @app_commands.describe(days="How many days, today included")
    async def stats(
        self,
        interaction: discord.Interaction,
        days: app_commands.Range[int, 1, _MOST_DAYS] = _DAYS,
    ) -> None:
        """Show how the bot was used, and what it could not answer."""
        server_id = permissions_of(interaction).check_admin(interaction)
        await interaction.response.defer(thinking=True, ephemeral=True)
        words = words_for(interaction.locale.value)
        pages, picture = await self._desk.report(server_id, days, words)
        await send_pages(interaction, pages, private=True)
        if picture is not None:
            await interaction.followup.send(
                file=discord.File(
                    BytesIO(picture),
                    filename="stats.png",
                    description=words.stats_picture[:_MOST_DESCRIBED],
                ),
                ephemeral=True,
                allowed_mentions=discord.AllowedMentions.none(),
            )
