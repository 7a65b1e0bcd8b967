"""What counts as a word, and that what is typed finds what is written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import STOP_WORDS, fold, passage_terms, query_terms, tokens

LANGUAGES = st.sampled_from(["fr", "en", "de", "und"])
VOICED_MARK = "\uff9e"  # a letter that folds to a mark alone, so to nothing
SAMPLES = {
    "fr": "L’Assemblée nationale a accusé les opérateurs d’avoir caché des fuites de données "
    "à l’été 2023 ; l’œuvre coûterait 1 200,50 € à Orange, où Élise Lucet enquête.",
    "en": "Regulators accused the carriers' lawyers of hiding data leaks worth $1,200.50 in "
    "2023, which ran through naïve résumés at OpenAI and 9to5Mac.",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'été d'Apple", ["l", "été", "d", "Apple"]),
        ("6 000 euros", ["6000", "euros"]),
        ("6\u202f000\u202f000", ["6000000"]),
        ("$44,000,000.", ["44000000"]),
        ("3.5 or 3,5 %", ["3.5", "or", "3,5"]),
        ("GPT-4 GPT4", ["GPT", "4", "GPT", "4"]),
        ("snake_case", ["snake", "case"]),
        ("🙂 … !", []),
    ],
)
def test_words_and_numbers_are_split(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Élysée", "elysee"), ("Œuvre cœur", "oeuvre coeur"), ("STRASSE ß", "strasse ss")],
)
def test_case_and_accents_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_stop_words_are_no_terms_of_their_own_language() -> None:
    assert query_terms("the data of the car", "en") == ["data", "car"]
    assert query_terms("car la voiture", "fr") == ["voitur"]
    assert query_terms("the of le la", "de") == ["the", "of", "le", "la"]
    for language, words in STOP_WORDS.items():
        single = [word for word in words if tokens(word) == [word]]
        assert query_terms(" ".join(single), language) == []


def test_forms_of_a_word_share_a_stem() -> None:
    assert query_terms("fined", "en") == query_terms("fines", "en")
    assert query_terms("amendes", "fr") == query_terms("amende", "fr")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("typed", [str, fold, str.upper])
def test_words_are_found_as_written_without_accents_and_in_capitals(
    language: str, typed: object
) -> None:
    assert callable(typed)
    terms = passage_terms(SAMPLES[language], language)
    for token in tokens(SAMPLES[language]):
        assert set(query_terms(str(typed(token)), language)) <= set(terms), token


@given(text=st.text(max_size=100), language=LANGUAGES)
@example(text=VOICED_MARK, language="en")
@example(text=VOICED_MARK, language="de")
def test_every_text_has_terms_and_those_of_a_question_are_among_a_passages(
    text: str, language: str
) -> None:
    asked = query_terms(text, language)
    assert "" not in asked
    assert set(asked) <= set(passage_terms(text, language))
