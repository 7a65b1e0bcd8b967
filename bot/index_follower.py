"""Keeps the index in step with what other processes change, and with what failed before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.error_messages import report
from bot.logs import new_reference
from bot.workers import Worker, drive
from index.indexer import Indexer

_EVERY_S: Final = 10.0


@asynccontextmanager
async def following(
    indexer: Indexer, index_worker: Worker, *, every_s: float = _EVERY_S
) -> AsyncIterator[None]:
    """Catch up and tidy now and then, as long as the context lasts; questions run in between.

    What fails is tried again. It is logged when it is another failure than the last.
    """
    task = asyncio.create_task(_follow(indexer, index_worker, every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow(indexer: Indexer, index_worker: Worker, every_s: float) -> None:
    logged = ""
    while True:
        try:
            await drive(index_worker, indexer.catching_up())
            await drive(index_worker, indexer.tidying())
            failure = ""
        except Exception as error:  # noqa: BLE001 - whatever it was, the next try may succeed
            failure = type(error).__name__
            if failure != logged:
                report(error, reference=new_reference())
        logged = failure
        await asyncio.sleep(every_s)
