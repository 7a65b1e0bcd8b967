"""What speaks for an article as the source of an answer, and how much each of it counts; pure.

The score is linear in a few features. Their weights are fitted on question sets by conditional
logit over the candidate articles of each question (`python -m training.fit`; McFadden 1974,
in learning to rank known as ListNet with one relevant item, Cao et al. 2007). What depends on the
language pair has one weight where question and article share the language and one where they do
not: same-language passages match by words and meaning, others mostly by meaning.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from corpus.models import PublicationDate
from index.models import Period
from index.query import Query

RANKING_FILE: Final = Path(__file__).parent / "ranking.json"
LEXICAL_WEIGHT: Final = 1.0
_GRACE_DAYS: Final = 14
_FADING_DAYS: Final = 90
_RECENCY_DAYS: Final = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for one article.

    Attributes:
        passage: The best passage's cosine plus its share of the reachable BM25 score.
        coverage: The share of the question's words, weighted by rarity, that the article has.
        title_coverage: The same of its title and outlet.
        in_period: 1 if published in the period that the question names, fading to 0 outside;
            0 if it names none.
        recency: 1 for the newest candidate, fading to 0 with age; only if the question names no
            period.
        latest: `recency`, if the question asks for the present state.
        outlet: 1 if the question names the article's outlet.
    """

    passage: float
    coverage: float
    title_coverage: float
    in_period: float
    recency: float
    latest: float
    outlet: float


FEATURE_NAMES: Final = tuple(field.name for field in fields(Features))
SPLIT_BY_PAIR: Final = ("passage", "coverage", "title_coverage")
WEIGHT_NAMES: Final = (
    *(f"{name}_same" for name in SPLIT_BY_PAIR),
    *(f"{name}_cross" for name in SPLIT_BY_PAIR),
    *(name for name in FEATURE_NAMES if name not in SPLIT_BY_PAIR),
    "same_language",
)


def inputs(features: Features, *, same_language: bool) -> list[float]:
    """Spread the features over the weights, in the order of `WEIGHT_NAMES`."""
    values = dict(zip(FEATURE_NAMES, astuple(features), strict=True))
    pair = [values[name] for name in SPLIT_BY_PAIR]
    none = [0.0] * len(pair)
    rest = [values[name] for name in FEATURE_NAMES if name not in SPLIT_BY_PAIR]
    return [*(pair if same_language else none), *(none if same_language else pair), *rest,
            float(same_language)]  # fmt: skip


def score(features: Features, *, same_language: bool) -> float:
    """Weigh the features; higher is better, comparable only within one question."""
    weights = _weights()
    return sum(
        weights[name] * value
        for name, value in zip(
            WEIGHT_NAMES, inputs(features, same_language=same_language), strict=True
        )
    )


def coverage(words: Sequence[Mapping[str, float]], terms: Set[str]) -> float:
    """The share of a question's words, weighted by rarity, that are among an article's terms.

    Args:
        words: For each word the terms that stand for it, with what each is worth, above 0.
        terms: The terms of an article, a title or a sentence.

    Returns:
        A share in [0, 1]; 0 for a question without words.
    """
    reachable = sum(max(alternatives.values()) for alternatives in words)
    found = sum(
        max((worth for term, worth in alternatives.items() if term in terms), default=0.0)
        for alternatives in words
    )
    return found / reachable if reachable else 0.0


def in_period(published: PublicationDate | None, period: Period | None) -> float:
    """1 within the period and two weeks after, since news is told after the event, then fading."""
    if published is None or period is None:
        return 0.0
    days = 0
    if period.since and published.last < period.since:
        days = (period.since - published.last).days
    elif period.until and published.first > period.until:
        days = max(0, (published.first - period.until).days - _GRACE_DAYS)
    return math.exp(-days / _FADING_DAYS)


def recency(published: PublicationDate | None, newest: PublicationDate | None) -> float:
    """1 for an article as new as the newest, fading with its age in days; 0 if undated."""
    if published is None or newest is None:
        return 0.0
    return math.exp(-max(0, (newest.first - published.first).days) / _RECENCY_DAYS)


def time_features(
    query: Query, published: PublicationDate | None, newest: PublicationDate | None
) -> tuple[float, float, float]:
    """Give `in_period`, `recency` and `latest` of an article beside the newest candidate."""
    fresh = recency(published, newest) if query.period is None else 0.0
    return in_period(published, query.period), fresh, fresh if query.wants_latest else 0.0


@cache
def _weights() -> dict[str, float]:
    loaded: dict[str, float] = json.loads(RANKING_FILE.read_text(encoding="utf-8"))["weights"]
    return loaded
