"""Writes the words of a generation anew, so that removed passages weigh in no ranking."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from itertools import islice
from typing import Final

from corpus.store import ArticleStore
from index.article_embedder import ArticleEmbedder
from index.checkpoints import seal
from index.generation_writer import Phase, Progress
from index.lexical_document import LexicalDocument, document_of
from index.snapshot import Snapshot

log = logging.getLogger(__name__)

_REMOVED_SHARE: Final = 0.01
_ARTICLES_AT_ONCE: Final = 8


class _OvertakenError(Exception):
    """The corpus has changed since, and to take that in is more urgent."""


def is_untidy(snapshot: Snapshot) -> bool:
    """Say whether so many removed passages weigh in the ranking that it is worth the work."""
    return snapshot.lexical.removed() > _REMOVED_SHARE * len(snapshot)


def rewrite_words(
    snapshot: Snapshot, store: ArticleStore, embedder: ArticleEmbedder
) -> Generator[Progress, None, None]:
    """Write the words anew, as the passage table has them, in one commit. Needs the write lock.

    Left undone if the snapshot does not cover the corpus, or does not any more on the way.
    """
    if snapshot.table.state().writing or store.statistics().articles != snapshot.articles:
        return
    try:
        for done in snapshot.lexical.rewrite(_documents(snapshot, store)):
            yield Progress(done, len(snapshot), Phase.COLLECTING)
    except _OvertakenError:
        return
    snapshot.table.cover(snapshot.revision)  # by which other processes notice
    snapshot.sync()
    seal(snapshot, embedder)
    log.info("wrote the words of %d passages anew", len(snapshot))


def _documents(snapshot: Snapshot, store: ArticleStore) -> Iterator[list[LexicalDocument]]:
    articles = store.articles()
    while True:
        some = list(islice(articles, _ARTICLES_AT_ONCE))
        if store.revision() != snapshot.revision:
            raise _OvertakenError
        if not some:
            return
        yield [
            document_of(article, passage.id, passage.span)
            for article in some
            for passage in snapshot.passages_of(article.id)
        ]
