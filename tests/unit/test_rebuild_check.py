"""A new index is asked for what it must find; too little found keeps it from being published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index_pages import bar
from bot.rebuild_check import SAMPLE_QUESTIONS, RebuildCheck
from corpus.models import ArticleId, Draft
from index.errors import RebuildCheckError
from index.indexer import Indexer, finish
from index.probing import Probe, is_enough, spread, title_probes
from index.retrieval import Retrieval
from index.snapshot import Snapshot
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.retrievals import retrieval
from tests.integration.indexing import drafts, indexer_of


class Finding:
    """Finds the first articles of a store, except those that it is blind for."""

    def __init__(self, store: MemoryArticleStore, *, blind_for: int = 0) -> None:
        self._store = store
        self._blind_for = blind_for
        self.asked: list[str] = []

    def retrieve(self, question: str, *, limit: int = 20) -> Retrieval:
        self.asked.append(question)
        found = [
            article
            for article in self._store.articles()
            if article.title == question and article.id > self._blind_for
        ]
        return retrieval(question, *found[:limit])


@pytest.fixture
def store() -> MemoryArticleStore:
    store = MemoryArticleStore()
    store.add(drafts(1, 20))
    return store


@pytest.fixture
def indexer(store: MemoryArticleStore, tmp_path: Path) -> Iterator[Indexer]:
    with closing(indexer_of(store, tmp_path)) as opened:
        opened.open()
        yield opened


def check_with(store: MemoryArticleStore, *, new: int, present: int) -> RebuildCheck:
    def finder_in(_: Snapshot) -> Finding:
        return Finding(store, blind_for=new)

    return RebuildCheck(store=store, finder_in=finder_in, present=Finding(store, blind_for=present))


@pytest.mark.parametrize(
    ("new", "present", "found"),
    [(0, 0, 20), (4, 0, 16), (12, 12, 8), (12, 15, 8)],
    ids=["all found", "four in five", "no worse than before", "better than before"],
)
def test_a_sound_index_is_published(
    store: MemoryArticleStore, indexer: Indexer, new: int, present: int, found: int
) -> None:
    check = check_with(store, new=new, present=present)
    assert finish(indexer.rebuild(check=check)).generation == 2
    assert (check.asked, check.found) == (20, found)


@pytest.mark.parametrize(("new", "present"), [(5, 0), (12, 11), (20, 20)])
def test_a_worse_one_or_a_blind_one_is_not(
    store: MemoryArticleStore, indexer: Indexer, new: int, present: int, tmp_path: Path
) -> None:
    with pytest.raises(RebuildCheckError) as caught:
        finish(indexer.rebuild(check=check_with(store, new=new, present=present)))
    assert (caught.value.asked, caught.value.found) == (20, 20 - new)
    assert indexer.snapshot.generation == 1
    assert [path.name for path in (tmp_path / "index").glob("gen-*")] == ["gen-000001"]


def test_an_empty_corpus_has_nothing_to_ask(tmp_path: Path) -> None:
    empty = MemoryArticleStore()
    with closing(indexer_of(empty, tmp_path)) as indexer:
        indexer.open()
        check = check_with(empty, new=0, present=0)
        assert finish(indexer.rebuild(check=check)).generation == 2
        assert check.asked == 0


def test_sample_questions_are_asked_where_their_articles_are(
    indexer: Indexer, store: MemoryArticleStore
) -> None:
    finder = Finding(store)
    check = RebuildCheck(store=store, finder_in=lambda _: finder, present=finder)
    lines = SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines()
    question = next(
        one for one in map(json.loads, lines) if one["answerable"] and len(one["evidence"]) == 1
    )
    quote, name = question["evidence"][0]["quote"], question["evidence"][0]["article_id"]
    imposter = Draft(text="Something else.", origin="t", title="I", language="en", external_id=name)
    store.add([imposter])
    indexer.catch_up()
    list(check(indexer.snapshot))
    assert question["question"] not in finder.asked
    real = Draft(text=f"So: {quote}", origin="t", title="R", language="en", external_id=name)
    store.add([real])
    list(check(indexer.snapshot))  # which does not have it yet
    assert question["question"] not in finder.asked
    indexer.catch_up()
    list(check(indexer.snapshot))
    assert question["question"] in finder.asked


def test_articles_of_the_same_title_stand_for_each_other(store: MemoryArticleStore) -> None:
    one, two, nameless = store.add(
        [
            Draft(text=f"Text {title} {number}.", origin="t", title=title, language="en")
            for number, title in enumerate(["Weekly", "Weekly", " "])
        ]
    )
    [probe] = title_probes([one, two, nameless])
    assert probe.article_ids == {one.id, two.id}


def test_found_is_among_the_first_five() -> None:
    probe = Probe("q", frozenset({ArticleId(6)}))
    ranked = [ArticleId(number) for number in range(1, 9)]
    assert not probe.is_found(ranked)
    assert probe.is_found(ranked[1:])
    assert not probe.is_found([])


@given(items=st.lists(st.integers(), unique=True), most=st.integers(1, 50))
def test_a_spread_is_some_of_the_items_in_their_order(items: list[int], most: int) -> None:
    chosen = spread(items, most)
    assert len(chosen) == min(most, len(items))
    places = [items.index(item) for item in chosen]
    assert places == sorted(set(places))
    assert not items or chosen[0] == items[0]


@given(asked=st.integers(0, 100), found=st.integers(0, 100))
def test_more_found_is_never_less_enough(asked: int, found: int) -> None:
    assert is_enough(asked, asked)
    assert not is_enough(found, asked) or is_enough(found + 1, asked)


@given(done=st.integers(0, 10**9), total=st.integers(0, 10**9))
def test_a_bar_is_always_equally_long(done: int, total: int) -> None:
    assert len(bar(done, total)) == 20
