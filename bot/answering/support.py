"""Whether a written sentence says no more than its quotes. Pure.

Code cannot judge every paraphrase. It can see what a wrong sentence nearly always shows: a number
or a name that the quotes do not have, or words that have nothing to do with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from bot.answering.instructions import addresses_a_model
from bot.answering.names import (
    MONTHS,
    WEEKDAYS,
    Context,
    claimed_names,
    is_known,
    known_names,
)
from bot.answering.quantities import Quantity, are_known, claimed_quantities, quantities
from corpus.models import Article, Precision, PublicationDate
from index.analysis import LANGUAGES, fold, passage_terms, query_terms, tokens
from index.lexicon import is_common_word, query_words

_YEAR = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)")
_COGNATE_LETTERS: Final = 5
_LEAST_COGNATE: Final = 4
_CLAUSE = re.compile(r"[,;:–—()]\s+|\s[–—-]\s|\s(?:and|but|so|or|et|mais|ou|donc)\s")
_LEAST_CLAUSE_WORDS: Final = 2
_ATTRIBUTING: Final = frozenset({"according", "reported", "reports", "rapporte", "indique"})
# French sets a space before some of the stops.
_STOP = re.compile(r"(?<=[^\W\d_]{3}[.!?…])\s+|(?<=[^\W\d_]{3}\s[!?…])\s+")
_SHOUTED: Final = 0.6
_LEAST_SHOUTED_LETTERS: Final = 12


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
        """The quotes, and the titles above them that speak to readers."""
        titles = (a.title for a in self.articles if not addresses_a_model(a.title))
        return "\n\n".join([*self.quotes, *titles])


def is_supported(sentence: str, *, language: str, evidence: Evidence, context: Context) -> bool:
    """Tell whether nothing in a sentence speaks against its evidence.

    Numbers must be in the quotes or titles; years also in the date of an article. Names may also be
    in its outlet, author and date. What only the question names, the article must have somewhere,
    since whoever asks may put anything into the question. Of the words, or of what they are in the
    language of the quotes, at least half must be in the quotes or titles, not counting those that
    only the question or a byline has, and some of each clause; in languages without a lexicon it is
    one name, number or cognate. A sentence in capitals is none.
    """
    return (
        not _is_shouted(sentence)
        and _numbers_are_known(sentence, language, evidence)
        and _names_are_known(sentence, language, evidence, context)
        and all(_words_are_known(part, language, evidence) for part in separate_sentences(sentence))
    )


def adds_no_word(text: str, *, language: str, evidence: Evidence) -> bool:
    """Tell whether the quotes have every word of a text, or what it is in their languages."""
    return _Said.by(evidence, language).count(text).unsupported == 0


def separate_sentences(text: str) -> list[str]:
    """Split at every stop behind a word of three letters, whatever follows; each sentence once.

    Unlike `index.sentences`, which reads what journalists write, not what a model was made to.
    """
    return list(dict.fromkeys(part for part in _STOP.split(text) if part))


def _is_shouted(sentence: str) -> bool:
    letters = [sign for sign in sentence if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    return len(letters) >= _LEAST_SHOUTED_LETTERS and capitals > _SHOUTED * len(letters)


def _numbers_are_known(sentence: str, language: str, evidence: Evidence) -> bool:
    known = quantities(evidence.said)
    told = "\n".join(article.text for article in evidence.articles)
    known += [
        Quantity.exactly(int(year)) for year in _YEAR.findall(evidence.question) if year in told
    ]
    for published in _dates(evidence):
        known.append(Quantity.exactly(published.first.year))
        if published.precision is Precision.DAY:
            known.append(Quantity.exactly(published.first.day))
    return are_known(claimed_quantities(sentence, language), known)


def _names_are_known(sentence: str, language: str, evidence: Evidence, context: Context) -> bool:
    told = known_names("\n".join(article.text for article in evidence.articles))
    known = known_names("\n".join([evidence.said, *_bylines(evidence)]))
    known |= known_names(evidence.question) & told
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
    if not {language, *evidence.languages} <= set(LANGUAGES):
        return bool(_cognates(sentence) & _cognates(evidence.said)) or any(
            claim.agrees_with(number)
            for claim in claimed_quantities(sentence, language)
            for number in quantities(evidence.said)
        )
    said = _Said.by(evidence, language)
    words = said.count(sentence)
    across = evidence.languages != {language}
    clauses = [clause.strip(" .!?…") for clause in _CLAUSE.split(sentence)]
    return (
        words.supported >= max(words.unsupported, 1)
        and len(clauses) == len(set(clauses))
        and all(
            clause.supported >= clause.unsupported or (across and clause.may_be_translated)
            for clause in map(said.count, clauses)
        )
    )


class _Words(NamedTuple):
    """How many words the quotes have, in their own language, and how many nothing has.

    Of the latter, `translatable` are in the lexicon: the quotes have none of their translations.
    """

    supported: int
    unsupported: int
    translatable: int

    @property
    def may_be_translated(self) -> bool:
        """Whether a clause may be of the quotes though the lexicon lacks many of its words."""
        return self.translatable <= max(self.supported, 1) and (
            self.supported > 0 or self.unsupported < _LEAST_CLAUSE_WORDS
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """Words of the evidence: those that prove, and those that only question and bylines have.

    `language` is that of the sentences that are held against them.
    """

    language: str
    languages: frozenset[str]
    known: frozenset[str]
    cognates: frozenset[str]
    asked: frozenset[str]

    @classmethod
    def by(cls, evidence: Evidence, language: str) -> Self:
        said = evidence.said
        return cls(
            language,
            evidence.languages,
            frozenset(t for code in evidence.languages for t in passage_terms(said, code)),
            frozenset(_cognates(said) if evidence.languages != {language} else ()),
            frozenset(passage_terms("\n".join([evidence.question, *_bylines(evidence)]), language)),
        )

    def count(self, text: str) -> _Words:
        """Hold each word of a text against the evidence."""
        supported = unsupported = translatable = 0
        for token in tokens(text):
            if token[0].isdigit():
                supported += 1  # or the sentence would have fallen already
                continue
            stems = query_terms(token, self.language)
            if token.casefold() in _ATTRIBUTING or not stems:
                continue
            forms = {
                form
                for code in self.languages
                for word in query_words(
                    token, question_language=self.language, passage_language=code
                )
                for form in word
            }
            if forms & self.known or _cognates(token) & self.cognates:
                supported += 1
            elif stems[0] not in self.asked:
                unsupported += 1
                translatable += is_common_word(token, self.language)
        return _Words(supported, unsupported, translatable)


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
        for name in (article.outlet, article.author):
            if name is not None and not addresses_a_model(name):
                yield name
