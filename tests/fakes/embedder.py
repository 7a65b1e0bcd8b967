"""An embedder without a model: texts that share words are close."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.models import Vector, Vectors


class HashingEmbedder:
    """Counts the words of a text, each at a place and with a sign taken from its hash.

    The same on every machine and in every process. A token is a word or a mark, two more are
    special. `embedded` counts the passages embedded so far.
    """

    def __init__(
        self, *, dimension: int = 64, max_tokens: int = 128, model_id: str = "hashing"
    ) -> None:
        self._dimension = dimension
        self._max_tokens = max_tokens
        self._model_id = model_id
        self.embedded = 0

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def embed_query(self, text: str) -> Vector:
        # The first place is never empty, so that a text without words has a length as well.
        counts = np.zeros(self._dimension, dtype=np.float32)
        counts[0] = 0.1
        words = re.findall(r"\w+", text.casefold())[: self._max_tokens]
        for word in words:
            digest = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
            counts[digest % self._dimension] += 1.0 if digest >> 32 & 1 else -1.0
        unit: Vector = counts / np.linalg.norm(counts)
        return unit

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])
