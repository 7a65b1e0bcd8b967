"""What the bot does now and then as long as it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.error_messages import report
from bot.logs import new_reference


@asynccontextmanager
async def recurring(
    work: Callable[[], Awaitable[object]], *, every_s: float
) -> AsyncIterator[None]:
    """Do a work again and again, with a pause in between, as long as the context lasts.

    What fails is tried again. It is logged when it is another failure than the last.
    """
    task = asyncio.create_task(_repeat(work, every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _repeat(work: Callable[[], Awaitable[object]], every_s: float) -> None:
    logged = ""
    while True:
        try:
            await work()
            failure = ""
        except Exception as error:  # noqa: BLE001 - whatever it was, the next try may succeed
            failure = type(error).__name__
            if failure != logged:
                report(error, reference=new_reference())
        logged = failure
        await asyncio.sleep(every_s)
