"""What is spent outlives a restart, is counted by several at once, and ends at midnight."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.answering.errors import BudgetSpentError, OwnBudgetSpentError
from bot.data_files import TOKENS_FILE
from bot.token_budget import TokenBudget, TokenFile
from bot.workers import Worker
from corpus.errors import DamagedDatabaseError

PERSON = 123456789012345678


class Today:
    def __init__(self) -> None:
        self.day = date(2024, 1, 1)

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def today() -> Today:
    return Today()


@pytest.fixture
def path(accented: Path) -> Path:
    return accented / TOKENS_FILE


@contextmanager
def opened(
    path: Path, today: Today, *, per_day: int = 100, per_person: int = 60
) -> Iterator[TokenBudget]:
    worker = Worker("budget")
    budget = TokenBudget(path, worker=worker, today=today, per_day=per_day, per_person=per_person)
    with closing(budget), closing(worker):
        yield budget


async def test_exactly_the_budget_may_be_spent_also_after_a_restart(
    path: Path, today: Today
) -> None:
    with opened(path, today) as budget:
        await budget.reserve(1, 60)
    with opened(path, today) as budget:
        with pytest.raises(OwnBudgetSpentError) as own:
            await budget.reserve(1, 1)
        assert own.value.per_day == 60
        await budget.reserve(2, 40)
        with pytest.raises(BudgetSpentError) as refused:
            await budget.reserve(3, 1)
        assert refused.value.per_day == 100
        assert (await budget.spent()).tokens == 100


async def test_who_is_refused_has_spent_nothing(path: Path, today: Today) -> None:
    with opened(path, today) as budget:
        for _ in range(3):
            with pytest.raises(OwnBudgetSpentError):
                await budget.reserve(1, 61)
        await budget.reserve(1, 60)
        await budget.reserve(None, 40)
        assert (await budget.spent()).tokens == 100


async def test_what_was_really_spent_counts_in_the_end(path: Path, today: Today) -> None:
    with opened(path, today) as budget:
        first = await budget.reserve(1, 50)
        await budget.settle(1, first, 10)
        second = await budget.reserve(1, 50)
        # More than was thought, and more than there is: spent is spent.
        await budget.settle(1, second, 200)
        assert (await budget.spent()).tokens == 210
        with pytest.raises(BudgetSpentError):
            await budget.reserve(2, 1)


async def test_midnight_gives_everybody_a_new_share_and_forgets_the_old(
    path: Path, today: Today
) -> None:
    with opened(path, today) as budget:
        late = await budget.reserve(1, 60)
        today.day += timedelta(days=1)
        await budget.reserve(1, 60)
        # It ends after midnight, and gives nobody anything back.
        await budget.settle(1, late, 0)
        assert (await budget.spent()).tokens == 60
        with pytest.raises(OwnBudgetSpentError):
            await budget.reserve(1, 1)
    with closing(sqlite3.connect(path)) as connection:
        days = connection.execute("SELECT DISTINCT day FROM tokens UNION SELECT day FROM keys")
        assert days.fetchall() == [("2024-01-02",)]


async def test_nought_is_any_number(path: Path, today: Today) -> None:
    with opened(path, today, per_day=0, per_person=0) as budget:
        await budget.reserve(1, 10**9)
        assert (await budget.spent()).per_day == 0


def test_several_who_count_at_once_lose_nothing_and_overspend_nothing(path: Path) -> None:
    day, tries = date(2024, 1, 1), 40

    def count(person: int) -> int:
        taken = 0
        with closing(TokenFile.open(path)) as file:
            for _ in range(tries):
                try:
                    file.add(day, person, 1, per_day=100, per_person=0)
                    taken += 1
                except BudgetSpentError:
                    pass
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(count, range(4)))
    assert sum(taken) == 100
    with closing(TokenFile.open(path)) as file:
        assert file.spent(day) == 100


async def test_a_person_is_not_in_the_file(path: Path, today: Today) -> None:
    with opened(path, today) as budget:
        await budget.reserve(PERSON, 1)
    for file in path.parent.iterdir():
        assert str(PERSON).encode() not in file.read_bytes()


async def test_a_file_that_is_no_database_is_named(path: Path, today: Today) -> None:
    await asyncio.to_thread(path.write_bytes, b"not a database" * 100)
    with opened(path, today) as budget, pytest.raises(DamagedDatabaseError):
        await budget.reserve(1, 1)
