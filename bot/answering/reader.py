"""What reads a question and a sentence together: the port. The adapter is `joint_reader`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Reader(Protocol):
    """Judges whether sentences answer a question, which two vectors apart cannot tell."""

    def read(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Judge each sentence, in the given order.

        Args:
            question: As typed.
            sentences: Each with what it stands under, its article's title, on a line before it.

        Returns:
            For each the logarithm of how many times likelier it is that this sentence answers than
            that nothing here does. Comparable between questions.
        """
