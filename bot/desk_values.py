"""What the desk stands on, and what it hands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.answering.models import Answer, Citation, Show, unseen
from bot.journal import AnswerKey
from bot.locales import Words
from bot.rendering import Page
from corpus.models import Article, ArticleId, CorpusStatistics, Revision


class Answers(Protocol):
    """Whatever answers questions; `bot.answering.service` does."""

    async def answer(
        self,
        question: str,
        *,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
        person: int | None = None,
        show: Show = unseen,
    ) -> Answer:
        """Answer `person` from what `outlet` published from `since` to `until`; None: no limit.

        What is there so far is given to `show`.
        """

    async def understood(
        self, earlier: Sequence[str], question: str, *, person: int | None = None
    ) -> str:
        """Tell what a follow-up of `person` means, after the questions before it."""

    async def translations(
        self, citations: Sequence[Citation], *, language: str, person: int | None = None
    ) -> Mapping[int, str]:
        """Have quotes translated for `person`; by their numbers, those that could be checked."""


class Articles(Protocol):
    """The part of the article store that is read here; blocking."""

    def get_many(self, article_ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        """Return those of the articles that exist."""

    def revision(self) -> Revision:
        """Return the number of the newest change."""

    def statistics(self) -> CorpusStatistics:
        """Count."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer ready to be sent. `key` is None if it could not be kept: then without buttons.

    `can_be_logged`: nothing answered the question, and there are admins whom that may interest.
    """

    pages: list[Page]
    words: Words
    key: AnswerKey | None
    has_quotes: bool
    can_be_logged: bool = False
