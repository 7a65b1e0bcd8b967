"""What can be done with questions and answers on Discord, whichever way a person asks for it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from bot.answering.models import Answer, Answered, Citation
from bot.desk_values import Answers, Articles, Told
from bot.fair_queue import FairQueue
from bot.journal import (
    AnswerForgottenError,
    AnswerKey,
    Earlier,
    Entry,
    Forgotten,
    Journal,
    Quoted,
)
from bot.limits import Limits
from bot.live_edits import LiveEdits
from bot.locales import Words, words_for
from bot.rate_limit import RateLimiter
from bot.rendering import Page, answer_pages, quotes_pages
from bot.server_settings import Place, Servers
from bot.workers import Worker
from corpus.errors import StoreUnavailableError
from corpus.models import Article, ArticleId, CorpusStatistics, Revision
from corpus.normalizing import fold
from index.models import Span

log = logging.getLogger(__name__)


class Desk:
    """Asks, remembers, quotes, rates and forgets. Everything that blocks runs on its worker.

    Args:
        answers: What answers questions.
        articles: The article store, only touched on `articles_worker`.
        articles_worker: Its thread.
        journal: What is remembered, only touched on `journal_worker`.
        journal_worker: Its thread.
        limiter: How often one person may ask.
        queue: Whose turn it is.
        servers: What holds in which server.
        live_edits: How often an answer is shown while it is written.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        articles: Articles,
        articles_worker: Worker,
        journal: Journal,
        journal_worker: Worker,
        limiter: RateLimiter,
        queue: FairQueue,
        servers: Servers,
        live_edits: LiveEdits,
    ) -> None:
        self._answers = answers
        self._articles = articles
        self._articles_worker = articles_worker
        self._journal = journal
        self._journal_worker = journal_worker
        self._limiter = limiter
        self._queue = queue
        self._servers = servers
        self._live_edits = live_edits
        self._forgotten: Counter[int] = Counter()
        self._outlets: tuple[Revision, dict[str, int]] | None = None

    @property
    def kept_days(self) -> int:
        """For how many days questions are kept."""
        return self._journal.kept_for.days

    def admit(self, person: int, place: Place | None) -> None:
        """Count a question before it is asked.

        Args:
            person: Who asks.
            place: Where; None is a direct message.

        Raises:
            ChannelNotAllowedError: Questions are not answered there.
            StillAnsweringError: Too many questions of this person wait.
            QueueFullError: Too many questions wait.
            AskingTooOftenError: The person has to wait.
        """
        self._servers.check(place)
        self._queue.check(person)
        settings = self._servers.of(place.server_id if place else None)
        self._limiter.check(person, cooldown_s=settings.cooldown_s or 0.0)

    def check_place(self, place: Place | None) -> None:
        """Raise `ChannelNotAllowedError` where questions are not answered."""
        self._servers.check(place)

    def listens(self, place: Place | None) -> bool:
        """Tell whether questions are answered there."""
        return self._servers.allows(place)

    async def ask(
        self,
        person: int,
        question: str,
        *,
        server_id: int | None,
        channel_id: int | None,
        write: Callable[[Page], Awaitable[None]],
        limits: Limits | None = None,
        after: AnswerKey | None = None,
        with_question: bool = True,
        private: bool = False,
    ) -> Told:
        """Answer a question of somebody who was admitted, and remember it.

        It is not remembered if they want to be forgotten before it is answered.

        Args:
            person: Whose question it is; only a hash of it is kept.
            question: As it was asked.
            server_id: Where it was asked; None is a direct message.
            channel_id: The channel there, or the one of the direct message.
            write: Shows what of the answer is written so far, in the place of what it showed
                before; it has done so for the last time when this returns.
            limits: Where the answer may come from.
            after: The answer that the question follows up, if any.
            with_question: Show the question above the answer.
            private: The answer may later be shared by the one who got it.

        Raises:
            StillAnsweringError: Too many questions of this person wait by now.
            QueueFullError: Too many questions wait by now.
            NoTurnError: Others were asked for too long before it.
        """
        limits = limits or Limits()
        forgotten = self._forgotten[person]
        question = _writable(question)
        understood = question

        def pages_of(answer: Answer) -> list[Page]:
            return answer_pages(
                answer,
                words_for(answer.context.language),
                question=question if with_question else None,
                understood=None if understood == question.strip() else understood,
            )

        async with (
            self._live_edits.during(channel_id, write) as show,
            self._queue.turn(person),
        ):
            earlier = await self._before(after)
            understood = await self._answers.understood(
                [one.question for one in earlier], question, person=person
            )
            answer = await self._answers.answer(
                understood,
                since=limits.since,
                until=limits.until,
                outlet=limits.outlet,
                person=person,
                show=lambda so_far: show(pages_of(so_far)),
            )
        words, pages = words_for(answer.context.language), pages_of(answer)
        entry = _entry(answer, question, earlier, pages if private else None)
        key = None
        if self._forgotten[person] == forgotten:
            key = await self._remember(person, entry, server_id)
        can_be_logged = not entry.answered and server_id is not None
        return Told(pages, words, key, bool(entry.quoted), can_be_logged)

    async def quotes(
        self,
        key: AnswerKey,
        person: int,
        words: Words,
        write: Callable[[list[Page]], Awaitable[None]],
    ) -> None:
        """Show the passages that an answer quotes, as they stand in the articles now.

        Args:
            key: The answer.
            person: Who wants to see them, and pays for translations of them.
            words: In the language of the reader.
            write: Shows the pages; once more if there are translations, when these have come.

        Raises:
            AnswerForgottenError: The answer is not kept any more.
        """
        entry = await self._journal_worker.run(self._journal.find, key)
        articles = await self._articles_worker.run(
            self._articles.get_many, {one.article_id for one in entry.quoted}
        )
        quoted = [(one.number, _quoted_in(articles, one), one.span) for one in entry.quoted]
        await write(quotes_pages(quoted, words))
        citations = [
            Citation(number, article, span.start, span.end, article.url)
            for number, article, span in quoted
            if article is not None and span.end <= len(article.text)
        ]
        translations = await self._answers.translations(
            citations, language=entry.language, person=person
        )
        if translations:
            await write(quotes_pages(quoted, words, translations=translations))

    async def shared(self, key: AnswerKey) -> Told:
        """Show a private answer once more, for everybody.

        Raises:
            AnswerForgottenError: The answer is not kept any more.
        """
        entry = await self._journal_worker.run(self._journal.find, key)
        if entry.pages is None:
            raise AnswerForgottenError
        pages = [Page(text, footer) for text, footer in entry.pages]
        return Told(pages, words_for(entry.language), key, bool(entry.quoted))

    async def rate(
        self, key: AnswerKey, person: int, *, helpful: bool, comment: str | None = None
    ) -> None:
        """Remember what a person thinks of an answer.

        Raises:
            AnswerForgottenError: The answer is not kept any more.
        """
        comment = None if comment is None else _writable(comment)
        await self._journal_worker.run(
            self._journal.rate, key, person, helpful=helpful, comment=comment
        )

    async def wish(self, key: AnswerKey, person: int) -> None:
        """Log that a person wants a question answered; admins see it in the statistics.

        Raises:
            AnswerForgottenError: The answer is not kept any more.
        """
        await self._journal_worker.run(self._journal.wish, key, person)

    async def forget(self, person: int) -> Forgotten:
        """Delete everything that is remembered about a person, and remember no open question."""
        self._forgotten[person] += 1
        return await self._journal_worker.run(self._journal.forget, person)

    async def statistics(self) -> CorpusStatistics:
        """Count the articles."""
        return await self._articles_worker.run(self._articles.statistics)

    async def outlets(self, typed: str) -> list[str]:
        """Find outlets whose name contains what was typed, those with most articles first."""
        counts = await self._articles_worker.run(self._counted_outlets)
        wanted = fold(typed.strip())
        found = [name for name in counts if wanted in fold(name)]
        return sorted(found, key=lambda name: (-counts[name], name))

    def _counted_outlets(self) -> dict[str, int]:
        """Count anew only when the corpus has changed: this is asked with every letter typed."""
        if self._outlets is None or self._outlets[0] != self._articles.revision():
            statistics = self._articles.statistics()
            self._outlets = (statistics.revision, statistics.outlets)
        return self._outlets[1]

    async def _before(self, after: AnswerKey | None) -> tuple[Earlier, ...]:
        if after is None:
            return ()
        try:
            entry = await self._journal_worker.run(self._journal.find, after)
        except AnswerForgottenError:
            return ()
        return (*entry.earlier, Earlier(entry.question, after))

    async def _remember(self, person: int, entry: Entry, server_id: int | None) -> AnswerKey | None:
        try:
            return await self._journal_worker.run(
                self._journal.record, person, entry, server_id=server_id
            )
        except StoreUnavailableError as error:
            # The answer is there, and worth more than its buttons.
            log.warning("an answer could not be kept: %s", error.reason)
            return None


def _writable(text: str) -> str:
    """Put a question mark for each half of a sign: no file and no message takes it."""
    return text.encode(errors="replace").decode()


def _quoted_in(articles: Mapping[ArticleId, Article], quoted: Quoted) -> Article | None:
    """Find the article that was quoted, and not another one that has its id by now."""
    article = articles.get(quoted.article_id)
    if article is None or quoted.content_hash not in {None, article.content_hash}:
        return None
    return article


def _entry(
    answer: Answer, question: str, earlier: tuple[Earlier, ...], pages: list[Page] | None
) -> Entry:
    citations = answer.citations if isinstance(answer, Answered) else ()
    return Entry(
        question=question,
        earlier=earlier,
        language=answer.context.language,
        answered=isinstance(answer, Answered),
        confidence=answer.context.confidence,
        elapsed_ms=answer.context.elapsed_ms,
        quoted=tuple(
            Quoted(one.number, one.article.id, Span(one.start, one.end), one.article.content_hash)
            for one in citations
        ),
        pages=None if pages is None else tuple((page.text, page.footer) for page in pages),
    )
