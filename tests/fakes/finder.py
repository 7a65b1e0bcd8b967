"""Finds articles without an index: all of them, for whatever words, in the order they came."""

from __future__ import annotations

from index.retrieval import Retrieval
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.retrievals import retrieval


class ScriptedFinder:
    """Finds what the store holds; each article says how many of the words it has."""

    def __init__(self, store: MemoryArticleStore) -> None:
        self._store = store

    def retrieve(self, question: str, *, limit: int = 20) -> Retrieval:
        return retrieval(question, *self._store.articles(limit=limit))
