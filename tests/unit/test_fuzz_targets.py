"""The targets of `make fuzz`, on what it begins with and on what has broken them once."""

from __future__ import annotations

import pytest

from tests.fuzz import targets
from tests.fuzz.targets import TARGETS, seeds


@pytest.mark.parametrize("data", [b"", b"\0", *seeds()], ids=lambda data: repr(data[:12]))
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_what_fuzzing_begins_with_breaks_nothing(target: targets.Target, data: bytes) -> None:
    target(data)


def test_a_target_notices_what_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "normalize_text", lambda text: f"{text}.")
    with pytest.raises(AssertionError, match="lambda"):
        targets.normalizing(b"x")
    monkeypatch.setattr(targets, "find_quote", lambda *_: None)
    with pytest.raises(AssertionError):
        targets.quoting(b"\0\0words")


def test_the_seeds_are_read_and_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(targets, "normalizing", read.append)
    for seed in seeds()[:5]:
        targets.extracting(seed)
    assert len(read) == 5
