"""What finds the closest vectors: the port. The adapter is `faiss_store`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.models import Hit, PassageId, PassageMask, Vector, Vectors


class VectorStore(Protocol):
    """Unit vectors under passage ids. Similarity is cosine, in [-1, 1], higher is closer."""

    def __len__(self) -> int:
        """Count the stored vectors."""

    def upsert(self, passage_ids: Sequence[PassageId], vectors: Vectors) -> None:
        """Store each vector under its id, in place of one that is there already.

        Raises:
            ValueError: the counts differ, an id comes twice, or the dimension is another.
        """

    def remove(self, passage_ids: Sequence[PassageId]) -> None:
        """Forget these ids; those that are not stored are passed over."""

    def search(self, query: Vector, *, limit: int, allowed: PassageMask | None = None) -> list[Hit]:
        """Find the stored vectors closest to `query`.

        Args:
            query: Unit vector of shape `(dimension,)`.
            limit: Most hits to return, at least 1.
            allowed: Only ids where it is True are found; ids beyond its end are not.

        Returns:
            At most `limit` hits, most similar first, ties by ascending id. Empty if none is stored
            or allowed.

        Raises:
            ValueError: `limit` is below 1, or `query` has another shape.
        """
