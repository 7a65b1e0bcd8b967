"""The values of the corpus: frozen, comparable, free of any library."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

ArticleId = NewType("ArticleId", int)
Revision = NewType("Revision", int)


class Precision(StrEnum):
    """How exactly a publication date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A date of publication together with how exactly it is known.

    `first` is the first day of the year, month or day that is meant.
    """

    first: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day of the year, month or day that is meant."""
        match self.precision:
            case Precision.YEAR:
                return date(self.first.year, 12, 31)
            case Precision.MONTH:
                days = calendar.monthrange(self.first.year, self.first.month)[1]
                return self.first.replace(day=days)
            case Precision.DAY:
                return self.first

    def __str__(self) -> str:
        """Write the date in ISO 8601, cut to its precision: `2023`, `2023-04` or `2023-04-19`."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as it came in: extracted, but not yet accepted.

    `text` is what the source says; everything else may be missing. `origin` says where it came
    from (a path, a URL, a line of an import) and is only for messages.
    """

    text: str
    origin: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: PublicationDate | None = None
    language: str | None = None
    url: str | None = None
    external_id: str | None = None
    topics: tuple[str, ...] = ()
    title_made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of the corpus.

    `text` is NFC, its paragraphs are separated by one blank line, and it never changes under one
    `content_hash`: citations point into it by offset (in characters). `language` is
    ISO 639-1, or `und` where none was recognised. `added_at` is UTC. `title_made` says that the
    title was made from the text, not given.
    """

    id: ArticleId
    title: str
    text: str
    language: str
    content_hash: str
    added_at: datetime
    title_made: bool = False
    outlet: str | None = None
    author: str | None = None
    published: PublicationDate | None = None
    url: str | None = None
    external_id: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """What a list shows of an article: all but its text."""

    id: ArticleId
    title: str
    language: str
    added_at: datetime
    outlet: str | None = None
    published: PublicationDate | None = None
    url: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article after some revision: `article` is None if it was removed."""

    article_id: ArticleId
    article: Article | None


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """What the corpus holds in sum. `newest` and `oldest` are publication dates."""

    articles: int
    revision: Revision
    languages: dict[str, int]
    outlets: dict[str, int]
    oldest: PublicationDate | None
    newest: PublicationDate | None
