"""A reader without a model: a sentence answers that has the question's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.reader import Readable

_COMMON = frozenset(
    "a of is was were who what which why how in to the le la les de qui quel".split()
)


class WordReader:
    """Judges by the share of the question's words that a sentence has.

    `read_so_far` counts the passages.
    """

    def __init__(self) -> None:
        self.read_so_far = 0

    def read(self, question: str, passages: Sequence[Readable]) -> list[list[float]]:
        self.read_so_far += len(passages)
        asked = _words(question)
        return [
            [
                4.0 * len(asked & _words(one.text[s.start : s.end])) / max(1, len(asked)) - 2.0
                for s in one.sentences
            ]
            for one in passages
        ]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold())) - _COMMON
