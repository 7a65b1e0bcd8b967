"""Search by words: what is applied is found, in its language and period, with a share of 1."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.models import ArticleId, Precision, PublicationDate
from index.analysis import query_terms
from index.lexical import LexicalIndex
from index.lexical_document import LexicalDocument
from index.models import PassageId, Period

VOCABULARY = "ferry harbour storm airport battery phone council price".split()
LANGUAGES = ["en", "fr", "de", "und"]
MAKE_MANY = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
DAYS = st.dates(date(2022, 1, 1), date(2024, 12, 31))
PERIODS = st.builds(Period, st.none() | DAYS, st.none() | DAYS)


def document(
    number: int,
    text: str = "A ferry left the harbour.",
    *,
    article: int | None = None,
    language: str = "en",
    title: str = "Untitled",
    outlet: str | None = None,
    published: PublicationDate | None = None,
) -> LexicalDocument:
    return LexicalDocument(
        passage_id=PassageId(number),
        article_id=ArticleId(article or number),
        language=language,
        title=title,
        text=text,
        outlet=outlet,
        published=published,
    )


def first_day(day: date, precision: Precision) -> PublicationDate:
    starts = {Precision.YEAR: day.replace(month=1, day=1), Precision.MONTH: day.replace(day=1)}
    return PublicationDate(starts.get(precision, day), precision)


@st.composite
def documents(draw: st.DrawFn) -> list[LexicalDocument]:
    """Draw some articles of one or two passages each."""
    made: list[LexicalDocument] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        published = draw(st.none() | st.builds(first_day, DAYS, st.sampled_from(Precision)))
        language = draw(st.sampled_from(LANGUAGES))
        for _ in range(draw(st.integers(1, 2))):
            words = draw(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6))
            made.append(
                document(
                    len(made) + 1,
                    " ".join(words),
                    article=number,
                    language=language,
                    published=published,
                    title=draw(st.sampled_from(VOCABULARY)),
                )
            )
    return made


@pytest.fixture
def opened(accented: Path) -> Iterator[Callable[[], LexicalIndex]]:
    """Make empty indexes, each in a folder of its own."""
    numbers = count()
    made: list[LexicalIndex] = []

    def make() -> LexicalIndex:
        made.append(LexicalIndex.open(accented / str(next(numbers))))
        return made[-1]

    yield make
    for index in made:
        index.close()


def found(
    index: LexicalIndex,
    question: str = "ferry",
    *,
    language: str = "en",
    period: Period | None = None,
    limit: int = 50,
) -> dict[int, float]:
    words = [{stem: 1.0} for stem in query_terms(question, language)]
    hits = index.search(words, language=language, limit=limit, period=period)
    order = [(-hit.share, hit.passage_id) for hit in hits]
    assert order == sorted(order)
    return {hit.passage_id: hit.share for hit in hits}


def everything(index: LexicalIndex, period: Period | None = None) -> dict[str, dict[int, float]]:
    question = " ".join(VOCABULARY)
    return {
        language: found(index, question, language=language, period=period)
        for language in LANGUAGES[:3]
    }


def test_the_passage_with_more_of_the_words_comes_first(
    opened: Callable[[], LexicalIndex],
) -> None:
    index = opened()
    index.apply(
        added=[
            document(1, "A storm closed the airport."),
            document(2, "The storm left the harbour and its ferries alone."),
            document(3, "The council met."),
        ]
    )
    assert list(found(index, "Which ferry left the harbour in the storm?")) == [2, 1]
    assert found(index, "nothing of this") == {}
    assert found(index, "the of and") == {}
    assert list(found(index, "storm", limit=1)) == [1]


def test_a_word_counts_in_the_title_and_the_outlet(opened: Callable[[], LexicalIndex]) -> None:
    index = opened()
    index.apply(
        added=[document(1, title="Ferries"), document(2), document(3, outlet="The Ferry Post")]
    )
    shares = found(index, "ferry")
    assert shares[1] > shares[2]
    assert shares[3] > shares[2]


def test_each_language_is_searched_on_its_own(opened: Callable[[], LexicalIndex]) -> None:
    index = opened()
    index.apply(
        added=[
            document(1, "The data leaked."),
            document(2, "Les données ont fuité.", language="fr"),
            document(3, "Die Daten", language="de"),
        ]
    )
    assert list(found(index, "data")) == [1]
    assert list(found(index, "DONNEE", language="fr")) == [2]
    assert list(found(index, "daten", language="es")) == [3]


def test_of_alternatives_only_the_best_counts(opened: Callable[[], LexicalIndex]) -> None:
    index = opened()
    index.apply(added=[document(1, "fine"), document(2, "penalty"), document(3, "fine penalty")])
    words = [{query_terms("fine", "en")[0]: 1.0, query_terms("penalty", "en")[0]: 0.5}]
    shares = {int(hit.passage_id): hit.share for hit in index.search(words, language="en", limit=9)}
    assert shares[1] > shares[2]
    assert shares[1] >= shares[3] > shares[2]


def test_articles_are_replaced_and_removed_whole(opened: Callable[[], LexicalIndex]) -> None:
    index = opened()
    index.apply(added=[document(1), document(2, article=1), document(3)])
    index.apply(added=[document(4, article=1)])
    assert set(found(index)) == {3, 4}
    index.apply(removed=[ArticleId(3), ArticleId(99)])
    assert set(found(index)) == {4}
    assert len(index) == 1


def test_rarity_stays_above_zero_while_most_is_deleted(
    opened: Callable[[], LexicalIndex],
) -> None:
    index = opened()
    index.apply(added=[document(number) for number in range(1, 11)])
    index.apply(removed=[ArticleId(number) for number in range(2, 11)])
    assert index.rarity("ferri", "en") > 0
    assert 0 < found(index)[1] <= 1


def test_rare_words_are_worth_more(opened: Callable[[], LexicalIndex]) -> None:
    index = opened()
    index.apply(added=[document(1), document(2), document(3, "ferry storm")])
    assert index.rarity("absent", "en") > index.rarity("storm", "en") > index.rarity("ferri", "en")


def test_what_one_writes_another_reads_after_reloading(accented: Path) -> None:
    with (
        closing(LexicalIndex.open(accented)) as one,
        closing(LexicalIndex.open(accented)) as other,
    ):
        one.apply(added=[document(2**31)])
        other.reload()
        assert list(found(other)) == [2**31]
    with closing(LexicalIndex.open(accented)) as again:
        assert list(found(again)) == [2**31]


def test_another_index_is_not_opened(accented: Path) -> None:
    (accented / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r".+"):
        LexicalIndex.open(accented)


@MAKE_MANY
@given(made=documents(), removed=st.sets(st.integers(1, 6)))
def test_a_change_applied_twice_is_the_same_as_once(
    opened: Callable[[], LexicalIndex], made: list[LexicalDocument], removed: set[int]
) -> None:
    kept = [d for d in made if d.article_id not in removed]
    index = opened()
    index.apply(added=made)
    for _ in range(2):
        index.apply(removed=[ArticleId(number) for number in removed], added=kept)
        assert len(index) == len(kept)
        assert {id_ for shares in everything(index).values() for id_ in shares} == _ids(kept)


@MAKE_MANY
@given(made=documents(), period=PERIODS)
def test_a_period_keeps_what_may_lie_in_it_and_changes_no_share(
    opened: Callable[[], LexicalIndex], made: list[LexicalDocument], period: Period
) -> None:
    index = opened()
    index.apply(added=made)
    fitting = _ids([d for d in made if d.published and _overlaps(d.published, period)])
    for language, shares in everything(index).items():
        assert all(0 < share <= 1 for share in shares.values())
        kept = everything(index, period)[language]
        assert kept == pytest.approx({i: s for i, s in shares.items() if i in fitting})


def _ids(made: Sequence[LexicalDocument]) -> set[int]:
    return {int(document.passage_id) for document in made}


def _overlaps(published: PublicationDate, period: Period) -> bool:
    begins = period.until is None or published.first <= period.until
    return begins and (period.since is None or published.last >= period.since)


def test_what_a_crash_or_a_full_disk_left_half_written_is_not_in_the_way(tmp_path: Path) -> None:
    folder, twin = tmp_path / "lexical", tmp_path / "twin"
    with closing(LexicalIndex.open(folder)) as index:
        index.apply(added=[document(1), document(2)])
    shutil.copytree(folder, twin)
    with closing(LexicalIndex.open(twin)) as index:
        index.apply(removed=[ArticleId(1)])
    # The file of deletions would get the same name here, and is noted before it is written.
    [left] = [path.name for path in twin.glob("*.del")]
    (folder / left).write_bytes(b"half")
    managed = folder / ".managed.json"
    managed.write_text(json.dumps([*json.loads(managed.read_text()), left]))
    with closing(LexicalIndex.open(folder)) as index:
        index.apply(removed=[ArticleId(1)])
        assert len(index) == 1
