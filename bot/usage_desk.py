"""Telling how the bot was used; everything that blocks runs on its worker. Knows no Discord."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.desk_values import Articles
from bot.journal import Journal
from bot.locales import Words
from bot.rendering import Page
from bot.usage import count, first_moment
from bot.usage_pages import usage_pages
from bot.usage_picture import draw
from bot.workers import Worker


class UsageDesk:
    """Counts, looks up and draws.

    Args:
        journal: What was asked, only touched on `journal_worker`.
        journal_worker: Its thread.
        articles: The article store, only touched on `articles_worker`.
        articles_worker: Its thread.
        picture_worker: The thread on which pictures are drawn, which takes about a second.
        clock: The time now, in UTC.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        journal_worker: Worker,
        articles: Articles,
        articles_worker: Worker,
        picture_worker: Worker,
        clock: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._journal_worker = journal_worker
        self._articles = articles
        self._articles_worker = articles_worker
        self._picture_worker = picture_worker
        self._clock = clock

    async def report(
        self, server_id: int, days: int, words: Words
    ) -> tuple[list[Page], bytes | None]:
        """Tell in words and as a PNG how the bot was used in a server in the last days.

        Args:
            server_id: Which.
            days: How many, today included, at least 1.
            words: In the language of the reader.

        Returns:
            The pages, and the picture of it if anything was asked.
        """
        first = first_moment(self._clock(), days)
        asked, rated = await self._journal_worker.run(
            self._journal.since, first, server_id=server_id
        )
        usage = count(asked, rated, first=first.date(), days=days)
        articles = await self._articles_worker.run(
            self._articles.get_many, [number for number, _ in usage.cited]
        )
        pages = usage_pages(usage, articles, words)
        if not usage.questions:
            return pages, None
        return pages, await self._picture_worker.run(draw, usage, words)
