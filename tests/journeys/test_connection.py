"""Connecting, staying connected and leaving, through the real client library."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import discord as discord_py
import pytest

from bot.answering.models import Answer
from bot.client import NewsdeskBot
from bot.serving import serve
from bot.settings import Settings
from bot.workers import Worker
from corpus.extractor import Extractor
from corpus.ingest import Ingest
from index.indexer import Indexer
from index.snapshot import Snapshot
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers, answered
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.finder import ScriptedFinder
from tests.integration.indexing import drafts, indexer_of

needs_signals = pytest.mark.skipif(
    sys.platform == "win32", reason="no such signals to an event loop there"
)


@dataclass
class Services:
    settings: Settings
    answers: ScriptedAnswers
    store: MemoryArticleStore
    corpus_worker: Worker
    ingest: Ingest
    extractor: Extractor
    indexer: Indexer
    retriever: ScriptedFinder
    index_worker: Worker
    language_model: None = None
    model_languages: tuple[str, ...] = ()

    def finder_in(self, snapshot: Snapshot) -> ScriptedFinder:
        del snapshot
        return self.retriever


def services(url: str, data: Path, answers: ScriptedAnswers | None = None, **env: str) -> Services:
    settings = Settings.from_env({"DISCORD_API_URL": url, "NEWSDESK_DATA": str(data), **env})
    store = MemoryArticleStore()
    return Services(
        settings,
        answers or ScriptedAnswers(),
        store,
        Worker("corpus"),
        Ingest(store),
        Extractor(),
        indexer_of(store, data),
        ScriptedFinder(store),
        Worker("index"),
    )


async def test_a_wrong_token_is_said_in_one_sentence(
    discord: FakeDiscord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await serve(services(discord.url, tmp_path), "the.wrong.token") == 1
    told = capsys.readouterr().err
    assert told.startswith("Discord refuses the token in DISCORD_TOKEN.")
    assert "wrong" not in told
    assert "Traceback" not in told


async def test_an_unreachable_server_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/api/v10"
    assert await serve(services(url, tmp_path), "token") == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{url} cannot be reached")
    assert "Traceback" not in told


async def test_a_server_that_is_no_discord_is_said_in_one_sentence(
    discord: FakeDiscord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = discord.url.replace("v10", "v99")
    assert await serve(services(url, tmp_path), discord.token) == 1
    assert "answered with the error 404" in capsys.readouterr().err


async def test_only_intents_that_need_no_permission_are_asked_for(
    discord: FakeDiscord, bot: NewsdeskBot
) -> None:
    # The fake refuses privileged intents; these are servers, messages in them and direct messages.
    assert discord.gateway.session is not None
    assert discord.gateway.session.intents == (1 << 0) | (1 << 9) | (1 << 12)


async def test_whatever_forgets_to_say_so_can_ping_nobody(bot: NewsdeskBot) -> None:
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == discord_py.AllowedMentions.none().to_dict()


@needs_signals
async def test_commands_are_registered_once_and_again_when_they_change(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    async def serve_once() -> None:
        before = len(discord.gateway.sessions)
        running = asyncio.create_task(serve(services(discord.url, tmp_path), discord.token))
        await discord.until(lambda: len(discord.gateway.sessions) > before, "new session")
        os.kill(os.getpid(), signal.SIGTERM)
        assert await running == 0

    await serve_once()
    await serve_once()
    assert discord.command_syncs == 1
    (tmp_path / "discord-commands").write_text("those of another version", encoding="ascii")
    await serve_once()
    assert discord.command_syncs == 2


@needs_signals
async def test_commands_that_cannot_be_noted_are_registered_and_the_bot_serves(
    discord: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "discord-commands").mkdir()  # nothing can be written there
    running = asyncio.create_task(serve(services(discord.url, tmp_path), discord.token))
    await discord.connected()
    assert "too high" in (await (await Person(discord).use("ask", question="Why?")).message()).text
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0
    told = [one for one in caplog.records if one.name == "bot.command_sync"]
    [warned] = [one for one in told if one.levelno >= logging.WARNING]
    assert (warned.levelno, warned.exc_info) == (logging.WARNING, None)


@needs_signals
async def test_the_settings_say_how_often_one_may_ask_and_where(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    host = services(
        discord.url,
        tmp_path,
        DISCORD_COOLDOWN_S="0",
        DISCORD_QUESTIONS_PER_DAY="2",
        DISCORD_GUILD_IDS=str(discord.guild_id),
    )
    running = asyncio.create_task(serve(host, discord.token))
    await discord.connected()
    ada = Person(discord)
    for _ in range(2):
        assert "too high" in (await (await ada.use("ask", question="Why?")).message()).text
    refused = await (await ada.use("ask", question="Why?")).message()
    assert "your 2 questions of today" in refused.text
    discord.channel_id = discord.add_channel(discord.add_guild("Elsewhere"), "general")
    refused = await (await ada.use("ask", question="Why?")).message()
    assert "do not serve" in refused.text
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_politely_also_in_mid_answer(
    discord: FakeDiscord, tmp_path: Path, number: signal.Signals
) -> None:
    answers = ScriptedAnswers()
    answers.hold()
    running = asyncio.create_task(serve(services(discord.url, tmp_path, answers), discord.token))
    await discord.connected()
    await (await Person(discord).use("ask", question="Why?")).acknowledged()
    os.kill(os.getpid(), number)
    async with asyncio.timeout(5):
        assert await running == 0
    await discord.until(lambda: discord.gateway.clean_closes == 1, "polite end")


async def test_an_answer_survives_a_dropped_connection(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    answers.hold()
    reply = await ada.use("ask", question="Why?")
    await reply.acknowledged()
    await discord.gateway.drop()
    answers.release()
    await reply.message()
    await discord.until(lambda: discord.gateway.resumes == 1, "resumed session")
    assert len(reply.messages) == 1
    assert len(discord.gateway.sessions) == 1


async def test_what_happened_while_away_is_answered_after_the_resume(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    await discord.gateway.drop()
    reply = await ada.use("ask", question="Why?")
    await reply.message()
    assert answers.asked == ["Why?"]
    assert discord.gateway.resumes == 1


async def test_a_lost_session_is_replaced(
    discord: FakeDiscord, bot: NewsdeskBot, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_pause(*_: object, **__: object) -> None:
        """The library waits five seconds between two sessions."""

    monkeypatch.setattr(bot, "before_identify_hook", no_pause)
    discord.gateway.refuse_resume = True
    await discord.gateway.drop()
    await discord.until(lambda: len(discord.gateway.sessions) == 2, "second session")
    await discord.connected()
    assert "too high" in (await (await ada.use("ask", question="Why?")).message()).text


async def test_an_answer_survives_a_lost_session(
    discord: FakeDiscord,
    bot: NewsdeskBot,
    ada: Person,
    answers: ScriptedAnswers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def no_pause(*_: object, **__: object) -> None:
        """The library waits five seconds between two sessions."""

    monkeypatch.setattr(bot, "before_identify_hook", no_pause)
    answers.hold()
    reply = await ada.use("ask", question="Why?")
    await reply.acknowledged()
    discord.gateway.refuse_resume = True
    await discord.gateway.drop()
    await discord.until(lambda: len(discord.gateway.sessions) == 2, "second session")
    answers.release()
    await reply.message()
    assert len(reply.messages) == 1
    assert answers.asked == ["Why?"]


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_mention_is_answered_once_although_discord_stumbles(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers, status: int
) -> None:
    wait = 0.01 if status == 429 else None
    discord.fail("POST .*/channels/.*/messages", status, retry_after=wait)
    await ada.say("Why?", mention=True)
    await discord.until(lambda: bool(discord.from_bot()), "answer")
    assert len(discord.from_bot()) == 1
    assert answers.asked == ["Why?"]


@pytest.mark.parametrize("status", [429, 500])
async def test_the_answer_comes_once_although_discord_stumbles(
    discord: FakeDiscord, ada: Person, status: int
) -> None:
    discord.fail("PATCH .*/messages/@original", status, retry_after=0.01 if status == 429 else None)
    reply = await ada.use("ask", question="Why?")
    await reply.message()
    assert len(discord.from_bot()) == 1
    assert reply.messages[0].edits == 1


class BusyAnswers(ScriptedAnswers):
    """Computes on a worker, as an embedding model does, until it is `enough`."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self.enough = threading.Event()
        self.threads: list[str] = []

    async def answer(self, question: str, **_: object) -> Answer:
        return await self._worker.run(self._compute)

    def _compute(self) -> Answer:
        self.threads.append(threading.current_thread().name)
        end = time.monotonic() + 60
        while not self.enough.is_set() and time.monotonic() < end:
            sum(range(1000))
        return answered()


