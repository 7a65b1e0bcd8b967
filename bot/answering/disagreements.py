"""Whether two articles that tell of the same event contradict each other; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.answering.evidence import Evidence
from bot.answering.proof.names import CALENDAR, MONTHS, Context, claimed_names
from bot.answering.proof.opposites import is_reversed, without_opposites
from bot.answering.proof.quantities import Quantity, are_known, claimed_quantities
from bot.answering.proof.shared_words import SaidWords, standing
from index.analysis import fold, passage_terms
from index.lexicon import query_words
from index.ranking import coverage

_SAME_WORDS: Final = 0.4
"""Three of four sentences and their translations have this share, of neighbours one in 200."""
_SAME_STATEMENT: Final = 0.75
_SAME_STATEMENT_ACROSS: Final = 0.6
"""A sentence of the same thing and one of its denial share more than two of the same event."""
_LEAST_FIGURE: Final = 2
"""\"One" is an article in French, and a pronoun in English."""
_MONTH: Final = "|".join(name for names in MONTHS for name in names)
_DATES: Final = re.compile(
    rf"\b(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s+(?:{_MONTH})|(?:{_MONTH})\s+\d{{1,2}}(?![.,]?\d)"
    r"|(?:19|20)\d\d)\b"
)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b(?![.,]?\d)")
_DIGITS: Final = re.compile(r"\d[\d.,\s]*")


def disagree(one: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences contradict each other, in whichever languages.

    Each has the words of the other, or what they are in its language, but a number that the other
    has not, or nearly all of them, but another year, or one says that it is so and the other that
    it is not, or the opposite. Days are no numbers: articles of one event often name different
    ones. Sentences that name different people or firms are no contradiction.
    """
    shared = min(_shared(one, other), _shared(other, one))
    if shared < _SAME_WORDS or _of_others(one, other):
        return False
    figures, others = _figures(one), _figures(other)
    if not are_known(figures, others) and not are_known(others, figures):
        return True
    across = one.article.language != other.article.language
    least = _SAME_STATEMENT_ACROSS if across else _SAME_STATEMENT
    if is_reversed(one.text, other.text):
        # The opposed words are those that they cannot share.
        shared = min(_shared(one, other, without_opposites), _shared(other, one, without_opposites))
        return shared >= least
    return shared >= least and (_name_other_years(one, other) or _contradict(one, other))


def _of_others(one: Evidence, other: Evidence) -> bool:
    """Tell whether each of two sentences of one language names somebody whom the other does not."""
    if one.article.language != other.article.language:
        return False
    names, others = _names(one), _names(other)
    return bool(names - others) and bool(others - names)


def _names(sentence: Evidence) -> set[str]:
    context = Context([sentence.article.text])
    runs = claimed_names(sentence.text, sentence.article.language, context)
    return {name for run in runs for name in run} - CALENDAR


def _contradict(one: Evidence, other: Evidence) -> bool:
    language, others = one.article.language, frozenset({other.article.language})
    words = SaidWords.of(other.text, others, asked="", language=language)
    return words.contradict(one.text, standing(other.text, others))


def _figures(sentence: Evidence) -> list[Quantity]:
    undated = _DATES.sub(" ", fold(sentence.text))
    return claimed_quantities(undated, sentence.article.language, least=_LEAST_FIGURE)


def _name_other_years(one: Evidence, other: Evidence) -> bool:
    years, others = set(_YEAR.findall(one.text)), set(_YEAR.findall(other.text))
    return bool(years) and bool(others) and years.isdisjoint(others)


def _shared(
    sentence: Evidence, other: Evidence, counted: Callable[[str], str] = lambda text: text
) -> float:
    """The share of a sentence's words that the other has, in its own language."""
    words = query_words(
        _DIGITS.sub(" ", counted(sentence.text)),
        question_language=sentence.article.language,
        passage_language=other.article.language,
    )
    return coverage(words, frozenset(passage_terms(other.text, other.article.language)))
