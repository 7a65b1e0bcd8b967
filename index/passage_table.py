"""Which passages a generation holds: SQLite, so that a change of one article costs little."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from corpus.models import Article, ArticleId, Precision, PublicationDate, Revision
from index import row_checksums
from index.models import PassageId, Span

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL,
    next_passage INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    writing INTEGER NOT NULL,
    checksum INTEGER
);
CREATE TABLE IF NOT EXISTS articles (
    id INTEGER PRIMARY KEY,
    fingerprint BLOB,
    language TEXT NOT NULL,
    outlet TEXT,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    precision TEXT,
    checksum INTEGER
);
CREATE INDEX IF NOT EXISTS articles_by_day ON articles (first_day);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    checksum INTEGER
);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article);
CREATE TABLE IF NOT EXISTS removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    passage INTEGER NOT NULL,
    checksum INTEGER
);
"""
_GUARDED: Final = {
    "state": "only, revision, next_passage, changes, writing",
    "articles": "id, fingerprint, language, outlet, first_day, last_day, precision",
    "passages": "id, article, ordinal, start, end, text_hash",
    "removals": "id, passage",
}
_FIRST_STATE: Final = "INSERT INTO state VALUES (1, 0, 1, 0, 0, NULL);"
_ROWS: Final = "SELECT id, article, ordinal, start, end FROM passages WHERE id > ? ORDER BY id"
_ARTICLE_ROWS: Final = """
SELECT id, language, outlet, first_day, last_day FROM articles
WHERE id IN (SELECT article FROM passages WHERE id > ?) ORDER BY id
"""

HashedPassage: TypeAlias = tuple[PassageId, ArticleId, bytes]
PassageRow: TypeAlias = tuple[PassageId, ArticleId, int, int, int]
"""Id, article, ordinal, start, end."""
ArticleRow: TypeAlias = tuple[ArticleId, str, str | None, int, int]
"""Id, language, outlet, first and last day of publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedArticle:
    """An article cut into passages: each a slice and the hash of what is embedded for it."""

    article: Article
    passages: tuple[tuple[Span, bytes], ...]


@dataclass(frozen=True, slots=True)
class TableState:
    """Where a table stands.

    `changes` counts its transactions. `writing` says that a change was begun and not ended: the
    lexical index may be ahead of the table.
    """

    revision: Revision
    next_passage: PassageId
    changes: int
    writing: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What a table holds of an article; no fingerprint if a change of it was not ended."""

    fingerprint: bytes | None
    passages: int

    def is_of(self, article: Article) -> bool:
        """Say whether the article would be indexed as it is."""
        return self.fingerprint == fingerprint(article)


@dataclass(frozen=True, slots=True)
class Position:
    """The highest passage id and the number of the newest removal that something knows of."""

    passage: PassageId
    removal: int


def fingerprint(article: Article) -> bytes:
    """Hash all that decides the passages of an article, the text by its own hash."""
    decides = (
        article.content_hash,
        article.title,
        article.title_made,
        article.outlet,
        str(article.published),
        article.language,
    )
    return hashlib.blake2b(repr(decides).encode(), digest_size=16).digest()


