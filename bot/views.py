"""What is shown on Discord around the text: embeds, and buttons that outlive a restart."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.desk import Desk
from bot.desk_values import Told
from bot.guarded import GuardedButton, GuardedForm, custom_ids
from bot.journal import AnswerKey
from bot.limits import Limits
from bot.locales import Words, words_for
from bot.permissions import place_of
from bot.replying import InteractionMessages

MOST_CHARACTERS: Final = 300


@runtime_checkable
class HasDesk(Protocol):
    """The client, as far as a button knows it."""

    desk: Desk


class Action(StrEnum):
    """What a button below an answer does."""

    QUOTES = "quotes"
    MORE = "more"
    GOOD = "good"
    BAD = "bad"
    SHARE = "share"
    WISH = "wish"


_CUSTOM_ID: Final = custom_ids("newsdesk", Action, r"[\w-]{16}")


class AnswerButton(GuardedButton, template=_CUSTOM_ID):
    """A button below an answer."""

    def __init__(self, action: Action, key: AnswerKey, words: Words) -> None:
        style = discord.ButtonStyle.secondary
        custom_id = f"newsdesk:{action}:{key}"
        match action:
            case Action.QUOTES:
                button = ui.Button[ui.View](label=words.quotes_button, custom_id=custom_id)
            case Action.MORE:
                button = ui.Button[ui.View](label=words.more_button, custom_id=custom_id)
            case Action.SHARE:
                button = ui.Button[ui.View](label=words.share_button, custom_id=custom_id)
            case Action.WISH:
                button = ui.Button[ui.View](label=words.wish_button, custom_id=custom_id)
            case Action.GOOD:
                button = ui.Button[ui.View](emoji="👍", custom_id=custom_id)
            case Action.BAD:
                button = ui.Button[ui.View](emoji="👎", custom_id=custom_id)
        button.style = style
        super().__init__(button)
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
        """Make the button anew when it is pressed, perhaps months after it was sent."""
        del item
        return cls(
            Action(match["action"]), AnswerKey(match["key"]), words_for(interaction.locale.value)
        )

    async def act(self, interaction: discord.Interaction) -> None:
        """Do what the button says."""
        desk = desk_of(interaction)
        words = words_for(interaction.locale.value)
        match self._action:
            case Action.QUOTES:
                await interaction.response.defer(thinking=True, ephemeral=True)
                messages = InteractionMessages(interaction, private=True)
                await desk.quotes(self._key, interaction.user.id, words, messages.write)
            case Action.MORE:
                await interaction.response.send_modal(MoreModal(self._key, words))
            case Action.GOOD:
                await interaction.response.defer(thinking=True, ephemeral=True)
                await desk.rate(self._key, interaction.user.id, helpful=True)
                await interaction.edit_original_response(content=words.thanks)
            case Action.BAD:
                await interaction.response.send_modal(WrongModal(self._key, words))
            case Action.WISH:
                await interaction.response.defer(thinking=True, ephemeral=True)
                await desk.wish(self._key, interaction.user.id)
                await interaction.edit_original_response(content=words.wished)
            case Action.SHARE:
                desk.check_place(place_of(interaction))
                await interaction.response.defer(thinking=True)
                told = await desk.shared(self._key)
                view = buttons_below(told, private=False, words=words)
                await InteractionMessages(interaction, private=False).write(told.pages, view)


class MoreModal(GuardedForm):
    """Asks for a follow-up, and answers it as the first question was: for all, or in private."""

    def __init__(self, key: AnswerKey, words: Words) -> None:
        super().__init__(words.more_title)
        self._key = key
        self._question = ui.TextInput[Self](
            style=discord.TextStyle.paragraph, min_length=1, max_length=MOST_CHARACTERS
        )
        self.add_item(ui.Label(text=words.more_label, component=self._question))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Answer in the light of what was asked before."""
        desk = desk_of(interaction)
        private = interaction.message is not None and interaction.message.flags.ephemeral
        desk.admit(interaction.user.id, place_of(interaction))
        await interaction.response.defer(thinking=True, ephemeral=private)
        await answer_interaction(
            interaction, self._question.value, private=private, after=self._key
        )


class WrongModal(GuardedForm):
    """Asks what was wrong with an answer."""

    def __init__(self, key: AnswerKey, words: Words) -> None:
        super().__init__(words.wrong_title)
        self._key = key
        self._comment = ui.TextInput[Self](
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=1000,
            placeholder=words.wrong_hint,
        )
        self.add_item(ui.Label(text=words.wrong_label, component=self._comment))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Remember it."""
        words = words_for(interaction.locale.value)
        await interaction.response.defer(thinking=True, ephemeral=True)
        await desk_of(interaction).rate(
            self._key, interaction.user.id, helpful=False, comment=self._comment.value or None
        )
        await interaction.edit_original_response(
            content=words.thanks if interaction.guild_id is None else words.thanks_for_telling
        )


def desk_of(interaction: discord.Interaction) -> Desk:
    """Find the desk behind the client of an interaction."""
    client = interaction.client
    if not isinstance(client, HasDesk):
        msg = f"{type(client).__name__} has no desk"
        raise TypeError(msg)
    return client.desk


def key_below(message: discord.Message) -> AnswerKey | None:
    """Find out which answer a message of ours shows, by the buttons below it."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            match = _CUSTOM_ID.fullmatch(getattr(item, "custom_id", None) or "")
            if match is not None:
                return AnswerKey(match["key"])
    return None


def buttons_below(told: Told, *, private: bool, words: Words) -> ui.View | None:
    """Make the buttons of an answer; None if it could not be kept."""
    if told.key is None:
        return None
    view = ui.View(timeout=None)
    actions = [Action.QUOTES] if told.has_quotes else []
    actions += [Action.WISH] if told.can_be_logged else []
    actions += [Action.MORE, Action.GOOD, Action.BAD]
    actions += [Action.SHARE] if private else []
    for action in actions:
        view.add_item(AnswerButton(action, told.key, words))
    return view


async def answer_interaction(
    interaction: discord.Interaction,
    question: str,
    *,
    private: bool,
    limits: Limits | None = None,
    after: AnswerKey | None = None,
) -> None:
    """Answer into the deferred reply of an interaction, as the answer is written."""
    messages = InteractionMessages(interaction, private=private)
    told = await desk_of(interaction).ask(
        interaction.user.id,
        question,
        server_id=interaction.guild_id,
        channel_id=interaction.channel_id,
        write=messages.write_one,
        limits=limits,
        after=after,
        private=private,
    )
    words = words_for(interaction.locale.value)
    await messages.write(told.pages, buttons_below(told, private=private, words=words))
