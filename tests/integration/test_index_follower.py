"""The bot's index follows whatever is done to it, and questions are answered meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import filelock
import pytest

from bot.index_follower import following
from bot.workers import Worker, drive
from corpus.models import ArticleId
from corpus.sqlite_store import SqliteArticleStore
from index.generation_writer import Phase, Progress
from index.indexer import Indexer, finish
from tests.fakes.embedder import HashingEmbedder
from tests.integration.indexing import draft, drafts, indexer_of

OFTEN_S = 0.01


@pytest.fixture
def store(accented: Path) -> Iterator[SqliteArticleStore]:
    with closing(SqliteArticleStore.open(accented / "corpus.sqlite")) as opened:
        opened.add(drafts(1, 20))
        yield opened


@pytest.fixture
def worker() -> Iterator[Worker]:
    with closing(Worker("index")) as made:
        yield made


@pytest.fixture
async def indexer(
    store: SqliteArticleStore, accented: Path, worker: Worker
) -> AsyncIterator[Indexer]:
    indexer = indexer_of(store, accented)
    await worker.run(indexer.open)
    yield indexer
    await worker.run(indexer.close)


async def question(indexer: Indexer, worker: Worker) -> int:
    """Search as a question does, and count what is found."""

    def search() -> int:
        indexer.refresh()
        query = HashingEmbedder().embed_query("badan kegop")
        return len(indexer.snapshot.vectors.search(query, limit=5))

    return await worker.run(search)


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not there():  # noqa: ASYNC110 - another thread brings it about
            await asyncio.sleep(OFTEN_S)


async def waiting(job: asyncio.Task[object], seen: asyncio.Event) -> None:
    """Wait until a job waits for another process, or has ended."""
    told = asyncio.create_task(seen.wait())
    await asyncio.wait({job, told}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    told.cancel()


@pytest.mark.parametrize("job", ["catch up", "rebuild", "roll back"])
async def test_questions_are_answered_while_a_job_waits_for_another_process(
    store: SqliteArticleStore, indexer: Indexer, worker: Worker, accented: Path, job: str
) -> None:
    await worker.run(lambda: finish(indexer.rebuild()))
    store.add([draft(21)])
    seen = asyncio.Event()

    async def told(progress: Progress) -> None:
        if progress.phase is Phase.WAITING:
            seen.set()

    steps = {
        "catch up": indexer.catching_up,
        "rebuild": indexer.rebuild,
        "roll back": indexer.rolling_back,
    }[job]()
    with filelock.FileLock(accented / "index" / "write.lock"):
        running = asyncio.create_task(drive(worker, steps, told))
        await waiting(running, seen)
        for _ in range(3):
            assert await question(indexer, worker) == 5
        assert not running.done()
        assert indexer.snapshot.articles == 20
    await running
    assert indexer.snapshot.articles == 21


async def test_questions_are_answered_while_many_articles_are_taken_in(
    store: SqliteArticleStore, indexer: Indexer, worker: Worker
) -> None:
    store.add(drafts(21, 160))
    phases = set()

    async def told(progress: Progress) -> None:
        phases.add(progress.phase)
        assert await question(indexer, worker) == 5

    caught = await drive(worker, indexer.catching_up(), told)
    assert caught.articles == 140
    assert phases == {Phase.EMBEDDING}
    assert indexer.snapshot.articles == 160


async def test_what_another_process_adds_or_restores_is_found_soon(
    store: SqliteArticleStore, indexer: Indexer, worker: Worker
) -> None:
    async with following(indexer, worker, every_s=OFTEN_S):
        (added,) = store.add([draft(21)])
        await until(lambda: indexer.snapshot.articles == 21)
        store.remove(added.id)
        await until(lambda: indexer.snapshot.articles == 20)


async def test_what_was_removed_soon_weighs_in_no_ranking(
    store: SqliteArticleStore, indexer: Indexer, worker: Worker
) -> None:
    store.remove(ArticleId(3))
    await drive(worker, indexer.catching_up())
    lexical = indexer.snapshot.lexical
    assert lexical.removed()
    async with following(indexer, worker, every_s=OFTEN_S):
        await until(lambda: lexical.removed() == 0)
        assert await question(indexer, worker) == 5


async def test_a_failure_is_logged_once_and_made_up_for(
    store: SqliteArticleStore,
    indexer: Indexer,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries = []

    def fail(*_: object) -> None:
        tries.append(True)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(indexer, "catching_up", fail)
        async with following(indexer, worker, every_s=OFTEN_S):
            await until(lambda: len(tries) > 3)
            patch.undo()
            store.add([draft(21)])
            await until(lambda: indexer.snapshot.articles == 21)
    assert [
        record.exc_info is not None for record in caplog.records if record.name.startswith("bot")
    ] == [True]
