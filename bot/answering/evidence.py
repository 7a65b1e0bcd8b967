"""Which sentences of the passages found answer a question, and how well.

A sentence's score is linear in a few features, with weights fitted on question sets
(`python -m training.fit`). The passages whose sentences score best by what costs little are read
together with the question, and their sentences and articles scored anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Final

from bot.answering.reader import UNREAD, Reader, as_read
from bot.answering.sentence_features import FEATURE_NAMES, SentenceFeatures, unread
from corpus.models import Article, ArticleId
from index.analysis import passage_terms
from index.models import Passage, PassageId, Span
from index.ranking import coverage
from index.retrieval import RankedArticle, Retrieval
from index.sentences import sentences_within

EVIDENCE_FILE: Final = Path(__file__).parent / "evidence.json"
ARTICLES_READ: Final = 5
_PASSAGES_READ: Final = 5
ARTICLE_FEATURE_NAMES: Final = ("ranking", "reading")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of an article with its score; higher is better, comparable within a question."""

    article: Article
    span: Span
    features: SentenceFeatures
    score: float

    @property
    def text(self) -> str:
        """The sentence, a slice of the stored text."""
        return self.article.text[self.span.start : self.span.end]


def find_evidence(retrieval: Retrieval, reader: Reader) -> list[Evidence]:
    """Score the sentences of the best articles' passages; blocking, since it reads some of them.

    Returns:
        Each sentence once, best first, ties in the order of articles and text.
    """
    found = [
        sentence
        for ranked in retrieval.articles[:ARTICLES_READ]
        for sentence in _sentences_of(ranked, retrieval)
    ]
    found.sort(key=lambda one: -_weighed(_weights().choosing, astuple(one.features)))
    readings = _read(found, retrieval.query.text, reader)
    evidence = []
    for one in found:
        reading = readings.get((one.article.id, one.span), UNREAD)
        features = replace(one.features, reading=reading)
        evidence.append(Evidence(one.article, one.span, features, score(features)))
    return sorted(evidence, key=lambda e: (-e.score, e.article.id, e.span.start))


def ranked_anew(retrieval: Retrieval, evidence: Sequence[Evidence]) -> Retrieval:
    """Rank the articles by what was read in them, too; those of which nothing was come behind."""
    rows = article_features(retrieval, evidence)
    anew = [
        replace(one, score=_weighed(_weights().articles, row))
        for one, row in zip(retrieval.articles, rows, strict=True)
    ]
    anew.sort(key=lambda one: (-one.score, one.article.id))
    return replace(retrieval, articles=tuple(anew))


def article_features(
    retrieval: Retrieval, evidence: Sequence[Evidence]
) -> list[tuple[float, float]]:
    """What speaks for each article, in the order of `retrieval`.

    Returns:
        In the order of `ARTICLE_FEATURE_NAMES`: the score that it had, and its sentences' highest
        reading; -8 where none was read.
    """
    highest: dict[ArticleId, float] = {}
    for one in evidence:
        reading = max(one.features.reading, highest.get(one.article.id, UNREAD))
        highest[one.article.id] = reading
    return [(one.score, highest.get(one.article.id, UNREAD)) for one in retrieval.articles]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that is not read yet."""

    article: Article
    span: Span
    passage: Passage
    features: SentenceFeatures


def _sentences_of(ranked: RankedArticle, retrieval: Retrieval) -> Iterator[_Sentence]:
    """The sentences of the article's passages, but for those without a letter."""
    article = ranked.article
    behind_best = ranked.score - retrieval.articles[0].score
    words = retrieval.words.get(article.language, ())
    title = frozenset(passage_terms(article.title, article.language))
    for found in ranked.passages:
        for span in sentences_within(article.text, found.passage.span):
            text = article.text[span.start : span.end]
            if not any(sign.isalpha() for sign in text):
                continue  # a footnote mark like [1], a line of stars
            terms = frozenset(passage_terms(text, article.language))
            features = unread(
                text,
                retrieval.query,
                words=coverage(words, terms),
                words_with_title=coverage(words, terms | title),
                passage=found.similarity,
                article=behind_best,
            )
            yield _Sentence(article, span, found.passage, features)


def _read(
    found: Sequence[_Sentence], question: str, reader: Reader
) -> dict[tuple[ArticleId, Span], float]:
    """Read the passages of the best sentences, given best first; what the sentences are judged."""
    by_passage: dict[PassageId, list[_Sentence]] = {}
    for one in found:
        by_passage.setdefault(one.passage.id, []).append(one)
    chosen = [
        sorted(own, key=attrgetter("span.start"))
        for own in islice(by_passage.values(), _PASSAGES_READ)
    ]
    readables = [
        as_read(own[0].article, own[0].passage.span, [one.span for one in own]) for own in chosen
    ]
    judged = reader.read(question, readables)
    return {
        (one.article.id, one.span): reading
        for own, readings in zip(chosen, judged, strict=True)
        for one, reading in zip(own, readings, strict=True)
    }


def score(features: SentenceFeatures) -> float:
    """Weigh the features; higher is better, comparable only within one question."""
    return _weighed(_weights().sentences, astuple(features))


def _weighed(weights: Sequence[float], values: Sequence[float]) -> float:
    return math.fsum(weight * value for weight, value in zip(weights, values, strict=True))


@dataclass(frozen=True, slots=True)
class _Weights:
    """Each in the order of its features; `choosing` is for sentences that are not read yet."""

    choosing: tuple[float, ...]
    sentences: tuple[float, ...]
    articles: tuple[float, ...]


@cache
def _weights() -> _Weights:
    loaded = json.loads(EVIDENCE_FILE.read_text(encoding="utf-8"))
    names = (FEATURE_NAMES, FEATURE_NAMES, ARTICLE_FEATURE_NAMES)
    return _Weights(
        *(
            tuple(float(loaded[step][name]) for name in own)
            for step, own in zip(("choosing", "sentences", "articles"), names, strict=True)
        )
    )
