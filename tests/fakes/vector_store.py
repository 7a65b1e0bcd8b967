"""A vector store without an engine: every vector is compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.models import Hit, PassageId, PassageMask, Vector, Vectors


class BruteForceVectorStore:
    """A dictionary of vectors."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._vectors: dict[PassageId, Vector] = {}

    def __len__(self) -> int:
        return len(self._vectors)

    def upsert(self, passage_ids: Sequence[PassageId], vectors: Vectors) -> None:
        if vectors.shape != (len(passage_ids), self._dimension):
            msg = f"{len(passage_ids)} ids, vectors of shape {vectors.shape}"
            raise ValueError(msg)
        if len(set(passage_ids)) < len(passage_ids):
            msg = "an id comes twice"
            raise ValueError(msg)
        self._vectors.update(zip(passage_ids, vectors.copy(), strict=True))

    def remove(self, passage_ids: Sequence[PassageId]) -> None:
        for passage_id in passage_ids:
            self._vectors.pop(passage_id, None)

    def search(self, query: Vector, *, limit: int, allowed: PassageMask | None = None) -> list[Hit]:
        if limit < 1 or query.shape != (self._dimension,):
            msg = f"limit {limit}, query of shape {query.shape}"
            raise ValueError(msg)
        hits = [
            Hit(passage_id, float(np.clip(vector @ query, -1.0, 1.0)))
            for passage_id, vector in self._vectors.items()
            if allowed is None or (passage_id < len(allowed) and allowed[passage_id])
        ]
        return sorted(hits, key=lambda hit: (-hit.similarity, hit.passage_id))[:limit]
