"""Adding, removing, catching up, and following what another process does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import filelock
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.models import Article, ArticleId, Precision, PublicationDate
from corpus.sqlite_store import SqliteArticleStore
from index import checkpoints, generation_writer
from index.article_embedder import ArticleEmbedder, PreparedArticle
from index.errors import IndexBusyError
from index.indexer import Indexer
from index.outcomes import CaughtUp
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.embedder import HashingEmbedder
from tests.integration.indexing import (
    contents,
    draft,
    drafts,
    finish,
    indexer_of,
    rebuilt_contents,
)

NOTHING = CaughtUp(articles=0, passages=0, removed=0)


@pytest.fixture
def store(accented: Path) -> Iterator[SqliteArticleStore]:
    with closing(SqliteArticleStore.open(accented / "corpus.sqlite")) as opened:
        yield opened


@pytest.fixture
def indexer(store: SqliteArticleStore, accented: Path) -> Iterator[Indexer]:
    with closing(indexer_of(store, accented)) as made:
        yield made


def test_the_first_opening_builds_and_the_next_one_only_opens(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    store.add(drafts(1, 100))
    shares = []
    before = contents(
        indexer.open(report=lambda progress: shares.append((progress.done, progress.total)))
    )
    assert shares[-1] == (len(indexer.snapshot), len(indexer.snapshot))
    assert all(0 <= done <= total for done, total in shares)
    assert len(shares) > 10
    idle = HashingEmbedder()
    with closing(indexer_of(store, accented, embedder=idle)) as again:
        assert contents(again.open()) == before
        assert again.catch_up() == NOTHING
    assert idle.embedded == 0


def test_of_long_articles_each_is_cut_and_written_in_steps_of_its_own(
    store: SqliteArticleStore, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions wait for the end of a step."""
    indexer.open()
    store.add([draft(n, text=f"Giraffes browse acacias {n}. " * 80) for n in range(6)])
    cut: list[ArticleId] = []
    prepare = ArticleEmbedder.prepare

    def watched(embedder: ArticleEmbedder, article: Article) -> PreparedArticle:
        cut.append(article.id)
        return prepare(embedder, article)

    monkeypatch.setattr(ArticleEmbedder, "prepare", watched)
    monkeypatch.setattr(generation_writer, "_PASSAGES_AT_ONCE", 3)
    steps = indexer.catching_up()
    while len(cut) < 6:
        before = len(cut)
        next(steps)
        assert len(cut) <= before + 1
    assert finish(steps).articles == 6


def test_an_empty_corpus_has_an_index_that_finds_nothing(indexer: Indexer) -> None:
    snapshot = indexer.open()
    assert (len(snapshot), snapshot.articles, snapshot.newest) == (0, 0, None)
    assert snapshot.vectors.search(HashingEmbedder().embed_query("badan"), limit=3) == []
    assert snapshot.lexical.search([{"badan": 1.0}], language="en", limit=3) == []


