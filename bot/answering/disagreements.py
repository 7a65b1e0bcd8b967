"""Whether two articles that tell of the same event give different figures for it; pure."""

from __future__ import annotations

import re
from typing import Final

from bot.answering.evidence import Evidence
from bot.answering.names import MONTHS
from bot.answering.quantities import Quantity, are_known, claimed_quantities
from index.analysis import fold, passage_terms
from index.lexicon import query_words
from index.ranking import coverage

_SAME_WORDS: Final = 0.4
"""Three of four sentences and their translations have this share, of neighbours one in 200."""
_MONTH: Final = "|".join(name for names in MONTHS for name in names)
_DATES: Final = re.compile(
    rf"\b(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s+(?:{_MONTH})|(?:{_MONTH})\s+\d{{1,2}}(?![.,]?\d)"
    r"|(?:19|20)\d\d)\b"
)
_DIGITS: Final = re.compile(r"\d[\d.,\s]*")


def disagree(one: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences, in whichever languages, say the same of different numbers.

    Each has the words of the other, or what they are in its language, but a number that the other
    has not. Dates are no numbers: articles of one event often name different days.
    """
    figures, others = _figures(one), _figures(other)
    return (
        not are_known(figures, others)
        and not are_known(others, figures)
        and min(_shared(one, other), _shared(other, one)) >= _SAME_WORDS
    )


def _figures(sentence: Evidence) -> list[Quantity]:
    return claimed_quantities(_DATES.sub(" ", fold(sentence.text)), sentence.article.language)


def _shared(sentence: Evidence, other: Evidence) -> float:
    """The share of a sentence's words that the other has, in its own language."""
    words = query_words(
        _DIGITS.sub(" ", sentence.text),
        question_language=sentence.article.language,
        passage_language=other.article.language,
    )
    return coverage(words, frozenset(passage_terms(other.text, other.article.language)))
