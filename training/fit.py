"""Fit everything that is fitted: `python -m training.fit FOLDER[:WEIGHT] ...`.

Each FOLDER is a question set (articles.jsonl and questions.jsonl, see docs/EVALUATION.md); its
questions count WEIGHT times, 1 if it is not given. Fits in order, since each stands on the one
before: the ranking of articles, the choice of sentences, the confidence and its threshold. Writes
index/ranking.json, bot/answering/evidence.json and bot/answering/confidence.json.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import astuple, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.answering import confidence, evidence
from bot.evaluating import SetQuestion
from index import ranking
from training.listwise import RankedList, fit_listwise
from training.question_sets import Asked, QuestionSet, opened_set

RIDGE: Final = 0.003
FALSE_REFUSALS: Final = 0.08
HIDDEN_WEIGHT: Final = 0.3
SILENCED_WEIGHT: Final = 0.4
SWAPPED_WEIGHT: Final = 0.4
MOST_QUESTIONS: Final = 600
RANKING_PRIOR: Final = {"outlet": 2.0}
"""What is expected of weights where no set has a question that shows them."""
STEPS: Final = ("ranking", "evidence", "confidence")


def fit_ranking(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the weights of the article features."""
    lists = []
    for questions, weight in sets:
        for asked in _all_asked(questions):
            ranked = asked.retrieval.articles
            right = [
                place
                for place, one in enumerate(ranked)
                if one.article.external_id in asked.question.article_ids
            ]
            if right:
                rows = [ranking.inputs(a.features, same_language=a.same_language) for a in ranked]
                lists.append(RankedList(np.array(rows), np.array(right), weight))
    prior = np.array([RANKING_PRIOR.get(name, 0.0) for name in ranking.WEIGHT_NAMES])
    fitted = fit_listwise(lists, ridge=RIDGE, prior=prior)
    _write(ranking.RANKING_FILE, {"weights": _named(ranking.WEIGHT_NAMES, fitted)})


def fit_evidence(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the weights of the sentence features: right is what a set quotes, or holds a key."""
    lists = []
    for questions, weight in sets:
        for asked in _all_asked(questions):
            right = [place for place, one in enumerate(asked.evidence) if _is_right(one, asked)]
            if right:
                rows = [astuple(one.features) for one in asked.evidence]
                lists.append(RankedList(np.array(rows), np.array(right), weight))
    fitted = fit_listwise(lists, ridge=RIDGE)
    _write(evidence.EVIDENCE_FILE, {"weights": _named(evidence.FEATURE_NAMES, fitted)})


def _is_right(sentence: evidence.Evidence, asked: Asked) -> bool:
    question, article = asked.question, sentence.article
    if article.external_id not in question.article_ids:
        return False
    if not question.quotes:
        return _has_key(sentence, asked)
    starts = [(article.text.find(quote), len(quote)) for quote in question.quotes]
    return any(
        start >= 0 and sentence.span.start < start + length and start < sentence.span.end
        for start, length in starts
    )


def _has_key(sentence: evidence.Evidence, asked: Asked) -> bool:
    text = sentence.text.casefold()
    return any(key.casefold() in text for key in asked.question.answer_keys)


def fit_confidence(sets: Sequence[tuple[QuestionSet, float]]) -> None:
    """Fit the probability of an answer, and the threshold that refuses few answerable questions.

    Unanswerable are those that a set says are, and answerable ones made so: with the articles that
    answer them hidden, with only the sentences hidden that do, or with a name in them exchanged for
    one that those articles do not have.
    """
    rows, labels, weights, real = [], [], [], []
    for questions, weight in sets:
        for asked, answerable, share in _labelled(questions):
            if asked.evidence:
                features = confidence.answer_features(asked.retrieval, asked.evidence)
                rows.append(astuple(features))
                labels.append(answerable)
                weights.append(weight * share)
                real.append(share == 1.0 and weight >= 1.0)
    inputs, wanted = np.array(rows), np.array(labels)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2_000))
    model.fit(inputs, wanted, logisticregression__sample_weight=np.array(weights))
    scaler, regression = model[0], model[1]
    slopes = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - slopes @ scaler.mean_)
    chances = model.predict_proba(inputs)[:, 1]
    threshold = float(np.quantile(chances[wanted & np.array(real)], FALSE_REFUSALS))
    _write(
        confidence.CONFIDENCE_FILE,
        {
            "weights": _named(confidence.FEATURE_NAMES, slopes),
            "intercept": round(intercept, 4),
            "threshold": round(threshold, 4),
        },
    )


def _labelled(questions: QuestionSet) -> Iterator[tuple[Asked, bool, float]]:
    """Ask real and made questions; each with whether it has an answer, and how much it counts."""
    dice = random.Random(7)  # noqa: S311 - the fit has to be the same each time
    names = _names(questions)
    for question in _chosen(questions):
        asked = questions.ask(question)
        yield asked, question.answerable, 1.0
        if question.answerable:
            yield questions.ask(question, hidden=question.article_ids), False, HIDDEN_WEIGHT
            yield _without_answer(asked), False, SILENCED_WEIGHT
            if swapped := _swapped(question, questions, names, dice):
                yield questions.ask(swapped), False, SWAPPED_WEIGHT


def _without_answer(asked: Asked) -> Asked:
    """Take out the sentences that answer: the right article is there, but does not say it."""
    silent = [e for e in asked.evidence if not (_is_right(e, asked) or _has_key(e, asked))]
    return replace(asked, evidence=silent)


def _names(questions: QuestionSet) -> list[str]:
    """Capitalised words within sentences that several articles have."""
    seen: dict[str, set[int]] = {}
    for article in questions.app.store.articles():
        for name in re.findall(r"(?<=[a-zé,] )[A-Z][\w-]{2,}", article.text):
            seen.setdefault(name, set()).add(article.id)
    return sorted(name for name, articles in seen.items() if len(articles) >= 2)


def _swapped(
    question: SetQuestion, questions: QuestionSet, names: Sequence[str], dice: random.Random
) -> SetQuestion | None:
    """Exchange a name of the question for one that the answering articles do not have."""
    known = {name.casefold(): name for name in names}
    own = [word for word in re.findall(r"[\w-]{3,}", question.text) if word.casefold() in known]
    texts = [questions.app.store.find(i) for i in question.article_ids]
    answering = " ".join(f"{article.title} {article.text}" for article in texts).casefold()
    others = [name for name in names if name.casefold() not in answering]
    if not own or not others:
        return None
    text = question.text.replace(dice.choice(own), dice.choice(others))
    return replace(question, text=text)


def _chosen(questions: QuestionSet) -> Sequence[SetQuestion]:
    """All questions, or of many a sample that is the same each time."""
    everything = list(questions.questions)
    if len(everything) <= MOST_QUESTIONS:
        return everything
    return random.Random(3).sample(everything, MOST_QUESTIONS)  # noqa: S311 - as above


def _all_asked(questions: QuestionSet) -> Iterator[Asked]:
    return (questions.ask(q) for q in _chosen(questions) if q.answerable)


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
        {"ranking": fit_ranking, "evidence": fit_evidence, "confidence": fit_confidence}[step](sets)


if __name__ == "__main__":
    main()
