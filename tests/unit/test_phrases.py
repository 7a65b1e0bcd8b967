"""What Newsdesk says around quotes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from string import Formatter

import pytest

from bot.answering.phrases import introduction, of_date, phrases_for, written_date
from corpus.languages import _LANGUAGES, UNDETERMINED
from corpus.models import Precision, PublicationDate
from tests.fakes.passages import article


@pytest.mark.parametrize(
    ("day", "precision", "english", "french"),
    [
        (date(2023, 4, 1), Precision.DAY, "1 April 2023", "1er avril 2023"),
        (date(2023, 4, 19), Precision.DAY, "19 April 2023", "19 avril 2023"),
        (date(2024, 2, 1), Precision.MONTH, "February 2024", "février 2024"),
        (date(2023, 12, 31), Precision.DAY, "31 December 2023", "31 décembre 2023"),
        (date(2022, 1, 1), Precision.YEAR, "2022", "2022"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(
    day: date, precision: Precision, english: str, french: str
) -> None:
    published = PublicationDate(day, precision)
    assert written_date(published, phrases_for("en")) == english
    assert written_date(published, phrases_for("fr")) == french


def test_the_introduction_says_who_when_and_in_which_language() -> None:
    known = article("Text.", outlet="The Wire", published=date(2023, 4, 1))
    assert introduction(known, "en") == "The Wire (1 April 2023)"
    assert introduction(known, "fr") == "The Wire (1er avril 2023, en anglais)"
    unknown = article("Text.", outlet=None, published=None)
    assert introduction(unknown, "en") == "An article"
    assert introduction(replace(unknown, language="de"), "fr") == "Un article (en allemand)"
    assert introduction(replace(unknown, language="eo"), "fr") == "Un article (en eo)"


def test_what_is_in_no_known_language_is_said_to_be_in_none() -> None:
    unknown = replace(article("Text.", published=date(2023, 4, 1)), language=UNDETERMINED)
    assert introduction(unknown, "en") == "The Wire (1 April 2023)"
    assert introduction(unknown, "fr") == "The Wire (1er avril 2023)"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_language_that_can_be_found_has_a_name(language: str) -> None:
    found = {one.iso_code_639_1.name.lower() for one in _LANGUAGES}
    assert found <= phrases_for(language).languages.keys()


@pytest.mark.parametrize(
    ("day", "precision", "said"),
    [
        (date(2023, 4, 1), Precision.DAY, "du 1er avril 2023"),
        (date(2023, 4, 1), Precision.MONTH, "d'avril 2023"),
        (date(2023, 8, 1), Precision.MONTH, "d'août 2023"),
        (date(2023, 10, 1), Precision.MONTH, "d'octobre 2023"),
        (date(2023, 3, 1), Precision.MONTH, "de mars 2023"),
        (date(2023, 1, 1), Precision.YEAR, "de 2023"),
    ],
)
def test_a_french_date_has_the_right_word_before_it(
    day: date, precision: Precision, said: str
) -> None:
    phrases = phrases_for("fr")
    written = of_date(PublicationDate(day, precision), phrases)
    assert phrases.old.format(of_date=written, months=12) == (
        f"L'article le plus récent que j'aie à ce sujet, {said}, a 12 mois."
    )


def test_other_languages_are_spoken_to_in_english() -> None:
    assert phrases_for("de") is phrases_for("en")
    assert phrases_for("fr") is not phrases_for("en")


def test_both_languages_have_the_same_gaps() -> None:
    english, french = phrases_for("en"), phrases_for("fr")
    assert len(english.months) == len(french.months) == 12
    assert english.languages.keys() == french.languages.keys()
    for field in fields(english):
        said = getattr(english, field.name), getattr(french, field.name)
        if isinstance(said[0], str):
            gaps = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in said]
            assert gaps[0] == gaps[1], field.name
