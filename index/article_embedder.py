"""From articles to hashed passages whose vectors lie in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from corpus.models import Article, ArticleId
from corpus.store import ArticleStore
from index.chunking import Chunker
from index.embedder import Embedder
from index.models import PassageId, Vectors
from index.passage_table import HashedPassage, IndexedArticle
from index.vector_cache import VectorCache, text_hash

_LOOKED_UP_AT_ONCE: Final = 1_024


class Pace(IntEnum):
    """How many passages are embedded in one step."""

    GENTLE = 4
    """A question that waits until the step is done does not wait for long."""
    FAST = 64
    """Nobody waits: a fifth more passages a second."""


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article in passages, and what is to be embedded for each, by its hash."""

    indexed: IndexedArticle
    texts: dict[bytes, str]


class ArticleEmbedder:
    """Cuts articles, and embeds those passages whose vectors are not in the cache."""

    def __init__(
        self, *, store: ArticleStore, embedder: Embedder, chunker: Chunker, cache: VectorCache
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._chunker = chunker
        self._cache = cache

    def prepare(self, article: Article) -> PreparedArticle:
        """Cut an article."""
        spans = self._chunker.chunk(article)
        texts = [self._chunker.embedding_text(article, span) for span in spans]
        hashes = [text_hash(text) for text in texts]
        indexed = IndexedArticle(article=article, passages=tuple(zip(spans, hashes, strict=True)))
        return PreparedArticle(indexed, dict(zip(hashes, texts, strict=True)))

    def embed(
        self, articles: Sequence[PreparedArticle], *, pace: Pace, anew: bool = False
    ) -> Iterator[int]:
        """Put the vectors of all passages into the cache, in steps; texts of like length together.

        Args:
            articles: What to embed.
            pace: How many passages a step embeds.
            anew: Whether to embed also what is in the cache.

        Yields:
            How many passages a step has embedded.
        """
        texts = {key: text for article in articles for key, text in article.texts.items()}
        if not anew:
            for known in self._known(list(texts)):
                del texts[known]
        hashes = sorted(texts, key=lambda key: len(texts[key]))
        for start in range(0, len(hashes), pace):
            batch = hashes[start : start + pace]
            vectors = self._embedder.embed_passages([texts[key] for key in batch])
            self._cache.put(self._embedder.model_id, batch, vectors)
            yield len(batch)

    def vectors(self, passages: Sequence[HashedPassage]) -> tuple[list[PassageId], Vectors]:
        """Return the vectors of stored passages, embedding what the cache has lost.

        Passages of articles that are deleted meanwhile cannot be embedded and are left out.
        """
        dimension = self._embedder.dimension
        ids: list[PassageId] = []
        rows = np.empty((len(passages), dimension), dtype=np.float32)
        for start in range(0, len(passages), _LOOKED_UP_AT_ONCE):
            batch = passages[start : start + _LOOKED_UP_AT_ONCE]
            known = self._known([key for _, _, key in batch])
            lost = {article_id for _, article_id, key in batch if key not in known}
            if lost:
                self._mend(lost)
                known = self._known([key for _, _, key in batch])
            for passage_id, _, key in batch:
                if key in known:
                    rows[len(ids)] = known[key]
                    ids.append(passage_id)
        return ids, rows[: len(ids)]

    def _known(self, hashes: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        embedder = self._embedder
        return self._cache.get(embedder.model_id, hashes, dimension=embedder.dimension)

    def _mend(self, article_ids: set[ArticleId]) -> None:
        for article in self._store.get_many(article_ids).values():
            for _ in self.embed([self.prepare(article)], pace=Pace.FAST):
                pass
