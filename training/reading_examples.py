"""What the reader is trained on: questions, and the sentences that a search would offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.answering.reader import as_read
from bot.evaluating import read_questions
from corpus.importing import read_jsonl
from corpus.models import Draft
from index.models import Span, Vectors
from index.sentences import sentences
from training.question_sets import answers

OFFERED: Final = 24
ARTICLES_OFFERED: Final = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A question in one language. Numbers are places among the texts of its `Examples`.

    `right` are the sentences that answer it, none if nothing does; `wrong` those nearest to it by
    meaning that do not, nearest first.
    """

    question: int
    right: Sequence[int]
    wrong: Sequence[int]


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions of several sets, each against the sentences of its own set."""

    texts: Sequence[str]
    answerable: Sequence[Example]
    unanswerable: Sequence[Example]


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    article: str
    span: Span


def read_examples(folders: Sequence[Path], embed: Callable[[Sequence[str]], Vectors]) -> Examples:
    """Read question sets (docs/EVALUATION.md); a question's `translation` is one more question.

    Args:
        folders: Each with `articles.jsonl` and `questions.jsonl`.
        embed: Texts to unit vectors: those that a search offers are the nearest.
    """
    texts: list[str] = []
    answerable: list[Example] = []
    unanswerable: list[Example] = []
    for folder in folders:
        own, bodies = _sentences(folder / "articles.jsonl")
        first = len(texts)
        texts += [sentence.text for sentence in own]
        asked = [
            (question, text)
            for question in read_questions(folder / "questions.jsonl")
            for text in (question.text, question.translation)
            if text
        ]
        closeness = embed([text for _, text in asked]) @ embed(texts[first:]).T
        for (question, text), row in zip(asked, closeness, strict=True):
            right = {
                place
                for place, one in enumerate(own)
                if answers(question, one.article, bodies[one.article], one.span)
            }
            wrong = [place for place in _offered(row, own) if place not in right]
            if not wrong or (question.answerable and not right):
                continue
            example = Example(
                len(texts), [first + place for place in right], [first + p for p in wrong]
            )
            texts.append(text)
            (answerable if question.answerable else unanswerable).append(example)
    return Examples(texts, answerable, unanswerable)


def _sentences(path: Path) -> tuple[list[_Sentence], dict[str, str]]:
    """The sentences of a set's articles, as they are read, and the articles' texts by id."""
    found: list[_Sentence] = []
    bodies: dict[str, str] = {}
    for draft in read_jsonl(path, path.name):
        if not isinstance(draft, Draft) or draft.external_id is None:
            continue
        bodies[draft.external_id] = draft.text
        for span in sentences(draft.text):
            text = as_read(draft.text[span.start : span.end], draft)
            found.append(_Sentence(text, draft.external_id, span))
    return found, bodies


def _offered(closeness: np.ndarray, own: Sequence[_Sentence]) -> list[int]:
    """The nearest sentences, of the first five articles among them."""
    nearest = np.argsort(-closeness)[:OFFERED]
    articles = list(dict.fromkeys(own[place].article for place in nearest))[:ARTICLES_OFFERED]
    return [int(place) for place in nearest if own[place].article in articles]
