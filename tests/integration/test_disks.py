"""Full and read-only disks, a clock set back, two processes: nothing is lost, and it is said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from corpus.sqlite_store import SqliteArticleStore
from index.indexer import finish
from tests.crash.forking import processes
from tests.integration import bot_disks, disks
from tests.integration.indexing import contents, draft, indexer_of, rebuilt_contents

P = ParamSpec("P")
R = TypeVar("R")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")


def elsewhere(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a call in a process of its own, and return or raise what it does."""
    with ProcessPoolExecutor(1, mp_context=processes) as pool:
        return pool.submit(call, *args, **kwargs).result()


def test_wherever_the_disk_is_full_one_sentence_says_so_and_nothing_is_lost(
    accented: Path,
) -> None:
    failed = elsewhere(disks.on_a_small_disk, accented, [2, 6, 10, 16, 32, 80])
    if failed is None:
        pytest.skip("no disk can be mounted here")
    assert set(failed) >= {"add", "edit", "remove", "rebuild", "full rebuild", "backup"}
    assert sum(failed.values()) > 12


def test_wherever_a_file_cannot_grow_one_sentence_says_so_and_nothing_is_lost(
    accented: Path,
) -> None:
    failed = elsewhere(disks.with_limited_files, accented, [4, 16])
    assert set(failed) >= {"add", "edit", "remove", "rebuild", "full rebuild", "backup"}


def test_wherever_the_disk_is_full_what_the_bot_keeps_is_kept_whole_or_not_at_all(
    accented: Path,
) -> None:
    told = elsewhere(bot_disks.on_a_small_disk, accented, [0, 1, 2, 3, 5, 8, 16, 40, 160])
    if told is None:
        pytest.skip("no disk can be mounted here")
    failed, said = told
    assert min(failed[job] for job in ("start", *bot_disks.JOBS)) > 0
    assert said.count("\n") == 1
    assert said.endswith("newsdesk.log cannot be written: no space left on device.\n")


def test_wherever_a_file_cannot_grow_what_the_bot_keeps_is_kept_whole_or_not_at_all(
    accented: Path,
) -> None:
    failed, said = elsewhere(bot_disks.with_limited_files, accented, [0, 2, 4, 12])
    assert min(failed[job] for job in ("start", *bot_disks.JOBS)) > 0
    assert said.endswith("newsdesk.log cannot be written: file too large.\n")
    assert said.count("\n") == 1


def test_a_read_only_disk_is_one_sentence_and_changes_nothing(accented: Path) -> None:
    told = elsewhere(disks.on_a_read_only_disk, accented)
    if told is None:
        pytest.skip("no disk can be mounted here")
    for one in told:
        assert one.startswith("1 The data directory ")
        assert "read-only file system; NEWSDESK_DATA names it." in one
        assert one.count("\n") == 1


def test_two_processes_on_the_same_data_lose_nothing(accented: Path) -> None:
    data = accented / "data"
    with ProcessPoolExecutor(2, mp_context=processes) as pool:
        jobs = [pool.submit(disks.add_and_rebuild, data, n, n + 7) for n in (100, 200)]
        added = [number for job in jobs for number in job.result()]
    with disks.app_in(data) as app:
        app.indexer.open()
        app.indexer.catch_up()
        assert sorted(added) == sorted(article.id for article in app.store.articles())
        found = contents(app.indexer.snapshot)
        assert found["articles"] == 16
        assert found == rebuilt_contents(app.indexer)


def test_a_clock_set_back_changes_nothing_but_what_it_tells(accented: Path) -> None:
    now = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
    for number, days in enumerate((0, -400, 0, 9_000, 0)):

        def clock(days: int = days) -> datetime:
            return now + timedelta(days=days)

        with (
            closing(SqliteArticleStore.open(accented / "corpus.db", clock=clock)) as store,
            closing(indexer_of(store, accented, clock=clock)) as indexer,
        ):
            store.add([draft(number)])
            indexer.open()
            indexer.catch_up()
            finish(indexer.rebuild())
            assert indexer.status().manifest.created_at == clock().isoformat()
            assert [article.id for article in store.articles()] == list(range(1, number + 2))
            held = contents(indexer.snapshot)
            assert held["articles"] == number + 1
            indexer.rollback()
            assert contents(indexer.snapshot) == held
