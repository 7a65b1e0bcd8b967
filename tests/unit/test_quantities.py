"""Numbers are the same numbers, whichever way French and English write them."""

from __future__ import annotations

import pytest

from bot.answering.proof.quantities import Quantity, claimed_quantities, quantities


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
        ("five hundred", "500"),
        ("cinq cents", "500"),
        ("two hundred and fifty thousand", "250 000"),
        ("quatre-vingt-dix-sept mille deux cents", "97,200"),
        ("soixante et onze", "71"),
        ("un million", "1,000,000"),
        ("a billion", "un milliard"),
        ("half a million", "500,000"),
        ("deux mille milliards", "two trillion"),
        ("six cents", "600"),
        ("six cents", "6"),  # the small change
        ("44%", "44 pour cent"),
        ("€44 million", "44 millions d'euros"),
        ("$44", "44"),  # whatever 44 are
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
        ("12,000", "12"),
        ("12.500", "12,5"),
        ("12 million", "12"),
        ("five hundred", "five"),
        ("cinq cents", "cinq"),
        ("cinq cent mille", "cinq cents"),
        ("44%", "$44"),
        ("€44 million", "$44 million"),
        ("44 pour cent", "44 dollars"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert not _one(one).agrees_with(_one(other))


@pytest.mark.parametrize(
    "text",
    ["10 to 12 billion", "between $10 and $12bn", "10 ou 12 milliards", "dix à douze milliards"],
)
def test_a_number_may_share_the_scale_behind_it(text: str) -> None:
    first, second = quantities(text)
    assert first.agrees_with(_one("10 billion"))
    assert first.agrees_with(_one("10"))
    assert second.agrees_with(_one("12 milliards"))
    assert not second.agrees_with(_one("12"))


def test_numbers_beside_each_other_are_not_added_up() -> None:
    text = "between three hundred and four hundred, or seven, eight and nine"
    values = [max(number.values) for number in quantities(text)]
    assert values == [300, 400, 7, 8, 9]


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
        ("Two billion of two users, and a million.", "en", 2),
        ("Un million de deux milliards.", "fr", 2),
        ("Thousands of users, a million-dollar prize, one hundred.", "en", 1 + 1),
        ("Dix pour cent, mille raisons et des milliers de gens.", "fr", 2),
    ],
)
def test_a_sentence_claims_digits_and_words_from_three_upwards(
    sentence: str, language: str, count: int
) -> None:
    assert len(claimed_quantities(sentence, language)) == count
