"""The language model as answering knows it: behind its breaker, and within its budget."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from bot.answering.breaker import Breaker
from bot.answering.errors import (
    BudgetUnknownError,
    GeneratorRefusedError,
    GeneratorUnreachableError,
)
from bot.answering.generator import Generator, Hear, Message, Reply, unheard
from corpus.errors import StoreUnavailableError

log = logging.getLogger(__name__)

# What is taken for the tokens of a text, and of a reply, before the server has counted them.
_CHARACTERS_PER_TOKEN: Final = 3
_REPLY_TOKENS: Final = 500


@dataclass(frozen=True, slots=True)
class Reserved:
    """Tokens that were counted on a day (UTC) before they were spent."""

    day: date
    tokens: int


@dataclass(frozen=True, slots=True)
class Spent:
    """The tokens of a day (UTC) that are spent, by all together, and how many may be; 0: any."""

    tokens: int
    per_day: int


@dataclass(frozen=True, slots=True)
class ModelState:
    """How the language model `name` is.

    `rests_s` is for how long it is not asked, 0 while one attempt shall decide, None if it is well.
    """

    name: str
    rests_s: float | None
    spent: Spent


class Budget(Protocol):
    """Counts tokens; what it has counted outlives the process."""

    async def reserve(self, person: int | None, tokens: int) -> Reserved:
        """Count `tokens` before they are spent.

        Args:
            person: For whom; None is whoever sits at the machine.
            tokens: About how many it will be.

        Raises:
            BudgetSpentError: As many are not left for today.
            OwnBudgetSpentError: As many are not left for this person today.
            StoreUnavailableError: Nobody knows.
        """

    async def settle(self, person: int | None, reserved: Reserved, tokens: int) -> None:
        """Count in the place of what was reserved what was really spent.

        Raises:
            StoreUnavailableError: It cannot be kept.
        """

    async def spent(self) -> Spent:
        """Tell what is spent of today.

        Raises:
            StoreUnavailableError: Nobody knows.
        """


class LanguageModel:
    """Asks a generator where breaker and budget let it.

    Args:
        generator: What writes.
        name: As the settings name it.
        breaker: Keeps us from a server that fails.
        budget: How many tokens may be spent.
    """

    def __init__(
        self, generator: Generator, *, name: str, breaker: Breaker, budget: Budget
    ) -> None:
        self._generator = generator
        self._name = name
        self._breaker = breaker
        self._budget = budget

    def asked_by(self, person: int | None) -> Generator:
        """Make a generator that counts on the budget of a person; None has none of its own."""
        return _Asked(self, person)

    async def state(self) -> ModelState:
        """Tell how it is.

        Raises:
            StoreUnavailableError: The budget cannot be read.
        """
        return ModelState(self._name, self._breaker.rests_s, await self._budget.spent())

    async def generate(
        self, messages: Sequence[Message], hear: Hear = unheard, *, person: int | None
    ) -> Reply:
        """Write the reply to a conversation; see `Generator`.

        What the server may have counted stays counted: all but what it refused, or broke off
        before the first word.

        Raises:
            ModelRestingError: It is not asked, because it failed.
            BudgetSpentError: It is not asked, because the tokens of today are spent.
            OwnBudgetSpentError: The same, those of this person.
            BudgetUnknownError: It is not asked, because nobody knows how many are left.
        """
        heard = False

        def hear_too(piece: str) -> None:
            nonlocal heard
            heard = True
            hear(piece)

        with self._breaker.attempt():
            try:
                reserved = await self._budget.reserve(person, _estimate(messages))
            except StoreUnavailableError as error:
                raise BudgetUnknownError(error.reason) from error
            try:
                reply = await self._generator.generate(messages, hear_too)
            except (GeneratorRefusedError, GeneratorUnreachableError):
                if not heard:
                    await self._settle(person, reserved, 0)
                raise
            if reply.tokens is not None:
                await self._settle(person, reserved, reply.tokens)
            return reply

    async def _settle(self, person: int | None, reserved: Reserved, tokens: int) -> None:
        try:
            await self._budget.settle(person, reserved, tokens)
        except StoreUnavailableError as error:
            # What was reserved stays counted; the reply is worth more than the count.
            log.warning("tokens could not be counted: %s", error.reason)


@dataclass(frozen=True, slots=True)
class _Asked:
    model: LanguageModel
    person: int | None

    async def generate(self, messages: Sequence[Message], hear: Hear = unheard) -> Reply:
        return await self.model.generate(messages, hear, person=self.person)


def _estimate(messages: Sequence[Message]) -> int:
    characters = sum(len(message.content) for message in messages)
    return characters // _CHARACTERS_PER_TOKEN + _REPLY_TOKENS
