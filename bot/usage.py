"""How the bot was used: counted from the journal each time, so that what is forgotten is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from corpus.models import ArticleId

_MOST_CITED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the journal, without its asker; `article_ids` are those that were quoted.

    `wishes` is how many people asked for it to be logged.
    """

    at: datetime
    question: str
    answered: bool
    elapsed_ms: float
    article_ids: frozenset[ArticleId]
    wishes: int = 0


@dataclass(frozen=True, slots=True)
class Rated:
    """What somebody thought of an answer; `comment` is what was wrong, if that was said."""

    helpful: bool
    comment: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """How many questions of a day (UTC) were answered, and how many were not."""

    day: date
    answered: int
    unanswered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What became of the questions of some days, today included.

    `days` has each of them, oldest first. `elapsed_ms` are the times of all answers in
    milliseconds, unordered. `unanswered` and `comments` are the newest first, each text once.
    `wished` are those unanswered ones that people had logged, with how often, most often first.
    `cited` are the most cited articles with the number of answers that quote them, ties by id.
    """

    days: tuple[Day, ...]
    questions: int
    answered: int
    unanswered: tuple[str, ...]
    wished: tuple[tuple[str, int], ...]
    elapsed_ms: tuple[float, ...]
    helpful: int
    unhelpful: int
    comments: tuple[str, ...]
    cited: tuple[tuple[ArticleId, int], ...]

    def percentile_ms(self, percent: float) -> float | None:
        """Return the time within which `percent` of the answers were there; None without any."""
        return float(np.percentile(self.elapsed_ms, percent)) if self.elapsed_ms else None


def first_moment(now: datetime, days: int) -> datetime:
    """Return when the first of `days` days begins, of which today is the last (UTC)."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days - 1)


def count(asked: Sequence[Asked], rated: Sequence[Rated], *, first: date, days: int) -> Usage:
    """Count what was asked since `first`, for `days` days; the sequences are oldest first."""
    answered = Counter(one.at.date() for one in asked if one.answered)
    unanswered = Counter(one.at.date() for one in asked if not one.answered)
    cited = Counter(article_id for one in asked for article_id in one.article_ids)
    most = sorted(cited.items(), key=lambda item: (-item[1], item[0]))
    wished: Counter[str] = Counter()
    for one in asked:
        if one.wishes and not one.answered:
            wished[one.question] += one.wishes
    calendar = [first + timedelta(days=number) for number in range(days)]
    return Usage(
        days=tuple(Day(day, answered[day], unanswered[day]) for day in calendar),
        questions=len(asked),
        answered=answered.total(),
        unanswered=_newest_first([one.question for one in asked if not one.answered]),
        wished=tuple(wished.most_common()),
        elapsed_ms=tuple(one.elapsed_ms for one in asked),
        helpful=sum(one.helpful for one in rated),
        unhelpful=sum(not one.helpful for one in rated),
        comments=_newest_first([one.comment for one in rated if one.comment]),
        cited=tuple(most[:_MOST_CITED]),
    )


def _newest_first(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reversed(texts)))
