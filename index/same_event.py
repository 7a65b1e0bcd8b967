"""Which articles tell of the same event: near in time and meaning, by different outlets; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

from corpus.models import Article, ArticleId
from index.models import Vectors

_LEAST_SIMILARITY: Final = 0.68
"""Articles of some days on one company lie below, translations and rewordings of one above."""
_TOLD_WITHIN: Final = timedelta(days=3)


def same_event(articles: Sequence[Article], vectors: Vectors) -> dict[ArticleId, list[Article]]:
    """Group articles.

    Args:
        articles: In any order.
        vectors: Of the best passage of each, shape `(len(articles), dimension)`.

    Returns:
        For each article that is not alone the others, in the given order.
    """
    similar = vectors @ vectors.T
    found: dict[ArticleId, list[Article]] = {}
    for one, other in combinations(range(len(articles)), 2):
        if similar[one, other] >= _LEAST_SIMILARITY and _may_be_one(articles[one], articles[other]):
            found.setdefault(articles[one].id, []).append(articles[other])
            found.setdefault(articles[other].id, []).append(articles[one])
    return found


def _may_be_one(one: Article, other: Article) -> bool:
    first, second = one.published, other.published
    return (
        first is not None
        and second is not None
        and one.outlet != other.outlet
        and first.first - _TOLD_WITHIN <= second.last
        and second.first - _TOLD_WITHIN <= first.last
    )
