"""Serving Discord until somebody stops it: puts the bot together around what answers."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import aiohttp
import discord
import filelock

from bot.answering.language_model import LanguageModel
from bot.audit import AuditLog
from bot.client import NewsdeskBot
from bot.data_files import DISCORD_FILE
from bot.desk import Desk
from bot.desk_values import Answers
from bot.discord_server import discord_at
from bot.errors import AlreadyServingError, DataDirectoryError
from bot.fair_queue import FairQueue
from bot.index_follower import following
from bot.index_keeper import IndexKeeper
from bot.journal import Journal
from bot.latest import Finder, Latest
from bot.live_edits import LiveEdits
from bot.newsroom import Newsroom
from bot.permissions import Permissions
from bot.rate_limit import RateLimiter
from bot.rebuild_check import RebuildCheck
from bot.recurring import recurring
from bot.server_settings import ServerDesk, Servers, ServerSettings, ServerTable
from bot.settings import Settings
from bot.terminal.console import note
from bot.usage_desk import UsageDesk
from bot.workers import Worker
from corpus.extractor import Extractor
from corpus.fetching import fetch
from corpus.ingest import Ingest
from corpus.store import ArticleStore
from index.indexer import Indexer
from index.snapshot import Snapshot

log = logging.getLogger(__name__)

_LOGIN_S: Final = 60.0
_GOODBYE_S: Final = 3.0
_CLEARED_EVERY_S: Final = 3600.0

AT_ONCE: Final = 10
MOST_WAITING: Final = 250
MOST_OF_ONE: Final = 5
# Of the 15 minutes that Discord leaves for an answer, those for waiting. The others are enough for
# a language model that takes its default 30 seconds each time: to rewrite a follow-up, to write, to
# write from each article alone, and to translate.
_PATIENCE_S: Final = 12 * 60.0


class Services(Protocol):
    """What the Discord side needs of `bot.app.App`."""

    @property
    def settings(self) -> Settings:
        """Token, address and data directory."""

    @property
    def answers(self) -> Answers:
        """What answers questions."""

    @property
    def store(self) -> ArticleStore:
        """The articles."""

    @property
    def corpus_worker(self) -> Worker:
        """The thread of the articles."""

    @property
    def ingest(self) -> Ingest:
        """What accepts articles into the store."""

    @property
    def extractor(self) -> Extractor:
        """What reads articles from bytes."""

    @property
    def indexer(self) -> Indexer:
        """The index of the articles, open."""

    @property
    def retriever(self) -> Finder:
        """What finds articles."""

    @property
    def index_worker(self) -> Worker:
        """The thread of the index and the retriever."""

    @property
    def language_model(self) -> LanguageModel | None:
        """The language model, if there is one."""

    @property
    def model_languages(self) -> Sequence[str]:
        """The languages that the embedding model is known to know."""

    def finder_in(self, snapshot: Snapshot) -> Finder:
        """Make what finds articles in a generation that need not be published."""


async def serve(services: Services, token: str) -> int:
    """Serve Discord until SIGTERM or SIGINT; build what answers questions before.

    Returns:
        The exit code: 0 if it was stopped, 1 if Discord cannot be served; why has been told.

    Raises:
        AlreadyServingError: Another process does, from the same data.
        DataDirectoryError: The data directory cannot be written.
    """
    settings = services.settings
    async with _bot(services) as bot:
        with discord_at(settings.discord_api_url), _stop_signals() as stopped:
            try:
                await _run_until(stopped, bot, token)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                sentence = _why(error, settings.discord_api_url or "discord.com")
                if sentence is None:
                    raise
                log.info("cannot serve Discord: %s", type(error).__name__)
                note(sentence)
                return 1
    log.info("stopped")
    return 0


@asynccontextmanager
async def _bot(services: Services) -> AsyncIterator[NewsdeskBot]:
    """Put the bot together, around the file of what the Discord side keeps."""
    worker, picture_worker = Worker("journal"), Worker("pictures")
    extraction_worker = Worker("extraction")
    settings = services.settings
    path = settings.newsdesk_data / DISCORD_FILE
    try:
        async with AsyncExitStack() as opened:
            opened.enter_context(_alone(settings.newsdesk_data))
            # Else the end would have to wait for whatever is being read.
            opened.callback(services.extractor.close)
            opened.callback(extraction_worker.drop_waiting)
            journal = await worker.run(
                Journal.open,
                path,
                clock=_now,
                kept_for=timedelta(days=settings.discord_kept_days),
            )
            opened.push_async_callback(worker.run, journal.close)
            clear = partial(worker.run, journal.clear)
            await opened.enter_async_context(recurring(clear, every_s=_CLEARED_EVERY_S))
            audit = await worker.run(AuditLog.open, path, clock=_now)
            opened.push_async_callback(worker.run, audit.close)
            servers = Servers(
                ServerSettings(
                    moderator_role_ids=settings.discord_moderator_role_ids,
                    log_channel_id=settings.discord_log_channel_id,
                    cooldown_s=settings.discord_cooldown_s,
                )
            )
            table = await worker.run(ServerTable.open, path)
            opened.push_async_callback(worker.run, table.close)
            await worker.run(table.read_into, servers)
            await opened.enter_async_context(following(services.indexer, services.index_worker))
            limiter = RateLimiter(
                per_day=settings.discord_questions_per_day,
                clock=_now,
            )
            yield NewsdeskBot(
                Desk(
                    services.answers,
                    articles=services.store,
                    articles_worker=services.corpus_worker,
                    journal=journal,
                    journal_worker=worker,
                    limiter=limiter,
                    queue=FairQueue(
                        at_once=AT_ONCE,
                        most_waiting=MOST_WAITING,
                        most_of_one=MOST_OF_ONE,
                        patience_s=_PATIENCE_S,
                    ),
                    servers=servers,
                    live_edits=LiveEdits(),
                ),
                latest=Latest(
                    articles=services.store,
                    articles_worker=services.corpus_worker,
                    finder=services.retriever,
                    index_worker=services.index_worker,
                ),
                newsroom=Newsroom(
                    store=services.store,
                    ingest=services.ingest,
                    corpus_worker=services.corpus_worker,
                    indexer=services.indexer,
                    index_worker=services.index_worker,
                    audit=audit,
                    audit_worker=worker,
                    fetch=fetch,
                    extractor=services.extractor,
                    extraction_worker=extraction_worker,
                ),
                keeper=IndexKeeper(
                    indexer=services.indexer,
                    index_worker=services.index_worker,
                    store=services.store,
                    corpus_worker=services.corpus_worker,
                    audit=audit,
                    audit_worker=worker,
                    new_check=partial(
                        RebuildCheck,
                        store=services.store,
                        finder_in=services.finder_in,
                        present=services.retriever,
                    ),
                    model=services.language_model,
                    knows=services.model_languages,
                ),
                permissions=Permissions(
                    guild_ids=settings.discord_guild_ids,
                    servers=servers,
                    admin_role_ids=settings.discord_admin_role_ids,
                ),
                usage_desk=UsageDesk(
                    journal=journal,
                    journal_worker=worker,
                    articles=services.store,
                    articles_worker=services.corpus_worker,
                    picture_worker=picture_worker,
                    clock=_now,
                ),
                server_desk=ServerDesk(servers, table=table, audit=audit, worker=worker),
                data=settings.newsdesk_data,
            )
    finally:
        worker.close()
        picture_worker.close()
        extraction_worker.close()


def _alone(data: Path) -> AbstractContextManager[object]:
    """Keep others from serving from the same data: each would answer, and count for itself.

    Raises:
        AlreadyServingError: Another one does.
        DataDirectoryError: The directory cannot be written.
    """
    try:
        return filelock.FileLock(data / "serving.lock", thread_local=False).acquire(timeout=0)
    except filelock.Timeout as error:
        raise AlreadyServingError(str(data)) from error
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise DataDirectoryError(str(data), reason) from error


def _now() -> datetime:
    return datetime.now(UTC)


async def _run_until(stopped: asyncio.Event, bot: NewsdeskBot, token: str) -> None:
    running = asyncio.create_task(_start(bot, token))
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
    finally:
        # First the listening: the library would otherwise close as if to come back soon, and
        # Discord would go on showing the bot as online.
        running.cancel()
        stopping.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await bot.close()


async def _start(bot: NewsdeskBot, token: str) -> None:
    async with asyncio.timeout(_LOGIN_S):
        await bot.login(token)
    await bot.connect()


@contextmanager
def _stop_signals() -> Iterator[asyncio.Event]:
    """Set the event on SIGTERM and SIGINT, where the platform lets an event loop have them."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    wanted = (signal.SIGTERM, signal.SIGINT)
    try:
        for number in wanted:
            loop.add_signal_handler(number, stopped.set)
    except NotImplementedError:
        # On Windows, Ctrl+C cancels the main task instead.
        yield stopped
        return
    try:
        yield stopped
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)


def _why(error: Exception, server: str) -> str | None:
    """Say why Discord cannot be served; None for a mistake of ours."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return (
                "Discord refuses the token in DISCORD_TOKEN. Make a new one in the developer"
                " portal: your application, Bot, Reset Token."
            )
        case discord.GatewayNotFound():
            return f"{server} names no gateway; check DISCORD_API_URL."
        case discord.HTTPException():
            return (
                f"{server} answered with the error {error.status}; try again later, or check"
                " DISCORD_API_URL."
            )
        case discord.ConnectionClosed():
            return f"{server} ended the connection for good (code {error.code})."
        case aiohttp.ClientError() | OSError():
            return (
                f"{server} cannot be reached; check the network, and DISCORD_API_URL if it is set."
            )
        case _:
            return None
