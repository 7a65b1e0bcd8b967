"""A writer killed at each call: what was there is opened as it is, and nothing built anew."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from corpus.models import ArticleId
from corpus.sqlite_store import SqliteArticleStore
from index.generation_writer import Phase
from index.indexer import Indexer, finish
from tests.crash.forking import processes
from tests.crash.moments import AtCall, Kind, die_at
from tests.integration.indexing import contents, draft, drafts, indexer_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

Job = Callable[[Indexer, AtCall], object]


def write_an_edit(indexer: Indexer, moment: AtCall) -> None:
    die_at(moment)
    indexer.catch_up()


def publish_a_rebuild(indexer: Indexer, moment: AtCall) -> None:
    steps = indexer.rebuild(full=True)
    while next(steps).phase is not Phase.PUBLISHING:
        pass
    die_at(moment)
    finish(steps)


def work(folder: Path, job: Job, moment: AtCall) -> None:
    with (
        closing(SqliteArticleStore.open(folder / "corpus.db")) as store,
        closing(indexer_of(store, folder)) as indexer,
    ):
        indexer.open()
        job(indexer, moment)


def is_killed(folder: Path, job: Job, moment: AtCall) -> bool:
    """Let a process work until that moment; say whether it came to it."""
    process = processes.Process(target=work, args=(folder, job, moment))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@pytest.mark.parametrize(
    ("job", "kind"), [(write_an_edit, Kind.TANTIVY), (publish_a_rebuild, Kind.WRITE)]
)
def test_wherever_a_writer_is_killed_the_index_is_opened_as_it_is_and_catches_up(
    accented: Path, tmp_path: Path, job: Job, kind: Kind
) -> None:
    with closing(SqliteArticleStore.open(accented / "corpus.db")) as store:
        store.add(drafts(1, 5))
        with closing(indexer_of(store, accented)) as indexer:
            indexer.open()
        # Of as many passages as before, so that their number does not tell.
        store.edit(ArticleId(2), draft(2, title="Badan kegop"))
        with closing(indexer_of(store, tmp_path / "wanted")) as indexer:
            wanted = contents(indexer.open())
    allowed = {1} if job is write_an_edit else {1, 2}
    for number in count(1, 2):  # a call, then its return
        folder = tmp_path / str(number)
        shutil.copytree(accented, folder)
        if not is_killed(folder, job, AtCall(kind, number, serving=False)):
            break
        with (
            closing(SqliteArticleStore.open(folder / "corpus.db")) as store,
            closing(indexer_of(store, folder)) as again,
        ):
            again.open()
            again.catch_up()
            assert again.snapshot.generation in allowed, number
            assert contents(again.snapshot) == wanted, number
    assert number > 1
