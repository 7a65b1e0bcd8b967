from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.rate_limit import CooldownError, QuotaError, RateLimiter


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2024, 1, 1, 23, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


def test_the_pause_is_over_exactly_when_it_says(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=0, clock=clock)
    limiter.check(1, cooldown_s=10)
    clock.advance(seconds=4)
    with pytest.raises(CooldownError) as refused:
        limiter.check(1, cooldown_s=10)
    assert refused.value.wait_s == 6
    clock.advance(seconds=6)
    limiter.check(1, cooldown_s=10)


def test_each_question_begins_a_pause_of_its_own(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=0, clock=clock)
    limiter.check(1, cooldown_s=10)
    clock.advance(seconds=10)
    limiter.check(1, cooldown_s=10)
    clock.advance(seconds=5)
    with pytest.raises(CooldownError):
        limiter.check(1, cooldown_s=10)


def test_being_refused_does_not_begin_a_new_pause(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=0, clock=clock)
    limiter.check(1, cooldown_s=10)
    for _ in range(9):
        clock.advance(seconds=1)
        with pytest.raises(CooldownError):
            limiter.check(1, cooldown_s=10)
    clock.advance(seconds=1)
    limiter.check(1, cooldown_s=10)


def test_people_do_not_wait_for_one_another(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=1, clock=clock)
    limiter.check(1, cooldown_s=10)
    limiter.check(2, cooldown_s=10)


def test_exactly_so_many_a_day_and_again_after_midnight(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=3, clock=clock)
    for _ in range(3):
        limiter.check(1, cooldown_s=0)
    clock.advance(minutes=20)
    with pytest.raises(QuotaError) as refused:
        limiter.check(1, cooldown_s=0)
    assert refused.value.wait_s == 40 * 60
    assert refused.value.quota == 3
    clock.advance(minutes=40)
    for _ in range(3):
        limiter.check(1, cooldown_s=0)


def test_midnight_does_not_end_a_pause(clock: _Clock) -> None:
    clock.now = datetime(2024, 1, 1, 23, 59, 58, tzinfo=UTC)
    limiter = RateLimiter(per_day=5, clock=clock)
    limiter.check(1, cooldown_s=10)
    clock.advance(seconds=4)
    with pytest.raises(CooldownError):
        limiter.check(1, cooldown_s=10)


def test_no_limits_are_no_limits(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=0, clock=clock)
    for _ in range(1000):
        limiter.check(1, cooldown_s=0)


def test_each_place_has_a_pause_of_its_own_even_over_midnight(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=0, clock=clock)
    limiter.check(1, cooldown_s=60)
    clock.advance(hours=2)
    with pytest.raises(CooldownError):
        limiter.check(1, cooldown_s=3 * 3600)
    limiter.check(1, cooldown_s=60)


def test_a_clock_set_back_keeps_nobody_waiting(clock: _Clock) -> None:
    limiter = RateLimiter(per_day=0, clock=clock)
    limiter.check(1, cooldown_s=10)
    clock.advance(hours=-2)
    limiter.check(1, cooldown_s=10)
    with pytest.raises(CooldownError) as refused:
        limiter.check(1, cooldown_s=10)
    assert refused.value.wait_s == 10
