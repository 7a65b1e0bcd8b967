"""What the SQLite store asks its database, within a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from corpus.errors import DuplicateArticleError
from corpus.models import (
    ArticleId,
    ArticleSummary,
    CorpusStatistics,
    Draft,
    PublicationDate,
    Revision,
)
from corpus.normalizing import content_hash
from corpus.similarity import NEAR_DUPLICATE_SIMILARITY, bands, similarity
from corpus.tables import ArticleRow, BandRow, ChangeRow, publication_date, summary_of

_Item = TypeVar("_Item")
_TextColumn: TypeAlias = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]

PAGE = 200
_MOST_CANDIDATES = 200
_MOST_NEAR_DUPLICATES = 10


def duplicates(session: Session, drafts: Sequence[Draft]) -> list[DuplicateArticleError | None]:
    """Say for each draft which stored article it repeats: the URL counts first, then the text."""
    urls = {draft.url for draft in drafts if draft.url}
    by_url = _holders(session, ArticleRow.url, urls)
    hashes = {content_hash(draft.text) for draft in drafts}
    by_hash = _holders(session, ArticleRow.content_hash, hashes)
    duplicates: list[DuplicateArticleError | None] = []
    for draft in drafts:
        same = "url" if draft.url in by_url else "text"
        holder = by_url.get(draft.url) or by_hash.get(content_hash(draft.text))
        duplicates.append(
            DuplicateArticleError(
                draft.origin, existing_id=holder[0], existing_title=holder[1], same=same
            )
            if holder
            else None
        )
    return duplicates


def other_with_url(
    session: Session, draft: Draft, *, apart_from: ArticleId
) -> DuplicateArticleError | None:
    """Say which other article has the URL of a draft, if there is one."""
    if draft.url is None:
        return None
    same = select(ArticleRow.id, ArticleRow.title).where(
        ArticleRow.url == draft.url, ArticleRow.id != apart_from
    )
    if (other := session.execute(same).first()) is None:
        return None
    return DuplicateArticleError(
        draft.origin, existing_id=ArticleId(other.id), existing_title=other.title, same="url"
    )


def without_text() -> Select[ArticleRow]:
    """Return the statement that selects articles, but leaves their texts on the disk."""
    return select(ArticleRow).options(defer(ArticleRow.text, raiseload=True))


def similar(
    session: Session, signature: bytes, *, apart_from: ArticleId | None
) -> list[ArticleSummary]:
    """Return the articles whose signatures are most like this one, closest first, at most ten."""
    meeting = select(BandRow.article_id).where(BandRow.band.in_(bands(signature)))
    if apart_from is not None:
        meeting = meeting.where(BandRow.article_id != apart_from)
    meeting = meeting.distinct().order_by(BandRow.article_id).limit(_MOST_CANDIDATES)
    rows = session.scalars(without_text().where(ArticleRow.id.in_(meeting))).all()
    near = sorted((-similarity(signature, row.signature), row.id, row) for row in rows)
    return [
        summary_of(row)
        for distance, _, row in near[:_MOST_NEAR_DUPLICATES]
        if -distance >= NEAR_DUPLICATE_SIMILARITY
    ]


def newest_first(limit: int) -> Select[int]:
    """Return the statement that selects the ids of the articles published last, in that order."""
    return (
        select(ArticleRow.id)
        .order_by(
            ArticleRow.published_first.desc().nulls_last(),
            ArticleRow.published_precision,  # "day" < "month" < "year", the most exact first
            ArticleRow.id.desc(),
        )
        .limit(limit)
    )


def newest_revision(session: Session) -> Revision:
    """Return the number of the newest change, 0 if there is none."""
    return Revision(session.scalar(select(func.max(ChangeRow.revision))) or 0)


def statistics(session: Session) -> CorpusStatistics:
    """Count, all at one moment."""
    languages = select(ArticleRow.language, func.count()).group_by(ArticleRow.language)
    outlets = select(ArticleRow.outlet, func.count()).group_by(ArticleRow.outlet)
    return CorpusStatistics(
        articles=session.scalar(select(func.count()).select_from(ArticleRow)) or 0,
        revision=newest_revision(session),
        languages=dict(session.execute(languages).all()),
        outlets={name: count for name, count in session.execute(outlets) if name},
        oldest=_edge(session, newest=False),
        newest=_edge(session, newest=True),
    )


def pages(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Cut into lists short enough for one statement."""
    iterator = iter(items)
    while page := list(islice(iterator, PAGE)):
        yield page


def _holders(
    session: Session, column: _TextColumn, values: Iterable[str]
) -> dict[str | None, tuple[int, str]]:
    """Return id and title of the articles that have one of the values in a unique column."""
    found: dict[str | None, tuple[int, str]] = {}
    for page in pages(values):
        statement = select(column, ArticleRow.id, ArticleRow.title).where(column.in_(page))
        for value, number, title in session.execute(statement):
            found[value] = number, title
    return found


def _edge(session: Session, *, newest: bool) -> PublicationDate | None:
    """Return the newest or oldest publication date; of equal first days the most exact."""
    first = ArticleRow.published_first
    statement = (
        select(first, ArticleRow.published_precision)
        .where(first.is_not(None))
        # "day" < "month" < "year" happens to be the order of exactness
        .order_by(first.desc() if newest else first, ArticleRow.published_precision)
        .limit(1)
    )
    row = session.execute(statement).first()
    return publication_date(*row) if row else None
