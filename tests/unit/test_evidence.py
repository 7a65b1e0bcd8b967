"""Sentences are scored by what a question wants; fitted weights are not repeated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.evidence import (
    article_features,
    find_evidence,
    ranked_anew,
    score,
)
from bot.answering.sentence_features import FEATURE_NAMES, SentenceFeatures
from corpus.models import ArticleId
from tests.fakes.passages import article, passage
from tests.fakes.reader import WordReader
from tests.fakes.retrievals import retrieval, within

READER = WordReader()
FERRIES = article(
    "The council of Brest met. It ordered two electric ferries for the harbour. [1]\n\n"
    "The price is 12 million euros, since batteries are dear. Who pays? Mayor Anne Le Goff does.",
    title="Ferries of Brest",
)
NOTHING = SentenceFeatures(**dict.fromkeys(FEATURE_NAMES, 0.0))


def test_nothing_found_is_no_evidence() -> None:
    assert find_evidence(retrieval("Who pays?"), READER) == []


def test_the_sentence_with_the_words_of_the_question_is_best() -> None:
    found = retrieval("Which electric ferries were ordered for the harbour?", FERRIES)
    best = find_evidence(found, READER)[0]
    assert best.text == "It ordered two electric ferries for the harbour."
    assert best.features.words == 1.0
    assert best.features.reading == 2.0


def test_each_sentence_with_letters_comes_once_best_first() -> None:
    found = retrieval("Who pays for the ferries?", FERRIES)
    evidence = find_evidence(found, READER)
    assert sorted(e.text for e in evidence) == [
        "It ordered two electric ferries for the harbour.",
        "Mayor Anne Le Goff does.",
        "The council of Brest met.",
        "The price is 12 million euros, since batteries are dear.",
        "Who pays?",
    ]
    scores = [e.score for e in evidence]
    assert scores == sorted(scores, reverse=True)
    assert [e.text for e in evidence if e.features.asks] == ["Who pays?"]


def test_only_sentences_within_a_passage_found_are_evidence() -> None:
    end = FERRIES.text.index("\n\n")
    found = within(retrieval("Who pays?", FERRIES), 0, end)
    assert {e.span.end <= end for e in find_evidence(found, READER)} == {True}


def test_a_passage_that_is_part_of_one_long_sentence_stands_for_itself() -> None:
    part = within(retrieval("Who pays?", FERRIES), 4, 11)
    assert [e.text for e in find_evidence(part, READER)] == [FERRIES.text[4:11]]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Why is the price so high?", {"The price is 12 million euros, since batteries are dear."}),
        (
            "How much is it?",
            {
                "It ordered two electric ferries for the harbour.",
                "The price is 12 million euros, since batteries are dear.",
            },
        ),
        ("Who pays?", {"The council of Brest met.", "Mayor Anne Le Goff does."}),
        ("Who is Mayor Anne Le Goff of Brest?", set()),
        ("Is it dear?", set()),
    ],
)
def test_a_sentence_has_what_its_kind_of_question_wants(question: str, wanted: set[str]) -> None:
    evidence = find_evidence(retrieval(question, FERRIES), READER)
    assert {e.text for e in evidence if e.features.kind} == wanted


def test_few_passages_are_read_however_many_there_are() -> None:
    reader = WordReader()
    text = " ".join(f"Ferry {m} left pier {m}." for m in range(10, 50))
    many = retrieval("Which ferry left?", *[article(text, number=n) for n in range(1, 8)])
    halves = [
        replace(one, passages=(passage(one.article, 0, 459), passage(one.article, 460, 919)))
        for one in many.articles
    ]
    evidence = find_evidence(replace(many, articles=tuple(halves)), reader)
    assert len(evidence) == 5 * 40
    assert reader.read_so_far == 5
    assert {int(e.article.id) for e in evidence} == {1, 2, 3, 4, 5}
    unread = [e for e in evidence if e.features.reading == -8]
    assert len(unread) == len(evidence) - 5 * 20


def test_the_article_that_reads_as_the_answer_comes_first() -> None:
    storm = article("A storm closed the harbour of Brest.", number=2, title="Ferries of Brest")
    found = retrieval("Who ordered the electric ferries?", storm, replace(FERRIES, id=ArticleId(3)))
    close = replace(found, articles=tuple(replace(one, score=1.0) for one in found.articles))
    evidence = find_evidence(close, READER)
    assert [int(one.article.id) for one in ranked_anew(close, evidence).articles] == [3, 2]
    assert article_features(close, evidence) == [(1.0, -2.0), (1.0, 2.0)]


def test_articles_of_which_nothing_was_read_are_ranked_as_unlikely_to_answer() -> None:
    many = [article("A ferry left.", number=n) for n in range(1, 8)]
    found = retrieval("Which ferry left?", *many)
    features = article_features(found, find_evidence(found, READER))
    assert [reading for _, reading in features] == [2.0] * 5 + [-8.0] * 2
    anew = ranked_anew(found, find_evidence(found, READER))
    assert [one.article.id for one in anew.articles[5:]] == [6, 7]
    assert ranked_anew(retrieval("Who?"), []).articles == ()


@pytest.mark.parametrize("name", ["reading", "words_with_title", "kind", "article"])
@given(more=st.floats(0.01, 1))
def test_what_speaks_for_a_sentence_raises_its_score(name: str, more: float) -> None:
    assert name in FEATURE_NAMES
    assert score(replace(NOTHING, **{name: more})) > score(NOTHING)
