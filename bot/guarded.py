"""Buttons and forms that ask, each time, whether whoever uses them may.

A `custom_id` only says what a button would do, and a form may have been opened by somebody who was
a moderator then: what counts is what Discord says of the person now.
"""

from __future__ import annotations

import logging
import re
from enum import StrEnum
from typing import Final

import discord
from discord import ui

from bot.error_replies import reply_to_error, tell
from bot.locales import words_for
from bot.logs import interaction_id, new_reference
from bot.permissions import ForeignServerError, Permissions, permissions_of
from bot.replying import cut

log = logging.getLogger(__name__)

_TAKEN: Final = "taken"


class GuardedButton(ui.DynamicItem[ui.Button[ui.View]], template=r"(?!)"):
    """A button that outlives a restart: all that it knows is in its `custom_id`.

    Anybody can craft one. A subclass says who may press it, and what it does.
    """

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Take the interaction; who may not press it is told so by `callback`."""
        interaction.extras[_TAKEN] = True
        return True

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


class StoredInput(ui.TextInput[ui.View]):
    """A box that shows what is stored, as far as that fits.

    Args:
        stored: All of it; empty is nothing.
        longest: As much as the box takes; Discord opens no form with more in a box.
        shown: What to show in the place of `stored`.
    """

    def __init__(self, stored: str, *, longest: int, shown: str | None = None) -> None:
        self._stored = stored
        self._shown = cut(stored if shown is None else shown, longest, mark="…")
        super().__init__(required=False, max_length=longest, default=self._shown or None)

    @property
    def meant(self) -> str:
        """What the person sent; all that is stored, if they left it as it was shown."""
        return self._stored if self.value.strip() == self._shown.strip() else self.value


class GuardedForm(ui.Modal):
    """A form; a subclass says who may send it, and what comes of it in `on_submit`."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=3600)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let pass who may; who opened the form may be allowed nothing any more."""
        interaction.extras[_TAKEN] = True
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
        interaction.extras[_TAKEN] = True
        await reply_to_error(interaction, error)


async def answer_what_is_lost(interaction: discord.Interaction) -> None:
    """Tell who used a form or a button that it is not known: too old, or of another version.

    The library passes over these in silence. One that is known has taken the interaction by now,
    for it gets it first; what is neither form nor button is left alone.
    """
    words = words_for(interaction.locale.value)
    gone = {
        discord.InteractionType.modal_submit: words.form_gone,
        discord.InteractionType.component: words.button_gone,
    }.get(interaction.type)
    if gone is None or _TAKEN in interaction.extras:
        return
    interaction_id.set(new_reference())
    try:
        permissions_of(interaction).check_server(interaction)
    except ForeignServerError as error:
        await reply_to_error(interaction, error)
        return
    log.info("a form or a button was used that is not known")
    await tell(interaction, gone)


def custom_ids(prefix: str, actions: type[StrEnum], key: str) -> re.Pattern[str]:
    """Make the pattern of `prefix:action:key`, with groups `action` and `key`.

    Args:
        prefix: What all buttons of one class begin with.
        actions: What they do; nothing else matches.
        key: The pattern of a key.
    """
    return re.compile(rf"{prefix}:(?P<action>{'|'.join(actions)}):(?P<key>{key})")
