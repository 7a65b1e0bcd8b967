"""The tables of the database, as its newest migration leaves them, and their way into values."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from corpus.models import (
    Article,
    ArticleId,
    ArticleSummary,
    Draft,
    Precision,
    PublicationDate,
)
from corpus.normalizing import content_hash
from corpus.similarity import signature


class Table(DeclarativeBase):
    """All tables."""

    type_annotation_map = {str: Text}  # noqa: RUF012  SQLAlchemy wants a plain dict


class ArticleRow(Table):
    """An article. `sqlite_autoincrement`: the id of a removed article is never given again."""

    __tablename__ = "articles"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    title_made: Mapped[bool]
    language: Mapped[str]
    outlet: Mapped[str | None]
    author: Mapped[str | None]
    published_first: Mapped[date | None]
    published_precision: Mapped[str | None]
    url: Mapped[str | None] = mapped_column(unique=True)
    external_id: Mapped[str | None] = mapped_column(index=True)
    topics: Mapped[list[str]] = mapped_column(JSON)
    added_at: Mapped[str]
    content_hash: Mapped[str] = mapped_column(unique=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str]


class ChangeRow(Table):
    """The outbox: that something became of an article. What, its present state tells."""

    __tablename__ = "changes"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    revision: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int]


class BandRow(Table):
    """One key under which an article meets its near duplicates."""

    __tablename__ = "near_duplicate_bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    band: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def row_values(draft: Draft, *, added_at: datetime) -> dict[str, object]:
    """Return what to insert into `articles` for an accepted draft."""
    return {
        **described_values(draft),
        "added_at": added_at.isoformat(),
        "content_hash": content_hash(draft.text),
        "signature": signature(draft.text),
        "text": draft.text,
    }


def described_values(draft: Draft) -> dict[str, object]:
    """Return the columns that tell what is known of an article beside its text."""
    published = draft.published
    return {
        "title": draft.title,
        "title_made": draft.title_made,
        "language": draft.language,
        "outlet": draft.outlet,
        "author": draft.author,
        "published_first": published.first if published else None,
        "published_precision": published.precision.value if published else None,
        "url": draft.url,
        "external_id": draft.external_id,
        "topics": list(draft.topics),
    }


def article_of(row: ArticleRow) -> Article:
    """Return the article that a row holds."""
    return Article(
        id=ArticleId(row.id),
        title=row.title,
        text=row.text,
        language=row.language,
        content_hash=row.content_hash,
        added_at=datetime.fromisoformat(row.added_at),
        title_made=row.title_made,
        outlet=row.outlet,
        author=row.author,
        published=publication_date(row.published_first, row.published_precision),
        url=row.url,
        external_id=row.external_id,
        topics=tuple(row.topics),
    )


def summary_of(row: ArticleRow) -> ArticleSummary:
    """Return what a list shows of a row; its text need not be loaded."""
    return ArticleSummary(
        id=ArticleId(row.id),
        title=row.title,
        language=row.language,
        added_at=datetime.fromisoformat(row.added_at),
        outlet=row.outlet,
        published=publication_date(row.published_first, row.published_precision),
        url=row.url,
        external_id=row.external_id,
    )


def publication_date(first: date | None, precision: str | None) -> PublicationDate | None:
    """Put the two columns of a publication date together."""
    if first is None or precision is None:
        return None
    return PublicationDate(first, Precision(precision))
