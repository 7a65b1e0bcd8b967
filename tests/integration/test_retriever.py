"""From a question to ranked articles, over a real store and a real index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.models import ArticleId, Draft, Precision, PublicationDate
from corpus.sqlite_store import SqliteArticleStore
from index.indexer import Indexer
from index.langchain_retriever import NewsdeskRetriever
from index.lexical import LexicalIndex
from index.models import LexicalHit, PassageId, Period
from index.retrieval import Retrieval
from index.retriever import Retriever
from tests.fakes.embedder import HashingEmbedder
from tests.integration.indexing import indexer_of

TODAY = date(2024, 5, 15)
FERRY = Draft(
    text="The council of Brest ordered two electric ferries for the harbour. They cost a lot.",
    origin="test",
    title="Electric ferries",
    language="en",
    outlet="The Ledger",
    published=PublicationDate(date(2023, 4, 19), Precision.DAY),
)
STORM = Draft(
    text="Une tempête a fermé le port de Brest. Les bacs électriques restent à quai.",
    origin="test",
    title="Tempête",
    language="fr",
    outlet="Le Carnet",
    published=PublicationDate(date(2024, 3, 1), Precision.MONTH),
)
UNDATED = replace(FERRY, text=f"Once more: {FERRY.text}", published=None, outlet=None)
ASKED = "Which electric ferries were ordered for the harbour?"


@pytest.fixture
def store(accented: Path) -> Iterator[SqliteArticleStore]:
    with closing(SqliteArticleStore.open(accented / "corpus.sqlite")) as opened:
        yield opened


@pytest.fixture
def indexer(store: SqliteArticleStore, accented: Path) -> Iterator[Indexer]:
    with closing(indexer_of(store, accented)) as made:
        made.open()
        yield made


@pytest.fixture
def retriever(store: SqliteArticleStore, indexer: Indexer) -> Retriever:
    return Retriever(store=store, indexer=indexer, embedder=HashingEmbedder(), today=lambda: TODAY)


def index(store: SqliteArticleStore, indexer: Indexer, *drafts: Draft) -> list[ArticleId]:
    added = [article.id for article in store.add(drafts)]
    indexer.catch_up()
    return added


def ids(found: Retrieval) -> list[ArticleId]:
    return [ranked.article.id for ranked in found.articles]


def test_nothing_is_found_where_nothing_is_stored(retriever: Retriever) -> None:
    found = retriever.retrieve(ASKED)
    assert found.articles == ()
    assert found.passages == ()
    assert found.index.articles == 0
    assert found.index.newest is None


def test_the_article_with_the_words_of_the_question_comes_first(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    storm, ferry = index(store, indexer, STORM, FERRY)
    found = retriever.retrieve(ASKED)
    assert ids(found) == [ferry, storm]
    best = found.articles[0]
    assert best.same_language
    assert 0 < best.features.coverage <= 1
    assert best.passages[0].text in best.article.text
    assert found.index.revision == 2
    assert found.index.articles == 2
    assert found.index.newest == STORM.published


def test_words_cross_the_languages(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    storm, _ = index(store, indexer, STORM, replace(FERRY, text="The price of phones rises."))
    found = retriever.retrieve("Which storm closed the port?")
    assert ids(found)[0] == storm
    assert found.articles[0].features.coverage > 0
    assert not found.articles[0].same_language


def test_an_article_in_the_rarest_of_many_languages_is_found(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    others = [
        replace(STORM, text=f"{STORM.text} {code} {number}.", language=code)
        for code in ("fr", "en", "de", "es", "it")
        for number in range(2)
    ]
    stray = replace(FERRY, text="Dacia Spring : 18 900 €. Renault Zoe : 35 100 €.", language="nl")
    *_, ferry = index(store, indexer, *others, stray)
    found = retriever.retrieve("Quel est le prix de la Dacia Spring ?")
    assert ids(found)[0] == ferry
    assert len(ids(found)) == 11


def test_what_is_added_or_removed_is_found_or_gone_at_once(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    (ferry,) = index(store, indexer, FERRY)
    assert ids(retriever.retrieve(ASKED)) == [ferry]
    store.remove(ferry)
    assert ids(retriever.retrieve(ASKED)) == []
    indexer.catch_up()
    assert ids(retriever.retrieve(ASKED)) == []


@pytest.mark.parametrize(
    ("question", "published"),
    [
        (f"{ASKED[:-1]} in April 2023?", date(2020, 1, 1)),
        (f"{ASKED[:-1]} before May 2023?", date(2024, 4, 1)),
        ("Quels bacs ont été commandés au printemps 2023 ?", date(2021, 5, 1)),
    ],
)
def test_an_article_of_the_named_period_outranks_its_twin(
    store: SqliteArticleStore,
    indexer: Indexer,
    retriever: Retriever,
    question: str,
    published: date,
) -> None:
    outside = replace(
        FERRY, text=f"{FERRY.text} ", published=PublicationDate(published, Precision.DAY)
    )
    twin, ferry = index(store, indexer, outside, FERRY)
    assert ids(retriever.retrieve(question)) == [ferry, twin]


def test_the_latest_is_the_newest(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    newer = replace(FERRY, text=f"{FERRY.text} ", published=PublicationDate(TODAY, Precision.DAY))
    old, new = index(store, indexer, FERRY, newer)
    assert ids(retriever.retrieve("What is the latest on the ferries?")) == [new, old]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did The Ledger say about ferries?", 1.0),
        ("Which ferries were in the ledger?", 1.0),
        ("According to The Ledger, which ferries are electric?", 1.0),
        ("Which ferries did the Ledgers order?", 0.0),
    ],
)
def test_an_outlet_that_the_question_names_is_recognised(
    store: SqliteArticleStore,
    indexer: Indexer,
    retriever: Retriever,
    question: str,
    named: float,
) -> None:
    index(store, indexer, FERRY, UNDATED)
    outlets = {
        ranked.article.outlet: ranked.features.outlet
        for ranked in retriever.retrieve(question).articles
    }
    assert outlets == {"The Ledger": named, None: 0.0}


def test_limits_hide_what_is_outside(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    ferry, storm, undated = index(store, indexer, FERRY, STORM, UNDATED)

    def found(**limits: object) -> set[ArticleId]:
        return set(ids(retriever.retrieve(ASKED, **limits)))  # type: ignore[arg-type]  # by name

    assert found() == {ferry, storm, undated}
    assert found(since=date(2024, 3, 31)) == {storm}
    assert found(since=date(2024, 4, 1)) == set()
    assert found(until=date(2024, 2, 29)) == {ferry}
    assert found(asked_at=date(2024, 1, 1)) == {ferry}
    assert found(asked_at=date(2024, 1, 1), until=date(2024, 6, 1)) == {ferry}
    assert found(outlet="le carnet") == {storm}
    assert found(outlet="Nobody") == set()
    assert found(limit=1) == {undated} or found(limit=1) == {ferry}


def test_the_newest_article_is_the_newest_that_the_day_of_the_question_knows(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    index(store, indexer, FERRY, STORM)
    assert FERRY.published is not None
    assert STORM.published is not None
    for day, newest in [
        (None, STORM.published),
        (STORM.published.first, STORM.published),
        (STORM.published.first - timedelta(days=1), FERRY.published),
        (FERRY.published.first - timedelta(days=1), None),
    ]:
        assert retriever.retrieve(ASKED, asked_at=day).index.newest == newest


def test_the_day_of_the_question_decides_what_last_year_means(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    index(store, indexer, FERRY)
    assert retriever.retrieve("What sank last year?").query.period == (
        retriever.retrieve("What sank in 2023?").query.period
    )
    asked = retriever.retrieve("What sank last year?", asked_at=date(2020, 1, 1))
    assert asked.query.period == retriever.retrieve("What sank in 2019?").query.period


def test_of_a_long_article_a_few_passages_come_best_first(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    long = " ".join(f"Ferry number {n} left harbour {n} for the island {n}." for n in range(150))
    index(store, indexer, replace(FERRY, text=long), STORM)
    found = retriever.retrieve("Which ferry left harbour 77?")
    best = found.articles[0]
    assert len(best.passages) == 3
    assert best.passages[0].score == best.score
    assert "harbour 77 " in best.passages[0].text
    scores = [passage.score for passage in best.passages]
    assert scores == sorted(scores, reverse=True)
    assert found.passages[:3] == best.passages


def test_every_language_is_searched(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    english = [
        replace(FERRY, text=f"{FERRY.text} Ferry {n}.", title=f"Ferries {n}") for n in range(20)
    ]
    german = replace(FERRY, text="Der Rat von Brest bestellt Fähren.", language="de")
    *_, storm, german_id = index(store, indexer, *english, STORM, german)
    found = retriever.retrieve(ASKED, limit=100)
    assert set(found.words) == {"en", "fr", "de"}
    assert {storm, german_id} <= set(ids(found))


def test_passages_that_another_process_adds_meanwhile_do_no_harm(
    store: SqliteArticleStore,
    indexer: Indexer,
    retriever: Retriever,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tantivy may see a commit before this process has followed it."""
    (ferry,) = index(store, indexer, FERRY)
    search = LexicalIndex.search

    def with_unknown(self: LexicalIndex, *args: object, **kwargs: object) -> list[LexicalHit]:
        known = search(self, *args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        return [*known, LexicalHit(PassageId(10_000), 0.5)]

    monkeypatch.setattr(LexicalIndex, "search", with_unknown)
    assert ids(retriever.retrieve(ASKED)) == [ferry]
    assert ids(retriever.retrieve(ASKED, until=TODAY)) == [ferry]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1, max_size=120))