def test_an_added_article_is_found_and_a_removed_one_is_not(
    store: SqliteArticleStore, indexer: Indexer
) -> None:
    store.add(drafts(1, 20))
    indexer.open()
    (added,) = store.add([draft(21, text="Giraffes browse acacias. " * 12, language="en")])
    caught = indexer.catch_up()
    assert (caught.articles, caught.removed) == (1, 0)
    passages = indexer.snapshot.passages_of(added.id)
    assert len(passages) == caught.passages > 0
    query = HashingEmbedder().embed_query("giraffes browse acacias")
    (hit,) = indexer.snapshot.vectors.search(query, limit=1)
    assert hit.passage_id in [passage.id for passage in passages]
    words = [{"giraff": 1.0}]
    assert indexer.snapshot.lexical.search(words, language="en", limit=3)
    store.remove(added.id)
    assert indexer.catch_up() == CaughtUp(articles=0, passages=0, removed=1)
    assert indexer.snapshot.passages_of(added.id) == []
    assert indexer.snapshot.passages([hit.passage_id]) == []
    assert not indexer.snapshot.lexical.search(words, language="en", limit=3)
    found = indexer.snapshot.vectors.search(query, limit=1_000)
    assert hit.passage_id not in [other.passage_id for other in found]
    assert indexer.catch_up() == NOTHING


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_done_the_index_is_that_of_a_rebuild(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store, number = MemoryArticleStore(), 0
    with closing(indexer_of(store, tmp_path_factory.mktemp("index"))) as indexer:
        indexer.open()
        for _ in range(data.draw(st.integers(1, 6))):
            here = [article.id for article in store.articles()]
            match data.draw(
                st.sampled_from(["add", "edit", "remove", "catch up", "rebuild", "reopen"])
            ):
                case "add":
                    count = data.draw(st.integers(1, 9))
                    store.add(drafts(number + 1, number + count))
                    number += count
                case "remove" if here:
                    store.remove(data.draw(st.sampled_from(here)))
                case "edit" if here:
                    edited = draft(number, title=f"Edited {data.draw(st.integers(1, 9))}")
                    store.edit(data.draw(st.sampled_from(here)), edited)
                case "catch up":
                    indexer.catch_up()
                case "rebuild":
                    finish(indexer.rebuild())
                case _:
                    indexer.close()
                    indexer.open()
        indexer.catch_up()
        caught_up = contents(indexer.snapshot)
        assert caught_up["articles"] == store.statistics().articles
        assert caught_up == rebuilt_contents(indexer)


def test_a_process_that_only_reads_follows_changes_rebuilds_and_rollbacks(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    store.add(drafts(1, 30))
    indexer.open()
    with closing(indexer_of(store, accented)) as reader:
        reader.open()
        for change in (
            lambda: store.add(drafts(31, 33)),
            lambda: store.remove(ArticleId(2)),
            lambda: finish(indexer.rebuild()),
            lambda: store.add(drafts(34, 34)),
            indexer.rollback,
        ):
            change()
            indexer.catch_up()
            reader.refresh()
            assert reader.snapshot.generation == indexer.snapshot.generation
            assert reader.snapshot.revision == store.revision()
            assert contents(reader.snapshot) == contents(indexer.snapshot)


def test_articles_added_or_edited_during_a_rebuild_are_searchable_at_once_and_after_it(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    store.add(drafts(1, 200))
    indexer.open()
    steps = indexer.rebuild(full=True)
    for _ in range(5):
        next(steps)
    with closing(indexer_of(store, accented)) as other:
        other.open()
        (added,) = store.add([draft(201)])
        store.remove(ArticleId(1))
        for number in (2, 199):  # the rebuild has read one of them, and not the other
            store.edit(ArticleId(number), draft(number, title="Wombats"))
        assert other.catch_up().articles == 3
        assert other.snapshot.passages_of(added.id)
        indexer.refresh()
        assert indexer.snapshot.passages_of(added.id)
        before = contents(indexer.snapshot)
        store.add([draft(202)])  # which nobody has taken in when the rebuild ends
        store.edit(ArticleId(3), draft(3, title="Wombats"))
        finish(steps)
        assert indexer.snapshot.generation == 2
        assert indexer.snapshot.revision == store.revision()
        assert indexer.snapshot.articles == before["articles"] + 1  # type: ignore[operator]  # a number
        hits = [
            hit.passage_id
            for language in ("en", "fr")
            for hit in indexer.snapshot.lexical.search(
                [{"wombat": 1.0}], language=language, limit=99
            )
        ]
        titled = {passage.article_id for passage in indexer.snapshot.passages(hits)}
        assert titled == {2, 3, 199}
        other.refresh()
        assert contents(other.snapshot) == contents(indexer.snapshot)


def test_a_long_tail_of_changes_is_taken_into_the_checkpoint(
    store: SqliteArticleStore,
    indexer: Indexer,
    accented: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkpoints, "_TAIL_LEAST", 10)
    store.add(drafts(1, 40))
    indexer.open()
    first = indexer.snapshot.manifest.checkpoint
    store.add([draft(41, text="A short one about llamas. " * 3)])
    indexer.catch_up()
    assert indexer.snapshot.manifest.checkpoint == first
    store.add(drafts(42, 80))
    store.remove(ArticleId(3))
    indexer.catch_up()
    assert indexer.snapshot.manifest.checkpoint != first
    assert indexer.snapshot.manifest.vectors == len(indexer.snapshot)
    assert indexer.snapshot.tail == 0
    assert len(list(indexer.snapshot.path.glob("*.faiss"))) == 1
    with closing(indexer_of(store, accented)) as again:
        assert contents(again.open()) == contents(indexer.snapshot)
        assert again.snapshot.tail == 0


def test_a_corpus_restored_from_a_backup_is_compared_whole(
    store: SqliteArticleStore, indexer: Indexer, accented: Path
) -> None:
    store.add(drafts(1, 10))
    store.backup(accented / "backup.sqlite")
    store.add(drafts(11, 20))
    indexer.open()
    indexer.close()
    with (
        closing(SqliteArticleStore.open(accented / "backup.sqlite")) as restored,
        closing(indexer_of(restored, accented)) as again,
    ):
        again.open()
        again.catch_up()
        assert again.snapshot.articles == 10
        assert contents(again.snapshot) == rebuilt_contents(again)


@pytest.mark.parametrize(("lock", "job"), [("write", "catch_up"), ("rebuild", "rebuild")])
def test_while_another_writes_one_is_told_so_and_can_still_read(
    store: SqliteArticleStore, accented: Path, lock: str, job: str
) -> None:
    with closing(indexer_of(store, accented, lock_seconds=0)) as indexer:
        indexer.open()
        store.add(drafts(1, 3))
        with (
            filelock.FileLock(accented / "index" / f"{lock}.lock"),
            pytest.raises(IndexBusyError),
        ):
            finish(indexer.rebuild()) if job == "rebuild" else indexer.catch_up()
        assert indexer.snapshot.articles == 0
        assert indexer.catch_up().articles == 3


def test_masks_keep_to_language_outlet_and_every_day_an_article_may_be_from(
    store: SqliteArticleStore, indexer: Indexer
) -> None:
    published = {
        "2023": PublicationDate(date(2023, 1, 1), Precision.YEAR),
        "2023-04": PublicationDate(date(2023, 4, 1), Precision.MONTH),
        "2023-04-19": PublicationDate(date(2023, 4, 19), Precision.DAY),
        "2024-02": PublicationDate(date(2024, 2, 1), Precision.MONTH),
        "never": None,
    }
    names = {}
    for number, (name, when) in enumerate(published.items()):
        language = "fr" if name == "never" else "en"
        outlet = "The Ledger" if number % 2 else None
        (article,) = store.add([draft(number, published=when, language=language, outlet=outlet)])
        names[article.id] = name
    snapshot = indexer.open()

    def fitting(**asked: object) -> list[str]:
        mask = snapshot.mask(**asked)  # type: ignore[arg-type]  # passed on as it came
        assert mask is not None
        passages = snapshot.passages([i for i in range(len(mask)) if mask[i]])  # type: ignore[misc]  # ids
        assert len(passages) == mask.sum()
        return list(dict.fromkeys(names[passage.article_id] for passage in passages))

    assert snapshot.mask() is None
    assert fitting(since=date(2023, 4, 19), until=date(2023, 4, 19)) == list(published)[:3]
    assert fitting(since=date(2023, 4, 20), until=date(2023, 4, 30)) == ["2023", "2023-04"]
    assert fitting(until=date(2023, 3, 31)) == ["2023"]
    assert fitting(until=date(2022, 12, 31)) == []
    assert fitting(since=date(2024, 2, 29)) == ["2024-02"]
    assert fitting(since=date(2024, 3, 1)) == []
    assert fitting(languages=["fr"]) == ["never"]
    assert fitting(languages=["de"]) == []
    assert fitting(outlet="the LEDGER") == ["2023-04", "2024-02"]
    assert fitting(outlet="") == []
    assert fitting(outlet="the ledger", since=date(2024, 1, 1), languages=["en"]) == ["2024-02"]
    assert snapshot.newest == published["2024-02"]
    assert set(snapshot.languages()) == {"en", "fr"}
    assert list(snapshot.outlets()) == ["The Ledger"]
