"""What reads a question and passages together: the port. The adapter is `joint_reader`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.answering.instructions import addresses_a_model
from bot.answering.proof.names import MONTHS
from corpus.models import Article, Draft, Precision
from index.models import Span

UNREAD: Final = -8.0
"""The log odds of a sentence that was not read, and the lowest that are told apart."""
_MOST_TITLE_CHARACTERS: Final = 160


@dataclass(frozen=True, slots=True)
class Readable:
    """A passage under its heading; `sentences` are slices of `text`, in order."""

    text: str
    sentences: tuple[Span, ...]


class Reader(Protocol):
    """Judges which sentences answer a question, which two vectors apart cannot tell."""

    def read(self, question: str, passages: Sequence[Readable]) -> list[list[float]]:
        """Judge each sentence of each passage, in the given order.

        Args:
            question: As typed.
            passages: As `as_read` gives them.

        Returns:
            For each sentence the logarithm of how many times likelier it is that this one answers
            than that nothing here does, -8 at least. Comparable between passages and questions.
        """


def as_read(article: Article | Draft, passage: Span, sentences: Sequence[Span]) -> Readable:
    """Put a passage under what it seldom says itself: its article's title and month.

    A title is cut where it would leave too little of the passage to a reader, and left out where
    it was made from the article's text, or speaks to a model.

    Args:
        article: Whose text it is.
        passage: A slice of the article's text.
        sentences: Slices of the article's text within the passage, in order.
    """
    title = article.title or ""
    head = "" if article.title_made or addresses_a_model(title) else title[:_MOST_TITLE_CHARACTERS]
    if published := article.published:
        month = ""
        if published.precision is not Precision.YEAR:
            month = MONTHS[published.first.month - 1][article.language == "fr"] + " "
        head = f"{head} ({month}{published.first.year})"
    head = f"{head.strip()}\n" if head.strip() else ""
    shift = len(head) - passage.start
    return Readable(
        head + article.text[passage.start : passage.end],
        tuple(Span(one.start + shift, one.end + shift) for one in sentences),
    )
