"""What turns text into vectors: the port. The adapter is `sentence_embedder`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.models import Vector, Vectors


class Embedder(Protocol):
    """Texts to unit vectors, so that the inner product of two is their cosine similarity."""

    @property
    def model_id(self) -> str:
        """Identify the weights and everything else that decides the vectors, prompts included."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The most tokens, special ones included, that the model reads of one text."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text read as a passage, prompt and special ones included."""

    def embed_query(self, text: str) -> Vector:
        """Embed a question, with the model's prompt for queries."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages in the given order, with the model's prompt for passages."""
