"""What admins do with the index."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.index_buttons import Action, confirming
from bot.index_keeper import IndexKeeper
from bot.index_pages import status_page
from bot.locales import words_for
from bot.permissions import Permissions, permissions_of
from bot.rendering import Page
from bot.replying import InteractionMessages, embed_of, send_pages


class IndexCommands(commands.GroupCog, name="index", description="Manage the search index."):
    """`/index`."""

    def __init__(self, keeper: IndexKeeper, permissions: Permissions) -> None:
        self._keeper = keeper
        if self.app_command is not None:
            self.app_command.guild_only = True
            if not permissions.admin_role_ids:
                # Only hides it; a role cannot be named here, so with roles it is shown to all.
                self.app_command.default_permissions = discord.Permissions(administrator=True)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let admins pass."""
        permissions_of(interaction).check_admin(interaction)
        return True

    @app_commands.command()
    @app_commands.describe(full="Take nothing over from the present index")
    async def rebuild(
        self,
        interaction: discord.Interaction,
        full: bool = False,  # noqa: FBT001, FBT002 - an option that a person ticks
    ) -> None:
        """Build the index anew, while the present one goes on answering."""
        self._keeper.check_idle()
        words = words_for(interaction.locale.value)
        sentence = words.really_rebuild_full if full else words.really_rebuild
        action = Action.FULL if full else Action.REBUILD
        await interaction.response.send_message(
            embed=embed_of(Page(sentence)),
            view=confirming(action, words),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @app_commands.command()
    async def rollback(self, interaction: discord.Interaction) -> None:
        """Go back to the index before the last rebuild."""
        self._keeper.check_idle()
        await interaction.response.defer(thinking=True, ephemeral=True)
        words = words_for(interaction.locale.value)
        view = confirming(Action.ROLLBACK, words, await self._keeper.published())
        messages = InteractionMessages(interaction, private=True)
        await messages.write([Page(words.really_roll_back)], view)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Show what is stored and searchable."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        corpus, index, model = await self._keeper.status()
        words = words_for(interaction.locale.value)
        page = status_page(corpus, index, model, words, knows=self._keeper.knows)
        await send_pages(interaction, [page], private=True)
