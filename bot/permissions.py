"""Who may do what on Discord; asked anew in every handler, button and form.

A `custom_id` only says what a button would do, never that somebody may do it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import discord
from discord import app_commands

from bot.errors import BotError
from bot.server_settings import Place, Servers


class ForeignServerError(BotError):
    """The server is not to be served: the settings do not name it, or the bot is not in it."""


class NotAModeratorError(BotError, app_commands.CheckFailure):
    """Only moderators may do this."""


class NotAnAdminError(BotError, app_commands.CheckFailure):
    """Only admins may do this."""


class CannotPostError(BotError):
    """The bot itself may not write messages in this channel, where it would have to."""


class ServersNotNamedError(BotError, app_commands.CheckFailure):
    """The bot is in several servers, and no setting says whose moderators it is to obey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The settings that say who may do what.

    `guild_ids` are the servers that are served; every one if it is empty. Then nobody changes
    articles while the bot is in several: anybody can invite a bot to a server of their own, and
    there be what they like. Moderators may manage messages in the whole server, not only in some
    of its channels, or have a role that `servers` names.
    Admins have the permission Administrator, or one of `admin_role_ids`; they are moderators, too.
    """

    guild_ids: frozenset[int] = frozenset()
    admin_role_ids: frozenset[int] = frozenset()
    servers: Servers = field(default_factory=Servers)

    def serves(self, guild_id: int | None) -> bool:
        """Tell whether questions from there are answered; None is a direct message, and is."""
        return guild_id is None or not self.guild_ids or guild_id in self.guild_ids

    def is_served(self, interaction: discord.Interaction) -> bool:
        """Tell whether it comes from a server that is served, or from a direct message to the bot.

        An app can be installed for a person, who may then use it in servers that the bot never
        joined, and in messages to others: there it says nothing, and nobody is a moderator.
        """
        guild_id = interaction.guild_id
        if guild_id is None:
            return not interaction.context.private_channel
        return interaction.client.get_guild(guild_id) is not None and self.serves(guild_id)

    def check_server(self, interaction: discord.Interaction) -> None:
        """Refuse what comes from a server that is not served.

        Raises:
            ForeignServerError: It does.
        """
        if not self.is_served(interaction):
            raise ForeignServerError

    def is_moderator(self, interaction: discord.Interaction) -> bool:
        """Tell whether `check_moderator` lets the person pass."""
        try:
            self.check_moderator(interaction)
        except BotError:
            return False
        return True

    def check_moderator(self, interaction: discord.Interaction) -> None:
        """Let moderators of a server that is served pass; there are none in direct messages.

        What Discord says in the interaction counts, not what the button or the form was made for.

        Raises:
            ForeignServerError: The server is not served.
            NotAModeratorError: The person is none.
            ServersNotNamedError: `guild_ids` is empty, but there are several servers.
        """
        self.check_server(interaction)
        roles = self.servers.of(interaction.guild_id).moderator_role_ids
        obeyed = roles | self.admin_role_ids
        if not _may(interaction, obeyed, discord.Permissions(manage_messages=True)):
            raise NotAModeratorError
        self._check_named(interaction)

    def check_admin(self, interaction: discord.Interaction) -> int:
        """Let admins of a server that is served pass; there are none in direct messages.

        Returns:
            The id of the server.

        Raises:
            ForeignServerError: The server is not served.
            NotAnAdminError: The person is none.
            ServersNotNamedError: `guild_ids` is empty, but there are several servers.
        """
        self.check_server(interaction)
        server_id = interaction.guild_id
        if server_id is None or not _may(
            interaction, self.admin_role_ids, discord.Permissions.none()
        ):
            raise NotAnAdminError
        self._check_named(interaction)
        return server_id

    def _check_named(self, interaction: discord.Interaction) -> None:
        if not self.guild_ids and len(interaction.client.guilds) > 1:
            raise ServersNotNamedError


def _may(
    interaction: discord.Interaction, role_ids: frozenset[int], enough: discord.Permissions
) -> bool:
    """Tell whether somebody in a server is an administrator, or has any of what is enough."""
    person = interaction.user
    if interaction.guild_id is None or not isinstance(person, discord.Member):
        return False
    permissions = person.guild_permissions
    return (
        permissions.administrator
        or bool(permissions.value & enough.value)
        or any(role.id in role_ids for role in person.roles)
    )


@runtime_checkable
class HasPermissions(Protocol):
    """The client, as far as permissions are concerned."""

    permissions: Permissions


def permissions_of(interaction: discord.Interaction) -> Permissions:
    """Find the permissions behind the client of an interaction."""
    client = interaction.client
    if not isinstance(client, HasPermissions):
        msg = f"{type(client).__name__} has no permissions"
        raise TypeError(msg)
    return client.permissions


def place_of(said: discord.Interaction | discord.Message) -> Place | None:
    """Find out where something is said; None is a direct message."""
    guild_id = said.guild_id if isinstance(said, discord.Interaction) else None
    if isinstance(said, discord.Message) and said.guild is not None:
        guild_id = said.guild.id
    if guild_id is None or said.channel is None:
        return None
    ids = {said.channel.id}
    if isinstance(said.channel, discord.Thread):
        ids.add(said.channel.parent_id)
    return Place(guild_id, frozenset(ids))
