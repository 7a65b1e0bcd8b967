"""Which sentences of the passages found answer a question, and how well.

A sentence's score is linear in a few features, with weights fitted on question sets
(`python -m training.fit`). The meaning of a sentence is compared with its title before it,
since a sentence of an article seldom names what the whole article is about.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from corpus.models import Article
from index.analysis import fold, passage_terms, tokens
from index.embedder import Embedder
from index.models import Span
from index.query import Kind, Query
from index.ranking import coverage
from index.retrieval import RankedArticle, Retrieval
from index.sentences import sentences

EVIDENCE_FILE: Final = Path(__file__).parent / "evidence.json"
_ARTICLES_READ: Final = 5
_SENTENCES_COMPARED: Final = 4

_REASONS: Final = re.compile(
    r"\b(because|due to|owing to|reasons?|in order to|so that|as a result|why|explain\w*|over"
    r" concerns?|in response|blam\w+|parce qu\w*|en raison|à cause|afin|pour que|raisons?|motifs?"
    r"|puisqu\w*|faute de|expliqu\w+|pourquoi|suite à|en réponse|grâce à|reproch\w+|justifi\w+)\b",
    re.IGNORECASE,
)
_CAUSES: Final = re.compile(
    r"\b(since|caus\w+|after|meant|accus\w+|cit(?:ed|ing)|argu\w+|say(?:s|ing)|said|car|caus\w+"
    r"|estim\w+|jug\w+|dénonc\w+|après|il s['’]agit)\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"\b(?:(?:19|20)\d\d|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|mai|juin|juillet|août|septembre"
    r"|octobre|novembre|décembre|weeks?|months?|semaines?|mois|today|aujourd['’]hui|hier)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|half|third|quarter|deux|trois|quatre|cinq|sept|huit|neuf|dix"
    r"|dizaines?|centaines?|milliers?|milliards?|moitié|tiers|quart)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?<=[\w,;:»”)] )[A-ZÀÂÉÈÊÎÔÛÇ][\w’'-]+|^[A-ZÀÂÉÈÊÎÔÛÇ][\w’'-]+ [A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceFeatures:
    """What speaks for one sentence.

    Attributes:
        meaning: Cosine of the question and the sentence behind its article's title; 0 where the
            sentence was not compared, since its words were too far off.
        words: The share of the question's words, weighted by rarity, that the sentence has.
        words_with_title: The same with the article's title.
        passage: The cosine of the best passage that holds it.
        article: The article's score below the best article's.
        kind: 1 if it has what this kind of question wants: a cause, a number, a date, a name.
        reason: 1 if a why-question meets words that announce a reason.
        asks: 1 if it is itself a question.
        length: Logarithm of its number of words.
    """

    meaning: float
    words: float
    words_with_title: float
    passage: float
    article: float
    kind: float
    reason: float
    asks: float
    length: float


FEATURE_NAMES: Final = tuple(field.name for field in fields(SentenceFeatures))


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


def find_evidence(retrieval: Retrieval, embedder: Embedder) -> list[Evidence]:
    """Score the sentences of the best articles' passages; blocking, since it embeds some of them.

    Only the sentences whose words and passages come closest are embedded, so that the cost of a
    question does not grow with the length of its passages.

    Returns:
        Each sentence once, best first, ties in the order of articles and text.
    """
    if not retrieval.articles:
        return []
    sentences_found = [
        sentence
        for ranked in retrieval.articles[:_ARTICLES_READ]
        for sentence in _sentences_of(ranked, retrieval)
    ]
    sentences_found.sort(key=lambda s: -(s.words_with_title + s.similarity))
    compared = sentences_found[:_SENTENCES_COMPARED]
    vectors = embedder.embed_passages([f"{s.article.title}\n{s.text}" for s in compared])
    question = retrieval.vector
    meanings = [float(product) for product in vectors @ question]
    meanings += [0.0] * (len(sentences_found) - len(compared))
    best = retrieval.articles[0].score
    evidence = [
        _weighed(sentence, retrieval, meaning, best)
        for sentence, meaning in zip(sentences_found, meanings, strict=True)
    ]
    return sorted(evidence, key=lambda e: (-e.score, e.article.id, e.span.start))


@dataclass(frozen=True, slots=True)
class _Sentence:
    article: Article
    span: Span
    text: str
    similarity: float
    article_score: float
    words: float
    words_with_title: float


def _sentences_of(ranked: RankedArticle, retrieval: Retrieval) -> list[_Sentence]:
    """The sentences that the article's passages hold, each with its best passage's cosine."""
    article = ranked.article
    words = retrieval.words.get(article.language, ())
    title = frozenset(passage_terms(article.title, article.language))
    found = []
    for span, similarity in _quotable(ranked):
        text = article.text[span.start : span.end]
        if not any(sign.isalpha() for sign in text):
            continue  # a footnote mark like [1], a line of stars
        terms = frozenset(passage_terms(text, article.language))
        found.append(
            _Sentence(
                article=article,
                span=span,
                text=text,
                similarity=similarity,
                article_score=ranked.score,
                words=coverage(words, terms),
                words_with_title=coverage(words, terms | title),
            )
        )
    return found


def _quotable(ranked: RankedArticle) -> list[tuple[Span, float]]:
    """The sentences within the article's passages, each with the cosine of the best around it.

    A passage that is part of one long sentence (a list, a transcript) stands for itself.
    """
    passages = sorted(ranked.passages, key=lambda found: -found.similarity)
    quotable: dict[Span, float] = {}
    holding = set()
    for span in sentences(ranked.article.text):
        for found in passages:
            if _within(span, found.passage.span):
                quotable.setdefault(span, found.similarity)
                holding.add(found.passage.id)
    for found in passages:
        if found.passage.id not in holding:
            quotable[found.passage.span] = found.similarity
    return sorted(quotable.items(), key=lambda item: item[0].start)


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _weighed(
    sentence: _Sentence, retrieval: Retrieval, meaning: float, best_score: float
) -> Evidence:
    text = sentence.text
    features = SentenceFeatures(
        meaning=meaning,
        words=sentence.words,
        words_with_title=sentence.words_with_title,
        passage=sentence.similarity,
        article=sentence.article_score - best_score,
        kind=float(_has_what_is_wanted(text, retrieval.query)),
        reason=float(retrieval.query.kind is Kind.WHY and bool(_REASONS.search(text))),
        asks=float(text.rstrip('»”" \u00a0').endswith("?")),
        length=math.log1p(len(tokens(text))),
    )
    return Evidence(sentence.article, sentence.span, features, score(features))


def _has_what_is_wanted(text: str, query: Query) -> bool:
    match query.kind:
        case Kind.WHY | Kind.HOW:
            return bool(_CAUSES.search(text) or _REASONS.search(text))
        case Kind.QUANTITY:
            return bool(_NUMBER.search(text))
        case Kind.TIME:
            return bool(_DATE.search(text))
        case Kind.PERSON:
            asked = fold(query.text)
            return any(fold(match.group()) not in asked for match in _NAME.finditer(text))
        case Kind.OTHER:
            return False


def score(features: SentenceFeatures) -> float:
    """Weigh the features; higher is better, comparable only within one question."""
    weights = _weights()
    return math.fsum(
        weights[name] * value for name, value in zip(FEATURE_NAMES, astuple(features), strict=True)
    )


@cache
def _weights() -> dict[str, float]:
    loaded: dict[str, float] = json.loads(EVIDENCE_FILE.read_text(encoding="utf-8"))["weights"]
    return loaded
