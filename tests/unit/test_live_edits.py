"""Of what is shown while an answer is written, the newest is written, one edit after a pause."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.live_edits import LiveEdits
from bot.rendering import Page
from tests.fakes.pause import HeldPause

A, B, C, D = ([Page(text)] for text in "ABCD")


class Written:
    """What was written, in order."""

    def __init__(self) -> None:
        self._pages: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, page: Page) -> None:
        self._pages.put_nowait(page.text)

    async def next(self) -> str:
        async with asyncio.timeout(5):
            return await self._pages.get()

    @property
    def is_all_seen(self) -> bool:
        return self._pages.empty()


@pytest.fixture
async def pause() -> HeldPause:
    return HeldPause()


@pytest.fixture
async def written() -> Written:
    return Written()


async def test_the_first_is_written_at_once_and_then_the_newest_after_each_pause(
    pause: HeldPause, written: Written
) -> None:
    async with LiveEdits(pause).during(1, written) as show:
        show(A)
        assert await written.next() == "A"
        show(B)
        show(C)
        pause.end()
        assert await written.next() == "C"
        pause.end()
    assert written.is_all_seen


async def test_at_the_end_the_pause_is_over_and_nothing_is_written_any_more(
    pause: HeldPause, written: Written
) -> None:
    has_ended = asyncio.Event()

    async def answer() -> None:
        async with LiveEdits(pause).during(1, written) as show:
            show(A)
            assert await written.next() == "A"
            show(B)
            has_ended.set()

    answering = asyncio.create_task(answer())
    await has_ended.wait()
    others = Written()
    other_pause, others = HeldPause(), Written()
    async with LiveEdits(other_pause).during(2, others) as show:
        show(C)
        # It takes more steps than it would take to end without waiting.
        assert await others.next() == "C"
        other_pause.end()
    assert not answering.done()
    pause.end()
    await answering
    assert written.is_all_seen


async def test_an_answer_that_is_there_at_once_is_not_shown_before(
    pause: HeldPause, written: Written
) -> None:
    async with LiveEdits(pause).during(1, written) as show:
        show(A)
    assert written.is_all_seen


async def test_messages_of_one_channel_take_turns_and_others_do_not_wait(
    pause: HeldPause, written: Written
) -> None:
    edits = LiveEdits(pause)
    async with (
        edits.during(1, written) as show_one,
        edits.during(1, written) as show_two,
        edits.during(2, written) as show_three,
    ):
        show_one(A)
        assert await written.next() == "A"
        show_two(B)
        show_three(C)
        assert await written.next() == "C"
        show_two(D)
        pause.end()
        assert await written.next() == "D"
        pause.end()
        pause.end()


async def test_several_pages_are_not_shown_before_all_is_written(
    pause: HeldPause, written: Written
) -> None:
    async with LiveEdits(pause).during(1, written) as show:
        show([Page("x"), Page("y")])
        show(A)
        assert await written.next() == "A"
        show([Page("x"), Page("y")])
        pause.end()
    assert written.is_all_seen


async def test_an_edit_that_fails_leaves_the_answer_alone(
    pause: HeldPause, caplog: pytest.LogCaptureFixture
) -> None:
    tried = asyncio.Event()

    async def write(page: Page) -> None:
        tried.set()
        raise OSError(page.text)

    with caplog.at_level(logging.WARNING):
        async with LiveEdits(pause).during(1, write) as show:
            show(A)
            await tried.wait()
            show(B)
    assert "could not be shown while written: OSError" in caplog.text


async def test_an_error_of_the_answer_passes(written: Written) -> None:
    async def answer() -> None:
        async with LiveEdits(HeldPause()).during(1, written) as show:
            show(A)
            assert await written.next() == "A"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await answer()
