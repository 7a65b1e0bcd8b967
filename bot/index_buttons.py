"""Buttons of admins for the index. Each asks again whether its presser is one."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from enum import StrEnum
from typing import Final, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.announcing import announce, server_words
from bot.error_replies import sentence_for
from bot.errors import BotError
from bot.guarded import GuardedButton, custom_ids
from bot.index_keeper import (
    GenerationKey,
    IndexKeeper,
    Rebuild,
    RebuildCancelledError,
    RebuildKey,
)
from bot.index_pages import progress_page, report_page
from bot.locales import Words, words_for
from bot.markdown import shortened
from bot.permissions import CannotPostError, Permissions
from bot.rendering import Page
from bot.replying import embed_of

log = logging.getLogger(__name__)

_NONE: Final = discord.AllowedMentions.none()
_NO_KEY: Final = "-"
_MOST_CHARACTERS: Final = 1000
EVERY_S: Final = 4.0


@runtime_checkable
class HasKeeper(Protocol):
    """The client, as far as these buttons know it."""

    keeper: IndexKeeper
    progress_every_s: float
    following: set[asyncio.Task[None]]


class Action(StrEnum):
    """What a button does; with the key of a rebuild to cancel, or of what to go back from."""

    REBUILD = "rebuild"
    FULL = "full"
    ROLLBACK = "rollback"
    LEAVE = "leave"
    CANCEL = "cancel"


class AdminButton(GuardedButton, template=custom_ids("newsdesk-index", Action, r"[\w-]{1,32}")):
    """A button of an admin."""

    def __init__(self, action: Action, words: Words, key: str = _NO_KEY) -> None:
        style = discord.ButtonStyle.secondary
        match action:
            case Action.REBUILD | Action.FULL:
                label, style = words.rebuild_button, discord.ButtonStyle.primary
            case Action.ROLLBACK:
                label, style = words.rollback_button, discord.ButtonStyle.danger
            case Action.LEAVE | Action.CANCEL:
                label = words.cancel_button
        custom_id = f"newsdesk-index:{action}:{key}"
        super().__init__(ui.Button[ui.View](label=label, style=style, custom_id=custom_id))
        self._action = action
        self._key = key

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: ui.Item[ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the button anew when it is pressed, perhaps after a restart."""
        del item
        words = words_for(interaction.locale.value)
        return cls(Action(match["action"]), words, match["key"])

    def check(self, permissions: Permissions, interaction: discord.Interaction) -> None:
        """Let admins press it."""
        permissions.check_admin(interaction)

    async def act(self, interaction: discord.Interaction) -> None:
        """Do what the button says."""
        await interaction.response.defer()
        keeper = keeper_of(interaction)
        words = words_for(interaction.locale.value)
        match self._action:
            case Action.REBUILD | Action.FULL:
                await _rebuild(interaction, full=self._action is Action.FULL)
            case Action.ROLLBACK:
                generation, line = await keeper.rollback(
                    interaction.user.id, instead_of=GenerationKey(self._key)
                )
                await _replace(interaction, words.rolled_back.format(generation=generation))
                await announce(interaction, line)
            case Action.CANCEL:
                line = await keeper.cancel(RebuildKey(self._key), interaction.user.id)
                await announce(interaction, line)
            case Action.LEAVE:
                await _replace(interaction, words.cancelled)


def keeper_of(interaction: discord.Interaction) -> IndexKeeper:
    """Find the keeper of the index behind the client of an interaction."""
    return _client_of(interaction).keeper


def confirming(action: Action, words: Words, key: str = _NO_KEY) -> ui.View:
    """Make the buttons that ask whether something is to be done."""
    return _below(AdminButton(action, words, key), AdminButton(Action.LEAVE, words))


async def _rebuild(interaction: discord.Interaction, *, full: bool) -> None:
    """Rebuild, telling in the channel how far it is: there for longer than an interaction is.

    Raises:
        RebuildRunningError: One runs already.
        CannotPostError: The bot may not write there.
    """
    keeper = keeper_of(interaction)
    keeper.check_idle()
    words = server_words(interaction)
    message = await _posted(interaction, progress_page(None, None, words))
    try:
        rebuild = keeper.start(interaction.user.id, full=full)
    except BotError:
        await message.delete()
        raise
    await _replace(interaction, words_for(interaction.locale.value).rebuild_started)
    client = _client_of(interaction)
    following = asyncio.create_task(
        _follow(message, rebuild, words, every_s=client.progress_every_s)
    )
    client.following.add(following)
    following.add_done_callback(client.following.discard)
    await following
    with suppress(Exception):
        report = rebuild.task.result()
        await announce(interaction, report.line)


async def _follow(
    message: discord.Message, rebuild: Rebuild, words: Words, *, every_s: float
) -> None:
    """Keep a message up to date until a rebuild has ended, and then say how."""
    button = _below(AdminButton(Action.CANCEL, words, rebuild.key))
    while not rebuild.task.done():
        await _edit(message, progress_page(rebuild.progress, rebuild.seconds_left, words), button)
        await asyncio.wait({rebuild.task}, timeout=every_s)
    try:
        page = report_page(rebuild.task.result(), words)
    except (RebuildCancelledError, asyncio.CancelledError):
        page = Page(words.rebuild_cancelled)
    except Exception as error:  # noqa: BLE001 - whatever ended it, the message says so
        page = Page(shortened(sentence_for(error, words), _MOST_CHARACTERS))
    await _edit(message, page, None)


async def _posted(interaction: discord.Interaction, page: Page) -> discord.Message:
    channel = interaction.channel
    if not isinstance(channel, discord.abc.Messageable):
        raise CannotPostError
    try:
        return await channel.send(embed=embed_of(page), allowed_mentions=_NONE)
    except discord.Forbidden as error:
        raise CannotPostError from error


async def _edit(message: discord.Message, page: Page, view: ui.View | None) -> None:
    try:
        await message.edit(embed=embed_of(page), view=view, allowed_mentions=_NONE)
    except (discord.HTTPException, OSError, RuntimeError) as error:
        # The rebuild is worth more than the message: somebody deleted it, or we are leaving.
        log.warning("the progress could not be told: %s", type(error).__name__)


async def _replace(interaction: discord.Interaction, sentence: str) -> None:
    await interaction.edit_original_response(
        content=None, embed=embed_of(Page(sentence)), view=None, allowed_mentions=_NONE
    )


def _below(*buttons: AdminButton) -> ui.View:
    view = ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view


def _client_of(interaction: discord.Interaction) -> HasKeeper:
    client = interaction.client
    if not isinstance(client, HasKeeper):
        msg = f"{type(client).__name__} has no keeper of the index"
        raise TypeError(msg)
    return client
