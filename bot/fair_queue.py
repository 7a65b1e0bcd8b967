"""Who is answered next: by turns, so that nobody waits behind somebody else's tenth question."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

from bot.errors import BotError


class QueueFullError(BotError):
    """So many questions, `waiting`, wait that no more are taken."""

    def __init__(self, *, waiting: int) -> None:
        super().__init__(f"{waiting} questions wait")
        self.waiting = waiting


class StillAnsweringError(BotError):
    """So many questions of this one person, `waiting`, wait that no more of them are taken."""

    def __init__(self, *, waiting: int) -> None:
        super().__init__(f"{waiting} questions of one person wait")
        self.waiting = waiting


class NoTurnError(BotError):
    """A question waited for so many `minutes`, and its turn did not come."""

    def __init__(self, *, minutes: float) -> None:
        super().__init__(f"waited for {minutes:.0f} minutes")
        self.minutes = minutes


class FairQueue:
    """Lets some in at a time, one question of each person, and then the persons by turns.

    Questions of one person keep their order. It belongs to one event loop.

    Args:
        at_once: How many are answered at a time, at least 1.
        most_waiting: How many may wait besides.
        most_of_one: How many of these may be of one person.
        patience_s: For how long a question waits.
    """

    def __init__(
        self, *, at_once: int, most_waiting: int, most_of_one: int, patience_s: float = inf
    ) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._most_of_one = most_of_one
        self._patience_s = patience_s
        self._in_turn: set[int] = set()
        self._waiting: dict[int, deque[asyncio.Future[None]]] = {}
        # The persons who wait and have no turn now, the one whose turn is next first.
        self._next: deque[int] = deque()

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return sum(map(len, self._waiting.values()))

    def check(self, person: int) -> None:
        """Refuse a question that could neither be answered at once nor wait.

        Raises:
            StillAnsweringError: As many of this person wait as may.
            QueueFullError: As many wait as may.
        """
        if self._may_begin(person):
            return
        own = len(self._waiting.get(person, ()))
        if own >= self._most_of_one:
            raise StillAnsweringError(waiting=own)
        if self.waiting >= self._most_waiting:
            raise QueueFullError(waiting=self.waiting)

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """Wait until it is this person's turn; it ends with the block.

        Raises:
            StillAnsweringError: As many of this person wait as may.
            QueueFullError: As many wait as may.
            NoTurnError: It does not come in time.
        """
        self.check(person)
        if self._may_begin(person):
            self._begin(person)
        else:
            try:
                async with asyncio.timeout(self._patience_s):
                    await self._wait(person)
            except TimeoutError:
                raise NoTurnError(minutes=self._patience_s / 60) from None
        try:
            yield
        finally:
            self._end(person)

    def _may_begin(self, person: int) -> bool:
        return self._free > 0 and person not in self._in_turn

    async def _wait(self, person: int) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if person not in self._waiting and person not in self._in_turn:
            self._next.append(person)
        self._waiting.setdefault(person, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.cancelled():
                self._leave(person, called)
            else:  # called in the same moment
                self._end(person)
            raise

    def _leave(self, person: int, called: asyncio.Future[None]) -> None:
        own = self._waiting.get(person, deque())
        if called in own:
            own.remove(called)
            if not own:
                del self._waiting[person]
                if person in self._next:
                    self._next.remove(person)

    def _begin(self, person: int) -> None:
        self._free -= 1
        self._in_turn.add(person)

    def _end(self, person: int) -> None:
        self._free += 1
        self._in_turn.remove(person)
        if person in self._waiting:
            self._next.append(person)
        while self._free and self._next:
            following = self._next.popleft()
            called = self._first_of(following)
            if called is not None:
                self._begin(following)
                called.set_result(None)

    def _first_of(self, person: int) -> asyncio.Future[None] | None:
        """Take the first who still waits; who was cancelled just now has not left yet."""
        own = self._waiting.pop(person)
        while own:
            called = own.popleft()
            if not called.cancelled():
                if own:
                    self._waiting[person] = own
                return called
        return None
