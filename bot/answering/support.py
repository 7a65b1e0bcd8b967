"""Whether a written sentence says no more than its quotes. Pure.

Code cannot judge every paraphrase. It can see what a wrong sentence nearly always shows: a number
or a name that the quotes do not have, or words that have nothing to do with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answering.names import (
    MONTHS,
    WEEKDAYS,
    Context,
    claimed_names,
    is_known,
    known_names,
)
from bot.answering.quantities import Quantity, claimed_quantities, quantities
from corpus.models import Article, Precision, PublicationDate
from index.analysis import fold, passage_terms, query_terms, tokens

_YEAR = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)")
_COGNATE_LETTERS: Final = 5
_LEAST_COGNATE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What may prove a sentence: its quotes, the articles that they are from, the question.

    `languages` are those of the quotes, ISO 639-1.
    """

    quotes: Sequence[str]
    articles: Sequence[Article]
    languages: frozenset[str]
    question: str

    @property
    def said(self) -> str:
        """The quotes and the titles above them."""
        return "\n\n".join([*self.quotes, *(article.title for article in self.articles)])


def is_supported(sentence: str, *, language: str, evidence: Evidence, context: Context) -> bool:
    """Tell whether nothing in a sentence speaks against its evidence.

    Numbers must be in the quotes or titles; years also in the date of an article or the question.
    Names may also be in its outlet, author and date, and in the question. Of the words, where
    sentence and quotes share a language, at least half must be in the quotes or titles, not
    counting those that only the question has; across languages one name, number or cognate.
    """
    return (
        _numbers_are_known(sentence, language, evidence)
        and _names_are_known(sentence, language, evidence, context)
        and _words_are_known(sentence, language, evidence)
    )


def _numbers_are_known(sentence: str, language: str, evidence: Evidence) -> bool:
    known = quantities(evidence.said)
    known += [Quantity.exactly(int(year)) for year in _YEAR.findall(evidence.question)]
    for published in _dates(evidence):
        known.append(Quantity.exactly(published.first.year))
        if published.precision is Precision.DAY:
            known.append(Quantity.exactly(published.first.day))
    claimed = claimed_quantities(sentence, language)
    return all(any(claim.agrees_with(number) for number in known) for claim in claimed)


def _names_are_known(sentence: str, language: str, evidence: Evidence, context: Context) -> bool:
    known = known_names("\n".join([evidence.said, evidence.question, *_bylines(evidence)]))
    for published in _dates(evidence):
        if published.precision is not Precision.YEAR:
            known |= {MONTHS[published.first.month - 1][0]}
        if published.precision is Precision.DAY:
            known |= {WEEKDAYS[published.first.weekday()][0]}
    return all(
        all(is_known(name, known) for name in run) or _completes_name(run, known, evidence)
        for run in claimed_names(sentence, language, context)
    )


def _completes_name(run: Sequence[str], known: frozenset[str], evidence: Evidence) -> bool:
    """Tell whether the article has the whole name of which its quote has only a part."""
    if not any(is_known(name, known) for name in run):
        return False
    words = r"\s+".join(map(re.escape, run))
    whole = re.compile(rf"(?<!\w){words}(?!\w)")
    return any(whole.search(fold(article.text)) for article in evidence.articles)


def _words_are_known(sentence: str, language: str, evidence: Evidence) -> bool:
    if evidence.languages != {language}:
        return bool(_cognates(sentence) & _cognates(evidence.said)) or any(
            claim.agrees_with(number)
            for claim in claimed_quantities(sentence, language)
            for number in quantities(evidence.said)
        )
    words = query_terms(sentence, language)
    known = set(passage_terms(evidence.said, language))
    asked = set(passage_terms(evidence.question, language))
    supported = sum(word in known for word in words)
    unsupported = sum(word not in known and word not in asked for word in words)
    return supported >= max(unsupported, 1)


def _cognates(text: str) -> set[str]:
    return {
        fold(token)[:_COGNATE_LETTERS]
        for token in tokens(text)
        if len(token) >= _LEAST_COGNATE or not token.islower()
    }


def _dates(evidence: Evidence) -> Iterator[PublicationDate]:
    return (article.published for article in evidence.articles if article.published is not None)


def _bylines(evidence: Evidence) -> Iterator[str]:
    for article in evidence.articles:
        yield from (name for name in (article.outlet, article.author) if name is not None)
