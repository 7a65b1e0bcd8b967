"""Which questions an index must find the right article for, and when it finds too few; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from corpus.models import Article, ArticleId

Item = TypeVar("Item")

FOUND_AMONG: Final = 5
_LEAST_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Probe:
    """A question, and the articles of which one must be among the first `FOUND_AMONG`."""

    question: str
    article_ids: frozenset[ArticleId]

    def is_found(self, ranked: Sequence[ArticleId]) -> bool:
        """Say whether this ranking, best first, is what was wanted."""
        return not self.article_ids.isdisjoint(ranked[:FOUND_AMONG])


def title_probes(articles: Iterable[Article]) -> list[Probe]:
    """Ask for each article by its title: a question that every corpus brings along.

    Articles with the same title stand for each other; those without a title are passed over.
    """
    named: dict[str, set[ArticleId]] = {}
    for article in articles:
        if title := article.title.strip():
            named.setdefault(title, set()).add(article.id)
    return [Probe(title, frozenset(ids)) for title, ids in named.items()]


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """Choose at most `most` of the items, the same ones each time, evenly from first to last."""
    if len(items) <= most:
        return list(items)
    return [items[position * len(items) // most] for position in range(most)]


def is_enough(found: int, asked: int) -> bool:
    """Say whether an index that finds the article of `found` of `asked` questions is sound."""
    return found >= _LEAST_SHARE * asked
