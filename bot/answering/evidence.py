"""Which sentences of the passages found answer a question, and how well.

A sentence's score is linear in a few features, with weights fitted on question sets
(`python -m training.fit`). Those that score best by what costs little are read together with the
question, and scored anew; so are their articles.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Final

from bot.answering.reader import Reader, as_read
from corpus.models import Article, ArticleId
from index.analysis import fold, passage_terms, tokens
from index.models import Span
from index.query import Kind, Query
from index.ranking import coverage
from index.retrieval import RankedArticle, Retrieval
from index.sentences import sentences

EVIDENCE_FILE: Final = Path(__file__).parent / "evidence.json"
ARTICLES_READ: Final = 5
_SENTENCES_READ: Final = 10
UNREAD: Final = -8.0

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
        reading: How likely it is to answer, by the reader, as log odds from -8 on; -8 where the
            sentence was not read, since too little else speaks for it.
        words: The share of the question's words, weighted by rarity, that the sentence has.
        words_with_title: The same with the article's title.
        passage: The cosine of the best passage that holds it.
        article: The article's score below the best article's.
        kind: 1 if it has what this kind of question wants: a cause, a number, a date, a name.
        reason: 1 if a why-question meets words that announce a reason.
        asks: 1 if it is itself a question.
        length: Logarithm of its number of words.
    """

    reading: float
    words: float
    words_with_title: float
    passage: float
    article: float
    kind: float
    reason: float
    asks: float
    length: float


FEATURE_NAMES: Final = tuple(field.name for field in fields(SentenceFeatures))
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
    if not retrieval.articles:
        return []
    best = retrieval.articles[0].score
    found = [
        (sentence, _described(sentence, retrieval, best))
        for ranked in retrieval.articles[:ARTICLES_READ]
        for sentence in _sentences_of(ranked, retrieval)
    ]
    found.sort(key=lambda one: -_weighed(_weights().choosing, astuple(one[1])))
    read = [as_read(s.text, s.article) for s, _ in found[:_SENTENCES_READ]]
    readings = [max(UNREAD, reading) for reading in reader.read(retrieval.query.text, read)]
    readings += [UNREAD] * (len(found) - len(readings))
    evidence = []
    for (sentence, features), reading in zip(found, readings, strict=True):
        features = replace(features, reading=reading)
        evidence.append(Evidence(sentence.article, sentence.span, features, score(features)))
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


def _described(sentence: _Sentence, retrieval: Retrieval, best_score: float) -> SentenceFeatures:
    """What speaks for a sentence that is not read yet."""
    text = sentence.text
    return SentenceFeatures(
        reading=UNREAD,
        words=sentence.words,
        words_with_title=sentence.words_with_title,
        passage=sentence.similarity,
        article=sentence.article_score - best_score,
        kind=float(_has_what_is_wanted(text, retrieval.query)),
        reason=float(retrieval.query.kind is Kind.WHY and bool(_REASONS.search(text))),
        asks=float(text.rstrip('»”" \u00a0').endswith("?")),
        length=math.log1p(len(tokens(text))),
    )


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
