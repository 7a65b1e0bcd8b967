"""What the reader is trained on: questions, and the passages that a search would offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.answering.reader import Readable, as_read
from bot.evaluating import read_questions
from corpus.importing import read_jsonl
from corpus.models import Draft
from index.chunking import Chunker
from index.models import Span, Vectors
from index.sentences import sentences_within
from training.question_sets import answers

OFFERED: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A question in one language. Keys are places among the passages of its `Examples`.

    `right` are the passages that answer it, none if nothing does, each with the places of its
    sentences that do; `wrong` those nearest to it by meaning that do not, nearest first.
    """

    question: str
    right: dict[int, tuple[int, ...]]
    wrong: Sequence[int]


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions of several sets, each against the passages of its own set."""

    passages: Sequence[Readable]
    answerable: Sequence[Example]
    unanswerable: Sequence[Example]


@dataclass(frozen=True, slots=True)
class _Passage:
    read: Readable
    article: str
    sentences: tuple[Span, ...]


def read_examples(
    folders: Sequence[Path], chunker: Chunker, embed: Callable[[Sequence[str]], Vectors]
) -> Examples:
    """Read question sets (docs/EVALUATION.md); a question's `translation` is one more question.

    Args:
        folders: Each with `articles.jsonl` and `questions.jsonl`.
        chunker: Articles to passages.
        embed: Texts to unit vectors: those that a search offers are the nearest.
    """
    passages: list[Readable] = []
    answerable: list[Example] = []
    unanswerable: list[Example] = []
    for folder in folders:
        own, bodies = _passages(folder / "articles.jsonl", chunker)
        first = len(passages)
        passages += [one.read for one in own]
        asked = [
            (question, text)
            for question in read_questions(folder / "questions.jsonl")
            for text in (question.text, question.translation)
            if text
        ]
        closeness = embed([text for _, text in asked]) @ embed([one.read.text for one in own]).T
        for (question, text), row in zip(asked, closeness, strict=True):
            right = {}
            for place, one in enumerate(own):
                body = bodies[one.article]
                said = [answers(question, one.article, body, span) for span in one.sentences]
                if any(said):
                    right[first + place] = tuple(n for n, answer in enumerate(said) if answer)
            nearest = [first + int(place) for place in (-row).argsort()]
            wrong = [place for place in nearest if place not in right][:OFFERED]
            if wrong and (right or not question.answerable):
                example = Example(text, right, wrong)
                (answerable if question.answerable else unanswerable).append(example)
    return Examples(passages, answerable, unanswerable)


def _passages(path: Path, chunker: Chunker) -> tuple[list[_Passage], dict[str, str]]:
    """The passages of a set's articles, as they are read, and the articles' texts by id."""
    found: list[_Passage] = []
    bodies: dict[str, str] = {}
    for draft in read_jsonl(path, path.name):
        if not isinstance(draft, Draft) or draft.external_id is None:
            continue
        bodies[draft.external_id] = draft.text
        for passage in chunker.chunk(draft):
            own = tuple(sentences_within(draft.text, passage))
            found.append(_Passage(as_read(draft, passage, own), draft.external_id, own))
    return found, bodies
