"""What every `ArticleStore` promises, asked of the one in SQLite and of the one for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ArticleNotFoundError, DuplicateArticleError
from corpus.models import Article, ArticleId, Draft, Precision, PublicationDate, Revision
from corpus.sqlite_store import SqliteArticleStore
from corpus.store import ArticleStore
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.clock import FixedClock

CLOCK = FixedClock()
STORES: dict[str, Callable[[Path], ArticleStore]] = {
    "sqlite": lambda folder: SqliteArticleStore.open(folder / "corpus.sqlite", clock=CLOCK),
    "memory": lambda _folder: MemoryArticleStore(clock=CLOCK),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArticleStore]:
    with closing(STORES[request.param](tmp_path)) as opened:
        yield opened


def draft(name: str, **changes: object) -> Draft:
    made = Draft(text=f"The text of {name}.", origin=name, title=f"Title {name}", language="en")
    return replace(made, **changes)


WORDS = " ".join(f"word{number}" for number in range(100))


def test_an_article_comes_back_as_it_was_stored(store: ArticleStore) -> None:
    full = draft(
        "full",
        title="L’été 2023 : « rien »",
        title_made=True,
        text="Un texte.\n\nDeux\u00a0% de plus 🎉.",
        language="fr",
        outlet="Le Fil",
        author="A. Uteur",
        published=PublicationDate(date(2023, 4, 1), Precision.MONTH),
        url="https://lefil.example/ete",
        external_id="x-1",
        topics=("été", "rien"),
    )
    [added] = store.add([full])
    assert store.get(added.id) == added
    for name in Draft.__slots__:
        if name != "origin":
            assert getattr(added, name) == getattr(full, name), name
    assert added.added_at == CLOCK()
    assert str(added.published) == "2023-04"


def test_articles_come_back_in_the_order_of_their_drafts(store: ArticleStore) -> None:
    added = store.add([draft(str(number)) for number in range(450)])
    assert [article.title for article in added] == [f"Title {n}" for n in range(450)]
    assert [article.id for article in added] == sorted({article.id for article in added})
    assert list(store.articles()) == added
    assert list(store.articles(after=added[440].id)) == added[441:]
    assert list(store.articles(after=added[10].id, limit=250)) == added[11:261]
    assert list(store.articles(limit=0)) == []
    assert store.get_many([added[3].id, ArticleId(10_000)]) == {added[3].id: added[3]}


def test_an_empty_store_is_at_revision_zero(store: ArticleStore) -> None:
    assert store.revision() == 0
    assert list(store.articles()) == []
    assert store.summaries() == []
    assert list(store.changes_since(Revision(0))) == []
    assert store.add([]) == []
    assert store.statistics().newest is None
    assert store.near_duplicates(ArticleId(1)) == []


def test_what_does_not_exist_is_named(store: ArticleStore) -> None:
    for call in (store.get, store.remove):
        with pytest.raises(ArticleNotFoundError) as caught:
            call(ArticleId(7))
        assert caught.value.reference == "7"
    nothing = ("7", "", "nothing", "https://example.org/x", "9" * 40, "9" * 5_000, "²", "\udcff")
    for reference in nothing:
        with pytest.raises(ArticleNotFoundError):
            store.find(reference)
        assert store.summaries(f"{reference} and more") == []
    assert store.revision() == 0


def test_find_tries_the_id_then_the_external_id_then_the_url(store: ArticleStore) -> None:
    one, two, three = store.add(
        [
            draft("a", external_id="2", url="https://example.org/a?x=1"),
            draft("b", external_id="abc"),
            draft("c", external_id="abc"),
        ]
    )
    assert store.find(str(one.id)) == one
    assert store.find("2") == two
    assert store.find("abc") == three
    assert store.find("HTTPS://example.org:443/a?utm_source=z&x=1#top") == one
    assert store.find(" ab\u200bc\udcff\n") == three


def test_an_id_is_never_given_twice(store: ArticleStore) -> None:
    first, last = store.add([draft("a"), draft("b")])
    store.remove(last.id)
    [next_one] = store.add([draft("c")])
    assert next_one.id > last.id
    store.remove(first.id)
    store.remove(next_one.id)
    [after_all] = store.add([draft("d")])
    assert after_all.id > next_one.id


def test_the_same_url_or_text_is_a_duplicate_and_stores_nothing(store: ArticleStore) -> None:
    [stored] = store.add([draft("a", url="https://example.org/a", external_id="1")])
    same_url = draft("b", url="https://example.org/a")
    same_text = draft("c", text=stored.text)
    other = draft("d", external_id="1")
    found = store.duplicates([other, same_text, same_url])
    assert [error and (error.origin, error.existing_id, error.same) for error in found] == [
        None,
        ("c", stored.id, "text"),
        ("b", stored.id, "url"),
    ]
    assert found[1] is not None
    assert found[1].existing_title == "Title a"
    for duplicate in (same_url, same_text):
        with pytest.raises(DuplicateArticleError):
            store.add([other, duplicate])
    with pytest.raises(ValueError, match="two drafts"):
        store.add([draft("e"), draft("e")])
    assert store.revision() == 1
    assert list(store.articles()) == [stored]


def test_a_removed_article_may_come_again(store: ArticleStore) -> None:
    [first] = store.add([draft("a", url="https://example.org/a")])
    store.remove(first.id)
    [again] = store.add([draft("a", url="https://example.org/a")])
    assert again.id != first.id


def test_near_duplicates_are_found_closest_first_and_forgotten_with_the_article(
    store: ArticleStore,
) -> None:
    original, far, nearer, near = store.add(
        [
            draft("original", text=WORDS),
            draft("far", text=" ".join(f"other{number}" for number in range(100))),
            draft("nearer", text=f"{WORDS} more"),
            draft("near", text=f"{WORDS} with some more words at the very end of it"),
        ]
    )
    assert [s.id for s in store.near_duplicates(original.id)] == [nearer.id, near.id]
    assert store.near_duplicates(original.id)[0].title == "Title nearer"
    assert store.near_duplicates(far.id) == []
    assert [s.id for s in store.similar(f"{WORDS} more")][:2] == [nearer.id, original.id]
    assert store.similar("Nothing of the kind.") == []
    store.remove(nearer.id)
    assert nearer.id not in [s.id for s in store.similar(f"{WORDS} more")]
    assert [s.id for s in store.near_duplicates(original.id)] == [near.id]


def test_summaries_are_filtered_without_regard_to_case_and_accents(store: ArticleStore) -> None:
    store.add(
        [
            draft("a", title="Le procès de l’ÉTÉ", outlet="Octet Matin"),
            draft("b", title="100 % sure", url="https://example.org/proces_2"),
            draft("c", title="Other"),
        ]
    )
    assert [s.title for s in store.summaries("PROCES")] == ["100 % sure", "Le procès de l’ÉTÉ"]
    assert [s.title for s in store.summaries("été")] == ["Le procès de l’ÉTÉ"]
    assert [s.title for s in store.summaries("octet")] == ["Le procès de l’ÉTÉ"]
    assert [s.title for s in store.summaries("%")] == ["100 % sure"]
    assert [s.title for s in store.summaries("_")] == ["100 % sure"]
    assert [s.title for s in store.summaries(limit=2)] == ["Other", "100 % sure"]
    assert [s.title for s in store.summaries(limit=2, offset=2)] == ["Le procès de l’ÉTÉ"]


def test_the_newest_are_those_published_last(store: ArticleStore) -> None:
    dates = {
        "undated": None,
        "year": PublicationDate(date(2023, 1, 1), Precision.YEAR),
        "month": PublicationDate(date(2023, 1, 1), Precision.MONTH),
        "day": PublicationDate(date(2023, 1, 1), Precision.DAY),
        "last": PublicationDate(date(2024, 2, 1), Precision.MONTH),
        "old": PublicationDate(date(1999, 12, 31), Precision.DAY),
        "same day, added later": PublicationDate(date(2023, 1, 1), Precision.DAY),
        "undated, added later": None,
    }
    added = store.add([draft(name, published=when) for name, when in dates.items()])
    names = dict(zip([article.id for article in added], dates, strict=True))
    newest = store.newest(20)
    assert [names[article.id] for article in newest] == [
        "last",
        "same day, added later",
        "day",
        "month",
        "year",
        "old",
        "undated, added later",
        "undated",
    ]
    assert {article.id: article for article in newest} == {one.id: one for one in added}
    assert [names[article.id] for article in store.newest(2)] == ["last", "same day, added later"]
    assert store.newest(0) == []


def test_statistics_count_and_find_the_edges(store: ArticleStore) -> None:
    def dated(name: str, day: date, precision: Precision, **changes: object) -> Draft:
        return draft(name, published=PublicationDate(day, precision), **changes)

    store.add(
        [
            dated("a", date(2023, 1, 1), Precision.YEAR, outlet="A", language="fr"),
            dated("b", date(2023, 1, 1), Precision.DAY, outlet="A"),
            dated("c", date(2024, 2, 1), Precision.MONTH, outlet="B"),
            draft("d"),
        ]
    )
    statistics = store.statistics()
    assert statistics.articles == 4
    assert statistics.revision == store.revision() == 4
    assert statistics.languages == {"fr": 1, "en": 3}
    assert statistics.outlets == {"A": 2, "B": 1}
    assert (str(statistics.oldest), str(statistics.newest)) == ("2023-01-01", "2024-02")


@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.integers(-8, 8), max_size=25), seen=st.integers(0, 25))
def test_whoever_follows_the_revisions_knows_the_corpus(
    make: Callable[[Path], ArticleStore], steps: list[int], seen: int
) -> None:
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        closing(make(Path(folder))) as store,
    ):
        present: dict[ArticleId, Article] = {}
        history: list[tuple[Revision, dict[ArticleId, Article]]] = [(Revision(0), {})]
        for number, step in enumerate(steps):
            if step > 0:
                drafts = [draft(f"{number}-{part}") for part in range(step % 3 + 1)]
                present |= {article.id: article for article in store.add(drafts)}
            elif present and step % 2:
                one = sorted(present)[step % len(present)]
                edited = draft("edited", title=f"Title {number}", text=present[one].text)
                present[one] = store.edit(one, edited)
            elif present:
                gone = sorted(present)[step % len(present)]
                assert store.remove(gone) == store.revision()
                del present[gone]
            assert store.revision() >= history[-1][0]
            history.append((store.revision(), dict(present)))

        revision, known = history[seen % len(history)]
        changes = list(store.changes_since(revision))
        for change in changes:
            if change.article is None:
                known.pop(change.article_id, None)
            else:
                known[change.article_id] = change.article
        assert known == present
        assert len({change.article_id for change in changes}) == len(changes)
        assert list(store.changes_since(store.revision())) == []


def test_changes_come_in_the_order_of_each_articles_newest_change(store: ArticleStore) -> None:
    one, two, three = store.add([draft("a"), draft("b"), draft("c")])
    store.remove(one.id)
    changes = list(store.changes_since(Revision(0)))
    assert [(c.article_id, c.article) for c in changes] == [
        (two.id, two),
        (three.id, three),
        (one.id, None),
    ]
    assert [c.article_id for c in store.changes_since(Revision(2))] == [three.id, one.id]


def test_an_edit_changes_all_but_text_id_and_time(store: ArticleStore) -> None:
    one, two = store.add([draft("a", url="https://example.org/a", topics=("x",)), draft("b")])
    said = draft(
        "b",
        title="Other",
        outlet="Le Fil",
        published=PublicationDate(date(2023, 4, 1), Precision.MONTH),
        url="https://example.org/b",
        language="fr",
        text="This text is not taken.",
    )
    edited = store.edit(two.id, said)
    assert edited == store.get(two.id)
    assert (edited.id, edited.added_at, edited.text) == (two.id, two.added_at, two.text)
    assert edited.content_hash == two.content_hash
    for name in Draft.__slots__:
        if name not in {"origin", "text"}:
            assert getattr(edited, name) == getattr(said, name), name
    assert store.get(one.id) == one
    assert store.revision() == 3
    assert [change.article for change in store.changes_since(Revision(2))] == [edited]
    assert store.find("https://example.org/b") == edited
    assert [found.id for found in store.summaries("le fil")] == [two.id]


def test_an_edit_that_cannot_be_changes_nothing(store: ArticleStore) -> None:
    one, two = store.add([draft("a", url="https://example.org/a"), draft("b")])
    with pytest.raises(DuplicateArticleError) as caught:
        store.edit(two.id, draft("b", title="Other", url=one.url))
    assert (caught.value.existing_id, caught.value.same) == (one.id, "url")
    with pytest.raises(ArticleNotFoundError):
        store.edit(ArticleId(7), draft("c"))
    assert list(store.articles()) == [one, two]
    assert store.revision() == 2
    assert store.edit(one.id, draft("a", url=one.url)).url == one.url
