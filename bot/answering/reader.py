"""What reads a question and a sentence together: the port. The adapter is `joint_reader`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from bot.answering.instructions import addresses_a_model
from bot.answering.names import MONTHS
from corpus.models import Article, Draft, Precision

_MOST_TITLE_CHARACTERS: Final = 160


class Reader(Protocol):
    """Judges whether sentences answer a question, which two vectors apart cannot tell."""

    def read(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Judge each sentence, in the given order.

        Args:
            question: As typed.
            sentences: As `as_read` gives them.

        Returns:
            For each the logarithm of how many times likelier it is that this sentence answers than
            that nothing here does. Comparable between questions.
        """


def as_read(sentence: str, article: Article | Draft) -> str:
    """Put a sentence under what it seldom says itself: its article's title and month.

    A title is cut where it would leave too little of the sentence to a reader, and left out where
    it was made from the article's text, or speaks to a model.
    """
    title = article.title or ""
    head = "" if article.title_made or addresses_a_model(title) else title[:_MOST_TITLE_CHARACTERS]
    if published := article.published:
        month = ""
        if published.precision is not Precision.YEAR:
            month = MONTHS[published.first.month - 1][article.language == "fr"] + " "
        head = f"{head} ({month}{published.first.year})"
    return f"{head}\n{sentence}".strip()
