"""A bot of the real client library, connected to a Discord on loopback."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.answering.language_model import LanguageModel
from bot.answering.service import AnswerService
from bot.audit import AuditLog
from bot.client import NewsdeskBot
from bot.desk import Desk
from bot.discord_server import discord_at
from bot.fair_queue import FairQueue
from bot.index_keeper import IndexKeeper
from bot.journal import Journal
from bot.latest import Latest
from bot.live_edits import LiveEdits
from bot.newsroom import Newsroom
from bot.permissions import Permissions
from bot.rate_limit import RateLimiter
from bot.rebuild_check import RebuildCheck
from bot.server_settings import ServerDesk, Servers, ServerSettings, ServerTable
from bot.usage_desk import UsageDesk
from bot.workers import Worker
from corpus.extractor import Extractor
from corpus.fetching import FetchPolicy, fetch
from corpus.ingest import Ingest
from index.retriever import OneSnapshot, Retriever, Searched
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.finder import ScriptedFinder
from tests.fakes.reader import WordReader
from tests.integration.indexing import indexer_of

ANSWERED_ON = date(2024, 5, 15)


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@contextmanager
def answering_from(
    articles: MemoryArticleStore, directory: Path, *, model: LanguageModel | None = None
) -> Iterator[AnswerService]:
    """Open what really answers, with a hashing embedder, over what is stored by then."""
    worker = Worker("answers")
    with closing(indexer_of(articles, directory)) as indexer, closing(worker):
        indexer.open()
        indexer.catch_up()
        retriever = Retriever(
            store=articles, indexer=indexer, embedder=HashingEmbedder(), today=lambda: ANSWERED_ON
        )
        yield AnswerService(
            retriever=retriever,
            reader=WordReader(),
            worker=worker,
            today=lambda: ANSWERED_ON,
            model=model,
        )


def break_audit(discord_file: Path) -> None:
    """Take the table away that the audit is written to."""
    with closing(sqlite3.connect(discord_file)) as connection:
        connection.execute("DROP TABLE audit")


def not_audited(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The deeds that the log says could not be written for want of that table."""
    errors = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    said = [re.fullmatch("not audited: (.+): no such table: audit", error) for error in errors]
    assert all(said), errors
    return [one[1] for one in said if one]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    """A Discord; whatever it had to refuse fails the test."""
    async with FakeDiscord() as server:
        yield server
        assert server.breaches == []


@pytest.fixture
async def answers() -> ScriptedAnswers:
    return ScriptedAnswers()


@pytest.fixture
def articles() -> MemoryArticleStore:
    return MemoryArticleStore()


@pytest.fixture
def permissions() -> Permissions:
    """Who may do what, as it is without any setting."""
    return Permissions()


def finder_of(articles: MemoryArticleStore, searched: Searched) -> Retriever:
    """What really finds articles, with a hashing embedder."""
    today = date(2024, 1, 1)
    embedder = HashingEmbedder()
    return Retriever(store=articles, indexer=searched, embedder=embedder, today=lambda: today)


@asynccontextmanager
async def running_bot(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    data: Path,
    permissions: Permissions | None = None,
    defaults: ServerSettings | None = None,
    queue: FairQueue | None = None,
    model: LanguageModel | None = None,
    live_edits: LiveEdits | None = None,
) -> AsyncIterator[NewsdeskBot]:
    """A bot, connected and with its commands registered."""
    worker, extraction_worker = Worker("test"), Worker("extraction")
    journal = await worker.run(
        Journal.open, data / "discord.db", clock=clock, kept_for=timedelta(days=365)
    )
    audit = await worker.run(AuditLog.open, data / "discord.db", clock=clock)
    servers = Servers(replace(defaults or ServerSettings(), cooldown_s=3))
    table = await worker.run(ServerTable.open, data / "discord.db")
    await worker.run(table.read_into, servers)
    extractor = Extractor()
    indexer = await worker.run(indexer_of, articles, data)
    await worker.run(indexer.open)
    desk = Desk(
        answers,
        articles=articles,
        articles_worker=worker,
        journal=journal,
        journal_worker=worker,
        limiter=RateLimiter(per_day=5, clock=clock),
        queue=queue or FairQueue(at_once=2, most_waiting=10, most_of_one=5),
        servers=servers,
        live_edits=live_edits or LiveEdits(),
    )
    with discord_at(discord.url):
        client = NewsdeskBot(
            desk,
            latest=Latest(
                articles=articles,
                articles_worker=worker,
                finder=ScriptedFinder(articles),
                index_worker=worker,
            ),
            newsroom=Newsroom(
                store=articles,
                ingest=Ingest(articles),
                corpus_worker=worker,
                indexer=indexer,
                index_worker=worker,
                audit=audit,
                audit_worker=worker,
                fetch=partial(fetch, policy=FetchPolicy(allows=lambda _: True)),
                extractor=extractor,
                extraction_worker=extraction_worker,
            ),
            keeper=IndexKeeper(
                indexer=indexer,
                index_worker=worker,
                store=articles,
                corpus_worker=worker,
                audit=audit,
                audit_worker=worker,
                new_check=partial(
                    RebuildCheck,
                    store=articles,
                    finder_in=lambda snapshot: finder_of(articles, OneSnapshot(snapshot)),
                    present=finder_of(articles, indexer),
                ),
                model=model,
                knows=("en",),
            ),
            permissions=replace(permissions or Permissions(), servers=servers),
            usage_desk=UsageDesk(
                journal=journal,
                journal_worker=worker,
                articles=articles,
                articles_worker=worker,
                picture_worker=worker,
                clock=clock,
            ),
            server_desk=ServerDesk(servers, table=table, audit=audit, worker=worker),
            data=data,
        )
        before = len(discord.gateway.sessions)
        running = asyncio.create_task(client.start(discord.token))
        running.add_done_callback(lambda _: asyncio.ensure_future(discord.changed()))
        await discord.until(
            lambda: running.done() or len(discord.gateway.sessions) > before, "connection"
        )
        if running.done():
            await running
        try:
            yield client
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await client.close()
            extraction_worker.drop_waiting()
            extractor.close()
            extraction_worker.close()
            await worker.run(indexer.close)
            await worker.run(table.close)
            await worker.run(audit.close)
            await worker.run(journal.close)
            worker.close()


@pytest.fixture
async def bot(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    permissions: Permissions,
) -> AsyncIterator[NewsdeskBot]:
    async with running_bot(discord, answers, articles, clock, tmp_path, permissions) as client:
        yield client


@pytest.fixture
def ada(discord: FakeDiscord, bot: NewsdeskBot) -> Person:
    """A member whose Discord is in English."""
    return Person(discord, "Ada")


@pytest.fixture
def zoe(discord: FakeDiscord, bot: NewsdeskBot) -> Person:
    """A member whose Discord is in French."""
    return Person(discord, "Zoé", locale="fr")
