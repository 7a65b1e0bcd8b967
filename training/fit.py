"""Fit everything that is fitted: `python -m training.fit FOLDER[:WEIGHT] ...`.

Each FOLDER is a question set (articles.jsonl and questions.jsonl, see docs/EVALUATION.md); its
questions count WEIGHT times, 1 if it is not given. Fits in order, since each stands on the one
before: the ranking of articles, which sentences are read, what reading them says of sentences and
articles, the confidence and its threshold. Writes index/ranking.json, bot/answering/evidence.json
and bot/answering/confidence.json. Fit on other sets than the reader was trained on: what it has
seen, it is too sure of.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import astuple
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.answering import confidence, evidence, sentence_features
from bot.answering.reader import UNREAD, Readable, Reader
from bot.evaluating import SetQuestion
from index import ranking
from training.listwise import RankedList, fit_listwise
from training.question_sets import Asked, QuestionSet, answers, opened_set

RIDGE: Final = 0.003
FALSE_REFUSALS: Final = 0.08
HIDDEN_WEIGHT: Final = 0.3
MOST_QUESTIONS: Final = 300
_FARTHEST: Final = 20.0
"""Logits from 0 to a probability that no share is beyond."""
RANKING_PRIOR: Final = {"outlet": 2.0}
"""What is expected of weights where no set has a question that shows them."""
STEPS: Final = ("ranking", "choosing", "reading", "confidence")


class Unread:
    """A `Reader` that takes no time and knows nothing, for what is fitted before it."""

    def read(self, question: str, passages: Sequence[Readable]) -> list[list[float]]:
        """Judge all the same."""
        del question
        return [[UNREAD] * len(one.sentences) for one in passages]


def fit_ranking(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the weights of the article features."""
    lists = []
    for asked, weight in _asked_of(sets, Unread()):
        ranked = asked.retrieval.articles
        rows = [ranking.inputs(a.features, same_language=a.same_language) for a in ranked]
        lists.append(RankedList(np.array(rows), _right_articles(asked), weight))
    prior = np.array([RANKING_PRIOR.get(name, 0.0) for name in ranking.WEIGHT_NAMES])
    fitted = fit_listwise([one for one in lists if len(one.right)], ridge=RIDGE, prior=prior)
    _write(ranking.RANKING_FILE, {"weights": _named(ranking.WEIGHT_NAMES, fitted)})


