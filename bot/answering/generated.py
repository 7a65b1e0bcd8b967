"""Answers that a language model writes, of which only what is proven is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.answering.errors import GenerationError, UnusableAnswerError
from bot.answering.generator import Generator
from bot.answering.prompt import answer_messages, is_withheld
from bot.answering.proving import GeneratedAnswer, ProvenReply, Show, Unanswerable, unseen
from corpus.models import ArticleId
from index.models import RetrievedPassage

_ASKED_APART: Final = 4


async def write_generated(
    generator: Generator,
    *,
    question: str,
    language: str,
    passages: Sequence[RetrievedPassage],
    today: date,
    show: Show = unseen,
) -> GeneratedAnswer | Unanswerable:
    """Have an answer written from the passages, and keep of it what they prove.

    A refusal is asked about again, article by article: one of them may have told the model to
    refuse, but cannot do so for the others.

    Args:
        generator: Is asked once, and after a refusal once more for each of the best articles.
        question: What the member wrote.
        language: ISO 639-1, in which to answer.
        passages: Best first, at least one.
        today: The day on which "latest" and "last week" are said.
        show: Is given what is proven so far, each time that it has grown, while it is written.

    Raises:
        GenerationError: The generator failed, nothing that it wrote is proven, or it refused and
            a part of what it should have read was kept from it.
    """

    async def written(
        found: Sequence[RetrievedPassage], show: Show
    ) -> GeneratedAnswer | Unanswerable:
        reply = await asyncio.to_thread(
            ProvenReply, question=question, language=language, passages=found, show=show
        )
        await generator.generate(
            answer_messages(question=question, language=language, passages=found, today=today),
            reply.hear,
        )
        return reply.end()

    async def written_apart(found: Sequence[RetrievedPassage]) -> GeneratedAnswer | Unanswerable:
        try:
            # Of several that are written at once, the best is not known before all have ended.
            return await written(found, unseen)
        except GenerationError:
            return Unanswerable()

    answer = await written(passages, show)
    if isinstance(answer, GeneratedAnswer):
        return answer
    by_article: dict[ArticleId, list[RetrievedPassage]] = {}
    for found in passages:
        by_article.setdefault(found.article.id, []).append(found)
    if len(by_article) > 1:
        best = list(by_article.values())[:_ASKED_APART]
        for apart in await asyncio.gather(*map(written_apart, best)):
            if isinstance(apart, GeneratedAnswer):
                return apart
    if any(map(is_withheld, passages)):
        reason = "a refusal, and a passage that speaks to the model"
        raise UnusableAnswerError(reason)
    return answer