@needs_signals
async def test_the_heart_beats_while_an_answer_is_computed(tmp_path: Path) -> None:
    worker = Worker("index")
    answers = BusyAnswers(worker)
    async with FakeDiscord(heartbeat_ms=100) as discord:
        host = services(discord.url, tmp_path, answers)
        running = asyncio.create_task(serve(host, discord.token))
        await discord.connected()
        reply = await Person(discord).use("ask", question="Why?")
        await discord.until(lambda: bool(reply.messages), "sign that it thinks")
        before = len(discord.gateway.heartbeats)
        await discord.until(lambda: len(discord.gateway.heartbeats) >= before + 4, "heartbeats")
        assert all(one.is_thinking for one in reply.messages)
        answers.enough.set()
        await reply.message()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await running == 0
    worker.close()
    assert answers.threads == ["index_0"]


@needs_signals
async def test_what_was_stored_without_being_indexed_is_made_searchable_while_serving(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    host = services(discord.url, tmp_path)
    await host.index_worker.run(host.indexer.open)
    host.store.add(drafts(1, 3))
    running = asyncio.create_task(serve(host, discord.token))
    async with asyncio.timeout(20):
        while host.indexer.snapshot.articles < 3:  # noqa: ASYNC110 - a thread brings it about
            await asyncio.sleep(0.01)
    await discord.connected()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0
    host.indexer.close()
