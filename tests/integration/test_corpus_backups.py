"""Copies of the database, and putting one back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus import backups
from corpus.backups import restore
from corpus.errors import DamagedDatabaseError, StoreUnavailableError
from corpus.models import Article, ArticleId, Draft, Revision
from corpus.sqlite_store import SqliteArticleStore

PAGE = 4096


def draft(name: str) -> Draft:
    return Draft(text=f"Text of {name}. " * 20, origin=name, title=name, language="en")


@pytest.fixture
def path(accented: Path) -> Path:
    return accented / "corpus 100%.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteArticleStore]:
    with closing(SqliteArticleStore.open(path)) as opened:
        yield opened


def titles(store: SqliteArticleStore) -> list[str]:
    return [article.title for article in store.articles()]


def test_a_backup_is_one_file_that_opens_as_it_was(
    store: SqliteArticleStore, accented: Path
) -> None:
    store.add([draft("a"), draft("b")])
    target = accented / "sub" / "copie.sqlite"
    store.backup(target)
    assert [entry.name for entry in target.parent.iterdir()] == ["copie.sqlite"]
    store.add([draft("c")])
    with closing(SqliteArticleStore.open(target)) as copy:
        assert titles(copy) == ["a", "b"]
        assert copy.revision() == 2


def test_a_backup_taken_while_another_thread_writes_is_consistent(
    store: SqliteArticleStore, accented: Path
) -> None:
    stop = Event()
    begun = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.add([draft(f"w{number}"), draft(f"v{number}")])
            begun.set()
            number += 1

    writer = Thread(target=write)
    writer.start()
    assert begun.wait(30)
    for number in range(3):
        store.backup(accented / f"{number}.sqlite")
    stop.set()
    writer.join()
    for number in range(3):
        with closing(SqliteArticleStore.open(accented / f"{number}.sqlite")) as copy:
            assert len(titles(copy)) == copy.revision() >= 2
            assert len(titles(copy)) % 2 == 0


def test_a_backup_that_fails_leaves_the_earlier_one(
    store: SqliteArticleStore, accented: Path, path: Path
) -> None:
    store.add([draft("a")])
    target = accented / "copy.sqlite"
    store.backup(target)
    before = target.read_bytes()
    store.close()
    path.write_bytes(b"no database any more" * 500)
    for companion in ("-wal", "-shm"):
        Path(f"{path}{companion}").unlink(missing_ok=True)
    with pytest.raises(StoreUnavailableError):
        store.backup(target)
    assert target.read_bytes() == before
    names = {entry.name for entry in accented.iterdir()}
    assert names == {"copy.sqlite", path.name, f"{path.name}.lock"}


def test_restoring_brings_back_what_was_and_tells_what_changed(
    store: SqliteArticleStore, accented: Path, path: Path
) -> None:
    a, b, c = store.add([draft("a"), draft("b"), draft("c")])
    backup = accented / "copy.sqlite"
    store.backup(backup)
    store.remove(a.id)
    [d] = store.add([draft("d")])
    followed = store.revision()

    restore(backup, path)

    # The store was open all the while, and sees the restored articles.
    assert titles(store) == ["a", "b", "c"]
    changes = {change.article_id: change.article for change in store.changes_since(followed)}
    assert changes == {a.id: a, b.id: b, c.id: c, d.id: None}
    [e] = store.add([draft("e")])
    assert e.id > d.id
    assert store.revision() > followed


def test_an_empty_backup_does_not_set_the_numbers_back(
    store: SqliteArticleStore, accented: Path, path: Path
) -> None:
    backup = accented / "copy.sqlite"
    store.backup(backup)
    [a] = store.add([draft("a")])
    restore(backup, path)
    assert titles(store) == []
    assert [(c.article_id, c.article) for c in store.changes_since(Revision(1))] == [(a.id, None)]
    [b] = store.add([draft("b")])
    assert b.id > a.id


def foreign_database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE articles (id)")
        return connection.serialize()


@pytest.mark.parametrize("present", [None, b"", b"rubbish " * 1_000, foreign_database()])
def test_restoring_replaces_what_is_missing_or_damaged(
    accented: Path, path: Path, present: bytes | None
) -> None:
    backup = accented / "copy.sqlite"
    with closing(SqliteArticleStore.open(accented / "other.sqlite")) as other:
        other.add([draft("a")])
        other.backup(backup)
    if present is not None:
        path.write_bytes(present)
        Path(f"{path}-wal").write_bytes(b"left over")
    restore(backup, path)
    with closing(SqliteArticleStore.open(path)) as store:
        assert titles(store) == ["a"]


def test_who_has_a_damaged_database_open_sees_what_is_restored(
    store: SqliteArticleStore, accented: Path, path: Path
) -> None:
    store.add([draft(str(number)) for number in range(40)])
    backup = accented / "copy.sqlite"
    store.backup(backup)
    store.add([draft("later")])
    followed = store.revision()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    page = data.index(b"Text of 17.") // PAGE * PAGE
    data[page : page + PAGE] = b"\xff" * PAGE
    path.write_bytes(data)

    restore(backup, path)

    assert titles(store) == [str(number) for number in range(40)]
    assert store.revision() > followed
    store.add([draft("new")])
    with closing(SqliteArticleStore.open(path)) as opened_anew:
        assert titles(opened_anew)[-1] == "new"


def test_what_is_no_sound_backup_replaces_nothing(
    store: SqliteArticleStore, accented: Path, path: Path
) -> None:
    store.add([draft(str(number)) for number in range(300)])
    good = accented / "good.sqlite"
    store.backup(good)
    data = good.read_bytes()
    bad = accented / "bad.sqlite"
    foreign = accented / "foreign.sqlite"
    with closing(sqlite3.connect(foreign)) as connection, connection:
        connection.execute("CREATE TABLE articles (id)")
    middle = len(data) // 2
    for content in (
        b"",
        b"not a database " * 100,
        data[: middle // 4096 * 4096],
        data[:middle] + b"\xff" * 8_192 + data[middle + 8_192 :],
        foreign.read_bytes(),
    ):
        bad.write_bytes(content)
        with pytest.raises(DamagedDatabaseError):
            restore(bad, path)
    with pytest.raises(StoreUnavailableError):
        restore(accented / "missing.sqlite", path)
    with pytest.raises(StoreUnavailableError):
        restore(accented, path)
    assert not (accented / "missing.sqlite").exists()
    assert len(titles(store)) == 300
    assert store.get(ArticleId(7)).title == "6"


def test_a_backup_of_a_newer_version_replaces_nothing(
    store: SqliteArticleStore, accented: Path, path: Path
) -> None:
    store.add([draft("a")])
    newer = accented / "newer.sqlite"
    store.backup(newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailableError) as caught:
        restore(newer, path)
    assert caught.value.reason == "made by a newer Newsdesk"
    assert titles(store) == ["a"]


def test_what_a_killed_backup_left_is_deleted_when_it_is_old(
    store: SqliteArticleStore, accented: Path
) -> None:
    store.add([draft("a")])
    old, new = accented / ".newsdesk-old", accented / ".newsdesk-new"
    for left in (old, new):
        left.mkdir()
        (left / "copy.sqlite").write_bytes(b"half")
    os.utime(old, (0, 0))
    store.backup(accented / "copy.sqlite")
    assert not old.exists()
    assert new.exists()  # another backup may be at it


@pytest.mark.parametrize("times", [1, 3])
def test_what_a_bot_adds_while_a_backup_is_restored_keeps_its_numbers(
    store: SqliteArticleStore,
    accented: Path,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:
    [a] = store.add([draft("a")])
    backup = accented / "copy.sqlite"
    store.backup(backup)
    added: list[Article] = []
    go_on = backups._continue_from

    def go_on_and_add(restored: sqlite3.Connection, target: Path) -> int:
        after = go_on(restored, target)
        if len(added) < times:
            added.extend(store.add([draft(f"meanwhile {len(added)}")]))
        return after

    monkeypatch.setattr(backups, "_continue_from", go_on_and_add)
    restore(backup, path)

    assert len(added) == times
    assert titles(store) == ["a"]
    followed = Revision(times + 1)
    assert store.revision() > followed
    changes = {change.article_id: change.article for change in store.changes_since(followed)}
    assert changes == {a.id: a, **{one.id: None for one in added}}
    [b] = store.add([draft("b")])
    assert b.id > max(one.id for one in added)
