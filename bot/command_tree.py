"""The command tree: gives each interaction its id in the log, and each error its sentence."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.command_sync import CommandChangedError
from bot.error_replies import reply_to_error
from bot.logs import interaction_id, new_reference
from bot.permissions import ForeignServerError, permissions_of

log = logging.getLogger(__name__)


class NewsdeskTree(app_commands.CommandTree[discord.Client]):
    """Every slash command and context menu goes through here."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let everything pass that comes from a server that is served, under an id of its own."""
        interaction_id.set(new_reference())
        if interaction.type is discord.InteractionType.autocomplete:
            return permissions_of(interaction).is_served(interaction)
        try:
            permissions_of(interaction).check_server(interaction)
        except ForeignServerError as error:
            # The library hands only errors of its own kind from here to `on_error`.
            await reply_to_error(interaction, error)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person what went wrong."""
        match error:
            case app_commands.CommandNotFound(name=name):
                await self._reply_to_change(interaction, name)
            case app_commands.CommandSignatureMismatch(command=command):
                await self._reply_to_change(interaction, command.qualified_name)
            case _:
                await reply_to_error(interaction, error)

    async def _reply_to_change(self, interaction: discord.Interaction, name: str) -> None:
        log.warning("Discord has a command %r that is not, or not so, known here", name)
        self.client.dispatch("command_changed")
        await reply_to_error(interaction, CommandChangedError())
