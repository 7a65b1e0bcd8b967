"""The confidence is a probability that what speaks for an answer raises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.confidence import (
    FEATURE_NAMES,
    AnswerFeatures,
    answer_features,
    confidence,
    threshold,
)
from bot.answering.evidence import find_evidence
from corpus.models import Article
from tests.fakes.passages import article
from tests.fakes.reader import WordReader
from tests.fakes.retrievals import retrieval

FERRIES = article("The council of Brest ordered two electric ferries.", title="Ferries")
FINE = article("The council of Brest fined a company.", title="A fine")
STORM = article("Une tempête a fermé le port.", number=2, language="fr", title="Tempête")
SHARES = st.floats(0, 1)
RANGES = {"passage": st.floats(-1, 2), "similarity": st.floats(-1, 1), "margin": st.floats(0, 3)}
RANGES |= dict.fromkeys(("reading", "readings"), st.floats(-8, 8))
FEATURES = st.builds(AnswerFeatures, **{name: RANGES.get(name, SHARES) for name in FEATURE_NAMES})


def features(question: str, *articles: Article) -> AnswerFeatures:
    found = retrieval(question, *articles)
    return answer_features(found, find_evidence(found, WordReader()))


@given(described=FEATURES)
def test_it_is_a_probability(described: AnswerFeatures) -> None:
    assert 0 <= confidence(described) <= 1


def test_the_threshold_is_one_too() -> None:
    assert 0 < threshold() < 1


def test_what_answers_is_more_certain_than_what_does_not() -> None:
    asked = features("Who ordered electric ferries?", FERRIES)
    other = features("Who invented the telephone of Quimper?", FERRIES)
    assert confidence(asked) > confidence(other)


def test_the_best_article_is_compared_with_the_second() -> None:
    assert features("Which ferries?", FERRIES, STORM).margin == 1.0
    assert features("Which ferries?", FERRIES).margin == 3.0


def test_words_that_no_sentence_has_are_told() -> None:
    assert features("Which ferries sank?", FERRIES).sentence == 0.5
    assert features("Which ferries?", FERRIES).sentence == 1.0
    assert features("The?", FERRIES).sentence == 0.0


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Did Brest fine the company?", 1.0),
        ("Did Quimper fine the company?", 0.0),
        ("Did Brest and Quimper fine the company?", 0.5),
        ("Did Apple fine the company?", 0.0),
        ("did qwzrtk fine the company?", 0.0),
        ("Did they fine 2077 companies?", 0.0),
        ("which company?", 1.0),
    ],
)
def test_names_and_numbers_of_the_question_are_looked_for(question: str, share: float) -> None:
    assert features(question, FINE).names == share


@pytest.mark.parametrize(
    ("question", "wanted", "wants"),
    [
        ("How many ferries did Brest order?", 1.0, 1.0),
        ("When did Brest order ferries?", 0.0, 1.0),
        ("Which ferries did Brest order?", 0.0, 0.0),
    ],
)
def test_what_its_kind_of_question_wants_is_looked_for_in_the_best_sentence(
    question: str, wanted: float, wants: float
) -> None:
    described = features(question, FERRIES)
    assert (described.wanted, described.wants) == (wanted, wants)


def test_without_the_best_sentence_the_next_best_counts() -> None:
    text = "The council of Brest ordered two electric ferries. The weather was fine."
    found = retrieval("Who ordered electric ferries?", article(text, title="Ferries"))
    first, second = find_evidence(found, WordReader())
    assert answer_features(found, [first, second]).best == first.score
    assert answer_features(found, [second]).best == second.score < first.score


@given(described=FEATURES, less=st.floats(0.01, 0.5))
def test_names_that_are_missing_never_raise_it(described: AnswerFeatures, less: float) -> None:
    lacking = replace(described, names=max(0.0, described.names - less))
    assert confidence(lacking) <= confidence(described)
