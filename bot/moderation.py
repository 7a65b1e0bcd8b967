"""Buttons and forms for moderators. Each asks again whether its presser is one."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.announcing import announce
from bot.audit import Deed
from bot.guarded import GuardedButton, GuardedForm, StoredInput, custom_ids
from bot.locales import Words, words_for
from bot.moderation_pages import (
    edited_page,
    preview_page,
    removed_page,
    stored_page,
)
from bot.newsroom import Newsroom
from bot.newsroom_values import (
    Details,
    DraftGoneError,
    DraftKey,
    Edited,
    Preview,
    Removed,
    Stored,
    with_details,
)
from bot.permissions import Permissions
from bot.rendering import Page
from bot.replying import embed_of
from corpus.models import Article, ArticleId, Draft

_NONE: Final = discord.AllowedMentions.none()
_LONGEST: Final = 4000
_HASH_CHARACTERS: Final = 12


@runtime_checkable
class HasNewsroom(Protocol):
    """The client, as far as moderators' buttons know it."""

    newsroom: Newsroom


class Action(StrEnum):
    """What a button does; with the key of a draft or an edit, or with what names an article."""

    ADD = "add"
    EDIT = "edit"
    CANCEL = "cancel"
    RESTORE = "restore"
    UNDO = "undo"
    REMOVE = "remove"
    REVERT = "revert"
    LEAVE = "leave"


class ModeratorButton(
    GuardedButton, template=custom_ids("newsdesk-article", Action, r"[\w-]{1,32}")
):
    """A button of a moderator."""

    def __init__(self, action: Action, key: str, words: Words) -> None:
        style = discord.ButtonStyle.secondary
        match action:
            case Action.ADD:
                label, style = words.add_button, discord.ButtonStyle.success
            case Action.EDIT:
                label = words.edit_button
            case Action.REMOVE:
                label, style = words.remove_button, discord.ButtonStyle.danger
            case Action.CANCEL | Action.LEAVE:
                label = words.cancel_button
            case Action.UNDO | Action.RESTORE | Action.REVERT:
                label = words.undo_button
        custom_id = f"newsdesk-article:{action}:{key}"
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
        return cls(Action(match["action"]), match["key"], words_for(interaction.locale.value))

    def check(self, permissions: Permissions, interaction: discord.Interaction) -> None:
        """Let moderators press it."""
        permissions.check_moderator(interaction)

    async def act(self, interaction: discord.Interaction) -> None:
        """Do what the button says."""
        newsroom = newsroom_of(interaction)
        words = words_for(interaction.locale.value)
        person = interaction.user.id
        key = DraftKey(self._key)
        if self._action is Action.EDIT:
            draft = newsroom.draft(key)
            await interaction.response.send_modal(DetailsModal(key, draft, words))
            return
        await interaction.response.defer()
        match self._action:
            case Action.ADD:
                await show_stored(interaction, await newsroom.add(key, person))
            case Action.RESTORE:
                stored = await newsroom.add(key, person, deed=Deed.RESTORED)
                await show_stored(interaction, stored)
            case Action.UNDO | Action.REMOVE:
                # Not as a reference: where the number is gone, that may be another's external id.
                number, begins = _named_in(self._key)
                removed = await newsroom.remove(number, person, hash_begins=begins)
                await show_removed(interaction, removed)
            case Action.REVERT:
                await show_edited(interaction, await newsroom.change_back(key, person))
            case Action.CANCEL:
                newsroom.cancel(key)
                await _replace(interaction, Page(words.cancelled))
            case Action.LEAVE:
                await _replace(interaction, Page(words.cancelled))


def _key_of(article: Article) -> str:
    """Name an article to a button that takes it away, also by its text.

    After a restore that found no database to go on from, another article may be given the id.
    """
    return f"{article.id}-{article.content_hash[:_HASH_CHARACTERS]}"


def _named_in(key: str) -> tuple[ArticleId, str]:
    """Read a key of `_key_of`; an earlier version named an article by its id alone."""
    match = re.fullmatch(rf"([0-9]{{1,18}})-([0-9a-f]{{{_HASH_CHARACTERS}}})", key)
    if match is None:
        raise DraftGoneError
    return ArticleId(int(match[1])), match[2]


class _ModeratorForm(GuardedForm):
    """A form for moderators."""

    def check(self, permissions: Permissions, interaction: discord.Interaction) -> None:
        """Let moderators send it."""
        permissions.check_moderator(interaction)


