"""What moderators do with articles."""

from __future__ import annotations

import re
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.error_replies import sentence_for
from bot.locales import words_for
from bot.markdown import on_one_line, shortened
from bot.moderation import EditModal, TextModal, removal_buttons, show_previews
from bot.moderation_pages import article_page, list_pages, removal_page
from bot.newsroom import Newsroom
from bot.newsroom_values import NoLinkError, Preview
from bot.permissions import Permissions, permissions_of
from bot.replying import MOST_IN_CHOICE, cut, embed_of, send_pages
from corpus.errors import CorpusError, TooLargeError
from corpus.extracting import LARGEST_FILE_BYTES

_LINK: Final = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"*_]")
_MOST_LINKS: Final = 5


class ArticleCommands(commands.GroupCog, name="article", description="Manage the articles."):
    """`/article`, and the context menu that adds what a message links to."""

    def __init__(self, client: commands.Bot, newsroom: Newsroom, permissions: Permissions) -> None:
        self._client = client
        self._newsroom = newsroom
        self._links = app_commands.ContextMenu(
            name="Add linked articles", callback=self._add_linked
        )
        for command in (self.app_command, self._links):
            if command is not None:
                command.guild_only = True
                roles = permissions.servers.of(None).moderator_role_ids
                if not roles | permissions.admin_role_ids:
                    # Only hides it; a role cannot be named here, so with roles it is shown to all.
                    command.default_permissions = discord.Permissions(manage_messages=True)

    async def cog_load(self) -> None:
        """Register what a cog does not register by itself."""
        self._client.tree.add_command(self._links)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let moderators pass."""
        permissions_of(interaction).check_moderator(interaction)
        return True

    @app_commands.command()
    @app_commands.describe(url="The address of the article", file="Text, Markdown, HTML or PDF")
    async def add(
        self,
        interaction: discord.Interaction,
        url: app_commands.Range[str, 1, 2000] | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Add an article from a web address or a file, or type it in."""
        if url is None and file is None:
            await interaction.response.send_modal(TextModal(words_for(interaction.locale.value)))
            return
        await interaction.response.defer(thinking=True, ephemeral=True)
        previews = [] if url is None else [await self._newsroom.preview_page(url.strip())]
        if file is not None:
            previews.append(await self._preview_file(file))
        await show_previews(interaction, previews)

    @app_commands.command(name="list")
    @app_commands.describe(
        search="Words of the title, the outlet or the address", page="The number of the page"
    )
    async def list_(
        self,
        interaction: discord.Interaction,
        search: app_commands.Range[str, 1, 100] | None = None,
        page: app_commands.Range[int, 1, 100_000] = 1,
    ) -> None:
        """List the articles, the last added first."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        found = await self._newsroom.search(search, page=page)
        words = words_for(interaction.locale.value)
        await send_pages(interaction, list_pages(found, words, page=page), private=True)

    @app_commands.command()
    @app_commands.describe(article="Its title, number or address")
    async def show(
        self, interaction: discord.Interaction, article: app_commands.Range[str, 1, 2000]
    ) -> None:
        """Show what is known of an article."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        found = await self._newsroom.find(article)
        passages = await self._newsroom.passages(found.id)
        page = article_page(found, passages, words_for(interaction.locale.value))
        await send_pages(interaction, [page], private=True)

    @app_commands.command()
    @app_commands.describe(article="Its title, number or address")
    async def edit(
        self, interaction: discord.Interaction, article: app_commands.Range[str, 1, 2000]
    ) -> None:
        """Change the title, outlet, date or address of an article."""
        found = await self._newsroom.find(article)
        await interaction.response.send_modal(EditModal(found, words_for(interaction.locale.value)))

    @app_commands.command()
    @app_commands.describe(article="Its title, number or address")
    async def remove(
        self, interaction: discord.Interaction, article: app_commands.Range[str, 1, 2000]
    ) -> None:
        """Remove an article, after asking once more."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        found = await self._newsroom.find(article)
        words = words_for(interaction.locale.value)
        await interaction.edit_original_response(
            embed=embed_of(removal_page(found, words)),
            view=removal_buttons(found, words),
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @show.autocomplete("article")
    @edit.autocomplete("article")
    @remove.autocomplete("article")
    async def _titles(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        if not permissions_of(interaction).is_moderator(interaction):
            return []
        found = await self._newsroom.search(current.strip() or None, page=1)
        return [
            app_commands.Choice(
                name=cut(on_one_line(f"{one.id} · {one.title}"), MOST_IN_CHOICE, mark="…"),
                value=str(one.id),
            )
            for one in found
        ]

    async def _add_linked(self, interaction: discord.Interaction, message: discord.Message) -> None:
        permissions_of(interaction).check_moderator(interaction)
        links = list(dict.fromkeys(_LINK.findall(message.content)))[:_MOST_LINKS]
        if not links:
            raise NoLinkError
        await interaction.response.defer(thinking=True, ephemeral=True)
        previews: list[Preview] = []
        problems: list[CorpusError] = []
        for link in links:
            try:
                previews.append(await self._newsroom.preview_page(link))
            except CorpusError as error:
                problems.append(error)
        if previews:
            await show_previews(interaction, previews)
        for problem in problems if previews else problems[1:]:
            await self._tell(interaction, problem)
        if not previews:
            raise problems[0]

    async def _preview_file(self, file: discord.Attachment) -> Preview:
        if file.size > LARGEST_FILE_BYTES:
            raise TooLargeError(file.filename, size=file.size, limit=LARGEST_FILE_BYTES)
        data = await file.read()
        return await self._newsroom.preview_file(
            data, name=file.filename, content_type=file.content_type
        )

    @staticmethod
    async def _tell(interaction: discord.Interaction, error: Exception) -> None:
        sentence = sentence_for(error, words_for(interaction.locale.value))
        await interaction.followup.send(
            shortened(sentence, 1000),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )
