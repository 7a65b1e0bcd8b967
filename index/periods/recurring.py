"""What comes again and again: weekdays, weeks, months, quarters, seasons. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final, TypeAlias

from index.models import Period
from index.periods.words import MONTHS, SEASONS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class Now:
    """The day of a question, and whether it asks for what is to come."""

    today: date
    looks_ahead: bool


class Which(Enum):
    """Which of the days of one name is meant."""

    LAST = "last"
    THIS = "this"
    NEXT = "next"


Recurring: TypeAlias = Callable[[date, int], tuple[date, date]]
"""The first and last day of what recurs: 0 is the one that began last, counted from a day."""


def choose(recurring: Recurring, which: Which | None, now: Now) -> Period:
    """Choose the one that is meant.

    The last is the last that is over, the next the first that has not begun. This one goes on, or
    is the nearest. Without such a word it is the one that began last; where a question asks for
    what is to come, it is never one that is over.
    """
    current = recurring(now.today, 0)
    is_over = current[1] < now.today
    match which:
        case Which.LAST:
            chosen = current if is_over else recurring(now.today, -1)
        case Which.NEXT:
            chosen = recurring(now.today, 1)
        case _ if not is_over:
            chosen = current
        case _:
            coming = recurring(now.today, 1)
            is_nearer = which is Which.THIS and coming[0] - now.today < now.today - current[1]
            chosen = coming if is_nearer or now.looks_ahead else current
    return Period(*chosen)


def months_from(year: int, month: int, count: int = 1) -> tuple[date, date]:
    """The first and last day of some months, the first of which is given."""
    years, last = divmod(month + count - 2, 12)
    return date(year, month, 1), date(
        year + years, last + 1, calendar.monthrange(year + years, last + 1)[1]
    )


def every_week(weekday: int, days: int = 1) -> Recurring:
    """Some days from a day of the week on."""

    def days_of(today: date, place: int) -> tuple[date, date]:
        first = today - timedelta(days=(today.weekday() - weekday) % 7 - 7 * place)
        return first, first + timedelta(days=days - 1)

    return days_of


def every_months(every: int, month: int = 1, count: int = 1) -> Recurring:
    """Some months from a month on, every so many months: a quarter is three months every three."""

    def days_of(today: date, place: int) -> tuple[date, date]:
        running = 12 * today.year + today.month - 1
        year, before = divmod(running - (running - month + 1) % every + every * place, 12)
        return months_from(year, before + 1, count)

    return days_of


RECURRING: Final[dict[str, Recurring]] = {
    **{name: every_week(weekday) for name, weekday in WEEKDAYS.items()},
    **dict.fromkeys(("week", "semaine"), every_week(0, 7)),
    **dict.fromkeys(("weekend", "week-end", "week end"), every_week(5, 2)),
    **dict.fromkeys(("month", "mois"), every_months(1)),
    **dict.fromkeys(("quarter", "trimestre"), every_months(3, count=3)),
    **dict.fromkeys(("half-year", "semestre"), every_months(6, count=6)),
    **{name: every_months(12, month) for name, month in MONTHS.items()},
    **{name: every_months(12, month, count=3) for name, month in SEASONS.items()},
}
