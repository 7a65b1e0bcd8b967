"""Answers the questions of a set and scores the answers, on the same path as everybody's."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from bot.answering.errors import QuestionError
from bot.answering.models import Answer, Answered, Mode
from bot.answering.service import checked_question
from bot.errors import QuestionSetError
from corpus.models import Article, ArticleId
from index.analysis import tokens
from index.evaluation import Outcome
from index.models import RetrievedPassage

if TYPE_CHECKING:
    from bot.answering.service import AnswerService

_RANKED: Final = 20
_NO_QUESTION: Final = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
    QuestionError,
)


class ArticleTexts(Protocol):
    """The part of the article store that is read here; blocking."""

    def get_many(self, article_ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        """Return those of the articles that exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuestion:
    """A question of a set: a line of `questions.jsonl` (the form is in docs/EVALUATION.md)."""

    id: str
    text: str
    kind: str
    pair: str
    answerable: bool
    article_ids: tuple[str, ...]
    answer_keys: tuple[str, ...]
    quotes: tuple[str, ...]
    asked_at: date | None
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A question, its answer and its score."""

    question: SetQuestion
    answer: Answer
    outcome: Outcome

    def document(self) -> dict[str, object]:
        """Describe it as a line of a results file."""
        answer = self.answer
        citations = answer.citations if isinstance(answer, Answered) else ()
        return {
            "id": self.question.id,
            "ranked": list(self.outcome.ranked),
            "answered": self.outcome.answered,
            "text": answer.text,
            "citations": [
                {
                    "n": citation.number,
                    "article_id": reference(citation.article),
                    "quote": citation.quote,
                    "start": citation.start,
                    "end": citation.end,
                    "link": citation.link,
                }
                for citation in citations
            ],
            "confidence": round(answer.context.confidence, 4),
            "elapsed_ms": round(answer.context.elapsed_ms, 2),
        }


def read_questions(path: Path) -> list[SetQuestion]:
    """Read a question set, one JSON object a line; blank lines are passed over.

    Raises:
        QuestionSetError: the file cannot be read, or a line is not such a question.
    """
    try:
        # Not `splitlines`: JSON may hold its other separators (U+2028) within a string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeError) as error:
        raise QuestionSetError(str(path), line=None, reason="it cannot be read") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line), number))
        except _NO_QUESTION as error:
            reason = "this line is not a question of the documented form"
            raise QuestionSetError(str(path), line=number, reason=reason) from error
    if not questions:
        raise QuestionSetError(str(path), line=None, reason="it holds no question")
    return questions


def _question(loaded: dict[str, object], number: int) -> SetQuestion:
    def strings(name: str) -> tuple[str, ...]:
        return tuple(str(item) for item in _list(loaded.get(name)))

    asked_at, text = loaded.get("asked_at"), loaded["question"]
    if not isinstance(text, str):
        raise TypeError(type(text))
    checked_question(text)
    return SetQuestion(
        id=str(loaded.get("id", number)),
        text=text,
        kind=str(loaded.get("type") or "other"),
        pair=str(loaded.get("pair") or loaded.get("lang") or "unknown"),
        answerable=bool(loaded.get("answerable", True)),
        article_ids=strings("article_ids"),
        answer_keys=strings("answer_keys"),
        quotes=tuple(str(item["quote"]) for item in _list(loaded.get("evidence"))),
        asked_at=date.fromisoformat(str(asked_at)[:10]) if asked_at else None,
        translation=str(loaded["translation"]) if loaded.get("translation") else None,
    )


def _list(value: object) -> list[dict[str, object]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(type(value))
    return value


async def evaluate(
    answers: AnswerService, articles: ArticleTexts, questions: Sequence[SetQuestion]
) -> AsyncIterator[Result]:
    """Answer and score one question after the other."""
    for question in questions:
        answer = await answers.answer(question.text, asked_at=question.asked_at)
        yield Result(question, answer, _outcome(question, answer, articles))


def reference(article: Article) -> str:
    """The id by which a question set knows an article: its own, else the corpus's."""
    return article.external_id or str(article.id)


def _outcome(question: SetQuestion, answer: Answer, articles: ArticleTexts) -> Outcome:
    answered = isinstance(answer, Answered)
    citations = answer.citations if isinstance(answer, Answered) else ()
    is_generated = isinstance(answer, Answered) and answer.mode is Mode.GENERATED
    stored = articles.get_many({citation.article.id for citation in citations})
    verbatim = sum(
        citation.article.id in stored
        and stored[citation.article.id].text[citation.start : citation.end] == citation.quote
        and (is_generated or _shows(answer.text, citation.quote))
        for citation in citations
    )
    retrieved = answer.context.retrieved
    return Outcome(
        kind=question.kind,
        pair=question.pair,
        answerable=question.answerable,
        relevant=frozenset(question.article_ids),
        ranked=tuple(dict.fromkeys(reference(found.article) for found in retrieved))[:_RANKED],
        evidence=_evidence_recall(question.quotes, retrieved),
        answered=answered,
        confidence=answer.context.confidence,
        keys=_key_recall(question, answer.text if answered else ""),
        cited=tuple(reference(citation.article) for citation in citations),
        verbatim=verbatim,
        elapsed_ms=answer.context.elapsed_ms,
    )


def _shows(text: str, quote: str) -> bool:
    """Whether a text has all words of a quote, one behind the other."""
    return f" {' '.join(tokens(quote))} " in f" {' '.join(tokens(text))} "


def _evidence_recall(quotes: Sequence[str], retrieved: Sequence[RetrievedPassage]) -> float | None:
    """The share of quotes of which a retrieved passage holds the most part."""
    if not quotes:
        return None
    held = sum(any(_holds(found, quote) for found in retrieved) for quote in quotes)
    return held / len(quotes)


def _holds(found: RetrievedPassage, quote: str) -> bool:
    start = found.article.text.find(quote)
    span = found.passage.span
    shared = min(span.end, start + len(quote)) - max(span.start, start)
    return start >= 0 and 2 * shared >= len(quote)


def _key_recall(question: SetQuestion, text: str) -> float | None:
    keys = question.answer_keys
    if not keys:
        return None
    said = _comparable(text)
    found = sum(_comparable(key) in said for key in keys)
    return found / len(keys) if question.kind == "list" else float(found > 0)


def _comparable(text: str) -> str:
    """Without what typography varies: case, kinds of spaces, apostrophes."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return re.sub(r"\s+", " ", folded)
