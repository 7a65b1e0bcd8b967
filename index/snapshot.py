"""An open generation that follows what is written to it: what the retriever reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Self, TypeAlias

from corpus.models import ArticleId, PublicationDate, Revision
from index.faiss_store import FaissVectorStore
from index.generations import LEXICAL, PASSAGES, DamagedGenerationError, Manifest
from index.lexical import META, LexicalIndex
from index.models import Passage, PassageId, PassageMask, Vectors
from index.passage_columns import PassageColumns
from index.passage_table import HashedPassage, PassageTable, Position

VectorSource: TypeAlias = Callable[[Sequence[HashedPassage]], tuple[list[PassageId], Vectors]]
"""Returns the vectors of passages, and whose they are: those of deleted articles may be missing."""


class Snapshot:
    """One generation. Belongs to one thread; `sync` follows this and other processes' writing."""

    def __init__(
        self,
        path: Path,
        manifest: Manifest,
        *,
        table: PassageTable,
        lexical: LexicalIndex,
        vectors: FaissVectorStore,
        source: VectorSource,
    ) -> None:
        self.path = path
        self.manifest = manifest
        self.table = table
        self.lexical = lexical
        self.vectors = vectors
        self._source = source
        self._columns = PassageColumns()
        self._state = table.state()
        self.position = Position(PassageId(manifest.last_passage), manifest.last_removal)
        self._articles = 0
        self._newest: PublicationDate | None = None
        self._take_in()

    @classmethod
    def open(cls, path: Path, source: VectorSource) -> Self:
        """Open a generation and check it.

        Raises:
            DamagedGenerationError: something is missing, or not what was written.
            sqlite3.OperationalError, OSError: the files cannot be reached at all.
        """
        manifest = Manifest.read(path)
        manifest.verify(path)
        for needed in (path / PASSAGES, path / LEXICAL / META):
            if not needed.is_file():
                msg = f"{needed.name} is missing"
                raise DamagedGenerationError(msg)
        with ExitStack() as opened:
            try:
                table = PassageTable(path / PASSAGES)
                opened.callback(table.close)
                table.check()
                lexical = LexicalIndex.open(path / LEXICAL)
                opened.callback(lexical.close)
                checkpoint = path / manifest.checkpoint
                vectors = FaissVectorStore.read(checkpoint, highest=manifest.last_passage)
            except (sqlite3.Error, OSError, ValueError, RuntimeError, TypeError) as error:
                if _is_out_of_reach(error):
                    raise
                raise DamagedGenerationError(str(error)) from error
            made = cls(path, manifest, table=table, lexical=lexical, vectors=vectors, source=source)
            opened.pop_all()
            return made

    def close(self) -> None:
        """Release the files."""
        self.table.close()
        self.lexical.close()

    def sync(self) -> bool:
        """Take in what was written since, by whichever process; say whether there was anything.

        Costs one small read if nothing was. If it fails, nothing was taken in.
        """
        if self.table.state().changes == self._state.changes:
            return False
        self._take_in()
        return True

    def _take_in(self) -> None:
        with self.table.reading():
            state = self.table.state()
            removals = self.table.removals(after=self.position.removal)
            hashed = self.table.hashes(after=self.position.passage)
            known = self._columns.highest
            rows = self._columns.coded(
                self.table.rows(after=known), self.table.article_rows(after=known)
            )
            articles, newest = self.table.articles(), self.table.newest()
        ids, vectors = self._source(hashed)
        self.lexical.reload()
        gone = [passage_id for _, passage_id in removals]
        self.vectors.remove(gone)
        self.vectors.upsert(ids, vectors)
        self._columns.remove(gone)
        self._columns.extend(rows)
        self.position = Position(
            hashed[-1][0] if hashed else self.position.passage,
            removals[-1][0] if removals else self.position.removal,
        )
        self._state, self._articles, self._newest = state, articles, newest

    @property
    def generation(self) -> int:
        """The generation's number."""
        return self.manifest.generation

    @property
    def revision(self) -> Revision:
        """The corpus revision that is covered."""
        return self._state.revision

    @property
    def articles(self) -> int:
        """How many articles are covered, those without a passage included."""
        return self._articles

    @property
    def newest(self) -> PublicationDate | None:
        """The latest date of publication; None if no article has one."""
        return self._newest

    def newest_until(self, day: date) -> PublicationDate | None:
        """The latest date of publication that may be on a day or before it; None if none is."""
        return self.table.newest(day)

    @property
    def tail(self) -> int:
        """How many passages came or went since the checkpoint was written."""
        gone = self.position.removal - self.manifest.last_removal
        return gone + self._columns.count_after(PassageId(self.manifest.last_passage))

    def is_whole(self) -> bool:
        """Say whether the lexical index holds as many passages as the table.

        True as well while another process is writing, or after a crash that catching up mends.
        """
        same = len(self.lexical) == len(self)
        return same or self._state.writing or self.table.state() != self._state

    def __len__(self) -> int:
        return len(self._columns)

    def passages(self, passage_ids: Sequence[PassageId]) -> list[Passage]:
        """Return the passages in the given order; ids that are not there are passed over.

        `lexical` may for a moment find passages that are not there yet, or no longer.
        """
        return self._columns.passages(passage_ids)

    def passages_of(self, article_id: ArticleId) -> list[Passage]:
        """Return the passages of an article in its order; empty if it has none."""
        return self._columns.passages_of(article_id)

    def vectors_of(self, passage_ids: Sequence[PassageId]) -> Vectors:
        """Return stored vectors in the given order, zeros for an id that is not there."""
        return self.vectors.vectors_of(passage_ids)

    def languages(self) -> dict[str, int]:
        """Count the passages of each language, most first."""
        return self._columns.languages()

    def outlets(self) -> dict[str, int]:
        """Count the passages of each outlet, most first; those without one are left out."""
        return self._columns.outlets()

    def mask(
        self,
        *,
        languages: Collection[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
    ) -> PassageMask | None:
        """Say which passages fit; None if nothing is asked, so that all do.

        An article fits a period if the year, month or day of its publication overlaps it, both
        ends included; an undated one fits no period. Outlets are compared without regard to case.
        """
        return self._columns.mask(languages=languages, since=since, until=until, outlet=outlet)


def _is_out_of_reach(error: Exception) -> bool:
    """Say whether files cannot be reached at all, rather than being damaged.

    SQLite says also of a table or column whose name is damaged that it is an operational error.
    """
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode != sqlite3.SQLITE_ERROR
    return isinstance(error, OSError) and not isinstance(error, FileNotFoundError)
