"""Showing an answer while it is written: the newest of it, and not oftener than Discord likes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, TypeAlias
from weakref import WeakValueDictionary

from bot.rendering import Page

log = logging.getLogger(__name__)

_PAUSE_S: Final = 1.0

ShowPages: TypeAlias = Callable[[Sequence[Page]], None]
Pause: TypeAlias = Callable[[], Awaitable[None]]


async def a_second() -> None:
    """Wait as long as Discord wants it: it takes five edits in five seconds of one channel."""
    await asyncio.sleep(_PAUSE_S)


class LiveEdits:
    """Lets one edit of a channel through at a time, and a pause after each.

    Args:
        pause: Waits until the next edit may follow.
    """

    def __init__(self, pause: Pause = a_second) -> None:
        self._pause = pause
        self._turns: WeakValueDictionary[int | None, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def during(
        self, channel_id: int | None, write: Callable[[Page], Awaitable[None]]
    ) -> AsyncIterator[ShowPages]:
        """Give what shows pages: the newest is written as soon as its turn has come.

        Several pages are not shown before all is written: the messages below the first would come
        and go. At the end no write is under way any more, and the pause after the last one is over.

        Args:
            channel_id: Where the message is.
            write: Puts a page in the place of the one before. If it fails, no more are shown:
                the whole answer comes anyway.
        """
        turn = self._turns.setdefault(channel_id, asyncio.Lock())
        busy = asyncio.Lock()
        waiting: asyncio.Queue[Page] = asyncio.Queue(maxsize=1)

        def show(pages: Sequence[Page]) -> None:
            if len(pages) > 1:
                return
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(pages[0])

        async def follow() -> None:
            while True:
                page = await waiting.get()
                async with turn, busy:
                    page = page if waiting.empty() else waiting.get_nowait()
                    await write(page)
                    await self._pause()

        async def follow_or_log() -> None:
            try:
                await follow()
            except Exception as error:  # noqa: BLE001 - the whole answer comes anyway
                kind = type(error).__name__
                log.warning("an answer could not be shown while written: %s", kind)

        following = asyncio.create_task(follow_or_log())
        try:
            yield show
            async with busy:
                pass
        finally:
            following.cancel()
