"""The newest articles, of all or of those about a topic, each with a line of its own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from bot.answering.errors import EmptyQuestionError
from bot.workers import Worker
from corpus.models import Article
from index.analysis import tokens
from index.models import Span
from index.retrieval import Retrieval
from index.sentences import sentences

_MOST_ARTICLES: Final = 8
_MOST_FOUND: Final = 16


class NewestArticles(Protocol):
    """The part of the article store that is read here; blocking."""

    def newest(self, limit: int) -> Sequence[Article]:
        """Return the articles published last, the last one first."""


class Finder(Protocol):
    """Whatever finds articles for words; `index.retriever.Retriever` does. Blocking."""

    def retrieve(self, question: str, *, limit: int = 20) -> Retrieval:
        """Find and rank articles."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An article and the sentence of it that is shown; an empty span shows none."""

    article: Article
    span: Span


class Latest:
    """Looks up what is new. Everything that blocks runs on its worker."""

    def __init__(
        self,
        *,
        articles: NewestArticles,
        articles_worker: Worker,
        finder: Finder,
        index_worker: Worker,
    ) -> None:
        self._articles = articles
        self._articles_worker = articles_worker
        self._finder = finder
        self._index_worker = index_worker

    async def newest(self) -> list[Excerpt]:
        """Return the newest articles, the last published first, each with its first sentence."""
        return await self._articles_worker.run(self._newest)

    async def newest_on(self, topic: str) -> list[Excerpt]:
        """Return the newest of the articles that are found for a topic, each with what fits best.

        What was found for its meaning alone, without a word of the topic, is left out: it may be
        about anything.

        Raises:
            EmptyQuestionError: There is no word in the topic.
        """
        if not tokens(topic):
            raise EmptyQuestionError
        return await self._index_worker.run(self._newest_on, topic)

    def _newest(self) -> list[Excerpt]:
        articles = self._articles.newest(_MOST_ARTICLES)
        return [Excerpt(article, _first_sentence(article.text, 0)) for article in articles]

    def _newest_on(self, topic: str) -> list[Excerpt]:
        found = self._finder.retrieve(topic, limit=_MOST_FOUND)
        excerpts = [
            Excerpt(
                ranked.article,
                _first_sentence(ranked.article.text, ranked.passages[0].passage.span.start),
            )
            for ranked in found.articles
            if ranked.features.coverage > 0
        ]
        return sorted(excerpts, key=_last_published_first)[:_MOST_ARTICLES]


def _last_published_first(excerpt: Excerpt) -> tuple[int, int]:
    published = excerpt.article.published
    day = date.min if published is None else published.first
    return -day.toordinal(), -excerpt.article.id


def _first_sentence(text: str, start: int) -> Span:
    """Find the first sentence that begins at `start` or later."""
    for span in sentences(text[start:]):
        return Span(start + span.start, start + span.end)
    return Span(start, start)