class PassageTable:
    """Passages, the corpus revision that they cover, and the removals that others must follow.

    Passage ids ascend and are never given twice. Days are ordinals, 0 for an undated article.
    Methods raise `sqlite3.Error` where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self._connection.isolation_level = None
        row_checksums.register(self._connection)
        try:
            if path.stat().st_size == 0:
                self._connection.executescript(
                    _SCHEMA + row_checksums.triggers(_GUARDED) + _FIRST_STATE
                )
            self.state()
        except sqlite3.Error:
            self._connection.close()
            raise

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def check(self) -> None:
        """Read the file whole; raise `sqlite3.DatabaseError` if it is damaged."""
        (verdict,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        row_checksums.check(self._connection, _GUARDED)

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy to a new file."""
        self._connection.execute("VACUUM INTO ?", (str(path),))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let all reads within see one state."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def state(self) -> TableState:
        """Return where the table stands."""
        revision, next_passage, changes, writing = self._connection.execute(
            "SELECT revision, next_passage, changes, writing FROM state"
        ).fetchone()
        return TableState(Revision(revision), PassageId(next_passage), changes, bool(writing))

    def count(self) -> int:
        """Count the passages."""
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    def articles(self) -> int:
        """Count the articles, those without a passage included."""
        return int(self._connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    def newest(self, until: date = date.max) -> PublicationDate | None:
        """Return the latest date of publication that may be on a day or before it, if any is."""
        row = self._connection.execute(
            "SELECT first_day, precision FROM articles WHERE first_day BETWEEN 1 AND ?"
            " ORDER BY first_day DESC, last_day LIMIT 1",
            (until.toordinal(),),
        ).fetchone()
        return PublicationDate(date.fromordinal(row[0]), Precision(row[1])) if row else None

    def entries(self) -> dict[ArticleId, Entry]:
        """Return what is held of all articles."""
        rows = self._connection.execute(
            "SELECT articles.id, fingerprint, count(passages.id) FROM articles"
            " LEFT JOIN passages ON passages.article = articles.id GROUP BY articles.id"
        )
        return {article_id: Entry(*entry) for article_id, *entry in rows}

    def entry(self, article_id: ArticleId) -> Entry | None:
        """Return what is held of an article; None if it is not there."""
        row = self._connection.execute(
            "SELECT fingerprint, (SELECT count(*) FROM passages WHERE article = ?1)"
            " FROM articles WHERE id = ?1",
            (article_id,),
        ).fetchone()
        return Entry(*row) if row else None

    def rows(self, *, after: int = 0) -> Iterator[PassageRow]:
        """Iterate over the passages with ids above `after`, ascending."""
        return iter(self._connection.execute(_ROWS, (after,)))

    def article_rows(self, *, after: int = 0) -> Iterator[ArticleRow]:
        """Iterate over the articles of passages with ids above `after`, by ascending id."""
        return iter(self._connection.execute(_ARTICLE_ROWS, (after,)))

    def hashes(self, *, after: int = 0) -> list[HashedPassage]:
        """Return id, article and text hash of the passages with ids above `after`, ascending."""
        return self._connection.execute(
            "SELECT id, article, text_hash FROM passages WHERE id > ? ORDER BY id", (after,)
        ).fetchall()

    def removals(self, *, after: int = 0) -> list[tuple[int, PassageId]]:
        """Return number and passage of the removals numbered above `after`, ascending."""
        return self._connection.execute(
            "SELECT id, passage FROM removals WHERE id > ? ORDER BY id", (after,)
        ).fetchall()

    def position(self) -> Position:
        """Return how far the table has come."""
        (removal,) = self._connection.execute("SELECT max(id) FROM removals").fetchone()
        return Position(PassageId(self.state().next_passage - 1), int(removal or 0))

    def begin(self, articles: Sequence[ArticleId], passages: int) -> PassageId:
        """Note durably that these articles are about to change; reserve ids and return the first.

        What a crash leaves behind between this and `commit` is done again: until then the articles
        have no fingerprint, and the reserved ids are never given to others.
        """
        with self._writing():
            first = self.state().next_passage
            self._connection.execute(
                "UPDATE state SET next_passage = next_passage + ?, writing = 1", (passages,)
            )
            self._connection.executemany(
                "UPDATE articles SET fingerprint = NULL WHERE id = ?", [(a,) for a in articles]
            )
        return first

    def commit(
        self,
        *,
        removed: Sequence[ArticleId],
        added: Sequence[IndexedArticle],
        first: PassageId,
    ) -> None:
        """Replace whole articles in one transaction, ids counted up from `first`."""
        gone = [(article_id,) for article_id in (*removed, *(a.article.id for a in added))]
        many = self._connection.executemany
        with self._writing():
            many(
                "INSERT INTO removals (passage) SELECT id FROM passages WHERE article = ?"
                " ORDER BY id",
                gone,
            )
            many("DELETE FROM passages WHERE article = ?", gone)
            many("DELETE FROM articles WHERE id = ?", gone)
            many(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                [_article_row(a.article) for a in added],
            )
            rows = [
                (a.article.id, ordinal, span.start, span.end, key)
                for a in added
                for ordinal, (span, key) in enumerate(a.passages)
            ]
            many(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, NULL)",
                [(first + offset, *row) for offset, row in enumerate(rows)],
            )
            self._connection.execute("UPDATE state SET changes = changes + 1, writing = 0")

    def cover(self, revision: Revision) -> None:
        """Note durably that the table holds all that the corpus held at `revision`."""
        with self._writing():
            self._connection.execute(
                "UPDATE state SET revision = ?, changes = changes + 1, writing = 0", (revision,)
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def _article_row(article: Article) -> tuple[object, ...]:
    published = article.published
    return (
        article.id,
        fingerprint(article),
        article.language,
        article.outlet,
        published.first.toordinal() if published else 0,
        published.last.toordinal() if published else 0,
        published.precision.value if published else None,
    )
