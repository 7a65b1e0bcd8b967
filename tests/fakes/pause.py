"""A pause that lasts until a test ends it."""

from __future__ import annotations

import asyncio


class HeldPause:
    """Call it to wait; `end` lets one caller go on, now or when it comes."""

    def __init__(self) -> None:
        self._ended = asyncio.Semaphore(0)

    async def __call__(self) -> None:
        await self._ended.acquire()

    def end(self) -> None:
        self._ended.release()
