"""The `ArticleStore` in a SQLite file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from corpus import queries
from corpus.backups import write_backup
from corpus.database import open_engine, translated, writing
from corpus.errors import ArticleNotFoundError, DuplicateArticleError
from corpus.models import (
    Article,
    ArticleId,
    ArticleSummary,
    Change,
    CorpusStatistics,
    Draft,
    Revision,
)
from corpus.normalizing import canonical_url, fold, normalize_line
from corpus.similarity import bands, signature
from corpus.tables import (
    ArticleRow,
    BandRow,
    ChangeRow,
    article_of,
    described_values,
    row_values,
    summary_of,
)

_LARGEST_ID = 2**63 - 1


class SqliteArticleStore:
    """Articles in one SQLite file, which several threads and processes may use at once.

    What a call has stored survives a power cut from the moment that the call returns.
    """

    def __init__(self, engine: Engine, path: Path, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._path = path
        self._clock = clock

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Self:
        """Open the database at `path`, creating it or upgrading its schema first.

        Args:
            path: The file; missing folders are made.
            clock: Tells the time at which an article is added, in UTC.
        """
        return cls(open_engine(path), path, clock)

    def add(self, drafts: Sequence[Draft]) -> list[Article]:
        """Store accepted drafts in one transaction; see `ArticleStore.add`."""
        if not drafts:
            return []
        added_at = self._clock()
        values = [row_values(draft, added_at=added_at) for draft in drafts]
        for key in ("url", "content_hash"):
            given: list[object] = [row[key] for row in values if row[key] is not None]
            if len(set(given)) < len(given):
                msg = f"two drafts have the same {key}"
                raise ValueError(msg)
        with self._writing() as session:
            for duplicate in queries.duplicates(session, drafts):
                if duplicate is not None:
                    raise duplicate
            statement = insert(ArticleRow).returning(ArticleRow, sort_by_parameter_order=True)
            rows = session.scalars(statement, values).all()
            session.execute(insert(ChangeRow), [{"article_id": row.id} for row in rows])
            session.execute(
                insert(BandRow),
                [
                    {"band": band, "article_id": row.id}
                    for row in rows
                    for band in set(bands(row.signature))
                ],
            )
            return [article_of(row) for row in rows]

    def duplicates(self, drafts: Sequence[Draft]) -> list[DuplicateArticleError | None]:
        """Say for each draft which stored article it repeats; see `ArticleStore.duplicates`."""
        with self._reading() as session:
            return queries.duplicates(session, drafts)

    def near_duplicates(self, article_id: ArticleId) -> list[ArticleSummary]:
        """Return other articles with most of the same wording, at most ten, closest first."""
        with self._reading() as session:
            own = session.scalar(select(ArticleRow.signature).filter_by(id=article_id))
            return [] if own is None else queries.similar(session, own, apart_from=article_id)

    def similar(self, text: str) -> list[ArticleSummary]:
        """Return articles with most of the same wording as a text, at most ten, closest first."""
        with self._reading() as session:
            return queries.similar(session, signature(text), apart_from=None)

    def edit(self, article_id: ArticleId, draft: Draft) -> Article:
        """Change what is known of an article, but not its text; see `ArticleStore.edit`."""
        with self._writing() as session:
            row = session.get(ArticleRow, article_id)
            if row is None:
                raise ArticleNotFoundError(str(article_id))
            holder = queries.other_with_url(session, draft, apart_from=article_id)
            if holder is not None:
                raise holder
            for name, value in described_values(draft).items():
                setattr(row, name, value)
            session.add(ChangeRow(article_id=article_id))
            session.flush()
            return article_of(row)

    def remove(self, article_id: ArticleId) -> Revision:
        """Delete an article; raise `ArticleNotFoundError` if there is none."""
        with self._writing() as session:
            removed = session.scalar(
                delete(ArticleRow).filter_by(id=article_id).returning(ArticleRow.id)
            )
            if removed is None:
                raise ArticleNotFoundError(str(article_id))
            change = ChangeRow(article_id=article_id)
            session.add(change)
            session.flush()
            return Revision(change.revision)

    def get(self, article_id: ArticleId) -> Article:
        """Return one article; raise `ArticleNotFoundError` if there is none."""
        found = self.get_many([article_id])
        if article_id not in found:
            raise ArticleNotFoundError(str(article_id))
        return found[article_id]

    def get_many(self, article_ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        """Return those of the articles that exist."""
        found = {}
        with self._reading() as session:
            for page in queries.pages(article_ids):
                for row in session.scalars(select(ArticleRow).where(ArticleRow.id.in_(page))):
                    found[ArticleId(row.id)] = article_of(row)
                session.expunge_all()
        return found

    def find(self, reference: str) -> Article:
        """Return the article with this id, external id or URL; see `ArticleStore.find`."""
        typed = normalize_line(reference)
        wanted = [ArticleRow.external_id == typed]
        if re.fullmatch("[0-9]{1,19}", typed) and int(typed) <= _LARGEST_ID:
            wanted.insert(0, ArticleRow.id == int(typed))
        if url := canonical_url(typed):
            wanted.append(ArticleRow.url == url)
        with self._reading() as session:
            for condition in wanted:
                newest = select(ArticleRow).where(condition).order_by(ArticleRow.id.desc()).limit(1)
                if row := session.scalar(newest):
                    return article_of(row)
        raise ArticleNotFoundError(reference)

    def articles(
        self, *, after: ArticleId | None = None, limit: int | None = None
    ) -> Iterator[Article]:
        """Iterate in ascending id order, without holding all of them in memory."""
        return islice(self._articles_after(after or ArticleId(0)), limit)

    def summaries(
        self, query: str | None = None, *, limit: int = 20, offset: int = 0
    ) -> list[ArticleSummary]:
        """List articles without their texts, the last added first; see `ArticleStore`."""
        statement = queries.without_text().order_by(ArticleRow.id.desc())
        if wanted := fold(normalize_line(query or "")):
            named = [ArticleRow.title, ArticleRow.outlet, ArticleRow.url]
            matches = [func.instr(func.fold(column), wanted) > 0 for column in named]
            statement = statement.where(matches[0] | matches[1] | matches[2])
        with self._reading() as session:
            return [
                summary_of(row) for row in session.scalars(statement.limit(limit).offset(offset))
            ]

    def newest(self, limit: int) -> list[Article]:
        """Return the articles published last, the last one first; see `ArticleStore.newest`."""
        with self._reading() as session:
            ids = [ArticleId(number) for number in session.scalars(queries.newest_first(limit))]
        found = self.get_many(ids)
        return [found[number] for number in ids if number in found]

    def revision(self) -> Revision:
        """Return the number of the newest change, 0 for a corpus never changed."""
        with self._reading() as session:
            return queries.newest_revision(session)

    def changes_since(self, revision: Revision) -> Iterator[Change]:
        """Iterate over the articles changed after `revision`; see `ArticleStore`."""
        newest = func.max(ChangeRow.revision)
        statement = (
            select(ChangeRow.article_id)
            .where(ChangeRow.revision > revision)
            .group_by(ChangeRow.article_id)
            .order_by(newest)
        )
        with self._reading() as session:
            changed = [ArticleId(article_id) for article_id in session.scalars(statement)]
        for page in queries.pages(changed):
            present = self.get_many(page)
            for article_id in page:
                yield Change(article_id, present.get(article_id))

    def statistics(self) -> CorpusStatistics:
        """Count, all at one moment."""
        with self._reading() as session:
            return queries.statistics(session)

    def backup(self, target: Path) -> None:
        """Write a consistent copy to a new file, while others read and write.

        `target` is replaced only when the copy is whole.
        """
        write_backup(self._path, target)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def _articles_after(self, last: ArticleId) -> Iterator[Article]:
        page = select(ArticleRow).order_by(ArticleRow.id).limit(queries.PAGE)
        while True:
            with self._reading() as session:
                rows = session.scalars(page.where(ArticleRow.id > last)).all()
                articles = [article_of(row) for row in rows]
            if not articles:
                return
            yield from articles
            last = articles[-1].id

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with translated(self._path), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with translated(self._path), Session(self._writer) as session, session.begin():
            yield session
