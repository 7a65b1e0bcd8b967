"""Rebuilding: what is taken over, what a failure leaves, and the way back."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import filelock
import pytest

from corpus.models import ArticleId
from index import chunking
from index import indexer as indexer_module
from index.errors import IndexMismatchError, IndexUnavailableError, NothingToRollBackError
from index.generation_writer import Phase
from index.generations import Manifest
from index.indexer import Indexer, finish
from index.lexical import LexicalIndex
from index.models import Vectors
from index.vector_cache import VectorCache
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.clock import FixedClock
from tests.fakes.embedder import HashingEmbedder
from tests.integration.indexing import contents, draft, drafts, indexer_of


class _BrokenError(Exception):
    """What a test lets go wrong."""


class _BreakingEmbedder(HashingEmbedder):
    """Embeds so many passages and then no more."""

    left = 10**9

    def embed_passages(self, texts: list[str]) -> Vectors:  # type: ignore[override]  # a list is passed
        self.left -= len(texts)
        if self.left < 0:
            raise _BrokenError
        return super().embed_passages(texts)


@pytest.fixture
def store() -> MemoryArticleStore:
    made = MemoryArticleStore()
    made.add(drafts(1, 150))
    return made


@pytest.fixture
def embedder() -> _BreakingEmbedder:
    return _BreakingEmbedder()


@pytest.fixture
def indexer(
    store: MemoryArticleStore, embedder: _BreakingEmbedder, accented: Path
) -> Iterator[Indexer]:
    with closing(indexer_of(store, accented, embedder=embedder, clock=FixedClock())) as made:
        made.open()
        yield made


def generations(indexer: Indexer) -> set[str]:
    return {path.name for path in indexer.snapshot.path.parent.glob("gen-*")}


def test_a_rebuild_embeds_cuts_and_analyses_only_what_changed(
    store: MemoryArticleStore, indexer: Indexer, embedder: _BreakingEmbedder
) -> None:
    store.remove(ArticleId(3))
    (added,) = store.add([draft(151)])
    embedder.embedded = 0
    rebuilt = finish(indexer.rebuild())
    passages = len(indexer.snapshot.passages_of(added.id))
    assert (rebuilt.generation, rebuilt.articles, rebuilt.written) == (2, 150, 1)
    assert rebuilt.embedded == embedder.embedded == passages
    assert rebuilt.passages == len(indexer.snapshot)


def test_a_full_rebuild_takes_nothing_over_and_finds_the_same(
    indexer: Indexer, embedder: _BreakingEmbedder
) -> None:
    before = contents(indexer.snapshot)
    embedder.embedded = 0
    rebuilt = finish(indexer.rebuild(full=True))
    assert rebuilt.written == rebuilt.articles == 150
    assert rebuilt.embedded == embedder.embedded == rebuilt.passages
    assert contents(indexer.snapshot) == before


def test_an_article_that_changed_without_a_revision_is_noticed_by_a_rebuild(
    store: MemoryArticleStore, indexer: Indexer
) -> None:
    # As after a repair of the database by hand.
    store._articles.pop(ArticleId(8))
    assert indexer.catch_up().removed == 0
    assert finish(indexer.rebuild()).articles == 149
    assert indexer.snapshot.passages_of(ArticleId(8)) == []


def test_a_rebuild_is_of_bounded_steps_that_tell_how_far_it_is(
    indexer: Indexer, embedder: _BreakingEmbedder
) -> None:
    phases, embedded_before, done_before = [], embedder.embedded, 0
    for step in indexer.rebuild(full=True):
        assert embedder.embedded - embedded_before <= 4
        assert done_before <= step.done <= step.total or step.phase is not Phase.EMBEDDING
        embedded_before, done_before = embedder.embedded, step.done
        phases.append(step.phase)
    assert list(dict.fromkeys(phases)) == [Phase.EMBEDDING, Phase.COLLECTING, Phase.PUBLISHING]


def test_what_came_during_a_rebuild_is_taken_in_in_bounded_steps_too(
    store: MemoryArticleStore, indexer: Indexer, embedder: _BreakingEmbedder
) -> None:
    steps = indexer.rebuild(full=True)
    while next(steps).phase is not Phase.PUBLISHING:
        pass
    store.add(drafts(151, 190))
    counts = [embedder.embedded, *(embedder.embedded for _ in steps), embedder.embedded]
    assert max(after - before for before, after in pairwise(counts)) <= 8
    assert indexer.snapshot.generation == 2
    assert indexer.snapshot.articles == 190


@pytest.mark.parametrize("end", ["released", "closed"])
def test_at_its_end_a_rebuild_waits_for_another_writer_as_long_as_it_takes(
    accented: Path, end: str
) -> None:
    store = MemoryArticleStore()
    store.add(drafts(1, 12))
    with closing(indexer_of(store, accented, lock_seconds=0)) as indexer:
        before = contents(indexer.open())
        steps = indexer.rebuild(full=True)
        while next(steps).phase is not Phase.PUBLISHING:
            pass
        with filelock.FileLock(accented / "index" / "write.lock"):
            assert [next(steps).phase for _ in range(5)] == [Phase.WAITING] * 5
            if end == "closed":
                steps.close()
        rebuilt = next(steps, None) if end == "closed" else finish(steps)
        assert (rebuilt is None) == (end == "closed")
        assert generations(indexer) == {"gen-000001"} | ({"gen-000002"} if rebuilt else set())
        assert indexer.snapshot.generation == (2 if rebuilt else 1)
        assert contents(indexer.snapshot) == before


def test_the_published_and_the_previous_generation_are_kept_and_no_other(indexer: Indexer) -> None:
    finish(indexer.rebuild())
    finish(indexer.rebuild())
    assert generations(indexer) == {"gen-000002", "gen-000003"}


def test_a_pointer_that_a_crash_left_unfinished_is_deleted(indexer: Indexer) -> None:
    left = indexer.snapshot.path.parent / "current.4711.tmp"
    left.write_bytes(b"half")
    finish(indexer.rebuild())
    assert not left.exists()


def test_vectors_that_no_kept_generation_uses_are_forgotten(
    store: MemoryArticleStore, indexer: Indexer, embedder: _BreakingEmbedder
) -> None:
    def known() -> int:
        cache = VectorCache(indexer.snapshot.path.parent / "vectors.sqlite")
        with closing(cache):
            return len(cache.get(embedder.model_id, hashes, dimension=embedder.dimension))

    hashes = [key for _, article, key in indexer.snapshot.table.hashes() if article == 5]
    store.remove(ArticleId(5))
    finish(indexer.rebuild())
    assert known() == len(hashes) > 0  # for a rollback
    finish(indexer.rebuild())
    assert known() == 0
    assert len(indexer.snapshot.vectors) == len(indexer.snapshot)


@pytest.mark.parametrize("end", ["closed", "embedder fails", "disk full", "check fails"])
@pytest.mark.parametrize("full", [True, False])
def test_a_rebuild_that_does_not_end_leaves_the_old_generation_and_nothing_else(
    store: MemoryArticleStore,
    indexer: Indexer,
    embedder: _BreakingEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    full: bool,
) -> None:
    before, kept = contents(indexer.snapshot), generations(indexer)
    store.add(drafts(151, 190))
    steps = indexer.rebuild(full=full)
    with monkeypatch.context() as patch:
        match end:
            case "closed":
                for _ in range(4):
                    next(steps)
                steps.close()
            case "embedder fails":
                embedder.left = 40
                with pytest.raises(_BrokenError):
                    finish(steps)
                embedder.left = 10**9
            case "disk full":
                patch.setattr(LexicalIndex, "apply", _disk_full)
                with pytest.raises(IndexUnavailableError, match="No space left"):
                    finish(steps)
            case _:
                patch.setattr(indexer_module, "collect_vectors", lambda *_: iter(()))
                with pytest.raises(IndexUnavailableError, match="passages in table"):
                    finish(steps)
    assert generations(indexer) == kept
    assert contents(indexer.snapshot) == before
    assert indexer.catch_up().articles == 40
    assert finish(indexer.rebuild()).articles == 190


def _disk_full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_rolling_back_publishes_the_previous_generation_and_catches_up(
    store: MemoryArticleStore, indexer: Indexer, accented: Path
) -> None:
    finish(indexer.rebuild())
    store.add([draft(151)])
    indexer.catch_up()
    now = contents(indexer.snapshot)
    assert indexer.rollback().generation == 1
    assert contents(indexer.snapshot) == now
    assert indexer.status().previous == 2
    with closing(indexer_of(store, accented)) as again:
        assert again.open().generation == 1
    assert indexer.rollback().generation == 2


def test_without_an_earlier_generation_there_is_nothing_to_roll_back_to(indexer: Indexer) -> None:
    with pytest.raises(NothingToRollBackError):
        indexer.rollback()


def test_a_damaged_earlier_generation_is_not_rolled_back_to(indexer: Indexer) -> None:
    earlier = indexer.snapshot.path
    finish(indexer.rebuild())
    next(earlier.glob("*.faiss")).write_bytes(b"nothing")
    with pytest.raises(NothingToRollBackError):
        indexer.rollback()
    assert indexer.snapshot.generation == 2


def test_another_model_rebuilds_at_opening_or_is_refused(
    store: MemoryArticleStore, indexer: Indexer, accented: Path
) -> None:
    other = HashingEmbedder(dimension=48, model_id="other")
    with closing(indexer_of(store, accented, embedder=other)) as another:
        with pytest.raises(IndexMismatchError) as refused:
            another.open(rebuild_if_outdated=False)
        assert (refused.value.built_with, refused.value.wanted) == ("hashing", "other")
        assert another.open().generation == 2
        assert another.status().outdated == ()
        assert another.snapshot.vectors.dimension == 48
        before = contents(indexer.snapshot)
        indexer.refresh()  # goes on with what it has
        assert indexer.snapshot.generation == 1
        assert contents(indexer.snapshot) == before
        with pytest.raises(NothingToRollBackError):
            another.rollback()


def test_another_chunker_or_analyser_is_named_and_rebuilt_at_opening(
    store: MemoryArticleStore,
    indexer: Indexer,
    accented: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert indexer.status().outdated == ()
    monkeypatch.setattr(chunking.Chunker, "version", "another")
    monkeypatch.setattr(indexer_module, "ANALYSER_VERSION", "another")
    with closing(indexer_of(store, accented)) as another:
        assert another.open(rebuild_if_outdated=False).generation == 1
        assert another.status().outdated == ("chunker", "analyser")
        steps = another.rebuild()
        next(steps)
        steps.close()  # what an interrupted rebuild leaves must not count as up to date
    with closing(indexer_of(store, accented)) as another:
        assert another.open().generation == 2
        assert another.status().outdated == ()
    monkeypatch.setattr(chunking.Chunker, "version", "a third")
    with closing(indexer_of(store, accented)) as another:
        another.open(rebuild_if_outdated=False)
        assert finish(another.rebuild()).written == 150


def test_the_status_and_the_manifest_say_what_was_built(
    store: MemoryArticleStore, indexer: Indexer
) -> None:
    store.remove(ArticleId(1))
    status = indexer.status()
    assert (status.articles, status.behind, status.revision) == (150, 1, 150)
    assert status.passages == len(indexer.snapshot) == sum(status.languages.values())
    written = json.loads((indexer.snapshot.path / "manifest.json").read_text(encoding="utf-8"))
    written.pop("checksum")
    assert written == json.loads(json.dumps(_as_dictionary(status.manifest)))
    assert written["model_id"] == "hashing"
    assert written["created_at"] == "2024-05-17T09:30:00+00:00"
    indexer.catch_up()
    assert indexer.status().behind == 0


def _as_dictionary(manifest: Manifest) -> dict[str, object]:
    return {name: getattr(manifest, name) for name in manifest.__dataclass_fields__}


def test_a_directory_that_cannot_be_made_is_one_clear_error(
    store: MemoryArticleStore, tmp_path: Path
) -> None:
    (tmp_path / "index").write_text("a file where the folder should be", encoding="utf-8")
    with (
        closing(indexer_of(store, tmp_path)) as indexer,
        pytest.raises(IndexUnavailableError),
    ):
        indexer.open()
