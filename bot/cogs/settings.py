"""What admins set for their server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.announcing import announce
from bot.guarded import GuardedForm, StoredInput
from bot.locales import Words, words_for
from bot.permissions import Permissions, permissions_of
from bot.replying import send_pages
from bot.server_settings import ServerDesk, ServerSettings, read_cooldown
from bot.settings_page import settings_page

_MOST_CHOSEN: Final = 25
_LONGEST_COOLDOWN: Final = 20
_KINDS: Final = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
)
_WRITABLE: Final = (discord.ChannelType.text, discord.ChannelType.news)


class SettingsCommand(commands.Cog):
    """`/settings`."""

    def __init__(self, desk: ServerDesk, permissions: Permissions) -> None:
        self._desk = desk
        self.settings.guild_only = True
        if not permissions.admin_role_ids:
            # Only hides it; a role cannot be named here, so with roles it is shown to all.
            self.settings.default_permissions = discord.Permissions(administrator=True)

    @app_commands.command()
    async def settings(self, interaction: discord.Interaction) -> None:
        """Show and change what holds in this server."""
        permissions_of(interaction).check_admin(interaction)
        words = words_for(interaction.locale.value)
        await interaction.response.send_modal(SettingsModal(self._desk, interaction.guild, words))


class SettingsModal(GuardedForm):
    """Shows what is set and takes what is to be."""

    def __init__(self, desk: ServerDesk, guild: discord.Guild | None, words: Words) -> None:
        super().__init__(words.settings_title)
        self._desk = desk
        own = desk.servers.own(guild.id if guild else None)
        log = frozenset() if own.log_channel_id is None else frozenset({own.log_channel_id})
        self._channels = ui.ChannelSelect[Self](
            channel_types=list(_KINDS),
            required=False,
            min_values=0,
            max_values=_MOST_CHOSEN,
            default_values=_known_channels(guild, own.channel_ids),
        )
        self._roles = ui.RoleSelect[Self](
            required=False,
            min_values=0,
            max_values=_MOST_CHOSEN,
            default_values=_known_roles(guild, own.moderator_role_ids),
        )
        self._log = ui.ChannelSelect[Self](
            channel_types=list(_WRITABLE),
            required=False,
            min_values=0,
            max_values=1,
            default_values=_known_channels(guild, log),
        )
        cooldown_s = own.cooldown_s
        self._cooldown = StoredInput(
            "" if cooldown_s is None else str(cooldown_s),
            longest=_LONGEST_COOLDOWN,
            shown="" if cooldown_s is None else f"{cooldown_s:g}",
        )
        for label, hint, item in (
            (words.channels_label, words.channels_hint, self._channels),
            (words.roles_label, words.roles_hint, self._roles),
            (words.log_label, words.log_hint, self._log),
            (words.cooldown_label, words.cooldown_hint, self._cooldown),
        ):
            self.add_item(ui.Label(text=label, description=hint, component=item))

    def check(self, permissions: Permissions, interaction: discord.Interaction) -> None:
        """Let admins send it."""
        permissions.check_admin(interaction)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Let what was chosen hold from now on, and show it."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        if interaction.guild_id is None:
            return
        chosen = ServerSettings(
            channel_ids=frozenset(channel.id for channel in self._channels.values),
            moderator_role_ids=frozenset(role.id for role in self._roles.values),
            log_channel_id=next((channel.id for channel in self._log.values), None),
            cooldown_s=read_cooldown(self._cooldown.meant),
        )
        line = await self._desk.change(interaction.guild_id, chosen, interaction.user.id)
        holds = self._desk.servers.of(interaction.guild_id)
        page = settings_page(holds, words_for(interaction.locale.value))
        await send_pages(interaction, [page], private=True)
        await announce(interaction, line)


def _known_channels(
    guild: discord.Guild | None, ids: frozenset[int]
) -> Sequence[discord.abc.GuildChannel]:
    """Leave out channels that are gone: Discord would not open the form with them."""
    found = [guild.get_channel(number) for number in sorted(ids)] if guild else []
    return [channel for channel in found if channel is not None][:_MOST_CHOSEN]


def _known_roles(guild: discord.Guild | None, ids: frozenset[int]) -> list[discord.Role]:
    found = [guild.get_role(number) for number in sorted(ids)] if guild else []
    return [role for role in found if role is not None][:_MOST_CHOSEN]
