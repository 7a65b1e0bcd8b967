"""Files that are missing, damaged or out of reach: mended where that can be done."""

from __future__ import annotations

import errno
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus import durability
from corpus.models import ArticleId
from corpus.sqlite_store import SqliteArticleStore
from index.errors import IndexUnavailableError
from index.indexer import Indexer, finish
from index.passage_table import PassageTable
from index.vector_cache import VectorCache
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.embedder import HashingEmbedder
from tests.integration.indexing import contents, draft, drafts, indexer_of


@pytest.fixture
def store() -> MemoryArticleStore:
    made = MemoryArticleStore()
    made.add(drafts(1, 60))
    return made


@pytest.fixture
def indexer(store: MemoryArticleStore, accented: Path) -> Iterator[Indexer]:
    with closing(indexer_of(store, accented)) as made:
        made.open()
        store.add([draft(61)])
        store.remove(ArticleId(2))
        made.catch_up()
        yield made


def flip(path: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def replace_in(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def remove_lexical(generation: Path) -> None:
    shutil.rmtree(generation / "lexical")


def lose_passages(generation: Path) -> None:
    """Lose rows, as no crash could, from a table that is sound otherwise."""
    with closing(sqlite3.connect(generation / "passages.sqlite")) as connection, connection:
        connection.execute("DELETE FROM passages WHERE id < 9")


def scramble_table(generation: Path) -> None:
    path = generation / "passages.sqlite"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    path.write_bytes(content)


def change_row(generation: Path, before_hash: int) -> None:
    """Change a bit of a passage's row, so many bytes before its hash begins."""
    path = generation / "passages.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        (key,) = connection.execute("SELECT text_hash FROM passages WHERE id = 40").fetchone()
    content = bytearray(path.read_bytes())
    assert content.count(key) == 1
    content[content.index(key) - before_hash] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "vectors changed": lambda g: flip(next(g.glob("*.faiss"))),
    "vectors cut": lambda g: cut(next(g.glob("*.faiss"))),
    "vectors missing": lambda g: next(g.glob("*.faiss")).unlink(),
    "manifest cut": lambda g: cut(g / "manifest.json"),
    "manifest missing": lambda g: (g / "manifest.json").unlink(),
    "manifest of another format": lambda g: (g / "manifest.json").write_text("[1, 2]"),
    "table missing": lambda g: (g / "passages.sqlite").unlink(),
    "table empty": lambda g: (g / "passages.sqlite").write_bytes(b""),
    "table is no table": lambda g: (g / "passages.sqlite").write_bytes(b"x" * 9_000),
    "table scrambled": scramble_table,
    "rows lost": lose_passages,
    "end of a passage changed": lambda g: change_row(g, 1),
    "hash of a passage changed": lambda g: change_row(g, 0),
    "model in the manifest changed": lambda g: replace_in(
        g / "manifest.json", b"hashing", b"hasting"
    ),
    "lexical missing": remove_lexical,
    "lexical without its list": lambda g: (g / "lexical" / "meta.json").unlink(),
    "lexical list cut": lambda g: cut(g / "lexical" / "meta.json"),
    "lexical words changed": lambda g: flip(next((g / "lexical").glob("*.term"))),
    "lexical part missing": lambda g: next((g / "lexical").glob("*.idx")).unlink(),
    "generation missing": shutil.rmtree,
    "pointer empty": lambda g: (g.parent / "current").write_bytes(b""),
    "pointer is no object": lambda g: (g.parent / "current").write_bytes(b"7"),
    "pointer missing": lambda g: (g.parent / "current").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_generation_is_built_anew_at_opening_without_embedding(
    store: MemoryArticleStore,
    indexer: Indexer,
    accented: Path,
    damage: Callable[[Path], None],
) -> None:
    before, path = contents(indexer.snapshot), indexer.snapshot.path
    indexer.close()
    damage(path)
    idle = HashingEmbedder()
    with closing(indexer_of(store, accented, embedder=idle)) as again:
        again.open(rebuild_if_outdated=False)
        again.catch_up()
        assert again.snapshot.path != path
        assert contents(again.snapshot) == before
        assert finish(again.rebuild()).written == 0
        assert again.rollback().generation < finish(again.rebuild()).generation
    assert idle.embedded == 0


# One file of each kind, and how many places of it are tried.
PLACES = {
    "current": 6,
    "vectors.sqlite": 12,
    "gen-*/manifest.json": 9,
    "gen-*/passages.sqlite": 24,
    "gen-*/*.faiss": 3,
    "gen-*/lexical/meta.json": 9,
    "gen-*/lexical/.managed.json": 3,
    **{
        f"gen-*/lexical/*.{kind}": 6
        for kind in ("term", "idx", "pos", "fast", "fieldnorm", "store", "del")
    },
}


@pytest.mark.parametrize("name", PLACES)
def test_wherever_a_byte_is_changed_or_the_end_is_lost_all_is_found_again(
    store: MemoryArticleStore, indexer: Indexer, accented: Path, tmp_path: Path, name: str
) -> None:
    before, seeded = contents(indexer.snapshot), random.Random(name)
    generation = indexer.snapshot.path.name
    indexer.close()
    for number in range(PLACES[name]):
        folder = tmp_path / str(number)
        shutil.copytree(accented, folder)
        path = max((folder / "index").glob(name), key=lambda found: found.stat().st_size)
        content = bytearray(path.read_bytes())
        place, bit = seeded.randrange(len(content)), seeded.randrange(8)
        if number % 3:
            content[place] ^= 1 << bit
        else:
            del content[place:]
        path.write_bytes(content)
        with closing(indexer_of(store, folder)) as again:
            again.open(rebuild_if_outdated=False)
            again.catch_up()
            if name == "vectors.sqlite":
                finish(again.rebuild())
            assert contents(again.snapshot) == before, (number, place, bit)
            if "lexical/*" in name:  # what is found tells nothing of the weights in it
                assert again.snapshot.path.name != generation, (number, place, bit)
        shutil.rmtree(folder)


def test_a_changed_name_of_a_column_is_damage(
    store: MemoryArticleStore, indexer: Indexer, accented: Path
) -> None:
    before, path = contents(indexer.snapshot), indexer.snapshot.path / "passages.sqlite"
    indexer.close()
    replace_in(path, b"outlet TEXT", b"outlex TEXT")
    with closing(indexer_of(store, accented)) as again:
        assert contents(again.open()) == before


@pytest.mark.parametrize("damage", [flip, cut, lambda path: path.write_bytes(b"y" * 5_000)])
def test_a_damaged_vector_cache_costs_embedding_and_nothing_else(
    store: MemoryArticleStore,
    indexer: Indexer,
    accented: Path,
    damage: Callable[[Path], object],
) -> None:
    before = contents(indexer.snapshot)
    indexer.close()
    damage(accented / "index" / "vectors.sqlite")
    with closing(indexer_of(store, accented)) as again:
        assert contents(again.open()) == before
        store.add([draft(62)])
        again.catch_up()
        rebuilt = finish(again.rebuild())
        assert rebuilt.articles == 61
        after = contents(again.snapshot)
        finish(again.rebuild(full=True))
        assert contents(again.snapshot) == after


def test_a_lost_vector_of_a_deleted_article_is_left_out_until_catching_up(
    store: MemoryArticleStore, indexer: Indexer, accented: Path
) -> None:
    indexer.close()
    (accented / "index" / "vectors.sqlite").unlink()
    store.remove(ArticleId(61))
    with closing(indexer_of(store, accented)) as again:
        again.open()
        assert len(again.snapshot.vectors) < len(again.snapshot)
        again.catch_up()
        assert len(again.snapshot.vectors) == len(again.snapshot)
        assert again.snapshot.generation == 1


def test_a_removal_half_done_is_undone_by_a_restored_backup(
    accented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise _CrashedError

    with closing(SqliteArticleStore.open(accented / "corpus.sqlite")) as full:
        full.add(drafts(1, 5))
        full.backup(accented / "backup.sqlite")
        with closing(indexer_of(full, accented)) as indexer:
            before = contents(indexer.open())
            full.remove(ArticleId(2))
            with monkeypatch.context() as patch:
                patch.setattr(PassageTable, "commit", crash)
                with pytest.raises(_CrashedError):
                    indexer.catch_up()  # the words are gone, the passages not yet
    with (
        closing(SqliteArticleStore.open(accented / "backup.sqlite")) as restored,
        closing(indexer_of(restored, accented)) as again,
    ):
        assert again.open().generation == 1
        again.catch_up()
        assert contents(again.snapshot) == before


class _CrashedError(Exception):
    """Stands for the end of the process."""


def test_a_cache_keeps_what_belongs_to_one_model_from_another(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    vectors = embedder.embed_passages(["badan", "kegop"])
    with closing(VectorCache(tmp_path / "vectors.sqlite")) as cache:
        cache.put("one", [b"a", b"b"], vectors)
        assert cache.get("two", [b"a"], dimension=64) == {}
        assert cache.get("one", [b"a"], dimension=32) == {}
        found = cache.get("one", [b"c", b"b"] + [b"%d" % n for n in range(1_200)], dimension=64)
        assert list(found) == [b"b"]
        assert found[b"b"] @ vectors[1] == pytest.approx(1.0, abs=1e-3)


def test_a_changed_vector_in_a_cache_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    path, embedder = tmp_path / "vectors.sqlite", HashingEmbedder()
    vectors = embedder.embed_passages(["badan", "kegop"])
    with closing(VectorCache(path)) as cache:
        cache.put("one", [b"a", b"b"], vectors)
    kept = vectors[0].astype("float16").tobytes()
    place = path.read_bytes().index(kept) + kept.index(vectors[0].max().astype("float16").tobytes())
    content = bytearray(path.read_bytes())
    content[place + 1] ^= 0x80  # its sign, which its length does not tell
    path.write_bytes(content)
    with closing(VectorCache(path)) as cache:
        assert list(cache.get("one", [b"a", b"b"], dimension=64)) == [b"b"]


def test_a_full_disk_is_one_clear_error_and_what_is_open_goes_on_serving(
    store: MemoryArticleStore, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(indexer.snapshot)
    store.add([draft(62)])
    with monkeypatch.context() as patch:
        patch.setattr(VectorCache, "put", _full)
        with pytest.raises(IndexUnavailableError, match="disk is full"):
            indexer.catch_up()
        assert contents(indexer.snapshot) == before
    assert indexer.catch_up().articles == 1


def _full(*_: object, **__: object) -> None:
    message = "database or disk is full"
    raise sqlite3.OperationalError(message)


def test_a_read_only_folder_can_be_searched_and_not_written_to(
    store: MemoryArticleStore, indexer: Indexer, accented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(indexer.snapshot)
    indexer.close()
    _make_read_only(monkeypatch)
    with closing(indexer_of(store, accented)) as again:
        assert contents(again.open()) == before
        store.add([draft(62)])
        with pytest.raises(IndexUnavailableError, match="Read-only"):
            again.catch_up()
        with pytest.raises(IndexUnavailableError, match="Read-only"):
            finish(again.rebuild())
        assert contents(again.snapshot) == before


def _make_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no lock be taken; permissions would not stop a test that runs as root."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)


def test_what_cannot_be_followed_is_followed_later(
    store: MemoryArticleStore, indexer: Indexer, accented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(indexer_of(store, accented)) as reader:
        before = contents(reader.open())
        store.add([draft(62)])
        indexer.catch_up()
        with monkeypatch.context() as patch:
            patch.setattr(VectorCache, "get", _full)
            reader.refresh()
            assert contents_of_reader_alone(reader) == before["passages"]
        reader.refresh()
        assert contents(reader.snapshot) == contents(indexer.snapshot)


def contents_of_reader_alone(reader: Indexer) -> object:
    """Tell what the reader holds itself: the lexical files may be ahead."""
    passages = reader.snapshot.passages(list(range(reader.snapshot.position.passage + 1)))  # type: ignore[arg-type]  # ids
    return sorted((p.article_id, p.ordinal, p.span.start, p.span.end, p.language) for p in passages)


def test_a_crash_in_the_middle_of_replacing_a_file_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "current"
    durability.replace_durably(path, b"old")

    def crash(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durability.os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        durability.replace_durably(path, b"new and longer")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
