"""The values of the index, and array aliases that carry their shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, NewType, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.models import Article, ArticleId, PublicationDate, Revision

PassageId = NewType("PassageId", int)

Vector: TypeAlias = Annotated[NDArray[np.float32], "shape (dimension,), unit L2 norm"]
Vectors: TypeAlias = Annotated[NDArray[np.float32], "shape (n, dimension), unit rows, C order"]
PassageMask: TypeAlias = Annotated[
    NDArray[np.bool_], "shape (highest passage id + 1,), True where a passage may be found"
]


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of an article's text, `text[start:end]`, in characters."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether two slices of one text have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article as it is indexed. `ordinal` counts from 0 within the article."""

    id: PassageId
    article_id: ArticleId
    ordinal: int
    span: Span
    language: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with the cosine similarity, in [-1, 1], that found it; higher is closer."""

    passage_id: PassageId
    similarity: float


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A passage found by its words.

    `share` is its BM25 score as a share of the highest that the query could reach, in [0, 1], so
    that shares of different queries can be compared.
    """

    passage_id: PassageId
    share: float


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included; None is open."""

    since: date | None
    until: date | None

    def overlaps(self, other: Period) -> bool:
        """Tell whether both have a day in common."""
        return (self.since or date.min) <= (other.until or date.max) and (
            other.since or date.min
        ) <= (self.until or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedPassage:
    """A passage found for a question, with its article and what speaks for it.

    `similarity` is the cosine of question and passage. `score` orders passages of one retrieval,
    higher is better.
    """

    passage: Passage
    article: Article
    similarity: float
    score: float

    @property
    def text(self) -> str:
        """The passage's own words, a slice of the article's text."""
        return self.article.text[self.passage.span.start : self.passage.span.end]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index held, for the day of the question. `newest` is a publication date."""

    generation: int
    revision: Revision
    articles: int
    newest: PublicationDate | None
