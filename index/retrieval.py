"""What is found for a question: articles with what speaks for them, and their passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from corpus.models import Article, ArticleId
from index.models import IndexState, RetrievedPassage, Vector
from index.query import Query
from index.ranking import Features

Words: TypeAlias = Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedArticle:
    """A candidate article with what speaks for it; `passages` are its best, best first."""

    article: Article
    features: Features
    same_language: bool
    score: float
    passages: tuple[RetrievedPassage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What was found for a question: articles best first, ties by ascending id.

    `words` are the question's words in each language that was searched: for each the terms that
    stand for it, with what each is worth (its weight times its rarity). `vector` is the question's.
    `same_event` has for each of the best articles the others that tell of the same event.
    """

    query: Query
    articles: tuple[RankedArticle, ...]
    words: Mapping[str, Words]
    vector: Vector
    index: IndexState
    same_event: Mapping[ArticleId, Sequence[Article]] = field(default_factory=dict)

    @property
    def passages(self) -> tuple[RetrievedPassage, ...]:
        """The passages of all articles: article by article, best first."""
        return tuple(passage for ranked in self.articles for passage in ranked.passages)