def test_every_question_finds_something_in_order_and_the_same_again(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever, question: str
) -> None:
    if not store.revision():
        index(store, indexer, FERRY, STORM, UNDATED)
    found = retriever.retrieve(question)
    assert ids(found) == ids(retriever.retrieve(question))
    order = [(-ranked.score, ranked.article.id) for ranked in found.articles]
    assert order == sorted(order)
    for ranked in found.articles:
        assert 0 <= ranked.features.coverage <= 1 + 1e-9
        assert 0 <= ranked.features.title_coverage <= 1 + 1e-9
    for passage in found.passages:
        assert passage.text
        assert -1.001 <= passage.similarity <= 1.001


def test_many_articles_of_one_language_leave_room_for_the_other(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    ferries = [replace(FERRY, text=f"{FERRY.text} Report {number}.") for number in range(40)]
    *_, storm = index(store, indexer, *ferries, STORM)
    assert storm in ids(retriever.retrieve(ASKED, limit=40))


def test_an_event_of_the_question_dates_it(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    collision = replace(
        FERRY,
        text="Two tankers collided off Ushant. The collision closed the lane for a day.",
        title="Tankers collide off Ushant",
        published=PublicationDate(date(2023, 6, 1), Precision.DAY),
    )
    later = replace(
        FERRY,
        text=f"{FERRY.text} Again.",
        published=PublicationDate(date(2024, 2, 1), Precision.DAY),
    )
    earlier_id, later_id, _ = index(store, indexer, FERRY, later, collision)
    before = retriever.retrieve("Which electric ferries were ordered before the tankers collided?")
    after = retriever.retrieve("Which electric ferries were ordered after the tankers collided?")
    assert before.query.period == Period(None, date(2023, 5, 31))
    assert after.query.period == Period(date(2023, 6, 1), None)
    assert ids(before).index(earlier_id) < ids(before).index(later_id)
    assert ids(after).index(later_id) < ids(after).index(earlier_id)


class LongestFirst:
    """A `Reranker` that likes long passages."""

    def judge(self, question: str, passages: Sequence[str]) -> list[float]:
        return [float(len(passage)) for passage in passages]


def test_a_reranker_decides_the_order_and_keeps_the_scale(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    index(store, indexer, FERRY, STORM, replace(UNDATED, text=f"{UNDATED.text} {STORM.text}"))
    plain = retriever.retrieve(ASKED)
    reranking = Retriever(
        store=store,
        indexer=indexer,
        embedder=HashingEmbedder(),
        today=lambda: TODAY,
        reranker=LongestFirst(),
    )
    reranked = reranking.retrieve(ASKED)
    longest = [
        max(len(f"{passage.article.title}\n{passage.text}") for passage in ranked.passages)
        for ranked in reranked.articles
    ]
    assert longest == sorted(longest, reverse=True)
    assert ids(reranked) != ids(plain)
    assert [r.score for r in reranked.articles] == [r.score for r in plain.articles]


def test_langchain_programs_get_documents_that_are_slices(
    store: SqliteArticleStore, indexer: Indexer, retriever: Retriever
) -> None:
    index(store, indexer, FERRY, STORM)
    documents = NewsdeskRetriever(retriever=retriever, limit=1).invoke(ASKED)
    assert [document.metadata["title"] for document in documents] == ["Electric ferries"]
    found = documents[0]
    stored = store.get(found.metadata["article_id"])
    assert stored.text[found.metadata["start"] : found.metadata["end"]] == found.page_content
    assert found.metadata["published_at"] == "2023-04-19"
