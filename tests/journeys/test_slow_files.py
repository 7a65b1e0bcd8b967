"""Files that are read for as long as they may be: they keep neither answers nor the end waiting."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.answering import service as answering
from bot.answering.service import AnswerService
from bot.newsroom import Newsroom
from bot.newsroom_values import Preview
from bot.serving import serve
from corpus.extractor import Extractor
from corpus.models import Draft
from tests.fake_discord import Attached, FakeDiscord, Person, Reply
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.files import BOMB
from tests.journeys.conftest import Clock, answering_from, running_bot
from tests.journeys.test_connection import services

STORY = Draft(
    text="Microsoft dropped Twitter from its advertising tool on Tuesday, for want of money.",
    origin="test",
    title="Microsoft drops Twitter",
    language="en",
)
MANAGE_MESSAGES = 1 << 13


async def bombs_from(discord: FakeDiscord, *, count: int) -> list[Reply]:
    mona = Person(discord, "Mona", permissions=MANAGE_MESSAGES)
    replies = []
    for number in range(count):
        bomb = Attached(discord.new_id(), f"{number}.html", BOMB, "text/html")
        replies.append(await mona.use("article add", file=bomb))
        await replies[-1].acknowledged()
    return replies


@pytest.fixture
def service(
    articles: MemoryArticleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AnswerService]:
    """What really answers, with a hashing embedder."""
    monkeypatch.setattr(answering, "threshold", lambda: 0.0)
    articles.add([STORY])
    with answering_from(articles, tmp_path / "answers") as made:
        yield made


async def test_more_of_them_than_there_are_threads_keep_no_answer_waiting(
    discord: FakeDiscord,
    service: AnswerService,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    async with running_bot(discord, service, articles, clock, tmp_path):
        waiting = await bombs_from(discord, count=4)
        asked = await Person(discord, "Ada").use("ask", question="Why did Microsoft drop Twitter?")
        assert "for want of money" in (await asked.message()).text
        assert all(len(reply.messages) == 1 for reply in waiting)


class Lingering(Extractor):
    """Ends so slowly that the next file, if it still waited, would begin to be read."""

    def close(self) -> None:
        super().close()
        if threading.current_thread() is threading.main_thread():
            time.sleep(1)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals to an event loop there")
async def test_the_end_waits_for_none_of_them(
    discord: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewing: list[str] = []
    preview_file = Newsroom.preview_file

    async def watched(
        newsroom: Newsroom, data: bytes, *, name: str, content_type: str | None
    ) -> Preview:
        previewing.append(name)
        await discord.changed()
        return await preview_file(newsroom, data, name=name, content_type=content_type)

    monkeypatch.setattr(Newsroom, "preview_file", watched)
    host = services(discord.url, tmp_path)
    host.extractor = Lingering()
    running = asyncio.create_task(serve(host, discord.token))
    await discord.connected()
    await bombs_from(discord, count=3)
    await discord.until(lambda: len(previewing) == 3, "previews")
    begun = time.monotonic()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0
    assert time.monotonic() - begun < 10
