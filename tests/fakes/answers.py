"""Answers without a corpus, and a service that gives what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.answering.models import (
    Abstained,
    Answer,
    Answered,
    Citation,
    Context,
    Mode,
    Show,
    unseen,
)
from bot.conversation import in_context
from corpus.models import Article, ArticleId, Precision, PublicationDate, Revision
from index.models import IndexState

NEWEST = PublicationDate(date(2023, 12, 1), Precision.DAY)


def an_article(
    number: int = 1,
    *,
    text: str = "Microsoft dropped Twitter. The new fee was too high.",
    title: str = "Microsoft drops Twitter",
    outlet: str | None = "The Verge",
    url: str | None = "https://example.org/microsoft",
) -> Article:
    return Article(
        id=ArticleId(number),
        title=title,
        text=text,
        language="en",
        content_hash=f"hash-{number}",
        added_at=datetime(2024, 1, 1, tzinfo=UTC),
        outlet=outlet,
        published=PublicationDate(date(2023, 4, 19), Precision.DAY),
        url=url,
    )


def a_context(
    question: str = "Why did Microsoft leave Twitter?",
    *,
    language: str = "en",
    nearest: tuple[Article, ...] = (),
    newest: PublicationDate | None = NEWEST,
) -> Context:
    return Context(
        question=question,
        language=language,
        confidence=0.9,
        retrieved=(),
        nearest=nearest,
        period=None,
        index=IndexState(generation=1, revision=Revision(3), articles=1234, newest=newest),
        elapsed_ms=12.0,
    )


def answered(
    text: str = "The new fee was too high. [1]",
    *,
    articles: tuple[Article, ...] = (an_article(),),
    context: Context | None = None,
    fallback: str | None = None,
) -> Answered:
    """Cite the first sentence of each article."""
    citations = tuple(
        Citation(
            number=number,
            article=article,
            start=0,
            end=article.text.find(".") + 1 or len(article.text),
            link=article.url and f"{article.url}#:~:text=Microsoft",
        )
        for number, article in enumerate(articles, start=1)
    )
    return Answered(
        context=context or a_context(),
        mode=Mode.EXTRACTIVE,
        text=text,
        citations=citations,
        fallback=fallback,
    )


def abstained(
    text: str = "I have nothing on this.",
    *,
    nearest: tuple[Article, ...] = (an_article(),),
    language: str = "en",
) -> Abstained:
    return Abstained(context=a_context(nearest=nearest, language=language), text=text)


class ScriptedAnswers:
    """Gives `answer` or raises it, and remembers what it was asked; waits while `held`.

    `shows` are what is to be given an answer that is still being written, for each question;
    they are given `grows` at once.
    """

    def __init__(self, answer: Answer | Exception | None = None) -> None:
        self.answer_given: Answer | Exception = answer or answered()
        self.asked: list[str] = []
        self.people: list[int | None] = []
        self.limits: list[tuple[date | None, date | None, str | None]] = []
        self.understood_as: str | None = None
        self.followed_up: list[tuple[list[str], str, int | None]] = []
        self.translations_given: dict[int, str] = {}
        self.translated: list[tuple[list[str], str, int | None]] = []
        self.grows: list[Answered] = []
        self.shows: asyncio.Queue[Show] = asyncio.Queue()
        self.free = asyncio.Event()
        self.free.set()

    def hold(self) -> None:
        self.free.clear()

    def release(self) -> None:
        self.free.set()

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
        self.asked.append(question)
        self.people.append(person)
        self.limits.append((since, until, outlet))
        self.shows.put_nowait(show)
        for so_far in self.grows:
            show(so_far)
        await self.free.wait()
        if isinstance(self.answer_given, Exception):
            raise self.answer_given
        return self.answer_given

    async def understood(
        self, earlier: Sequence[str], question: str, *, person: int | None = None
    ) -> str:
        self.followed_up.append((list(earlier), question, person))
        return self.understood_as or in_context(earlier, question)

    async def translations(
        self, citations: Sequence[Citation], *, language: str, person: int | None = None
    ) -> dict[int, str]:
        self.translated.append(([one.quote for one in citations], language, person))
        await self.free.wait()
        return self.translations_given
