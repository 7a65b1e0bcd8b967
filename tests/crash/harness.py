"""Kills a bot at work again and again, and looks each time what has become of its data."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import zip_longest
from math import inf, isclose
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import numpy as np

from bot.app import App
from bot.terminal.indexing import bring_in_step
from corpus.backups import check_backup
from corpus.models import Article
from index.indexer import Indexer, finish
from index.models import Vectors
from index.retriever import OneSnapshot, Retriever
from index.snapshot import Snapshot
from tests.crash.articles import pool, questions
from tests.crash.book import Book
from tests.crash.engine import app_in, remembering
from tests.crash.forking import processes
from tests.crash.life import SERVING, Working, live
from tests.crash.moments import AfterSeconds, AtCall, Kind, Moment

_LONGEST_LIFE_S = 1.5
_LONGEST_WAIT_S = 0.4
_MOST_DEEDS = 4
_HANGS_AFTER_S = 120.0
_CALLS = {Kind.SYSTEM: 30, Kind.SQLITE: 300, Kind.TANTIVY: 20, Kind.WRITE: 30}
_SERVING_SHARE = 0.75
_SAME_SIMILARITY = 0.998
_FOUND_AMONG = 5
_SAMPLED = 4
_SAME_SCORE = 0.02
"""Vectors differ in their last bits, and lengths of passages are rounded where tantivy merges."""


class Harness:
    """One data folder through many lives.

    Attributes:
        killed_in: How often a job of the admin, or opening, was under way at a kill.
        died_at: How often the process was killed by the clock, and how often at a call.
        compared: How often the index was compared with a fresh one.
        recovery_s: How long opening and catching up took after each kill, in seconds.
    """

    def __init__(self, data: Path, seed: int) -> None:
        self.book = Book()
        self.killed_in: Counter[str] = Counter()
        self.died_at: Counter[str] = Counter()
        self.compared = 0
        self.recovery_s: list[float] = []
        self._data = data
        self._seeded = random.Random(seed)

    def kill(self, times: int, *, rebuild_every: int) -> None:
        """Let a bot live and die so often; rebuild after some deaths, and after the last."""
        for number in range(1, times + 1):
            touched = self._live_and_die()
            self._look(touched, rebuild=number % rebuild_every == 0 or number == times)

    def _moment(self) -> Moment:
        serving = self._seeded.random() < _SERVING_SHARE
        if self._seeded.random() < 0.5:
            deeds = self._seeded.randint(0, _MOST_DEEDS) if serving else 0
            return AfterSeconds(self._seeded.uniform(0, _LONGEST_WAIT_S), serving, deeds)
        kind = self._seeded.choice(list(Kind))
        return AtCall(kind, round(_CALLS[kind] ** self._seeded.random()), serving)

    def _live_and_die(self) -> set[str]:
        """Return the external ids of the articles that it told of."""
        moment, seed = self._moment(), self._seeded.randrange(2**32)
        ours, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=live, args=(self._data, seed, moment, theirs))
        process.start()
        theirs.close()
        life = _Life(self.book)
        with closing(ours):
            life.hear(ours, until=lambda: life.has_come_to(moment))
            process.join(moment.seconds if isinstance(moment, AfterSeconds) else _LONGEST_LIFE_S)
            died_at = "clock" if process.exitcode is None else "call"
            process.kill()
            process.join()
            life.hear(ours)
        assert process.exitcode == -signal.SIGKILL, f"it ended by itself: {process.exitcode}"
        self.killed_in[life.job] += 1
        self.died_at[died_at] += 1
        return life.touched

    def _look(self, touched: set[str], *, rebuild: bool) -> None:
        """Start again as a bot does, and check what is stored and what is found."""
        with app_in(self._data) as app:
            began = monotonic()
            bring_in_step(app, rebuild_if_outdated=True)
            self.recovery_s.append(monotonic() - began)
            stored = {str(article.external_id): article for article in app.store.articles()}
            self.book.settle({name: article.title for name, article in stored.items()})
            for name, article in stored.items():
                assert article.text == pool()[name].text
            self._check_index(app, stored)
            some = self._seeded.sample(sorted(stored), min(_SAMPLED, len(stored)))
            for name in {*some, *(touched & stored.keys())}:
                found = app.retriever.retrieve(stored[name].title, limit=_FOUND_AMONG).articles
                assert stored[name].id in [ranked.article.id for ranked in found], name
            if (self._data / "backup.db").exists():
                check_backup(self._data / "backup.db")
            self._compare(app, rebuild=rebuild)

    def _check_index(self, app: App, stored: dict[str, Article]) -> None:
        snapshot = app.indexer.snapshot
        assert snapshot.revision == app.store.revision()
        assert set(snapshot.table.entries()) == {article.id for article in stored.values()}
        assert len(snapshot) == len(snapshot.vectors) == len(snapshot.lexical)
        for article in stored.values():
            assert snapshot.passages_of(article.id), article.title

    def _compare(self, app: App, *, rebuild: bool) -> None:
        """Compare with an index made from nothing but the database, and a rebuild with both."""
        with (
            TemporaryDirectory() as folder,
            closing(
                Indexer(store=app.store, embedder=remembering(), directory=Path(folder))
            ) as fresh,
        ):
            fresh.open()
            ranked = _ranked(app, fresh.snapshot)
            self._check_against(app, fresh.snapshot, ranked)
            if rebuild:
                finish(app.indexer.rebuild(full=True))
                self._check_against(app, fresh.snapshot, ranked)
                # What a killed rebuild has left goes with the next one.
                assert len(list(app.index_directory.glob("gen-*"))) <= 2
                assert not list(app.index_directory.glob("*.tmp"))
        self.compared += 1

    def _check_against(self, app: App, fresh: Snapshot, ranked: list[dict[int, float]]) -> None:
        _check_same(app.indexer.snapshot, fresh)
        for question, best, found in zip(
            questions(), ranked, _ranked(app, app.indexer.snapshot), strict=True
        ):
            assert _agree(best, found), (question, best, found)


class _Life:
    """What a process has told."""

    def __init__(self, book: Book) -> None:
        self.job = ""
        self.touched: set[str] = set()
        self._book = book
        self._serves_since = -1

    def has_come_to(self, moment: Moment) -> bool:
        """Say whether the time of a moment begins to run."""
        if not moment.serving:
            return self.job != ""
        deeds = moment.deeds if isinstance(moment, AfterSeconds) else 0
        return 0 <= self._serves_since <= self._book.acknowledged - deeds

    def hear(self, pipe: Connection, *, until: Callable[[], bool] = lambda: False) -> None:
        """Listen until something is so, or the process has died."""
        while not until():
            assert pipe.poll(_HANGS_AFTER_S), f"it hangs while {self.job}"
            try:
                told = pipe.recv()
            except EOFError:
                return
            if isinstance(told, Working):
                self.job = told.job
                if told.job == SERVING:
                    self._serves_since = self._book.acknowledged
            else:
                self._book.note(told)
                self.touched |= set(told.titles)


def _check_same(found: Snapshot, wanted: Snapshot) -> None:
    """Compare the passages and their vectors, whatever the ids of the passages."""
    (rows, vectors), (wanted_rows, wanted_vectors) = _held(found), _held(wanted)
    assert rows == wanted_rows
    # A text's vector differs in the last bits with the batch that it was embedded in.
    similarities = np.einsum("ij,ij->i", vectors, wanted_vectors)
    assert (similarities > _SAME_SIMILARITY).all()


def _held(snapshot: Snapshot) -> tuple[list[tuple[object, ...]], Vectors]:
    rows = sorted(snapshot.table.rows(), key=lambda row: row[1:])
    return [row[1:] for row in rows], snapshot.vectors_of([row[0] for row in rows])


def _ranked(app: App, snapshot: Snapshot) -> list[dict[int, float]]:
    finder = Retriever(
        store=app.store, indexer=OneSnapshot(snapshot), embedder=remembering(), today=app.today
    )
    return [
        {
            one.article.id: one.score
            for one in finder.retrieve(question, limit=_FOUND_AMONG).articles
        }
        for question in questions()
    ]


def _agree(wanted: dict[int, float], found: dict[int, float]) -> bool:
    """Say whether two rankings are the same, but for the order of articles that are as good."""
    ranks = zip_longest(wanted.values(), found.values(), fillvalue=-inf)
    both = ((wanted[key], found[key]) for key in wanted.keys() & found.keys())
    return all(isclose(one, other, abs_tol=_SAME_SCORE) for one, other in (*ranks, *both))
