"""What is told to be written is on the disk first: files, and the names of files in folders."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from corpus.backups import restore, write_backup
from corpus.durability import replace_durably
from corpus.sqlite_store import SqliteArticleStore
from index.generations import Generations, Pointer
from index.indexer import finish
from tests.fakes.article_store import MemoryArticleStore
from tests.integration.indexing import draft, drafts, indexer_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no folder can be synced there")


class Disk:
    """What was synced, by inode, and which of it was not when something got its name."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.synced: set[int] = set()
        self.early: list[str] = []
        self._sync, self._replace, self._mkdir = os.fsync, os.replace, os.mkdir
        patch.setattr(os, "fsync", self._note_sync)
        patch.setattr(os, "replace", self._note_replace)
        patch.setattr(os, "mkdir", self._note_mkdir)

    def has(self, path: Path) -> bool:
        return path.stat().st_ino in self.synced

    def _note_sync(self, descriptor: int) -> None:
        self._sync(descriptor)
        self.synced.add(os.fstat(descriptor).st_ino)

    def _note_replace(self, source: str, target: str) -> None:
        if not self.has(Path(source)):
            self.early.append(str(target))
        self._replace(source, target)
        self._note_change_in(Path(target).parent)

    def _note_mkdir(self, path: str, mode: int = 0o777) -> None:
        self._mkdir(path, mode)
        self._note_change_in(Path(path).parent)

    def _note_change_in(self, directory: Path) -> None:
        self.synced.discard(directory.stat().st_ino)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_state_file_is_there_whole_under_its_name(disk: Disk, tmp_path: Path) -> None:
    replace_durably(tmp_path / "state", b"{}")
    assert disk.has(tmp_path)
    assert disk.early == []


def test_a_backup_and_what_is_restored_from_it_are_there_under_their_names(
    disk: Disk, tmp_path: Path
) -> None:
    source, backup = tmp_path / "newsdesk.db", tmp_path / "kept" / "backup.db"
    with closing(SqliteArticleStore.open(source)) as store:
        store.add([draft(1)])
    write_backup(source, backup)
    assert disk.has(backup.parent)
    restored = tmp_path / "elsewhere" / "newsdesk.db"
    restore(backup, restored)
    assert disk.has(restored.parent)
    assert disk.early == []


@pytest.mark.parametrize("full", [False, True])
def test_all_of_a_generation_is_there_before_it_is_published(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    store, published = MemoryArticleStore(), []
    store.add(drafts(1, 4))
    point = Generations.point

    def note(generations: Generations, pointer: Pointer) -> None:
        path = generations.path(pointer.current)
        missing = [file.name for file in path.iterdir() if not disk.has(file)]
        # What SQLite and tantivy write they sync themselves, which nobody sees here.
        by_others = {"passages.sqlite"} | ({"lexical"} if full else set())
        assert set(missing) == by_others
        words = [file for file in (path / "lexical").iterdir() if file.suffix != ".lock"]
        assert full or all(map(disk.has, words))
        assert disk.has(path)
        assert disk.has(generations.directory)
        point(generations, pointer)
        published.append(pointer.current)

    with closing(indexer_of(store, tmp_path)) as indexer:
        indexer.open()
        monkeypatch.setattr(Generations, "point", note)
        finish(indexer.rebuild(full=full))
    assert published == [2]
    assert disk.has(tmp_path / "index")
    assert disk.early == []


def test_macos_is_asked_to_write_through_the_cache_of_the_drive(tmp_path: Path) -> None:
    with closing(SqliteArticleStore.open(tmp_path / "newsdesk.db")) as store:
        connection = store._engine.raw_connection()
        for pragma in ("fullfsync", "checkpoint_fullfsync"):
            assert connection.execute(f"PRAGMA {pragma}").fetchone() == (1,)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        connection.close()
