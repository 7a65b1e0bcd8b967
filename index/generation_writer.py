"""Brings one generation up to the corpus, a bounded step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from corpus.models import ArticleId, Change
from corpus.store import ArticleStore
from index.article_embedder import ArticleEmbedder, Pace, PreparedArticle
from index.lexical import LexicalIndex
from index.lexical_document import LexicalDocument, document_of
from index.models import PassageId
from index.passage_table import Entry, IndexedArticle, PassageTable

_WRITTEN_AT_ONCE: Final = 64
_PASSAGES_AT_ONCE: Final = 1_000  # fewer than a book has, which is written alone
_CUT_AT_ONCE: Final = 8


class Phase(StrEnum):
    """What a long job is doing."""

    WAITING = "waiting"
    EMBEDDING = "embedding"
    COLLECTING = "collecting"
    CHECKING = "checking"
    PUBLISHING = "publishing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is, in passages; while embedding, `total` is an estimate.

    While checking, in questions; while waiting for another process, both are 0.
    """

    done: int
    total: int
    phase: Phase


class GenerationWriter:
    """Writes articles into the passage table and the lexical index of one generation.

    Of each batch, the lexical index is committed first, then the table. What a crash leaves in
    between is written again by the next `catch_up`, since the table does not cover it.

    Attributes:
        articles: How many were written.
        passages: How many these were cut into.
        embedded: How many of the passages had no vector yet.
        removed: How many articles were taken out.
    """

    def __init__(
        self,
        table: PassageTable,
        lexical: LexicalIndex,
        *,
        store: ArticleStore,
        embedder: ArticleEmbedder,
        pace: Pace,
        anew: bool = False,
    ) -> None:
        self.articles = 0
        self.passages = 0
        self.embedded = 0
        self.removed = 0
        self._table = table
        self._lexical = lexical
        self._store = store
        self._embedder = embedder
        self._pace = pace
        self._anew = anew

    def catch_up(self) -> Iterator[Progress]:
        """Write what changed in the corpus since the revision that the table covers.

        A corpus that has fewer revisions than the table covers is another one (a restored backup):
        it is compared article by article.
        """
        state, present = self._table.state(), self._store.revision()
        if present > state.revision:
            changes, expected = self._store.changes_since(state.revision), present - state.revision
            yield from self._write(changes, self._table.entry, expected=expected)
            self._table.cover(present)
        elif present < state.revision or state.writing:
            yield from self.reconcile()

    def reconcile(self) -> Iterator[Progress]:
        """Compare all articles with what the table holds, and write what differs."""
        present = self._store.revision()
        entries = self._table.entries()
        gone = set(entries)
        found = self._all_articles(gone)
        yield from self._write(found, entries.get, expected=self._store.statistics().articles)
        removed = (Change(article_id, None) for article_id in sorted(gone))
        yield from self._write(removed, entries.get, expected=len(gone))
        self._table.cover(present)

    def _all_articles(self, gone: set[ArticleId]) -> Iterator[Change]:
        """Iterate over the articles, taking each out of `gone`."""
        for article in self._store.articles():
            gone.discard(article.id)
            yield Change(article.id, article)

    def _write(
        self,
        changes: Iterable[Change],
        entry: Callable[[ArticleId], Entry | None],
        *,
        expected: int,
    ) -> Iterator[Progress]:
        """Write the changes in batches, passing over articles that are there unchanged.

        Args:
            changes: Each article once.
            entry: Returns what the table holds of an article.
            expected: About how many changes there are, to tell the progress.
        """
        seen = planned = done = 0
        prepared: list[PreparedArticle] = []
        removed: list[ArticleId] = []

        def progress() -> Progress:
            share = max(expected, seen) / max(seen, 1)
            return Progress(done, round(planned * share), Phase.EMBEDDING)

        def flush() -> Iterator[Progress]:
            nonlocal done
            for embedded in self._embedder.embed(prepared, pace=self._pace, anew=self._anew):
                self.embedded += embedded
                done += embedded
                yield progress()
            self._commit(prepared, removed)
            prepared.clear()
            removed.clear()
            done = planned

        for change in changes:
            seen += 1
            if change.article is None:
                removed.append(change.article_id)
            elif (there := entry(change.article_id)) and there.is_of(change.article):
                planned += there.passages
                done += there.passages
            else:
                prepared.append(self._embedder.prepare(change.article))
                planned += len(prepared[-1].indexed.passages)
            touched = len(prepared) + len(removed)
            is_full = touched >= _WRITTEN_AT_ONCE or planned - done >= _PASSAGES_AT_ONCE
            if is_full:
                yield from flush()
            if is_full or seen % _CUT_AT_ONCE == 0:
                yield progress()
        yield from flush()

    def _commit(self, prepared: list[PreparedArticle], removed: list[ArticleId]) -> None:
        added = [article.indexed for article in prepared]
        if not added and not removed:
            return
        touched = [*removed, *(indexed.article.id for indexed in added)]
        passages = sum(len(indexed.passages) for indexed in added)
        first = self._table.begin(touched, passages)
        self._lexical.apply(removed=touched, added=_documents(added, first))
        self._table.commit(removed=removed, added=added, first=first)
        self.articles += len(added)
        self.passages += passages
        self.removed += len(removed)


def _documents(added: list[IndexedArticle], first: PassageId) -> list[LexicalDocument]:
    """Give each passage its id, counted up from `first`, as the table does."""
    spans = ((indexed.article, span) for indexed in added for span, _ in indexed.passages)
    return [
        document_of(article, PassageId(passage_id), span)
        for passage_id, (article, span) in enumerate(spans, start=first)
    ]
