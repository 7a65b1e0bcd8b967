"""A budget in memory, and a language model with all that it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from bot.answering.breaker import Breaker
from bot.answering.errors import BudgetSpentError, OwnBudgetSpentError
from bot.answering.generator import Generator
from bot.answering.language_model import Budget, LanguageModel, Reserved, Spent


class MemoryBudget:
    """The budget of one process and one day."""

    def __init__(self, *, per_day: int = 0, per_person: int = 0) -> None:
        self.per_day = per_day
        self.per_person = per_person
        self.by_person: Counter[int | None] = Counter()

    async def reserve(self, person: int | None, tokens: int) -> Reserved:
        if self.per_day and self.by_person.total() + tokens > self.per_day:
            raise BudgetSpentError(per_day=self.per_day)
        if person is not None and 0 < self.per_person < self.by_person[person] + tokens:
            raise OwnBudgetSpentError(per_day=self.per_person)
        self.by_person[person] += tokens
        return Reserved(date(2024, 1, 1), tokens)

    async def settle(self, person: int | None, reserved: Reserved, tokens: int) -> None:
        self.by_person[person] += tokens - reserved.tokens

    async def spent(self) -> Spent:
        return Spent(self.by_person.total(), self.per_day)


def language_model(
    generator: Generator,
    *,
    budget: Budget | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> LanguageModel:
    return LanguageModel(
        generator,
        name="openai:some-model",
        breaker=Breaker(clock=clock),
        budget=budget or MemoryBudget(),
    )
