"""The values of answering: what was asked, what is said, and what proves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from corpus.models import Article
from index.models import IndexState, Period, RetrievedPassage


class Mode(StrEnum):
    """Who wrote the text of an answer."""

    EXTRACTIVE = "extractive"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words of an article that stand behind the mark `[number]` of an answer.

    `start` and `end` are offsets in characters into `article.text`. `link` opens the article, at
    the quoted words where the browser can; None if the article has no URL.
    """

    number: int
    article: Article
    start: int
    end: int
    link: str | None

    @property
    def quote(self) -> str:
        """The quoted words, a slice of the stored text."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every answer carries, whatever its outcome.

    `language` is the question's, ISO 639-1, and decides the words around the quotes. `nearest`
    are the closest articles, best first. `confidence` is the fitted probability, in [0, 1], that
    the passages found answer the question.
    """

    question: str
    language: str
    confidence: float
    retrieved: tuple[RetrievedPassage, ...]
    nearest: tuple[Article, ...]
    period: Period | None
    index: IndexState
    elapsed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer: a text with marks `[n]`, and the citation behind each mark.

    Every number in the text has its citation and the reverse. `fallback` is a sentence in the
    question's language that says why quotes were given although a language model is configured.
    `translations` are those in the text that a language model made of quotes, by their numbers.
    """

    context: Context
    mode: Mode
    text: str
    citations: tuple[Citation, ...]
    fallback: str | None = None
    translations: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstained:
    """Nothing in the corpus answers the question; `text` says so, `context.nearest` is closest."""

    context: Context
    text: str


Answer: TypeAlias = Answered | Abstained
Show: TypeAlias = Callable[[Answered], None]
"""Is given what of an answer is written so far; of that, nothing is taken back."""


def unseen(so_far: Answered) -> None:
    """Take no notice of what is written so far: the whole answer is enough."""
    del so_far
