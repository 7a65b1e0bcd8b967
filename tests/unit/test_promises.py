from __future__ import annotations

from dataclasses import replace

import pytest

from bench.promises import Asked, Bounds, Load, Outcome, broken, growth, most_open, overtaken

BOUNDS = Bounds(at_once=2, most_waiting=3)


def asked(person: str, sent: float, ended: float, outcome: Outcome = Outcome.ANSWERED) -> Asked:
    return Asked(person, sent, sent + 0.01, ended, outcome)


def by_turns(count: int) -> list[Asked]:
    """Make questions of as many persons, one of which is answered each second."""
    return [asked(str(number), 0.01 * number, 1.0 + number) for number in range(count)]


KEPT = Load(
    steady=by_turns(5),
    rush=[*by_turns(5), asked("late", 0.5, 0.51, Outcome.BUSY)],
    lags=[0.001] * 100,
    memory=[(float(second), 500.0 + second % 3) for second in range(60)],
)


def test_what_was_kept_is_not_complained_of() -> None:
    assert list(broken(KEPT, BOUNDS)) == []


@pytest.mark.parametrize(
    ("load", "complaint"),
    [
        (
            replace(KEPT, steady=[*by_turns(4), asked("x", 0.5, 0.6, Outcome.BUSY)]),
            "1 of 5 questions were not answered",
        ),
        (
            replace(KEPT, rush=[*by_turns(4), asked("x", 0.5, 0.6, Outcome.FAILED)]),
            "1 of 5 questions at once were neither answered nor refused",
        ),
        (replace(KEPT, rush=by_turns(8)), "8 questions waited at once, more than 5"),
        (
            replace(KEPT, steady=[asked("first", -1, 9), *by_turns(3)]),
            "3 later questions were answered before one, asked within the minute",
        ),
        (
            replace(KEPT, steady=[replace(one, first_reply=one.sent + 1) for one in by_turns(3)]),
            "the first reply to questions within the minute took 1.00 s at p99",
        ),
        (replace(KEPT, lags=[0.001] * 98 + [0.2] * 2), "the event loop was late by 0.20 s at p99"),
        (
            replace(KEPT, memory=[(second, 500 + 5 * second) for second in range(60)]),
            "memory grew by 15%",
        ),
    ],
)
def test_what_was_not_kept_is_named(load: Load, complaint: str) -> None:
    assert list(broken(load, BOUNDS)) == [complaint]


def test_who_asks_much_overtakes_nobody_by_turns_and_others_if_answered_first() -> None:
    others = by_turns(5)
    by_turn = [asked("greedy", 0.0, 0.5), asked("greedy", 0.0, 6.0)]
    assert overtaken([*by_turn, *others]) == 0
    at_once = [asked("greedy", 0.0, 0.1), *(asked("greedy", 0.0, 0.2 + n / 10) for n in range(3))]
    assert overtaken([*at_once, *others]) == 3


def test_one_more_is_open_from_its_first_reply_until_its_answer() -> None:
    assert most_open(by_turns(5)) == 5
    assert most_open([asked("a", 0, 1), asked("b", 2, 3)]) == 1


def test_memory_is_held_by_thirds() -> None:
    assert growth([]) == 0
    assert growth([(0, 100), (1, 900), (2, 990)]) == pytest.approx(0.1)
