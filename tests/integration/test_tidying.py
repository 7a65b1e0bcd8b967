"""What was removed weighs in no ranking; a large index is not written anew for little."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import filelock
import pytest

from corpus.models import ArticleId
from corpus.sqlite_store import SqliteArticleStore
from index.indexer import Indexer, finish
from index.lexical import LexicalIndex
from tests.integration.indexing import contents, draft, drafts, indexer_of, ranked


@pytest.fixture
def store(accented: Path) -> Iterator[SqliteArticleStore]:
    with closing(SqliteArticleStore.open(accented / "corpus.sqlite")) as opened:
        opened.add(drafts(1, 24))
        yield opened


@pytest.fixture
def indexer(store: SqliteArticleStore, accented: Path) -> Iterator[Indexer]:
    with closing(indexer_of(store, accented)) as made:
        made.open()
        yield made


def remove_some(store: SqliteArticleStore, indexer: Indexer) -> None:
    """Remove articles, edit one again and again, and let the index follow each change."""
    for number in (3, 8, 21):
        store.remove(ArticleId(number))
    for number in range(2):
        store.edit(ArticleId(2), draft(2, title=f"Badan kegop {number}"))
        indexer.catch_up()


def rankings_of_a_new_index(store: SqliteArticleStore, folder: Path) -> object:
    with closing(indexer_of(store, folder / "new")) as new:
        return ranked(new.open())


def files(indexer: Indexer) -> set[str]:
    return {path.name for path in (indexer.snapshot.path / "lexical").iterdir()}


def test_after_removals_everything_is_ranked_as_in_a_new_index(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    remove_some(store, indexer)
    wanted = rankings_of_a_new_index(store, accented)
    assert ranked(indexer.snapshot) != wanted
    held = contents(indexer.snapshot)
    indexer.tidy()
    assert ranked(indexer.snapshot) == wanted
    assert contents(indexer.snapshot) == held
    with closing(indexer_of(store, accented)) as again:
        assert ranked(again.open()) == wanted
        assert again.snapshot.generation == 1


def test_what_hardly_weighs_is_not_worth_writing_everything_anew(
    store: SqliteArticleStore, indexer: Indexer
) -> None:
    store.add([draft(number) for number in range(25, 90)])
    (short,) = store.add([draft(90, text="A short one about llamas. " * 3)])
    indexer.catch_up()
    store.remove(short.id)
    indexer.catch_up()
    assert indexer.snapshot.lexical.removed() == 1
    before = files(indexer)
    indexer.tidy()
    assert files(indexer) == before
    store.remove(ArticleId(1))
    store.remove(ArticleId(2))
    indexer.catch_up()
    assert indexer.snapshot.lexical.removed() > len(indexer.snapshot) / 100
    indexer.tidy()
    assert not before & {name for name in files(indexer) if name.endswith(".term")}
    assert indexer.snapshot.lexical.removed() == 0


def add_one(store: SqliteArticleStore) -> object:
    return store.add([draft(25)])


def remove_one(store: SqliteArticleStore) -> object:
    return store.remove(ArticleId(24))


@pytest.mark.parametrize("change", [add_one, remove_one])
def test_a_change_meanwhile_goes_first(
    store: SqliteArticleStore, indexer: Indexer, change: Callable[[SqliteArticleStore], object]
) -> None:
    remove_some(store, indexer)
    before = ranked(indexer.snapshot)
    steps = indexer.tidying()
    for _ in range(2):
        next(steps)
    change(store)
    finish(steps)
    assert ranked(indexer.snapshot) == before
    indexer.catch_up()
    indexer.tidy()
    held = contents(indexer.snapshot)
    assert held["articles"] == store.statistics().articles
    assert indexer.snapshot.lexical.removed() == 0


def test_an_article_that_went_without_a_revision_is_left_to_a_rebuild(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    remove_some(store, indexer)
    with closing(sqlite3.connect(accented / "corpus.sqlite")) as connection, connection:
        connection.execute("DELETE FROM articles WHERE id = 9")  # a repair by hand
    before = contents(indexer.snapshot)
    indexer.tidy()
    assert contents(indexer.snapshot) == before


@pytest.mark.parametrize("end", ["closed", "disk full"])
def test_what_does_not_come_to_its_end_changes_nothing(
    store: SqliteArticleStore,
    indexer: Indexer,
    accented: Path,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
) -> None:
    remove_some(store, indexer)
    before, held = ranked(indexer.snapshot), contents(indexer.snapshot)
    with monkeypatch.context() as patch:
        steps = indexer.tidying()
        next(steps)
        if end == "closed":
            steps.close()
        else:
            patch.setattr(SqliteArticleStore, "revision", disk_full)
            finish(steps)
    assert (ranked(indexer.snapshot), contents(indexer.snapshot)) == (before, held)
    with closing(indexer_of(store, accented)) as again:
        assert contents(again.open()) == held
        again.tidy()
        assert ranked(again.snapshot) == rankings_of_a_new_index(store, accented)


def disk_full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_another_writer_goes_first_and_another_reader_follows(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    remove_some(store, indexer)
    with closing(indexer_of(store, accented)) as reader:
        reader.open()
        with filelock.FileLock(accented / "index" / "write.lock"):
            indexer.tidy()
        assert indexer.snapshot.lexical.removed()
        indexer.tidy()
        reader.refresh()
        assert contents(reader.snapshot) == contents(indexer.snapshot)
        assert ranked(reader.snapshot) == ranked(indexer.snapshot)


def test_while_words_are_written_anew_questions_find_all_that_was_there(
    store: SqliteArticleStore, indexer: Indexer
) -> None:
    remove_some(store, indexer)
    before = ranked(indexer.snapshot)
    steps = 0
    for step in indexer.tidying():
        assert 0 < step.done <= step.total
        indexer.refresh()
        assert ranked(indexer.snapshot) == before
        steps += 1
    assert steps > 2


def test_an_index_that_was_never_written_to_can_be_written_anew(tmp_path: Path) -> None:
    with closing(LexicalIndex.open(tmp_path)) as index:
        assert index.removed() == 0
        assert list(index.rewrite([])) == []
        assert len(index) == 0
