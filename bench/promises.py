"""What Newsdesk promises where many ask at once, and which of it was not kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles
from typing import Final

FIRST_REPLY_S: Final = 1.0
LOOP_LATE_S: Final = 0.1
MEMORY_GROWS: Final = 0.1
"""The share by which memory may be larger in the last third than in the one before."""


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    BUSY = "told that too many wait"
    FAILED = "neither"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, in seconds since the beginning."""

    person: str
    sent: float
    first_reply: float
    ended: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many questions are answered at a time, and how many may wait besides."""

    at_once: int
    most_waiting: int


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured.

    Attributes:
        steady: Questions that never were so many that one had to be refused.
        rush: Questions at once, more than may wait.
        lags: How much later than it should a timer of the event loop went off, in seconds.
        memory: Seconds and resident megabytes.
    """

    steady: Sequence[Asked]
    rush: Sequence[Asked]
    lags: Sequence[float]
    memory: Sequence[tuple[float, float]]


def broken(load: Load, bounds: Bounds) -> Iterator[str]:
    """Say in a sentence each what was promised and not kept."""
    unanswered = sum(one.outcome is not Outcome.ANSWERED for one in load.steady)
    if unanswered:
        yield f"{unanswered} of {len(load.steady)} questions were not answered"
    failed = sum(one.outcome is Outcome.FAILED for one in load.rush)
    if failed:
        yield f"{failed} of {len(load.rush)} questions at once were neither answered nor refused"
    may_be_open = bounds.at_once + bounds.most_waiting
    # An answer is seen a moment after its place was given away.
    if most_open(load.rush) > may_be_open + bounds.at_once:
        yield f"{most_open(load.rush)} questions waited at once, more than {may_be_open}"
    for name, asked in (("within the minute", load.steady), ("at once", load.rush)):
        # Those that are answered at a time end in any order.
        if overtaken(asked) > bounds.at_once:
            yield f"{overtaken(asked)} later questions were answered before one, asked {name}"
        first = percentile([one.first_reply - one.sent for one in asked], 99)
        if first >= FIRST_REPLY_S:
            yield f"the first reply to questions {name} took {first:.2f} s at p99"
    late = percentile(load.lags, 99)
    if late >= LOOP_LATE_S:
        yield f"the event loop was late by {late:.2f} s at p99"
    grown = growth(load.memory)
    if grown > MEMORY_GROWS:
        yield f"memory grew by {grown:.0%}"


def overtaken(asked: Sequence[Asked]) -> int:
    """Count the later questions that were answered before one; the most of all.

    A person's question is taken for asked when the one before it was answered: they go by turns.
    """
    spans: list[tuple[float, float]] = []
    last: dict[str, float] = {}
    for one in sorted(asked, key=lambda one: one.ended):
        if one.outcome is Outcome.ANSWERED:
            spans.append((max(one.sent, last.get(one.person, one.sent)), one.ended))
            last[one.person] = one.ended
    return max(
        (sum(began > sent and ended < end for began, ended in spans) for sent, end in spans),
        default=0,
    )


def most_open(asked: Sequence[Asked]) -> int:
    """Count the questions that were taken and not answered yet; the most of all times."""
    steps = sorted(
        step
        for one in asked
        if one.outcome is Outcome.ANSWERED
        for step in ((one.first_reply, 1), (one.ended, -1))
    )
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def growth(memory: Sequence[tuple[float, float]]) -> float:
    """Return the share by which memory is larger in the last third than in the one before.

    In the first third, what is used for the first time takes its room.
    """
    third = len(memory) // 3
    megabytes = [one for _, one in memory]
    return median(megabytes[-third:]) / median(megabytes[third:-third]) - 1 if third else 0.0


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile; 0 of no values."""
    if len(values) < 2:
        return sum(values)
    return quantiles(values, n=100, method="inclusive")[percent - 1]
