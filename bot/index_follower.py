"""Keeps the index in step with what other processes change, and with what failed before."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Final

from bot.recurring import recurring
from bot.workers import Worker, drive
from index.indexer import Indexer

_EVERY_S: Final = 10.0


def following(
    indexer: Indexer, index_worker: Worker, *, every_s: float = _EVERY_S
) -> AbstractAsyncContextManager[None]:
    """Catch up and tidy now and then, as long as the context lasts; questions run in between."""

    async def follow() -> None:
        await drive(index_worker, indexer.catching_up())
        await drive(index_worker, indexer.tidying())

    return recurring(follow, every_s=every_s)
