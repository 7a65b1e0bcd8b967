from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import serving
from bot.fair_queue import FairQueue, NoTurnError, QueueFullError, StillAnsweringError
from bot.journal import AnswerForgottenError
from bot.settings import Settings


class Office:
    """Questions that take until `answer` is called; `begun` are those whose turn came, in order."""

    def __init__(self, *, at_once: int = 1, most_waiting: int = 100, most_of_one: int = 10) -> None:
        self.queue = FairQueue(at_once=at_once, most_waiting=most_waiting, most_of_one=most_of_one)
        self.begun: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._done: dict[str, asyncio.Event] = {}

    async def ask(self, *questions: str) -> None:
        """Ask, for the person whose number comes first in each question: `1a`."""
        for question in questions:
            self._done[question] = asyncio.Event()
            self.tasks[question] = asyncio.create_task(self._asked(question))
        await settle()

    async def _asked(self, question: str) -> None:
        async with self.queue.turn(int(question[0])):
            self.begun.append(question)
            await self._done[question].wait()

    async def answer(self, *questions: str) -> None:
        for question in questions:
            self._done[question].set()
        await settle()

    async def answer_all(self) -> None:
        for _ in self.tasks:
            await self.answer(*self.begun)
        assert all(task.done() for task in self.tasks.values())


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_nobody_waits_behind_the_tenth_question_of_somebody_else() -> None:
    office = Office()
    await office.ask(*(f"1{n}" for n in range(10)), "2a", "3a", "2b")
    await office.answer_all()
    assert office.begun == ["10", "2a", "3a", "11", "2b", *(f"1{n}" for n in range(2, 10))]


async def test_one_person_does_not_take_all_places() -> None:
    office = Office(at_once=3)
    await office.ask("1a", "1b", "1c")
    assert office.begun == ["1a"]
    await office.ask("2a")
    assert office.begun == ["1a", "2a"]
    await office.answer("1a")
    assert office.begun == ["1a", "2a", "1b"]
    await office.answer_all()


async def test_as_many_wait_as_may_and_not_one_more() -> None:
    office = Office(most_waiting=2)
    await office.ask("1a", "2a", "3a", "4a")
    with pytest.raises(QueueFullError) as refused:
        office.tasks["4a"].result()
    assert refused.value.waiting == 2
    await office.answer("1a")
    office.queue.check(4)
    await office.ask("4a")
    await office.answer_all()
    assert office.begun == ["1a", "2a", "3a", "4a"]


async def test_one_person_cannot_fill_the_queue() -> None:
    office = Office(most_waiting=9, most_of_one=2)
    await office.ask("1a", "1b", "1c", "1d")
    with pytest.raises(StillAnsweringError) as refused:
        office.tasks["1d"].result()
    assert refused.value.waiting == 2
    office.queue.check(2)
    await office.answer_all()


async def test_a_question_that_fails_makes_room() -> None:
    queue = FairQueue(at_once=1, most_waiting=0, most_of_one=0)

    async def fail() -> None:
        async with queue.turn(1):
            raise AnswerForgottenError

    for _ in range(3):
        with pytest.raises(AnswerForgottenError):
            await fail()


async def test_who_has_waited_for_too_long_is_told_and_not_waited_for() -> None:
    queue = FairQueue(at_once=1, most_waiting=9, most_of_one=2, patience_s=0)
    async with queue.turn(1), asyncio.timeout(5):
        for person in (1, 2):
            with pytest.raises(NoTurnError):
                await queue.turn(person).__aenter__()
        assert queue.waiting == 0
    async with queue.turn(2):
        pass


def test_who_has_waited_longest_is_answered_while_discord_takes_it() -> None:
    slowest = 4 * Settings.from_env({}).llm_timeout_s
    assert serving._PATIENCE_S + slowest < 15 * 60


async def test_who_leaves_is_not_waited_for() -> None:
    office = Office()
    await office.ask("1a", "2a", "2b", "3a")
    office.tasks["2a"].cancel()
    office.tasks["3a"].cancel()
    await settle()
    assert office.queue.waiting == 1
    await office.answer_all()
    assert office.begun == ["1a", "2b"]


async def test_who_leaves_in_the_moment_of_being_called_makes_room() -> None:
    office = Office()
    turn = office.queue.turn(1)
    await turn.__aenter__()
    await office.ask("2a", "3a")
    await turn.__aexit__(None, None, None)
    office.tasks["2a"].cancel()
    await settle()
    assert office.begun == ["3a"]
    await office.answer_all()


@given(
    asked=st.lists(st.integers(0, 4), max_size=30),
    at_once=st.integers(1, 4),
    cancelled=st.sets(st.integers(0, 29)),
)
def test_everybody_is_answered_in_order_of_their_own_and_by_turns(
    asked: list[int], at_once: int, cancelled: set[int]
) -> None:
    async def run() -> None:
        office = Office(at_once=at_once, most_of_one=30)
        questions = [f"{person}{number}" for number, person in enumerate(asked)]
        await office.ask(*questions)
        assert len({one[0] for one in office.begun}) == len(office.begun) <= at_once
        for number in cancelled & set(range(len(asked))):
            office.tasks[questions[number]].cancel()
        await settle()
        await office.answer_all()
        left = [q for n, q in enumerate(questions) if n not in cancelled or q in office.begun]
        assert sorted(office.begun) == sorted(left)
        for person in range(5):
            own = [int(one[1:]) for one in office.begun if one[0] == str(person)]
            assert own == sorted(own)
        assert office.queue.waiting == 0
        office.queue.check(1)

    asyncio.run(run())
