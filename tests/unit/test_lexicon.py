"""The words of a question in the language of the passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import LANGUAGES, query_terms
from index.lexicon import is_common_word, query_words

CODES = st.sampled_from(["fr", "en", "de", "und"])


def crossed(question: str, source: str, target: str) -> list[dict[str, float]]:
    return query_words(question, question_language=source, passage_language=target)


def test_in_the_same_language_a_word_is_its_stem() -> None:
    assert crossed("Who fined the carriers?", "en", "en") == [{"fine": 1.0}, {"carrier": 1.0}]


@pytest.mark.parametrize(
    ("word", "source", "translation", "target"),
    [
        ("amende", "fr", "fine", "en"),
        ("données", "fr", "data", "en"),
        ("security", "en", "sécurité", "fr"),
        ("company", "en", "entreprise", "fr"),
    ],
)
def test_a_word_is_found_by_its_translation(
    word: str, source: str, translation: str, target: str
) -> None:
    (alternatives,) = crossed(word, source, target)
    assert query_terms(translation, target)[0] in alternatives
    assert max(alternatives.values()) == 1.0


@pytest.mark.parametrize(("source", "target"), [("fr", "en"), ("en", "fr"), ("fr", "de")])
def test_names_and_numbers_stand_for_themselves(source: str, target: str) -> None:
    assert crossed("Qwzrtk 2077", source, target) == [{"qwzrtk": 1.0}, {"2077": 1.0}]


def test_stop_words_of_the_question_have_no_translation() -> None:
    assert crossed("pourquoi est-ce que le", "fr", "en") == []


@given(question=st.text(max_size=80), source=CODES, target=CODES)
def test_every_word_that_is_left_has_weighed_terms(question: str, source: str, target: str) -> None:
    words = crossed(question, source, target)
    assert len(words) <= len(query_terms(question, source))
    for alternatives in words:
        assert max(alternatives.values()) == 1.0
        assert all(0 < weight <= 1 for weight in alternatives.values())


def test_common_words_are_told_from_names_and_numbers() -> None:
    assert is_common_word("données", "fr")
    assert is_common_word("company", "en")
    assert not is_common_word("Qwzrtk", "en")
    assert not is_common_word("2023", "en")
    assert not is_common_word("company", "de")
    assert set(LANGUAGES) == {"fr", "en"}
