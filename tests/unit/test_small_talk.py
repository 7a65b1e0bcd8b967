from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answering.small_talk import is_small_talk

SETS = (Path("corpus/samples"), *sorted(Path("training/sets/check").iterdir()))


@pytest.mark.parametrize(
    "text",
    ["Hello!", "thank you so much", "Merci beaucoup 🙏", "OK, cool", "bonsoir", "Au revoir !"],
)
def test_greetings_thanks_and_assent_ask_nothing(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "and you?",
        "good",
        "merci pour quoi ?",
        "accord",
        "Who thanks whom?",
        "🙂",
        "hello kitty",
    ],
)
def test_what_may_mean_something_is_looked_up(text: str) -> None:
    assert not is_small_talk(text)


def test_no_question_of_the_sets_is_small_talk() -> None:
    asked = [
        json.loads(line)["question"]
        for folder in SETS
        for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(asked) > 1_000
    assert [one for one in asked if is_small_talk(one)] == []
