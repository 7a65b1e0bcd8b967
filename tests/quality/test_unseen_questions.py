"""A set that nothing was trained, fitted or chosen on, with floors a little below the figures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import training
from bot.evaluating import evaluate
from index.evaluation import Outcome, summarize
from training.question_sets import opened_set

UNSEEN = Path(str(training.__file__)).parent / "sets" / "check" / "real-outages-and-media"


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    async def answer_all() -> list[Outcome]:
        with opened_set(UNSEEN) as unseen:
            answers = evaluate(unseen.app.answers, unseen.app.store, unseen.questions)
            return [result.outcome async for result in answers]

    return asyncio.run(answer_all())


def test_the_first_article_is_mostly_right(outcomes: list[Outcome]) -> None:
    found = summarize(outcomes).hits_at_1
    assert found is not None
    assert found >= 0.91


def test_quotes_hold_the_answer(outcomes: list[Outcome]) -> None:
    found = summarize(outcomes).key_recall
    assert found is not None
    assert found >= 0.79


def test_what_nothing_answers_is_mostly_refused_and_what_is_answered_is_not(
    outcomes: list[Outcome],
) -> None:
    found = summarize(outcomes)
    assert found.false_refusals is not None
    assert found.false_answers is not None
    assert found.false_refusals <= 0.12
    assert found.false_answers <= 0.38
    assert found.verbatim == 1.0
