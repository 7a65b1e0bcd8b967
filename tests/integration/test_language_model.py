"""A real server that fails, recovers and counts: the breaker and the budget in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.answering.breaker import Breaker
from bot.answering.errors import (
    BudgetSpentError,
    BudgetUnknownError,
    GenerationError,
    ModelRestingError,
    OwnBudgetSpentError,
)
from bot.answering.generator import ChatModelGenerator, Message
from bot.answering.language_model import LanguageModel
from bot.data_files import TOKENS_FILE
from bot.token_budget import TokenBudget
from bot.workers import Worker
from tests.fakes.openai_server import Conduct, OpenAIServer

CONVERSATION = [Message("system", "Be brief."), Message("user", "Why? " * 60)]
# What is reserved for the conversation: about a token for three characters, and the reply.
RESERVED = sum(len(one.content) for one in CONVERSATION) // 3 + 500


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer("hello") as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def running(
    server: OpenAIServer,
    data: Path,
    clock: Clock,
    *,
    per_day: int = 0,
    per_person: int = 0,
    timeout_s: float = 10.0,
) -> Iterator[LanguageModel]:
    """The language model as the settings make it, until the process ends."""
    generator = ChatModelGenerator.from_settings(
        model="openai:some-model", base_url=server.base_url, api_key="sk-1", timeout_s=timeout_s
    )
    worker = Worker("budget")
    budget = TokenBudget(
        data / TOKENS_FILE,
        worker=worker,
        today=lambda: date(2024, 1, 1),
        per_day=per_day,
        per_person=per_person,
    )
    with closing(budget), closing(worker):
        yield LanguageModel(
            generator, name="openai:some-model", breaker=Breaker(clock=clock), budget=budget
        )


async def ask(model: LanguageModel, person: int | None = None) -> str:
    return (await model.asked_by(person).generate(CONVERSATION)).text


@pytest.mark.parametrize(
    "conduct",
    [
        Conduct.FAILING,
        Conduct.CUT,
        Conduct.HALF_A_BODY,
        Conduct.GARBAGE,
        Conduct.NO_CHOICES,
        Conduct.UNAUTHORIZED,
        Conduct.SILENT,
    ],
    ids=lambda conduct: conduct.name.lower(),
)
async def test_after_three_failures_it_is_left_alone_and_recovers_without_a_restart(
    server: OpenAIServer, accented: Path, clock: Clock, conduct: Conduct
) -> None:
    timeout_s = 0.2 if conduct is Conduct.SILENT else 10.0
    with running(server, accented, clock, timeout_s=timeout_s) as model:
        server.conduct = conduct
        for _ in range(3):
            with pytest.raises(GenerationError):
                await ask(model)
        requests = len(server.received)
        for _ in range(9):
            with pytest.raises(ModelRestingError):
                await ask(model)
        assert len(server.received) == requests
        assert (await model.state()).rests_s == 30
        server.conduct = Conduct.NORMAL
        clock.now += 30
        assert await ask(model) == "hello"
        assert (await model.state()).rests_s is None
        assert await ask(model) == "hello"


@pytest.mark.parametrize(("said", "rests_s"), [("120", 120), (None, 30), ("soon", 30)])
async def test_a_spent_quota_is_left_alone_as_long_as_the_server_asks(
    server: OpenAIServer, accented: Path, clock: Clock, said: str | None, rests_s: float
) -> None:
    server.conduct, server.retry_after = Conduct.OUT_OF_QUOTA, said
    with running(server, accented, clock) as model:
        with pytest.raises(GenerationError):
            await ask(model)
        assert (await model.state()).rests_s == rests_s
        clock.now += rests_s - 1
        with pytest.raises(ModelRestingError):
            await ask(model)
    assert len(server.received) == 1


async def test_of_many_who_ask_when_the_pause_is_over_one_tries(
    server: OpenAIServer, accented: Path, clock: Clock
) -> None:
    with running(server, accented, clock) as model:
        server.conduct = Conduct.OUT_OF_QUOTA
        with pytest.raises(GenerationError):
            await ask(model)
        server.conduct = Conduct.NORMAL
        clock.now += 30
        told = await asyncio.gather(*(ask(model) for _ in range(20)), return_exceptions=True)
        assert told.count("hello") == 1
        assert sum(isinstance(one, ModelRestingError) for one in told) == 19
        assert len(server.received) == 2


async def test_one_who_gives_up_does_not_keep_the_others_from_trying(
    server: OpenAIServer, accented: Path, clock: Clock
) -> None:
    with running(server, accented, clock) as model:
        server.conduct = Conduct.OUT_OF_QUOTA
        with pytest.raises(GenerationError):
            await ask(model)
        server.conduct = Conduct.SILENT
        clock.now += 30
        server.asked.clear()
        trying = asyncio.ensure_future(ask(model))
        await server.asked.wait()
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying
        server.conduct = Conduct.NORMAL
        assert await ask(model) == "hello"


async def test_a_restart_gives_nobody_a_second_share(
    server: OpenAIServer, accented: Path, clock: Clock
) -> None:
    server.usage = {"total_tokens": 400}
    budget = {"per_day": 400 + RESERVED, "per_person": RESERVED}
    with running(server, accented, clock, **budget) as model:
        assert await ask(model, 1) == "hello"
    with running(server, accented, clock, **budget) as model:
        with pytest.raises(OwnBudgetSpentError):
            await ask(model, 1)
        assert await ask(model, 2) == "hello"
        with pytest.raises(BudgetSpentError):
            await ask(model, 3)
        spent = (await model.state()).spent
    assert (spent.tokens, spent.per_day) == (800, 400 + RESERVED)
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("conduct", "spent"),
    [
        (Conduct.NORMAL, 2),
        (Conduct.OUT_OF_QUOTA, 0),
        (Conduct.FAILING, 0),
        (Conduct.CUT, 0),
        (Conduct.HALF_A_BODY, RESERVED),
        (Conduct.SILENT, RESERVED),
        (Conduct.GARBAGE, RESERVED),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, Conduct) else None,
)
async def test_what_the_server_may_have_counted_stays_counted(
    server: OpenAIServer, accented: Path, clock: Clock, conduct: Conduct, spent: int
) -> None:
    server.conduct = conduct
    with running(server, accented, clock, timeout_s=0.2) as model:
        await asyncio.gather(ask(model, 1), return_exceptions=True)
        assert (await model.state()).spent.tokens == spent


@pytest.mark.parametrize("told", [10**30, -5])
async def test_what_no_reply_can_cost_loses_no_answer_and_opens_no_budget(
    server: OpenAIServer, accented: Path, clock: Clock, told: int
) -> None:
    server.usage = {"total_tokens": told}
    with running(server, accented, clock, per_day=RESERVED) as model:
        assert await ask(model, 1) == "hello"
        assert (await model.state()).spent.tokens == RESERVED
        with pytest.raises(BudgetSpentError):
            await ask(model, 1)


async def test_many_at_once_do_not_spend_more_than_there_is(
    server: OpenAIServer, accented: Path, clock: Clock
) -> None:
    server.usage = {"total_tokens": RESERVED}
    with running(server, accented, clock, per_day=3 * RESERVED) as model:
        asking = (ask(model, person) for person in range(9))
        told = await asyncio.gather(*asking, return_exceptions=True)
    assert told.count("hello") == 3
    assert sum(isinstance(one, BudgetSpentError) for one in told) == 6
    assert len(server.received) == 3


async def test_who_cannot_count_does_not_ask(
    server: OpenAIServer, accented: Path, clock: Clock
) -> None:
    (accented / TOKENS_FILE).mkdir()
    with running(server, accented, clock) as model:
        for _ in range(4):
            with pytest.raises(BudgetUnknownError):
                await ask(model, 1)
    assert server.received == []