def fit_choosing(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the weights by which the sentences to be read are chosen."""
    lists = [_sentence_list(asked, weight) for asked, weight in _asked_of(sets, Unread())]
    fitted = fit_listwise([one for one in lists if len(one.right)], ridge=RIDGE)
    _write_evidence(choosing=_named(sentence_features.FEATURE_NAMES, fitted))


def fit_reading(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the weights of the sentences that were read, and of their articles."""
    sentences, articles = [], []
    for asked, weight in _asked_of(sets):
        sentences.append(_sentence_list(asked, weight))
        rows = evidence.article_features(asked.retrieval, asked.evidence)[: evidence.ARTICLES_READ]
        right = _right_articles(asked)
        articles.append(RankedList(np.array(rows), right[right < len(rows)], weight))
    fitted = [
        fit_listwise([one for one in lists if len(one.right)], ridge=RIDGE)
        for lists in (sentences, articles)
    ]
    _write_evidence(
        sentences=_named(sentence_features.FEATURE_NAMES, fitted[0]),
        articles=_named(evidence.ARTICLE_FEATURE_NAMES, fitted[1]),
    )


def _right_articles(asked: Asked) -> NDArray[np.intp]:
    wanted = asked.question.article_ids
    found = [one.article.external_id for one in asked.retrieval.articles]
    return np.array([n for n, name in enumerate(found) if name in wanted], dtype=np.intp)


def _sentence_list(asked: Asked, weight: float) -> RankedList:
    """A question's sentences, with those that answer it."""
    right = [
        place
        for place, one in enumerate(asked.evidence)
        if answers(asked.question, one.article.external_id, one.article.text, one.span)
    ]
    rows = [astuple(one.features) for one in asked.evidence]
    return RankedList(np.array(rows), np.array(right, dtype=np.intp), weight)


def _write_evidence(**steps: dict[str, float]) -> None:
    fitted = json.loads(evidence.EVIDENCE_FILE.read_text(encoding="utf-8"))
    _write(evidence.EVIDENCE_FILE, fitted | steps)


def fit_confidence(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the probability of an answer, and the threshold that refuses few answerable questions.

    Unanswerable are those that a set says are, and answerable ones with the articles that answer
    them hidden. Since these are made, the intercept is that with which the probabilities of the
    others are right on the mean.
    """
    rows, labels, weights, real = [], [], [], []
    for questions, weight in sets:
        for asked, answerable, share in _labelled(questions):
            if asked.evidence:
                retrieval = evidence.ranked_anew(asked.retrieval, asked.evidence)
                features = confidence.answer_features(retrieval, asked.evidence)
                rows.append(astuple(features))
                labels.append(answerable)
                weights.append(weight * share)
                real.append(share == 1.0 and weight >= 1.0)
    inputs, wanted = np.array(rows), np.array(labels)
    counts, is_real = np.array(weights), np.array(real)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2_000))
    model.fit(inputs, wanted, logisticregression__sample_weight=counts)
    slopes = model[1].coef_[0] / model[0].scale_
    scores = inputs @ slopes
    intercept = _calibrated(scores[is_real], wanted[is_real], counts[is_real])
    judged = wanted & is_real
    threshold = np.quantile(
        expit(scores[judged] + intercept),
        FALSE_REFUSALS,
        weights=counts[judged],
        method="inverted_cdf",
    )
    _write(
        confidence.CONFIDENCE_FILE,
        {
            "weights": _named(confidence.FEATURE_NAMES, slopes),
            "intercept": round(intercept, 4),
            "threshold": round(float(threshold), 4),
        },
    )


def _calibrated(
    scores: NDArray[np.float64], wanted: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float:
    """Find the intercept with which the mean probability is the share of what is wanted."""
    share = np.average(wanted, weights=weights)

    def excess(intercept: float) -> float:
        return float(np.average(expit(scores + intercept), weights=weights) - share)

    return float(brentq(excess, -np.max(scores) - _FARTHEST, -np.min(scores) + _FARTHEST))


def _labelled(questions: QuestionSet) -> Iterator[tuple[Asked, bool, float]]:
    """Ask real and made questions; each with whether it has an answer, and how much it counts."""
    for question in _chosen(questions):
        asked = questions.ask(question)
        yield asked, question.answerable, 1.0
        if question.answerable:
            yield questions.ask(question, hidden=question.article_ids), False, HIDDEN_WEIGHT


def _chosen(questions: QuestionSet) -> Sequence[SetQuestion]:
    """All questions, or of many a sample that is the same each time."""
    everything = list(questions.questions)
    if len(everything) <= MOST_QUESTIONS:
        return everything
    return random.Random(3).sample(everything, MOST_QUESTIONS)  # noqa: S311 - the fit has to be the same each time


def _asked_of(
    sets: Sequence[tuple[QuestionSet, float]], reader: Reader | None = None
) -> Iterator[tuple[Asked, float]]:
    for questions, weight in sets:
        for question in _chosen(questions):
            if question.answerable:
                yield questions.ask(question, reader=reader), weight


def _named(names: Sequence[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def _write(path: Path, fitted: dict[str, object]) -> None:
    path.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{path.name}: {json.dumps(fitted)}\n")


def main() -> None:
    """Fit the steps named by --only, else all, each in a process that reads the one before."""
    arguments = sys.argv[1:]
    if arguments[:1] != ["--only"]:
        for step in STEPS:
            command = [sys.executable, "-m", "training.fit", "--only", step, *arguments]
            subprocess.run(command, check=True)  # noqa: S603 - this very program
        return
    step, folders = arguments[1], arguments[2:]
    with ExitStack() as stack:
        sets = []
        for folder in folders:
            path, _, weight = folder.partition(":")
            sets.append((stack.enter_context(opened_set(Path(path))), float(weight or 1)))
        fits = {
            "ranking": fit_ranking,
            "choosing": fit_choosing,
            "reading": fit_reading,
            "confidence": fit_confidence,
        }
        fits[step](sets)


if __name__ == "__main__":
    main()
