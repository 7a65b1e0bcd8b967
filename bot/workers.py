"""Where async meets blocking: one-thread workers, and the drive of a long job in small steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Step = TypeVar("Step")


class Worker:
    """One named thread that runs blocking calls in the order they are submitted.

    A single thread *is* the lock: whatever is only touched through one worker needs no other.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `call` on the thread and await its result, keeping the logging context.

        Cancelling the await does not stop a call that has begun; one that has not is dropped.
        """
        context = copy_context()
        bound = partial(context.run, partial(call, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._executor, bound)

    def drop_waiting(self) -> None:
        """Drop the calls that have not begun, and take no other."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for the call that has begun, drop those that have not, and end the thread."""
        self._executor.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Finished(Generic[R]):
    result: R


async def drive(
    worker: Worker,
    steps: Generator[Step, None, R],
    report: Callable[[Step], Awaitable[None]] | None = None,
) -> R:
    """Run `steps` on `worker` one by one; calls queued meanwhile run in between.

    If this is cancelled, or a step or a report fails, the generator is closed on the worker, so
    that it can discard what it began.

    Returns:
        What the generator returned.
    """
    try:
        while not isinstance(step := await worker.run(_advance, steps), _Finished):
            if report is not None:
                await report(step)
        return step.result
    finally:
        # A second cancellation must not leave a half-built thing open.
        await asyncio.shield(worker.run(steps.close))


def _advance(steps: Generator[Step, None, R]) -> Step | _Finished[R]:
    """Take one step; a future cannot carry StopIteration, so the end is a value."""
    try:
        return next(steps)
    except StopIteration as end:
        return _Finished(end.value)
