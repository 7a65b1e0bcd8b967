"""What a follow-up is searched with: itself after the questions before it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_MOST_CHARACTERS: Final = 600
_MOST_QUESTIONS: Final = 3


def in_context(earlier: Sequence[str], question: str) -> str:
    """Put the questions before a follow-up in front of it, so that "and he?" finds something.

    Args:
        earlier: What was asked before in the same conversation, oldest first.
        question: The follow-up, which always stays whole.

    Returns:
        The follow-up after the newest of the earlier ones, as many as make a question of a
        sensible length; alone if there are none.
    """
    asked = [question.strip()]
    for before in reversed(earlier[-_MOST_QUESTIONS:]):
        if len(before) + sum(map(len, asked)) > _MOST_CHARACTERS:
            break
        asked.insert(0, before.strip())
    return " ".join(asked)
