"""Numbers are the same numbers, whichever way French and English write them."""

from __future__ import annotations

import pytest

from bot.answering.quantities import Quantity, claimed_quantities, quantities


def _one(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10,000", "10 000"),
        ("10,000", "10\u202f000"),
        ("10.000", "10,000"),
        ("1,5", "1.5"),
        ("1,234,567.8", "1 234 567,8"),
        ("$44bn", "44 milliards de dollars"),
        ("44 billion", "44 Md€"),
        ("1.5 million", "1 500 000"),
        ("10k", "10 000"),
        ("twenty-seven", "27"),
        ("vingt-sept", "27"),
        ("quatre-vingt-dix", "ninety"),
        ("soixante-douze", "72"),
        ("three billion", "trois milliards"),
        ("10", "$10bn"),  # "between 10 and 12 billion"
    ],
)
def test_same(one: str, other: str) -> None:
    assert _one(one).agrees_with(_one(other))
    assert _one(other).agrees_with(_one(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("44", "45"),
        ("44 billion", "44 million"),
        ("44 milliards", "44 millions"),
        ("10,000", "100,000"),
        ("1.5", "15"),
        ("3.5", "35"),
        ("twenty-seven", "28"),
        ("2022", "2023"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert not _one(one).agrees_with(_one(other))


def test_a_day_of_the_calendar_is_not_so_many_billions() -> None:
    assert Quantity.exactly(19).agrees_with(_one("19"))
    assert not Quantity.exactly(19).agrees_with(_one("19 billion"))


@pytest.mark.parametrize(
    ("sentence", "language", "count"),
    [
        ("One of the two firms lost 3 and four.", "en", 2),
        ("They seize it in Sept 2023.", "en", 1),
        ("Un PC neuf pour deux, et six de plus.", "fr", 1),
        ("Nine years, said the model that was asked for French.", "fr", 1),
        ("Seize fois sept.", "fr", 2),
        ("The H100 and the A15.", "en", 0),
    ],
)
def test_a_sentence_claims_digits_and_words_from_three_upwards(
    sentence: str, language: str, count: int
) -> None:
    assert len(claimed_quantities(sentence, language)) == count
