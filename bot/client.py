"""The Discord client: what it hears, which commands it has, how it leaves."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

import discord
from discord.ext import commands

from bot.cogs.about import About
from bot.cogs.articles import ArticleCommands
from bot.cogs.ask import Ask
from bot.cogs.index import IndexCommands
from bot.cogs.latest import LatestNews
from bot.cogs.settings import SettingsCommand
from bot.cogs.stats import StatsCommand
from bot.command_sync import sync_at_next_start, sync_if_changed
from bot.command_tree import NewsdeskTree
from bot.desk import Desk
from bot.discord_server import use_gateway
from bot.guarded import answer_what_is_lost
from bot.index_buttons import EVERY_S, AdminButton
from bot.index_keeper import IndexKeeper
from bot.latest import Latest
from bot.locales.commands import CommandTranslator
from bot.moderation import ModeratorButton
from bot.newsroom import Newsroom
from bot.odd_events import outlive_odd_events
from bot.permissions import Permissions
from bot.server_settings import ServerDesk
from bot.usage_desk import UsageDesk
from bot.views import AnswerButton

log = logging.getLogger(__name__)

_LAST_WORD_S: Final = 1.0


class NewsdeskBot(commands.Bot):
    """The client. It sees no more than a bot must: nothing here needs a privileged intent."""

    def __init__(
        self,
        desk: Desk,
        *,
        latest: Latest,
        newsroom: Newsroom,
        keeper: IndexKeeper,
        permissions: Permissions,
        server_desk: ServerDesk,
        usage_desk: UsageDesk,
        data: Path,
    ) -> None:
        # Nobody here speaks, so nobody need read that the libraries for it are missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=NewsdeskTree,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            # Not for persons, who could then use it in servers that it was never invited to.
            allowed_installs=discord.app_commands.AppInstallationType(guild=True, user=False),
        )
        outlive_odd_events(self)
        self.desk = desk
        self.newsroom = newsroom
        self.keeper = keeper
        self.progress_every_s = EVERY_S
        self.following: set[asyncio.Task[None]] = set()
        self.permissions = permissions
        self._server_desk = server_desk
        self._usage_desk = usage_desk
        self._latest = latest
        self._registered = data / "discord-commands"

    async def setup_hook(self) -> None:
        """Prepare everything between login and connection; it runs once, `on_ready` may often."""
        _, gateway, _ = await self.http.get_bot_gateway()
        use_gateway(gateway)
        self.add_dynamic_items(AnswerButton, ModeratorButton, AdminButton)
        await self.add_cog(Ask(self, self.desk, self.permissions))
        await self.add_cog(LatestNews(self.desk, self._latest))
        await self.add_cog(About(self.desk))
        await self.add_cog(ArticleCommands(self, self.newsroom, self.permissions))
        await self.add_cog(IndexCommands(self.keeper, self.permissions))
        await self.add_cog(StatsCommand(self._usage_desk, self.permissions))
        await self.add_cog(SettingsCommand(self._server_desk, self.permissions))
        await self.tree.set_translator(CommandTranslator())
        await sync_if_changed(self.tree, self._registered)

    async def close(self) -> None:
        """Discard a running rebuild, let its message say so, then leave."""
        await self.keeper.close()
        if self.following:
            await asyncio.wait(self.following, timeout=_LAST_WORD_S)
        await super().close()

    async def on_ready(self) -> None:
        """Log, also which servers are not served: one has to be told that a setting is wrong."""
        log.info("ready in %d servers", len(self.guilds))
        for guild in self.guilds:
            if not self.permissions.serves(guild.id):
                log.warning("DISCORD_GUILD_IDS does not name server %d: not served", guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Leave a server that is not to be served."""
        if not self.permissions.serves(guild.id):
            await guild.leave()
            log.warning("left server %d, which DISCORD_GUILD_IDS does not name", guild.id)

    async def on_command_changed(self) -> None:
        """Register the commands anew at the next start: those that Discord has are others."""
        await sync_at_next_start(self._registered)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a form or button that nobody knows; all else is taken by whom it is for."""
        await answer_what_is_lost(interaction)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave out the text commands of the library: there are none."""
