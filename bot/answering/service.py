"""The one path from a question to an answer, whoever asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bot.answering.citations import check_citations
from bot.answering.confidence import answer_features, confidence, threshold
from bot.answering.errors import (
    BudgetSpentError,
    EmptyQuestionError,
    GenerationError,
    OwnBudgetSpentError,
    QuestionTooLongError,
    UnusableAnswerError,
)
from bot.answering.evidence import Evidence, find_evidence
from bot.answering.extractive import (
    ONE_THING,
    SEVERAL_THINGS,
    ExtractiveAnswer,
    write_extractive,
)
from bot.answering.generated import GeneratedAnswer, write_generated
from bot.answering.models import Abstained, Answer, Answered, Context, Mode
from bot.answering.phrases import Phrases, phrases_for, written_date
from bot.answering.timeline import leading_article, led_by, note_on_time
from index.analysis import tokens
from index.retrieval import Retrieval
from index.retriever import Retriever

if TYPE_CHECKING:
    from bot.answering.language_model import LanguageModel
    from bot.workers import Worker
    from index.embedder import Embedder

log = logging.getLogger(__name__)

MOST_QUESTION_CHARACTERS: Final = 1_000
_PASSAGES_FOR_MODEL: Final = 10
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """What the index worker hands back: all that blocks is done."""

    retrieval: Retrieval
    evidence: list[Evidence]
    confidence: float


class AnswerService:
    """Answers questions from the index, with a language model where one is configured.

    Everything that blocks runs on `worker`, which owns index and embedding model. `today` is the
    clock of relative dates.
    """

    def __init__(
        self,
        *,
        retriever: Retriever,
        embedder: Embedder,
        worker: Worker,
        today: Callable[[], date],
        model: LanguageModel | None = None,
    ) -> None:
        self._retriever = retriever
        self._embedder = embedder
        self._worker = worker
        self._today = today
        self._model = model

    async def answer(
        self,
        question: str,
        *,
        asked_at: date | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
        person: int | None = None,
    ) -> Answer:
        """Answer with proven citations, or abstain.

        Args:
            question: As typed.
            asked_at: The day of the question, today if None; what was published later is hidden.
            since: Only articles published on this day or later.
            until: Only articles published on this day or earlier.
            outlet: Only articles of this outlet.
            person: Who asks, and pays with their share of the language model; None has no share.

        Raises:
            EmptyQuestionError: No word is in it.
            QuestionTooLongError: It has more than `MOST_QUESTION_CHARACTERS`.
        """
        started = perf_counter()
        question = checked_question(question)
        found = await self._worker.run(
            self._find, question, asked_at=asked_at, since=since, until=until, outlet=outlet
        )
        retrieval = found.retrieval
        context = Context(
            question=question,
            language=retrieval.query.language,
            confidence=found.confidence,
            retrieved=retrieval.passages,
            nearest=tuple(ranked.article for ranked in retrieval.articles[:_NEAREST]),
            period=retrieval.query.period,
            index=retrieval.index,
            elapsed_ms=(perf_counter() - started) * 1_000,
        )
        if not found.evidence or found.confidence < threshold():
            return _abstained(context)
        return await self._written(found, context, asked_at, started, person)

    async def _written(
        self,
        found: _Found,
        context: Context,
        asked_at: date | None,
        started: float,
        person: int | None,
    ) -> Answer:
        fallback = None
        if self._model is not None:
            try:
                generated = await write_generated(
                    self._model.asked_by(person),
                    question=context.question,
                    language=context.language,
                    passages=context.retrieved[:_PASSAGES_FOR_MODEL],
                    today=asked_at or self._today(),
                )
            except GenerationError as error:
                log.info("quotes instead of a written answer: %s", error)
                fallback = _why_quotes(error, phrases_for(context.language))
            else:
                context = _timed(context, started)
                if not isinstance(generated, GeneratedAnswer):
                    return _abstained(context)
                check_citations(generated.text, generated.citations)
                return Answered(
                    context=context,
                    mode=Mode.GENERATED,
                    text=self._dated(generated, found, asked_at),
                    citations=generated.citations,
                )
        lead = leading_article(found.retrieval)
        quoted = write_extractive(
            led_by(lead, found.evidence, found.retrieval),
            language=context.language,
            present=lead if found.retrieval.query.period is None else None,
            extent=SEVERAL_THINGS if found.retrieval.query.asks_several else ONE_THING,
            same_event=found.retrieval.same_event,
        )
        check_citations(quoted.text, quoted.citations)
        return Answered(
            context=_timed(context, started),
            mode=Mode.EXTRACTIVE,
            text=self._dated(quoted, found, asked_at),
            citations=quoted.citations,
            fallback=fallback,
        )

    def _dated(
        self, written: GeneratedAnswer | ExtractiveAnswer, found: _Found, asked_at: date | None
    ) -> str:
        """The text, and below it what its readers should know of the dates."""
        query = found.retrieval.query
        note = note_on_time(
            query,
            (citation.article for citation in written.citations),
            today=asked_at or self._today(),
            phrases=phrases_for(query.language),
        )
        return written.text if note is None else f"{written.text}\n\n{note}"

    def _find(
        self,
        question: str,
        *,
        asked_at: date | None,
        since: date | None,
        until: date | None,
        outlet: str | None,
    ) -> _Found:
        retrieval = self._retriever.retrieve(
            question, asked_at=asked_at, since=since, until=until, outlet=outlet
        )
        evidence = find_evidence(retrieval, self._embedder)
        certain = confidence(answer_features(retrieval, evidence)) if evidence else 0.0
        log.info("found %d articles, confidence %.2f", len(retrieval.articles), certain)
        return _Found(retrieval, evidence, certain)


def checked_question(question: str) -> str:
    """Take control characters and outer white space off, and refuse what is no question.

    Raises:
        EmptyQuestionError: No word is in it.
        QuestionTooLongError: It has more than `MOST_QUESTION_CHARACTERS`.
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if len(text) > MOST_QUESTION_CHARACTERS:
        raise QuestionTooLongError(length=len(text), limit=MOST_QUESTION_CHARACTERS)
    if not tokens(text):
        raise EmptyQuestionError
    return text


def _why_quotes(error: GenerationError, phrases: Phrases) -> str:
    match error:
        case UnusableAnswerError():
            return phrases.fallback
        case BudgetSpentError():
            return phrases.budget_spent
        case OwnBudgetSpentError():
            return phrases.own_budget_spent
        case _:
            return phrases.model_away


def _timed(context: Context, started: float) -> Context:
    return replace(context, elapsed_ms=(perf_counter() - started) * 1_000)


def _abstained(context: Context) -> Abstained:
    phrases = phrases_for(context.language)
    if context.index.newest is None and not context.nearest:
        return Abstained(context=context, text=phrases.nothing_at_all)
    parts = [phrases.nothing]
    if context.index.newest:
        parts.append(phrases.newest.format(date=written_date(context.index.newest, phrases)))
    return Abstained(context=context, text=" ".join(parts))
