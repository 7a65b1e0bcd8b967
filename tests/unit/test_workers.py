from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Generator, Iterator
from contextvars import ContextVar

import pytest

from bot.workers import Worker, drive

request: ContextVar[str] = ContextVar("request", default="-")


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("test")
    yield worker
    worker.close()


async def ignore(_: object) -> None:
    pass


async def test_calls_run_on_one_named_thread_in_the_order_of_submission(worker: Worker) -> None:
    ran: list[tuple[int, str]] = []

    def call(number: int) -> int:
        ran.append((number, threading.current_thread().name))
        return number * 2

    results = await asyncio.gather(*(worker.run(call, number) for number in range(20)))
    assert results == [number * 2 for number in range(20)]
    assert ran == [(number, "test_0") for number in range(20)]


async def test_a_call_takes_keywords_and_the_context_of_its_caller(worker: Worker) -> None:
    request.set("r-7")
    assert await worker.run(lambda *, suffix: request.get() + suffix, suffix="!") == "r-7!"


async def test_an_error_reaches_the_caller_and_leaves_the_worker_usable(worker: Worker) -> None:
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: "still here") == "still here"


async def test_closing_waits_for_the_call_that_has_begun() -> None:
    worker, begun, end, ended = Worker("test"), threading.Event(), threading.Event(), []

    def call() -> None:
        begun.set()
        end.wait(5)
        ended.append(True)

    running = asyncio.create_task(worker.run(call))
    await asyncio.to_thread(begun.wait, 5)
    closing = asyncio.create_task(asyncio.to_thread(worker.close))
    end.set()
    await closing
    assert ended == [True]
    await running


async def test_what_waits_can_be_dropped_while_a_call_goes_on() -> None:
    worker, begun, end = Worker("test"), threading.Event(), threading.Event()

    def call() -> str:
        begun.set()
        end.wait(5)
        return "done"

    running = asyncio.create_task(worker.run(call))
    await asyncio.to_thread(begun.wait, 5)
    waiting = asyncio.create_task(worker.run(call))
    await asyncio.sleep(0)
    worker.drop_waiting()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    end.set()
    assert await running == "done"
    worker.close()


async def test_a_job_is_driven_to_its_end_and_its_result_is_returned(worker: Worker) -> None:
    def job() -> Generator[int, None, str]:
        yield 1
        yield 2
        return f"done on {threading.current_thread().name}"

    seen: list[int] = []

    async def report(step: int) -> None:
        seen.append(step)

    assert await drive(worker, job(), report) == "done on test_0"
    assert seen == [1, 2]


async def test_a_call_queued_during_a_job_runs_before_the_job_ends(worker: Worker) -> None:
    order: list[str] = []

    def job() -> Generator[int, None, None]:
        for step in range(3):
            order.append(f"step {step}")
            yield step

    asked: list[asyncio.Task[None]] = []

    async def report(step: int) -> None:
        if step == 0:
            asked.append(asyncio.create_task(worker.run(order.append, "question")))
            await asyncio.sleep(0)

    await drive(worker, job(), report)
    await asked[0]
    assert order == ["step 0", "question", "step 1", "step 2"]


@pytest.mark.parametrize("where", ["step", "report"])
async def test_a_failing_job_is_closed_on_its_worker(worker: Worker, where: str) -> None:
    closed: list[str] = []

    def job() -> Generator[int, None, None]:
        try:
            yield 1
            if where == "step":
                raise OSError(errno.ENOSPC, "disk full")
            yield 2
        finally:
            closed.append(threading.current_thread().name)

    async def report(_: int) -> None:
        if where == "report":
            raise OSError(errno.ENOSPC, "disk full")

    with pytest.raises(OSError, match="disk full"):
        await drive(worker, job(), report)
    assert closed == ["test_0"]


async def test_a_job_that_is_cancelled_twice_is_closed_on_its_worker_after_its_step(
    worker: Worker,
) -> None:
    begun, go_on, order = threading.Event(), threading.Event(), []

    def job() -> Generator[int, None, None]:
        try:
            begun.set()
            go_on.wait(5)
            order.append("step")
            yield 1
            order.append("never")
        finally:
            order.append(f"closed on {threading.current_thread().name}")

    steps = job()
    driving = asyncio.create_task(drive(worker, steps, ignore))
    await asyncio.to_thread(begun.wait, 5)
    for _ in range(2):
        driving.cancel()
        # Let the cancellation arrive before the next one; no time has to pass for that.
        for _ in range(5):
            await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await driving
    await worker.run(lambda: None)
    assert order == ["step", "closed on test_0"]
