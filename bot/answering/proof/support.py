"""Whether a written sentence says no more than its quotes. Pure.

Code cannot judge every paraphrase. It can see what a wrong sentence nearly always shows: a number
or a name that the quotes do not have, a "not" too many or too few, or words that have nothing to
do with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answering.instructions import addresses_a_model
from bot.answering.proof.date_expressions import without_known_dates
from bot.answering.proof.known_names import KnownNames, known_names, mentioned
from bot.answering.proof.names import Context, claimed_names
from bot.answering.proof.opposites import is_reversed
from bot.answering.proof.polarity import has_negation
from bot.answering.proof.quantities import Quantity, are_known, claimed_quantities, quantities
from bot.answering.proof.roles import are_exchanged, roles
from bot.answering.proof.shared_words import SaidWords, cognates, standing
from corpus.models import Article, PublicationDate
from index.analysis import LANGUAGES, fold, passage_terms
from index.sentences import sentences

_YEAR = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)")
# French sets a space before some of the stops.
_STOP = re.compile(r"[\s\u00a0\u202f]?[.!?…]++[\s\u00a0\u202f]?[»”\"’')\]]*+(?=\s)")
_BEFORE_STOP = re.compile(r"(?:[^\W\d_]{3}|[\d%$€£)\]»”\"])$")
_SHOUTED: Final = 0.6
_LEAST_SHOUTED_LETTERS: Final = 12
_FARTHEST: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What may prove a sentence: its quotes, the articles that they are from, the question.

    `languages` are those of the quotes, ISO 639-1. `typed` are questions, oldest first: they may
    lack the capitals of names.
    """

    quotes: Sequence[str]
    articles: Sequence[Article]
    languages: frozenset[str]
    question: str
    typed: bool = False

    @property
    def said(self) -> str:
        """The quotes, and the titles above them that speak to readers."""
        titles = (a.title for a in self.articles if not addresses_a_model(a.title))
        return "\n\n".join([*self.quotes, *titles])

    @property
    def around(self) -> str:
        """The whole sentences that the quotes are from: a quote may leave out a "not"."""
        return "\n\n".join(_around(quote, self.articles) for quote in self.quotes)

    @property
    def told(self) -> str:
        """All that the articles tell."""
        return "\n".join(article.text for article in self.articles)


def is_supported(sentence: str, *, language: str, evidence: Evidence, context: Context) -> bool:
    """Tell whether nothing in a sentence speaks against its evidence.

    Numbers and names must be in the quotes or titles, names also in an outlet or author; a date
    may be that of an article. What only the question names, the article must have somewhere, since
    whoever asks may put anything into the question. Of the words, or of what they are in the
    language of the quotes, at least half must be in the quotes or titles, not counting those that
    only the question or a byline has, and some of each clause; in languages without a lexicon it is
    one name, number or cognate. What is said to be must not be said not to be in the sentences that
    the quotes are from, nor the reverse, nor the opposite of what the quotes say; who does it to
    whom must not be exchanged. A sentence in capitals is none.
    """
    undated = without_known_dates(sentence, said=evidence.said, published=_dates(evidence))
    return (
        not _is_shouted(sentence)
        and _numbers_are_known(undated, language, evidence)
        and _names_are_known(undated, language, evidence, context)
        and _words_are_known(sentence, language, evidence, context)
        and not is_reversed(sentence, evidence.said)
    )


def adds_no_word(text: str, *, language: str, evidence: Evidence) -> bool:
    """Tell whether the quotes have every word of a text, or what it is in their languages."""
    return _words(evidence, language).count(text, cognates_of_names_only=True).unsupported == 0


