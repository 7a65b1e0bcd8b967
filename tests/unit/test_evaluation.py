"""Scores worked out by hand, and what holds for every ranking."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import (
    Outcome,
    average_precision,
    calibration_error,
    hit,
    reciprocal_rank,
    summarize,
)

IDS = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=14)
RELEVANT = st.frozensets(st.sampled_from("abcdefghijklmnop"), max_size=6)
OUTCOME = Outcome(
    kind="factoid",
    pair="en2en",
    answerable=True,
    relevant=frozenset("b"),
    ranked=("a", "b"),
    evidence=None,
    answered=True,
    confidence=0.8,
    keys=None,
    cited=("b",),
    verbatim=1,
    elapsed_ms=10.0,
)
REFUSED = replace(OUTCOME, answered=False, cited=(), verbatim=0)
UNANSWERABLE = replace(OUTCOME, answerable=False, relevant=frozenset())


@pytest.mark.parametrize(
    ("ranked", "relevant", "at", "hits", "reciprocal", "precision"),
    [
        ("abc", "a", 10, 1, 1, 1),
        ("abc", "c", 10, 1, 1 / 3, 1 / 3),
        ("abc", "c", 2, 0, 0, 0),
        ("abcd", "bd", 10, 1, 1 / 2, (1 / 2 + 2 / 4) / 2),
        ("abcd", "bz", 10, 1, 1 / 2, (1 / 2) / 2),
        ("abcde", "abc", 2, 1, 1, 1),
        ("abc", "xyz", 10, 0, 0, 0),
        ("", "a", 10, 0, 0, 0),
        ("abc", "", 10, 0, 0, 0),
    ],
)
def test_a_ranking_is_scored_as_by_hand(
    ranked: str, relevant: str, at: int, hits: float, reciprocal: float, precision: float
) -> None:
    assert hit(ranked, set(relevant), at=at) == hits
    assert reciprocal_rank(ranked, set(relevant), at=at) == pytest.approx(reciprocal)
    assert average_precision(ranked, set(relevant), at=at) == pytest.approx(precision)


@given(ranked=IDS, relevant=RELEVANT, at=st.integers(1, 15))
def test_scores_are_shares_and_no_rank_counts_more_than_a_hit(
    ranked: list[str], relevant: frozenset[str], at: int
) -> None:
    found = hit(ranked, relevant, at=at)
    assert 0 <= reciprocal_rank(ranked, relevant, at=at) <= found <= 1
    assert 0 <= average_precision(ranked, relevant, at=at) <= found + 1e-9
    assert found <= hit(ranked, relevant, at=at + 1)


@given(relevant=st.frozensets(st.sampled_from("abcdef"), min_size=1), at=st.integers(1, 10))
def test_a_perfect_ranking_scores_one(relevant: frozenset[str], at: int) -> None:
    ranked = [*sorted(relevant), "y", "z"]
    assert average_precision(ranked, relevant, at=at) == pytest.approx(1)


def test_groups_are_averaged_over_the_questions_that_have_the_value() -> None:
    outcomes = [
        replace(OUTCOME, ranked=("b",), evidence=1.0, keys=1.0, cited=("b", "b", "a"), verbatim=3),
        replace(REFUSED, ranked=("a", "c"), evidence=0.5),
        replace(OUTCOME, ranked=("b",), evidence=0.75, cited=("a",)),
        replace(OUTCOME, keys=0.0, relevant=frozenset(), verbatim=0),
        replace(UNANSWERABLE, keys=1.0),
        replace(REFUSED, answerable=False, relevant=frozenset()),
    ]
    scores = summarize(outcomes)
    assert scores.questions == 6
    ranked = (scores.hits_at_1, scores.hits_at_5, scores.mrr_at_10, scores.map_at_10)
    assert ranked == pytest.approx((2 / 3,) * 4)
    assert scores.evidence_recall == 0.75
    assert scores.key_recall == 0.5
    assert scores.right_lead == 0.5
    assert scores.right_citations == 0.5
    assert scores.false_answers == 0.5
    assert scores.false_refusals == 0.25
    assert scores.citations == 6
    assert scores.verbatim == pytest.approx(5 / 6)
    assert scores.calibration_error == pytest.approx(abs(6 * 0.8 - 4) / 6)


def test_calibration_is_the_gap_between_confidence_and_what_is_so_in_each_tenth() -> None:
    sure = [replace(OUTCOME, confidence=c) for c in (0.91, 0.93, 0.95, 1.0)]
    unsure = [replace(UNANSWERABLE, confidence=c) for c in (0.25, 0.0)]
    gaps = (4 - 0.91 - 0.93 - 0.95 - 1.0) + 0.25 + 0.0
    assert calibration_error([*sure, *unsure]) == pytest.approx(gaps / 6)
    halves = [replace(OUTCOME, confidence=0.52), replace(UNANSWERABLE, confidence=0.5)]
    assert calibration_error(halves) == pytest.approx(0.01)
    assert calibration_error(sure) is None


def test_what_no_question_has_is_not_scored() -> None:
    lone = replace(OUTCOME, relevant=frozenset(), cited=(), verbatim=0)
    scores = summarize([lone])
    assert scores.hits_at_1 is scores.map_at_10 is scores.evidence_recall is None
    assert scores.key_recall is scores.right_lead is scores.right_citations is None
    assert scores.false_answers is scores.verbatim is None
    assert scores.false_refusals == 0
    assert scores.p50_ms == scores.p95_ms == 10.0


def test_times_are_percentiles() -> None:
    scores = summarize([replace(OUTCOME, elapsed_ms=float(n)) for n in range(101)])
    assert (scores.p50_ms, scores.p95_ms) == (50.0, 95.0)
