"""What Newsdesk says around quotes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from string import Formatter

import pytest

from bot.answering.phrases import introduction, phrases_for, written_date
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
