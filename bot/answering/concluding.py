"""The last steps to an answer: quotes, what is to be known of dates, the last check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from time import perf_counter
from typing import Final

from bot.answering.citations import check_citations
from bot.answering.errors import (
    BudgetSpentError,
    GenerationError,
    OwnBudgetSpentError,
    UnusableAnswerError,
)
from bot.answering.evidence import Evidence
from bot.answering.extractive import ONE_THING, SEVERAL_THINGS, write_extractive
from bot.answering.models import Abstained, Answered, Citation, Context, Mode, Show
from bot.answering.pertinence import pertinent
from bot.answering.phrases import phrases_for, written_date
from bot.answering.proving import GeneratedAnswer
from bot.answering.timeline import leading_article, led_by, note_on_time
from corpus.models import Article
from index.retrieval import Retrieval

NOTHING: Final = GeneratedAnswer("", ())


@dataclass(frozen=True)
class Found:
    """What the index worker hands back: all that blocks is done."""

    retrieval: Retrieval
    evidence: list[Evidence]
    confidence: float

    @cached_property
    def leading(self) -> Article | None:
        """The article that leads the answer; None where the order of the sentences decides."""
        return leading_article(self.retrieval)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question on its way to an answer: `on` is its day, `started` when it came (seconds)."""

    found: Found
    context: Context
    on: date
    person: int | None
    show: Show
    started: float

    @property
    def present(self) -> Article | None:
        """The article that tells the present state, if that is asked for."""
        return self.found.leading if self.found.retrieval.query.period is None else None

    def answered(
        self,
        mode: Mode,
        text: str,
        citations: tuple[Citation, ...],
        *,
        fallback: str | None = None,
        translations: Mapping[int, str] | None = None,
    ) -> Answered:
        """Make the answer; nothing passes whose marks and citations disagree."""
        check_citations(text, citations)
        return Answered(
            context=self.timed(),
            mode=mode,
            text=text,
            citations=citations,
            fallback=fallback,
            translations=translations or {},
        )

    def dated(self, text: str, citations: Sequence[Citation]) -> str:
        """The text, and below it what its readers should know of the dates."""
        query = self.found.retrieval.query
        note = note_on_time(
            query,
            citations,
            present=self.present,
            today=self.on,
            phrases=phrases_for(query.language),
        )
        return text if note is None else f"{text}\n\n{note}"

    def timed(self) -> Context:
        """The context, with the time that it took by now."""
        return replace(self.context, elapsed_ms=(perf_counter() - self.started) * 1_000)


def quoted(
    asking: Asking,
    *,
    behind: GeneratedAnswer = NOTHING,
    fallback: str | None = None,
    translations: Mapping[int, str] | None = None,
) -> Answered:
    """Answer with quotes, behind what a language model wrote before.

    Args:
        asking: What was asked, and what was found.
        behind: What the model wrote.
        fallback: Why there are quotes although a language model is configured.
        translations: By the number of the quote, what stands below it.
    """
    retrieval = asking.found.retrieval
    evidence = led_by(asking.found.leading, asking.found.evidence, retrieval)
    if not retrieval.query.asks_several:
        evidence = pertinent(evidence, retrieval)
    by_quotes = write_extractive(
        evidence,
        language=asking.context.language,
        present=asking.present,
        extent=SEVERAL_THINGS if retrieval.query.asks_several else ONE_THING,
        same_event=retrieval.same_event,
        first_number=len(behind.citations) + 1,
        translations=translations,
    )
    mode = Mode.GENERATED if behind.citations else Mode.EXTRACTIVE
    text = "\n\n".join(part for part in (behind.text, by_quotes.text) if part)
    citations = (*behind.citations, *by_quotes.citations)
    return asking.answered(
        mode,
        asking.dated(text, citations),
        citations,
        fallback=fallback,
        translations=translations,
    )


def why_quotes(error: GenerationError, behind: GeneratedAnswer, language: str) -> str:
    """Say why there are quotes although a language model is configured."""
    phrases = phrases_for(language)
    if behind.citations:
        return phrases.broken_off
    match error:
        case UnusableAnswerError():
            return phrases.fallback
        case BudgetSpentError():
            return phrases.budget_spent
        case OwnBudgetSpentError():
            return phrases.own_budget_spent
        case _:
            return phrases.model_away


def abstained(context: Context) -> Abstained:
    """Say that nothing answers the question."""
    phrases = phrases_for(context.language)
    if not context.index.articles:
        return Abstained(context=context, text=phrases.nothing_at_all)
    parts = [phrases.nothing]
    if context.index.newest:
        parts.append(phrases.newest.format(date=written_date(context.index.newest, phrases)))
    return Abstained(context=context, text=" ".join(parts))