def separate_sentences(text: str) -> list[str]:
    """Split at every stop behind a number or a word of three letters; each sentence once.

    Whatever follows, unlike `index.sentences`, which reads what journalists write, not what a model
    was made to; but a number behind a number may be a part of it.
    """
    parts: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        following = text[stop.end() : stop.end() + 3].lstrip()[:1]
        before = text[max(stop.start() - 3, 0) : stop.start()]
        if _BEFORE_STOP.search(before) and not (before[-1].isdigit() and following.isdigit()):
            parts.append(text[start : stop.end()])
            start = stop.end()
    parts.append(text[start:])
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _is_shouted(sentence: str) -> bool:
    letters = [sign for sign in sentence if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    return len(letters) >= _LEAST_SHOUTED_LETTERS and capitals > _SHOUTED * len(letters)


def _numbers_are_known(sentence: str, language: str, evidence: Evidence) -> bool:
    known = quantities(evidence.said)
    known += [
        Quantity.exactly(int(year))
        for year in _YEAR.findall(evidence.question)
        if year in evidence.told
    ]
    return are_known(claimed_quantities(sentence, language), known)


def _names_are_known(sentence: str, language: str, evidence: Evidence, context: Context) -> bool:
    told = known_names(evidence.told)
    known = known_names("\n".join([evidence.said, *_bylines(evidence)]))
    asked = mentioned(evidence.question) & told.words
    typed = mentioned(evidence.said) if evidence.typed else frozenset()
    known = KnownNames(words=known.words | asked | typed, pairs=known.pairs | told.pairs)
    neighbours = told | known_names(evidence.said)
    return all(
        (all(map(known.have, run)) and neighbours.join(run))
        or _completes_name(run, known, evidence)
        for run in claimed_names(sentence, language, context)
    )


def _completes_name(run: Sequence[str], known: KnownNames, evidence: Evidence) -> bool:
    """Tell whether the article has the whole name of which its quote has only a part."""
    if not any(map(known.have, run)):
        return False
    words = r"\s+".join(map(re.escape, run))
    whole = re.compile(rf"(?<!\w){words}(?!\w)")
    return any(whole.search(fold(article.text)) for article in evidence.articles)


def _words_are_known(sentence: str, language: str, evidence: Evidence, context: Context) -> bool:
    parts = separate_sentences(sentence)
    if not {language, *evidence.languages} <= set(LANGUAGES):
        return all(_has_trace(part, language, evidence) for part in parts)
    words = _words(evidence, language)
    return (
        all(map(words.have_enough_of, parts))
        and not _is_denied(sentence, words, evidence)
        and not _is_exchanged(sentence, words, evidence, context)
    )


def _is_exchanged(sentence: str, words: SaidWords, evidence: Evidence, context: Context) -> bool:
    def said_stems(word: str) -> Iterator[str]:
        return (stem for code in evidence.languages for stem in passage_terms(word, code))

    claimed = roles(sentence, words.language, context, words.forms)
    return are_exchanged(claimed, roles(evidence.said, None, context, said_stems))


def _is_denied(sentence: str, words: SaidWords, evidence: Evidence) -> bool:
    if evidence.typed and has_negation(evidence.quotes[-1]):
        return False  # "why not Google?" denies what was asked before
    return words.contradict(sentence, standing(evidence.around, evidence.languages))


def _has_trace(sentence: str, language: str, evidence: Evidence) -> bool:
    known = quantities(evidence.said)
    return bool(cognates(sentence) & cognates(evidence.said)) or any(
        are_known([claim], known) for claim in claimed_quantities(sentence, language)
    )


def _words(evidence: Evidence, language: str) -> SaidWords:
    asked = "\n".join([evidence.question, *_bylines(evidence)])
    return SaidWords.of(evidence.said, evidence.languages, asked=asked, language=language)


def _around(quote: str, articles: Sequence[Article]) -> str:
    """Find the sentences of an article that a quote is from; the quote itself if in none."""
    for text in (article.text for article in articles):
        at = text.find(quote)
        if at >= 0:
            start, end = max(at - _FARTHEST, 0), at + len(quote)
            window = text[start : end + _FARTHEST]
            spans = [s for s in sentences(window) if s.end > at - start and s.start < end - start]
            return window[spans[0].start : spans[-1].end] if spans else quote
    return quote


def _dates(evidence: Evidence) -> Iterator[PublicationDate]:
    return (article.published for article in evidence.articles if article.published is not None)


def _bylines(evidence: Evidence) -> Iterator[str]:
    for article in evidence.articles:
        for name in (article.outlet, article.author):
            if name is not None and not addresses_a_model(name):
                yield name
