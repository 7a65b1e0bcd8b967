"""A bot that is killed at any moment loses nothing, and mends itself; `make crash` runs longer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.crash.book import Book, LostError
from tests.crash.harness import Harness
from tests.crash.life import Acknowledged, Begun

KILLS = 24


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_whenever_a_bot_is_killed_nothing_is_lost(accented: Path) -> None:
    harness = Harness(accented / "data", seed=20230419)
    harness.kill(KILLS, rebuild_every=12)
    assert len(harness.killed_in) > 2, harness.killed_in
    assert set(harness.died_at) == {"call", "clock"}
    assert harness.book.acknowledged > 0
    assert harness.compared == KILLS


@pytest.mark.parametrize(
    ("stored", "is_lost"),
    [
        ({"a": "A", "b": "B2"}, False),
        ({"a": "A", "b": "B"}, False),
        ({"a": "A"}, True),
        ({"b": "B"}, True),
        ({"a": "A2", "b": "B"}, True),
        ({"a": "A", "b": "B", "c": "C"}, True),
        ({"a": "A", "b": "B", "refused": "R"}, True),
    ],
)
def test_the_book_knows_what_must_and_what_may_be_stored(
    stored: dict[str, str], is_lost: bool
) -> None:
    book = Book()
    for name in ("a", "b", "c"):
        book.note(Begun({name: name.upper()}))
        book.note(Acknowledged({name: name.upper()}))
    book.note(Begun({"c": None}))
    book.note(Acknowledged({"c": None}))
    book.note(Begun({"b": "B2"}))
    if is_lost:
        with pytest.raises(LostError):
            book.settle(stored)
    else:
        assert book.settle(stored) == {"b"}
