"""How likely the passages found answer the question: a fitted probability.

Logistic regression over a few features of the best article and the best sentences, fitted on
question sets and on questions whose articles are hidden (`python -m training.fit`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from bot.answering.evidence import Evidence
from bot.answering.pertinence import names_found
from bot.answering.reader import UNREAD
from index.query import Kind
from index.retrieval import Retrieval

CONFIDENCE_FILE: Final = Path(__file__).parent / "confidence.json"
_SENTENCES_JUDGED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFeatures:
    """What speaks for the question having an answer here.

    Attributes:
        passage: Cosine plus share of the reachable BM25 score of the best article's best passage.
        similarity: The cosine alone.
        coverage: The share of the question's words, weighted by rarity, that the best article has.
        sentence: The highest share that a sentence with its title has.
        reading: The highest log odds of a sentence, by the reader.
        readings: The log odds that any of them answers.
        names: The share of the question's names and numbers that the best article has; 1 if the
            question has none.
        margin: How far the best article's score is above the second's, at most 3.
        best: The best sentence's score.
        wanted: 1 if it has what this kind of question wants: a cause, a number, a date, a name.
        wants: 1 if the question is of such a kind.
    """

    passage: float
    similarity: float
    coverage: float
    sentence: float
    reading: float
    readings: float
    names: float
    margin: float
    best: float
    wanted: float
    wants: float


FEATURE_NAMES: Final = tuple(field.name for field in fields(AnswerFeatures))
_MOST_MARGIN: Final = 3.0
_WANTING: Final = frozenset({Kind.WHY, Kind.QUANTITY, Kind.TIME, Kind.PERSON})


def answer_features(retrieval: Retrieval, evidence: Sequence[Evidence]) -> AnswerFeatures:
    """Describe what was found; both must hold at least one."""
    best = retrieval.articles[0]
    scores = [ranked.score for ranked in retrieval.articles]
    judged = evidence[:_SENTENCES_JUDGED]
    readings = [one for e in evidence if (one := e.features.reading) > UNREAD] or [UNREAD]
    return AnswerFeatures(
        passage=best.features.passage,
        similarity=best.passages[0].similarity,
        coverage=best.features.coverage,
        sentence=max(e.features.words_with_title for e in judged),
        reading=max(readings),
        readings=math.log(math.fsum(map(math.exp, readings))),
        names=names_found(retrieval.query.text, retrieval.query.language, best.article),
        margin=min(_MOST_MARGIN, scores[0] - scores[1] if len(scores) > 1 else _MOST_MARGIN),
        best=evidence[0].score,
        wanted=evidence[0].features.kind,
        wants=float(retrieval.query.kind in _WANTING),
    )


def confidence(features: AnswerFeatures) -> float:
    """The probability, in [0, 1], that what was found answers the question."""
    fitted = _fitted()
    values = zip(fitted.weights, astuple(features), strict=True)
    total = fitted.intercept + sum(weight * value for weight, value in values)
    return 1.0 / (1.0 + math.exp(-total))


def threshold() -> float:
    """Below this confidence, Newsdesk says that it does not know."""
    return _fitted().threshold


@dataclass(frozen=True, slots=True)
class _Fitted:
    weights: tuple[float, ...]
    intercept: float
    threshold: float


@cache
def _fitted() -> _Fitted:
    loaded = json.loads(CONFIDENCE_FILE.read_text(encoding="utf-8"))
    weights = tuple(float(loaded["weights"][name]) for name in FEATURE_NAMES)
    return _Fitted(weights, float(loaded["intercept"]), float(loaded["threshold"]))
