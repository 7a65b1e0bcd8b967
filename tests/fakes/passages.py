"""Articles and the passages found in them, without a store or an index."""

from __future__ import annotations

from datetime import UTC, date, datetime

from corpus.models import Article, ArticleId, Precision, PublicationDate
from index.models import Passage, PassageId, RetrievedPassage, Span


def article(
    text: str,
    *,
    number: int = 1,
    title: str = "Untitled",
    language: str = "en",
    published: date | None = date(2023, 4, 19),
    outlet: str | None = "The Wire",
    url: str | None = "https://wire.example/story",
) -> Article:
    return Article(
        id=ArticleId(number),
        title=title,
        text=text,
        language=language,
        content_hash=f"hash {number}",
        added_at=datetime(2024, 1, 1, tzinfo=UTC),
        outlet=outlet,
        published=None if published is None else PublicationDate(published, Precision.DAY),
        url=url,
    )


def passage(of: Article, start: int = 0, end: int | None = None) -> RetrievedPassage:
    span = Span(start, len(of.text) if end is None else end)
    return RetrievedPassage(
        passage=Passage(PassageId(1_000 * start + int(of.id)), of.id, 0, span, of.language),
        article=of,
        similarity=0.8,
        score=0.8,
    )
