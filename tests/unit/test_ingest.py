from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import ingest as ingesting
from corpus.errors import (
    DiskFullError,
    DuplicateArticleError,
    ImportLineError,
    NoTextError,
    TooLongError,
    TooShortError,
)
from corpus.ingest import LEAST_WORDS, MOST_CHARACTERS, Added, Ingest, Rejected
from corpus.models import Article, Draft, Precision, PublicationDate
from tests.fakes.article_store import MemoryArticleStore


def text(name: str) -> str:
    """A text of its own for each name, long enough to be accepted."""
    return " ".join(f"{name}{number}" for number in range(30))


def draft(name: str = "a", **changes: object) -> Draft:
    return replace(Draft(text=text(name), origin=name, title=name, language="en"), **changes)


@pytest.fixture
def store() -> MemoryArticleStore:
    return MemoryArticleStore()


@pytest.fixture
def ingest(store: MemoryArticleStore) -> Ingest:
    return Ingest(store, detect_language=lambda _text: "xx")


class TestAccept:
    def test_everything_is_normalized(self, ingest: Ingest) -> None:
        accepted = ingest.accept(
            draft(
                text=" " + text("e\u0301") + "\r\nb \x00",
                title="  A\n\ntitle\u200b ",
                outlet=" Le  Fil",
                author="\t",
                url="HTTPS://Example.org/a?utm_source=x#top",
                external_id=" 7 ",
                topics=(" x ", "", "y", "x"),
                language="FR-ca",
                published=PublicationDate(date(2023, 1, 1), Precision.YEAR),
            )
        )
        assert accepted.text == f"{text('é')}\n\nb"
        assert (accepted.title, accepted.title_made) == ("A title", False)
        assert (accepted.outlet, accepted.author) == ("Le Fil", None)
        assert (accepted.url, accepted.external_id) == ("https://example.org/a", "7")
        assert (accepted.topics, accepted.language) == (("x", "y"), "fr")
        assert str(accepted.published) == "2023"

    def test_accepting_twice_changes_nothing(self, ingest: Ingest) -> None:
        once = ingest.accept(draft(title=None, text=f"Short start. The {text('b')}"))
        assert once.title == "Short start"
        assert once.title_made
        assert ingest.accept(once) == once

    def test_a_missing_title_is_made_and_a_huge_one_cut(self, ingest: Ingest) -> None:
        assert ingest.accept(draft(title=" \n")).title_made
        huge = ingest.accept(draft(title="word " * 1_000))
        assert huge.title is not None
        assert len(huge.title) <= 300
        assert huge.title.endswith("…")

    def test_a_language_that_is_not_given_is_detected(self, store: MemoryArticleStore) -> None:
        assert (
            Ingest(store, detect_language=lambda _: "de").accept(draft(language="")).language
            == "de"
        )
        nothing = Ingest(store, detect_language=lambda _: None)
        assert nothing.accept(draft(language="English")).language == "und"

    def test_a_home_page_is_not_the_address_of_an_article(self, ingest: Ingest) -> None:
        assert ingest.accept(draft(url="https://example.org")).url is None
        assert (
            ingest.accept(draft(url="https://example.org/?p=1")).url == "https://example.org/?p=1"
        )
        assert ingest.accept(draft(url="not a url")).url is None

    @pytest.mark.parametrize("nothing", ["", " \n\u200b", "… — !", "🎉🎉"])
    def test_no_word_is_no_text(self, ingest: Ingest, nothing: str) -> None:
        with pytest.raises(NoTextError):
            ingest.accept(draft(text=nothing))

    def test_few_words_are_too_short(self, ingest: Ingest) -> None:
        with pytest.raises(TooShortError) as caught:
            ingest.accept(draft(text="word " * (LEAST_WORDS - 1)))
        assert (caught.value.words, caught.value.least) == (LEAST_WORDS - 1, LEAST_WORDS)
        assert ingest.accept(draft(text="word " * LEAST_WORDS))

    def test_more_than_a_long_book_is_too_long(self, ingest: Ingest) -> None:
        most = "word " * (MOST_CHARACTERS // 5)
        assert ingest.accept(draft(text=most)).text == most.strip()
        with pytest.raises(TooLongError) as caught:
            ingest.accept(draft(text=f"{most}."))
        assert (caught.value.characters, caught.value.limit) == (1_000_001, 1_000_000)


class TestAdd:
    def test_each_draft_has_its_outcome_in_order(
        self, ingest: Ingest, store: MemoryArticleStore
    ) -> None:
        line = ImportLineError("in", line=2, reason="x")
        unreadable = NoTextError("b.txt")
        outcomes = list(
            ingest.add([draft("a"), line, draft("short", text="word"), unreadable, draft("b")])
        )
        assert [type(outcome) for outcome in outcomes] == [
            Added,
            Rejected,
            Rejected,
            Rejected,
            Added,
        ]
        assert [o.origin for o in outcomes if isinstance(o, Rejected)] == ["in", "short", "b.txt"]
        assert outcomes[1] == Rejected("in", line)
        assert [article.title for article in store.articles()] == ["a", "b"]
        assert list(ingest.add([])) == []

    def test_duplicates_of_stored_articles_are_named(self, ingest: Ingest) -> None:
        [added] = ingest.add([draft("a", url="https://example.org/a")])
        assert isinstance(added, Added)
        same_url, same_text = ingest.add(
            [
                draft("b", url="https://example.org/a?utm_source=x"),
                draft("c", text=text("a") + "\r\n"),
            ]
        )
        for outcome, same in ((same_url, "url"), (same_text, "text")):
            assert isinstance(outcome, Rejected)
            assert isinstance(outcome.error, DuplicateArticleError)
            assert outcome.error.existing_id == added.article.id
            assert outcome.error.existing_title == "a"
            assert outcome.error.same == same

    def test_duplicates_within_a_batch_are_named(
        self, ingest: Ingest, store: MemoryArticleStore
    ) -> None:
        first, by_text, by_url, other = ingest.add(
            [
                draft("a", url="https://example.org/a"),
                draft("a"),
                draft("b", url="https://example.org/a"),
                draft("c"),
            ]
        )
        assert isinstance(first, Added)
        assert isinstance(other, Added)
        for outcome, same in ((by_text, "text"), (by_url, "url")):
            assert isinstance(outcome, Rejected)
            assert isinstance(outcome.error, DuplicateArticleError)
            assert (outcome.error.existing_id, outcome.error.same) == (first.article.id, same)
        assert len(list(store.articles())) == 2

    def test_what_repeats_only_a_rejected_draft_is_added(self, ingest: Ingest) -> None:
        list(ingest.add([draft("x", url="https://example.org/a")]))
        rejected, added = ingest.add([draft("y", url="https://example.org/a"), draft("y")])
        assert isinstance(rejected, Rejected)
        assert isinstance(added, Added)

    def test_the_same_external_id_with_other_words_is_another_article(
        self, ingest: Ingest, store: MemoryArticleStore
    ) -> None:
        outcomes = list(ingest.add([draft("a", external_id="1"), draft("b", external_id="1")]))
        assert all(isinstance(outcome, Added) for outcome in outcomes)
        assert store.find("1").title == "a"  # the article whose own id is 1
        store.remove(store.find("1").id)
        assert store.find("1").title == "b"

    def test_near_duplicates_are_added_and_reported_once(self, ingest: Ingest) -> None:
        words = " ".join(f"w{number}" for number in range(200))
        one, two, three = ingest.add(
            [draft("a", text=words), draft("b", text=f"{words} more"), draft("c")]
        )
        assert isinstance(one, Added)
        assert isinstance(two, Added)
        assert isinstance(three, Added)
        assert one.near_duplicates == three.near_duplicates == ()
        assert [near.id for near in two.near_duplicates] == [one.article.id]

    def test_another_process_that_is_quicker_makes_a_duplicate(self) -> None:
        class Overtaken(MemoryArticleStore):
            overtaken = False

            def add(self, drafts: Sequence[Draft]) -> list[Article]:
                if not self.overtaken:
                    self.overtaken = True
                    super().add([draft("b")])
                return super().add(drafts)

        store = Overtaken()
        outcomes = list(Ingest(store).add([draft("a"), draft("b"), draft("c")]))
        assert [type(outcome) for outcome in outcomes] == [Added, Rejected, Added]
        assert sorted(article.title for article in store.articles()) == ["a", "b", "c"]

    def test_what_was_told_as_added_is_stored_when_the_disk_fills_up(self) -> None:
        class Filling(MemoryArticleStore):
            def add(self, drafts: Sequence[Draft]) -> list[Article]:
                if self.revision() >= 400:
                    raise DiskFullError(path="db", reason="full")
                return super().add(drafts)

        store = Filling()
        outcomes = Ingest(store).add(draft(f"a{n}b") for n in range(1_000))
        for number in range(400):
            told = next(outcomes)
            assert isinstance(told, Added)
            assert told.article.title == f"a{number}b"
            assert store.get(told.article.id) == told.article
        with pytest.raises(DiskFullError):
            next(outcomes)
        assert len(list(store.articles())) == 400

    def test_many_large_drafts_are_not_held_at_once(
        self, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ingesting, "_BATCH_CHARACTERS", 2_000)
        taken = 0

        def large() -> Draft:
            nonlocal taken
            taken += 1
            return draft(f"n{taken}x", text=f"{taken} " * 300)

        outcomes = ingest.add(large() for _ in range(10))
        next(outcomes)
        assert taken <= 4

    @settings(max_examples=50)
    @given(st.lists(st.tuples(st.integers(0, 6), st.none() | st.integers(0, 6)), max_size=15))
    def test_an_import_keeps_the_first_of_each_and_names_the_rest(
        self, pairs: list[tuple[int, int | None]]
    ) -> None:
        store = MemoryArticleStore()
        drafts = [
            draft(f"t{words}x", url=None if page is None else f"https://example.org/{page}")
            for words, page in pairs
        ]
        outcomes = list(Ingest(store).add(drafts))
        texts: set[str] = set()
        urls: set[str] = set()
        for given_draft, outcome in zip(drafts, outcomes, strict=True):
            known = given_draft.text in texts or given_draft.url in urls
            assert isinstance(outcome, Rejected) is known
            if isinstance(outcome, Added):
                texts.add(given_draft.text)
                urls |= {given_draft.url} - {None}
        assert len(list(store.articles())) == len(texts)