class DetailsModal(_ModeratorForm):
    """Asks for all about a draft but its text; then the preview changes in its place."""

    def __init__(self, key: DraftKey, draft: Draft, words: Words) -> None:
        super().__init__(words.edit_title)
        self._key = key
        self._fields = _Fields(self, words, draft)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Show the preview anew."""
        await interaction.response.defer()
        preview = await newsroom_of(interaction).edit(self._key, self._fields.details())
        await _show_preview(interaction, preview)


class EditModal(_ModeratorForm):
    """Asks for all about a stored article but its text; then that is so."""

    def __init__(self, article: Article, words: Words) -> None:
        super().__init__(words.edit_title)
        self._article_id = article.id
        self._fields = _Fields(self, words, article)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Change the article."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        edited = await newsroom_of(interaction).change(
            self._article_id, self._fields.details(), interaction.user.id
        )
        await show_edited(interaction, edited)


class TextModal(_ModeratorForm):
    """Asks for an article that is typed or pasted."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.text_title)
        self._text = ui.TextInput[Self](
            style=discord.TextStyle.paragraph, min_length=1, max_length=_LONGEST
        )
        self.add_item(ui.Label(text=words.text_label, component=self._text))
        self._fields = _Fields(self, words, None)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Preview it."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        words = words_for(interaction.locale.value)
        draft = Draft(text=self._text.value, origin=words.text_title)
        draft = with_details(draft, self._fields.details())
        await _show_preview(interaction, await newsroom_of(interaction).preview(draft))


class _Fields:
    """The four inputs for what is known about an article; what is left as it was shown stays."""

    def __init__(self, form: ui.Modal, words: Words, draft: Draft | Article | None) -> None:
        draft = draft or Draft(text="", origin="")
        published = str(draft.published) if draft.published else None
        self._title = self._add(form, words.title_label, draft.title)
        self._outlet = self._add(form, words.outlet_label, draft.outlet)
        self._published = self._add(form, words.published_label, published)
        self._url = self._add(form, words.url_label, draft.url)

    def details(self) -> Details:
        return Details(
            title=self._title.meant,
            outlet=self._outlet.meant,
            published=self._published.meant,
            url=self._url.meant,
        )

    @staticmethod
    def _add(form: ui.Modal, label: str, stored: str | None) -> StoredInput:
        box = StoredInput(stored or "", longest=_LONGEST)
        form.add_item(ui.Label(text=label, component=box))
        return box


async def show_previews(interaction: discord.Interaction, previews: list[Preview]) -> None:
    """Write previews into the deferred reply of an interaction, each with its own buttons."""
    first, *others = previews
    await _show_preview(interaction, first)
    words = words_for(interaction.locale.value)
    for preview in others:
        await interaction.followup.send(
            embed=embed_of(preview_page(preview, words)),
            view=_preview_buttons(preview, words),
            ephemeral=True,
            allowed_mentions=_NONE,
        )


async def show_stored(interaction: discord.Interaction, stored: Stored) -> None:
    """Say in place of the preview that an article is stored; offer to undo it."""
    words = words_for(interaction.locale.value)
    undo = _buttons(words, (Action.UNDO, _key_of(stored.article)))
    await _replace(interaction, stored_page(stored, words), undo)
    await announce(interaction, stored.line)


async def show_removed(interaction: discord.Interaction, removed: Removed) -> None:
    """Say in place of the question that an article is removed; offer to undo it."""
    words = words_for(interaction.locale.value)
    undo = _buttons(words, (Action.RESTORE, removed.key))
    await _replace(interaction, removed_page(removed, words), undo)
    await announce(interaction, removed.line)


async def show_edited(interaction: discord.Interaction, edited: Edited) -> None:
    """Show an article as it is after an edit; offer to undo that."""
    words = words_for(interaction.locale.value)
    undo = _buttons(words, (Action.REVERT, edited.key))
    await _replace(interaction, edited_page(edited, words), undo)
    await announce(interaction, edited.line)


def removal_buttons(article: Article, words: Words) -> ui.View:
    """Make the buttons that ask whether an article is to be removed."""
    key = _key_of(article)
    return _buttons(words, (Action.REMOVE, key), (Action.LEAVE, key))


def _preview_buttons(preview: Preview, words: Words) -> ui.View:
    actions = [Action.ADD, Action.EDIT, Action.CANCEL]
    if preview.duplicate is not None:
        actions.remove(Action.ADD)
    return _buttons(words, *((action, preview.key) for action in actions))


def _buttons(words: Words, *actions: tuple[Action, str]) -> ui.View:
    view = ui.View(timeout=None)
    for action, key in actions:
        view.add_item(ModeratorButton(action, key, words))
    return view


async def _show_preview(interaction: discord.Interaction, preview: Preview) -> None:
    words = words_for(interaction.locale.value)
    await _replace(interaction, preview_page(preview, words), _preview_buttons(preview, words))


async def _replace(
    interaction: discord.Interaction, page: Page, view: ui.View | None = None
) -> None:
    await interaction.edit_original_response(
        content=None, embed=embed_of(page), view=view, allowed_mentions=_NONE
    )


def newsroom_of(interaction: discord.Interaction) -> Newsroom:
    """Find the newsroom behind the client of an interaction."""
    client = interaction.client
    if not isinstance(client, HasNewsroom):
        msg = f"{type(client).__name__} has no newsroom"
        raise TypeError(msg)
    return client.newsroom
