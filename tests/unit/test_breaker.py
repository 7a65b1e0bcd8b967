from __future__ import annotations

import pytest

from bot.answering.breaker import Breaker
from bot.answering.errors import (
    BudgetSpentError,
    GenerationError,
    GeneratorRefusedError,
    GeneratorTimeoutError,
    GeneratorUnreachableError,
    ModelRestingError,
    UnusableAnswerError,
)

FAILURE = GeneratorUnreachableError("gone")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock=clock, most_failures=3, rest_s=30, longest_rest_s=100)


def attempt(breaker: Breaker, error: BaseException | None = None) -> None:
    with breaker.attempt():
        if error is not None:
            raise error


def fail(breaker: Breaker, error: GenerationError = FAILURE, *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            attempt(breaker, error)


@pytest.mark.parametrize(
    "error",
    [
        FAILURE,
        GeneratorTimeoutError(timeout_s=3),
        GeneratorRefusedError(status=401),
        UnusableAnswerError("an empty reply"),
    ],
)
def test_three_failures_in_a_row_open_it_and_two_do_not(
    breaker: Breaker, error: GenerationError
) -> None:
    fail(breaker, error, times=2)
    attempt(breaker)
    fail(breaker, error, times=3)
    with pytest.raises(ModelRestingError) as refused:
        attempt(breaker)
    assert refused.value.rests_s == breaker.rests_s == 30


def test_it_lets_one_attempt_through_exactly_when_the_pause_is_over(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, times=3)
    clock.now += 29
    with pytest.raises(ModelRestingError):
        attempt(breaker)
    clock.now += 1
    assert breaker.rests_s == 0
    with breaker.attempt():
        with pytest.raises(ModelRestingError):
            attempt(breaker)
        # Asking for its state changes nothing.
        assert breaker.rests_s == 0
    assert breaker.rests_s is None
    attempt(breaker)


def test_each_attempt_that_fails_doubles_the_pause_up_to_the_longest(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, times=3)
    for pause in (60, 100, 100):
        clock.now += breaker.rests_s or 0
        fail(breaker)
        assert breaker.rests_s == pause
    clock.now += 100
    attempt(breaker)
    fail(breaker, times=3)
    assert breaker.rests_s == 30


@pytest.mark.parametrize(
    ("asked_s", "pause"), [(None, 30), (0.0, 30), (7.0, 30), (3600.0, 3600), (1e9, 86_400)]
)
def test_too_many_requests_open_it_at_once_for_as_long_as_the_server_asks(
    breaker: Breaker, asked_s: float | None, pause: float
) -> None:
    fail(breaker, GeneratorRefusedError(status=429, retry_after_s=asked_s))
    assert breaker.rests_s == pause


def test_what_says_nothing_of_the_server_does_not_count(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, BudgetSpentError(per_day=1), times=9)
    assert breaker.rests_s is None
    fail(breaker, times=3)
    clock.now += 30
    for error in (KeyboardInterrupt(), BudgetSpentError(per_day=1)):
        with pytest.raises(type(error)):
            attempt(breaker, error)
        # The attempt did not take place: the next one may.
        assert breaker.rests_s == 0
    attempt(breaker)
    assert breaker.rests_s is None


def test_what_was_begun_before_the_pause_neither_prolongs_nor_doubles_it(
    breaker: Breaker, clock: Clock
) -> None:
    late = breaker.attempt()
    late.__enter__()
    fail(breaker, times=3)
    clock.now += 10
    assert not late.__exit__(type(FAILURE), FAILURE, None)
    assert breaker.rests_s == 20


def test_what_was_begun_before_the_pause_and_succeeds_ends_it(breaker: Breaker) -> None:
    with breaker.attempt():
        fail(breaker, times=3)
    assert breaker.rests_s is None
