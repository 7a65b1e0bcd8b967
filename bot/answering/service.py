"""The one path from a question to an answer, whoever asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bot.answering.completing import completed
from bot.answering.concluding import (
    NOTHING,
    Asking,
    Found,
    abstained,
    quoted,
    why_quotes,
)
from bot.answering.confidence import answer_features, confidence, threshold
from bot.answering.errors import (
    EmptyQuestionError,
    GenerationError,
    QuestionTooLongError,
    SmallTalkError,
    UnusableAnswerError,
)
from bot.answering.evidence import find_evidence, ranked_anew
from bot.answering.follow_ups import standing_alone
from bot.answering.generated import write_generated
from bot.answering.models import Answer, Citation, Context, Mode, Show, unseen
from bot.answering.proving import GeneratedAnswer
from bot.answering.small_talk import is_small_talk
from bot.answering.translating import translations
from bot.conversation import in_context
from index.analysis import tokens
from index.retriever import Retriever

if TYPE_CHECKING:
    from bot.answering.language_model import LanguageModel
    from bot.answering.reader import Reader
    from bot.workers import Worker

log = logging.getLogger(__name__)

MOST_QUESTION_CHARACTERS: Final = 1_000
_PASSAGES_FOR_MODEL: Final = 10
_NEAREST: Final = 3


class AnswerService:
    """Answers questions from the index, with a language model where one is configured.

    What needs index, embedding model or reader runs on `worker`, which owns them; quotes, which
    need none, are put together on any thread but the event loop's. `today` is the clock of relative
    dates.
    """

    def __init__(
        self,
        *,
        retriever: Retriever,
        reader: Reader,
        worker: Worker,
        today: Callable[[], date],
        model: LanguageModel | None = None,
    ) -> None:
        self._retriever = retriever
        self._reader = reader
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
        show: Show = unseen,
    ) -> Answer:
        """Answer with proven citations, or abstain.

        Args:
            question: As typed.
            asked_at: The day of the question, today if None; what was published later is hidden.
            since: Only articles published on this day or later.
            until: Only articles published on this day or earlier.
            outlet: Only articles of this outlet.
            person: Who asks, and pays with their share of the language model; None has no share.
            show: Is given what is there already each time that it has grown, while a language
                model is still at work; nothing of it is taken back.

        Raises:
            EmptyQuestionError: No word is in it.
            SmallTalkError: It asks nothing.
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
            return abstained(context)
        return await self._answered(
            Asking(
                found=found,
                context=context,
                on=asked_at or self._today(),
                person=person,
                show=show,
                started=started,
            )
        )

    async def understood(
        self, earlier: Sequence[str], question: str, *, person: int | None = None
    ) -> str:
        """Tell what a follow-up means: itself, with what it lacks from the questions before it.

        Rewritten by a language model, if there is one and what it writes holds.

        Args:
            earlier: What was asked before in the same conversation, oldest first.
            question: The follow-up, as typed.
            person: Who pays for it; None has no share.
        """
        if is_small_talk(question):
            return question.strip()
        carried = in_context(earlier, question)
        is_question = tokens(question) and len(question) <= MOST_QUESTION_CHARACTERS
        if self._model is None or not earlier or not is_question:
            return carried
        generator = self._model.asked_by(person)
        return await standing_alone(generator, earlier, question.strip()) or carried

    async def _answered(self, asking: Asking) -> Answer:
        if self._model is None:
            return await asyncio.to_thread(quoted, asking)
        written = NOTHING

        def shown(so_far: GeneratedAnswer) -> None:
            nonlocal written
            written = so_far
            asking.show(asking.answered(Mode.GENERATED, so_far.text, so_far.citations))

        context = asking.context
        try:
            generated = await write_generated(
                self._model.asked_by(asking.person),
                question=context.question,
                language=context.language,
                passages=context.retrieved[:_PASSAGES_FOR_MODEL],
                today=asking.on,
                show=shown,
            )
        except GenerationError as error:
            log.info("quotes instead of a written answer: %s", error)
            return await self._quoted(asking, error, behind=written)
        if not isinstance(generated, GeneratedAnswer):
            return abstained(asking.timed())
        return await asyncio.to_thread(completed, asking, generated)

    async def _quoted(
        self, asking: Asking, error: GenerationError, *, behind: GeneratedAnswer
    ) -> Answer:
        """Answer with quotes; translated, if the model did no more than write the wrong words."""
        language = asking.context.language
        fallback = why_quotes(error, behind, language)
        answer = await asyncio.to_thread(quoted, asking, behind=behind, fallback=fallback)
        if not isinstance(error, UnusableAnswerError):
            return answer
        asking.show(answer)
        own = answer.citations[len(behind.citations) :]
        translated = await self.translations(own, language=language, person=asking.person)
        if not translated:
            return answer
        return await asyncio.to_thread(
            quoted, asking, behind=behind, fallback=fallback, translations=translated
        )

    async def translations(
        self, citations: Sequence[Citation], *, language: str, person: int | None = None
    ) -> dict[int, str]:
        """Have quotes translated into a language, by a language model if there is one.

        Args:
            citations: The quotes; those in that language need no translation.
            language: ISO 639-1.
            person: Who pays for it; None has no share.

        Returns:
            By the number of the quote, those translations that could be checked.
        """
        if self._model is None:
            return {}
        return await translations(self._model.asked_by(person), citations, language=language)

    def _find(
        self,
        question: str,
        *,
        asked_at: date | None,
        since: date | None,
        until: date | None,
        outlet: str | None,
    ) -> Found:
        retrieval = self._retriever.retrieve(
            question, asked_at=asked_at, since=since, until=until, outlet=outlet
        )
        evidence = find_evidence(retrieval, self._reader)
        retrieval = ranked_anew(retrieval, evidence)
        certain = confidence(answer_features(retrieval, evidence)) if evidence else 0.0
        log.info("found %d articles, confidence %.2f", len(retrieval.articles), certain)
        return Found(retrieval, evidence, certain)


def checked_question(question: str) -> str:
    """Take control characters and outer white space off, and refuse what is no question.

    Raises:
        EmptyQuestionError: No word is in it.
        SmallTalkError: It asks nothing.
        QuestionTooLongError: It has more than `MOST_QUESTION_CHARACTERS`.
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if len(text) > MOST_QUESTION_CHARACTERS:
        raise QuestionTooLongError(length=len(text), limit=MOST_QUESTION_CHARACTERS)
    if not tokens(text):
        raise EmptyQuestionError
    if is_small_talk(text):
        raise SmallTalkError
    return text
