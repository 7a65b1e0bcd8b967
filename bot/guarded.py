"""Buttons and forms that ask, each time, whether whoever uses them may.

A `custom_id` only says what a button would do, and a form may have been opened by somebody who was
a moderator then: what counts is what Discord says of the person now.
"""

from __future__ import annotations

import re
from enum import StrEnum

import discord
from discord import ui

from bot.error_replies import reply_to_error
from bot.logs import interaction_id, new_reference
from bot.permissions import Permissions, permissions_of


class GuardedButton(ui.DynamicItem[ui.Button[ui.View]], template=r"(?!)"):
    """A button that outlives a restart: all that it knows is in its `custom_id`.

    Anybody can craft one. A subclass says who may press it, and what it does.
    """

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says; the library would only log an error."""
        interaction_id.set(new_reference())
        try:
            self.check(permissions_of(interaction), interaction)
            await self.act(interaction)
        except Exception as error:  # noqa: BLE001 - the outermost place, where each gets its words
            await reply_to_error(interaction, error)

    def check(self, permissions: Permissions, interaction: discord.Interaction) -> None:
        """Raise the `BotError` that says why this person may not press it here."""
        permissions.check_server(interaction)

    async def act(self, interaction: discord.Interaction) -> None:
        """Do it, for somebody who may."""
        raise NotImplementedError


class GuardedForm(ui.Modal):
    """A form; a subclass says who may send it, and what comes of it in `on_submit`."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=3600)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let pass who may; who opened the form may be allowed nothing any more."""
        interaction_id.set(new_reference())
        self.check(permissions_of(interaction), interaction)
        return True

    def check(self, permissions: Permissions, interaction: discord.Interaction) -> None:
        """Raise the `BotError` that says why this person may not send it here."""
        permissions.check_server(interaction)

    async def on_error(  # type: ignore[override]  # as `ui.Modal` declares it
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person what went wrong; the library would only log it."""
        await reply_to_error(interaction, error)


def custom_ids(prefix: str, actions: type[StrEnum], key: str) -> re.Pattern[str]:
    """Make the pattern of `prefix:action:key`, with groups `action` and `key`.

    Args:
        prefix: What all buttons of one class begin with.
        actions: What they do; nothing else matches.
        key: The pattern of a key.
    """
    return re.compile(rf"{prefix}:(?P<action>{'|'.join(actions)}):(?P<key>{key})")
