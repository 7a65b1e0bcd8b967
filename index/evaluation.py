"""Scores of retrieval and answers against a question set; pure.

Ranks count from 1. A question with several right articles counts as found at the first of them;
MAP looks at all of them. Definitions after Manning, Raghavan & Schütze 2008, chapter 8.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from statistics import fmean, quantiles
from typing import Final

_BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question.

    Attributes:
        kind: The type of the question in its set.
        pair: Its language and that of its articles, as "fr2en".
        answerable: Whether the set says that the articles answer it.
        relevant: The ids of the articles that do; empty if not known.
        ranked: The ids found, best first.
        evidence: The share of the set's quotes that the retrieved passages hold; None without any.
        answered: Whether an answer was given.
        confidence: The probability that the articles answer it, as Newsdesk estimates it.
        keys: The share of the answer keys in the answer's text, for lists; for all others 1 if one
            is there. 0 if nothing was answered, None if the set has no keys.
        cited: The id of the article behind each citation of the answer, in order.
        verbatim: How many citations are the exact words of the stored article.
        elapsed_ms: How long it took.
    """

    kind: str
    pair: str
    answerable: bool
    relevant: frozenset[str]
    ranked: tuple[str, ...]
    evidence: float | None
    answered: bool
    confidence: float
    keys: float | None
    cited: tuple[str, ...]
    verbatim: int
    elapsed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Means over a group of questions; None where no question of the group has the value.

    `right_lead` is the share of answers whose first citation is of an article that answers,
    `right_citations` the share of all citations that are so, both of answerable questions,
    `false_answers` that of unanswerable questions that were answered, `false_refusals` that of
    answerable ones that were not, `calibration_error` as `calibration_error` defines it, of groups
    with both kinds. Times are milliseconds.
    """

    questions: int
    hits_at_1: float | None
    hits_at_5: float | None
    hits_at_10: float | None
    mrr_at_10: float | None
    map_at_10: float | None
    evidence_recall: float | None
    key_recall: float | None
    right_lead: float | None
    right_citations: float | None
    false_answers: float | None
    false_refusals: float | None
    calibration_error: float | None
    citations: int
    verbatim: float | None
    p50_ms: float
    p95_ms: float


def hit(ranked: Sequence[str], relevant: Set[str], *, at: int) -> float:
    """1 if one of the first `at` is relevant, else 0."""
    return float(any(item in relevant for item in ranked[:at]))


def reciprocal_rank(ranked: Sequence[str], relevant: Set[str], *, at: int) -> float:
    """1 divided by the rank of the first relevant one among the first `at`; 0 if there is none."""
    ranks = (rank for rank, item in enumerate(ranked[:at], start=1) if item in relevant)
    return next((1 / rank for rank in ranks), 0.0)


def average_precision(ranked: Sequence[str], relevant: Set[str], *, at: int) -> float:
    """The mean over the relevant ones of the precision at their ranks; 0 for those beyond `at`."""
    found = 0
    total = 0.0
    for rank, item in enumerate(ranked[:at], start=1):
        if item in relevant:
            found += 1
            total += found / rank
    return total / min(len(relevant), at) if relevant else 0.0


def calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    """How far confidence lies from the share of answerable questions, on the mean.

    The expected calibration error over ten bins of equal width (Guo et al. 2017, arXiv
    1706.04599). None unless there are answerable and unanswerable questions.
    """
    if len({o.answerable for o in outcomes}) < 2:
        return None
    bins = defaultdict(list)
    for o in outcomes:
        bins[min(int(o.confidence * _BINS), _BINS - 1)].append(o.confidence - o.answerable)
    return sum(abs(sum(gaps)) for gaps in bins.values()) / len(outcomes)


def summarize(outcomes: Sequence[Outcome]) -> Scores:
    """Average over at least one question."""
    judged = [o for o in outcomes if o.answerable and o.relevant]

    def ranked_mean(score: Callable[[Outcome], float]) -> float | None:
        return _mean(score(o) for o in judged)

    citations = sum(len(o.cited) for o in outcomes)
    times = [o.elapsed_ms for o in outcomes]
    percentiles = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return Scores(
        questions=len(outcomes),
        hits_at_1=ranked_mean(lambda o: hit(o.ranked, o.relevant, at=1)),
        hits_at_5=ranked_mean(lambda o: hit(o.ranked, o.relevant, at=5)),
        hits_at_10=ranked_mean(lambda o: hit(o.ranked, o.relevant, at=10)),
        mrr_at_10=ranked_mean(lambda o: reciprocal_rank(o.ranked, o.relevant, at=10)),
        map_at_10=ranked_mean(lambda o: average_precision(o.ranked, o.relevant, at=10)),
        evidence_recall=_mean(o.evidence for o in outcomes if o.evidence is not None),
        key_recall=_mean(o.keys for o in outcomes if o.answerable and o.keys is not None),
        right_lead=_mean(float(o.cited[0] in o.relevant) for o in judged if o.cited),
        right_citations=_mean(float(cited in o.relevant) for o in judged for cited in o.cited),
        false_answers=_mean(float(o.answered) for o in outcomes if not o.answerable),
        false_refusals=_mean(float(not o.answered) for o in outcomes if o.answerable),
        calibration_error=calibration_error(outcomes),
        citations=citations,
        verbatim=sum(o.verbatim for o in outcomes) / citations if citations else None,
        p50_ms=percentiles[49],
        p95_ms=percentiles[94],
    )


def _mean(values: Iterable[float]) -> float | None:
    kept = list(values)
    return fmean(kept) if kept else None
