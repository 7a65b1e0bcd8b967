"""A backup that was taken while the bot wrote answers elsewhere as the original does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event, Thread

from bot.answering.models import Answer, Answered
from bot.app import App
from bot.terminal.indexing import bring_in_step
from corpus.backups import restore
from corpus.ingest import Added
from tests.crash.articles import pool, questions
from tests.crash.engine import app_in

AT_FIRST = 12


async def answered(app: App) -> list[Answer]:
    return [await app.answers.answer(question) for question in questions()]


def answers_of(app: App) -> list[object]:
    """Ask every question, and tell what a reader sees."""
    return [
        (answer.text, answer.citations if isinstance(answer, Answered) else ())
        for answer in asyncio.run(answered(app))
    ]


def test_a_backup_of_a_bot_that_writes_answers_the_same_in_another_place(
    accented: Path, tmp_path: Path
) -> None:
    drafts, backup, elsewhere = list(pool().values()), tmp_path / "b.db", tmp_path / "other place"
    stored: list[int] = []
    begun, stop = Event(), Event()
    with app_in(accented / "data") as app:
        list(app.ingest.add(drafts[:AT_FIRST]))

        def write() -> None:
            for draft in drafts[AT_FIRST:]:
                if stop.is_set():
                    break
                (outcome,) = app.ingest.add([draft])
                assert isinstance(outcome, Added)
                stored.append(outcome.article.id)
                begun.set()

        writer = Thread(target=write)
        writer.start()
        assert begun.wait(30)
        before = list(stored)
        app.store.backup(backup)
        stop.set()
        writer.join()
        restore(backup, elsewhere / "newsdesk.db")
        with app_in(elsewhere) as other:
            there = {article.id for article in other.store.articles()}
            assert set(before) <= there
            assert len(there) == max(there)  # none left out in between
            for article in app.store.articles():
                if article.id not in there:
                    app.store.remove(article.id)
            bring_in_step(app)
            bring_in_step(other)
            told = answers_of(app)
            assert told == answers_of(other)
            assert len({text for text, _ in told}) > 5  # type: ignore[misc]  # pairs
