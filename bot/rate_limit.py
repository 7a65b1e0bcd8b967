"""How often one person may ask: a pause between questions, and so many a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.errors import BotError

LONGEST_COOLDOWN_S: Final = 86_400.0


class AskingTooOftenError(BotError):
    """A person must wait `wait_s` seconds before the next question."""

    def __init__(self, *, wait_s: float) -> None:
        super().__init__(f"wait {wait_s:.0f} s")
        self.wait_s = wait_s


class CooldownError(AskingTooOftenError):
    """The pause between two questions is not over."""


class QuotaError(AskingTooOftenError):
    """The questions of the day, `quota`, are spent; the day ends at midnight UTC."""

    def __init__(self, *, wait_s: float, quota: int) -> None:
        super().__init__(wait_s=wait_s)
        self.quota = quota


@dataclass(slots=True)
class _Asked:
    last: datetime
    today: int


class RateLimiter:
    """Counts the questions of each person, in memory and only for the day that it is.

    Args:
        per_day: Most questions of one person per day (UTC); 0 for any number.
        clock: The time now, with its time zone.
    """

    def __init__(self, *, per_day: int, clock: Callable[[], datetime]) -> None:
        self._per_day = per_day
        self._clock = clock
        self._day = clock().date()
        self._asked: dict[int, _Asked] = {}

    def check(self, person: int, *, cooldown_s: float) -> None:
        """Count a question of this person, or refuse it; a refused one is not counted.

        Args:
            person: Who asks.
            cooldown_s: Least seconds since the last question, wherever that was asked.

        Raises:
            CooldownError: The last one is too recent.
            QuotaError: The person has asked `per_day` questions today.
        """
        now = self._clock()
        self._forget_yesterday(now)
        asked = self._asked.get(person)
        if asked is None:
            self._asked[person] = _Asked(now, 1)
            return
        if self._per_day and asked.today >= self._per_day:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            raise QuotaError(wait_s=(midnight - now).total_seconds(), quota=self._per_day)
        wait = asked.last + timedelta(seconds=cooldown_s) - now
        # A clock that was set back must keep nobody waiting until it is as late as it was.
        if timedelta() < wait <= timedelta(seconds=cooldown_s):
            raise CooldownError(wait_s=wait.total_seconds())
        asked.last = now
        asked.today += 1

    def _forget_yesterday(self, now: datetime) -> None:
        if now.date() != self._day:
            self._day = now.date()
            self._asked = {
                person: _Asked(asked.last, 0)
                for person, asked in self._asked.items()
                if asked.last + timedelta(seconds=LONGEST_COOLDOWN_S) > now
            }
