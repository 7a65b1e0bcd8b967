"""Answers that a language model writes, of which only what is proven is kept."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.answering.citations import find_quote, text_fragment_link
from bot.answering.errors import GenerationError, UnusableAnswerError
from bot.answering.generator import Generator
from bot.answering.instructions import is_in_order
from bot.answering.models import Citation
from bot.answering.names import Context
from bot.answering.prompt import answer_messages, is_withheld, repeats_the_rules
from bot.answering.reply import Claim, QuotedWords, parse_reply
from bot.answering.support import Evidence, is_supported, separate_sentences
from corpus.models import ArticleId
from index.analysis import tokens
from index.models import RetrievedPassage, Span

log = logging.getLogger(__name__)

# Fewer words prove nothing, and more than this are no quote but the article over again.
_LEAST_QUOTE_WORDS: Final = 3
_MOST_QUOTE_CHARACTERS: Final = 600
_MOST_SENTENCES: Final = 6
_ASKED_APART: Final = 4

_AROUND: Final = " \u00a0\u202f\t\n.…,;:!?\"'“”«»‘’[]()"
_LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.{3})[\])]?\s*")
_CLOSED = re.compile(r"[.!?…][\s\u00a0\u202f]*[»”\"’')]*$")


@dataclass(frozen=True, slots=True)
class GeneratedAnswer:
    """Proven sentences with their marks `[n]`, and the citation behind each, in order."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """The model found no answer in the passages."""


@dataclass(frozen=True, slots=True)
class _Proof:
    found: RetrievedPassage
    span: Span

    @property
    def quote(self) -> str:
        return self.found.article.text[self.span.start : self.span.end]


async def write_generated(
    generator: Generator,
    *,
    question: str,
    language: str,
    passages: Sequence[RetrievedPassage],
    today: date,
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

    Raises:
        GenerationError: The generator failed, nothing that it wrote is proven, or it refused and
            a part of what it should have read was kept from it.
    """

    async def written(found: Sequence[RetrievedPassage]) -> GeneratedAnswer | Unanswerable:
        reply = await generator.generate(
            answer_messages(question=question, language=language, passages=found, today=today)
        )
        return proven_answer(reply.text, question=question, language=language, passages=found)

    async def written_apart(found: Sequence[RetrievedPassage]) -> GeneratedAnswer | Unanswerable:
        try:
            return await written(found)
        except GenerationError:
            return Unanswerable()

    answer = await written(passages)
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


def proven_answer(
    reply: str, *, question: str, language: str, passages: Sequence[RetrievedPassage]
) -> GeneratedAnswer | Unanswerable:
    """Keep the sentences of a reply whose quotes are in the stored articles and support them.

    Marks are numbered by first use; the same words of an article keep their number.

    Raises:
        UnusableAnswerError: The reply cannot be read, or no sentence of it is proven.
    """
    claims = parse_reply(reply)
    if claims is None:
        return Unanswerable()
    context = Context({found.article.id: found.article.text for found in passages}.values())
    written: set[str] = set()
    sentences: list[str] = []
    citations: dict[tuple[ArticleId, Span], Citation] = {}
    for claim in claims:
        if len(sentences) == _MOST_SENTENCES:
            break
        proofs = _proofs(claim, passages)
        evidence = Evidence(
            quotes=[proof.quote for proof in proofs],
            articles=[proof.found.article for proof in proofs],
            languages=frozenset(proof.found.passage.language for proof in proofs),
            question=question,
        )
        parts = [part for part in separate_sentences(claim.text) if part not in written]
        text = " ".join(parts)
        if not proofs or not text or repeats_the_rules(text):
            continue
        if is_supported(text, language=language, evidence=evidence, context=context):
            written.update(parts)
            numbers = sorted({_cite(proof, citations) for proof in proofs})
            end = "" if _CLOSED.search(text) else "."
            sentences.append(f"{text}{end} {''.join(f'[{n}]' for n in numbers)}")
    log.info("kept %d of %d written sentences", len(sentences), len(claims))
    if not sentences:
        reason = "no sentence of it is proven by a quote"
        raise UnusableAnswerError(reason)
    return GeneratedAnswer(" ".join(sentences), tuple(citations.values()))


def _proofs(claim: Claim, passages: Sequence[RetrievedPassage]) -> list[_Proof]:
    """Look up the quotes of a claim, each in the article of the passage that it names."""
    return [
        _Proof(passages[words.passage - 1], span)
        for words in claim.quotes
        if 1 <= words.passage <= len(passages)
        for span in _places(words, passages[words.passage - 1])
    ]


def _places(words: QuotedWords, found: RetrievedPassage) -> list[Span]:
    """Find a quote, or the pieces of one from which the model left words out; all or none."""
    pieces = (piece.strip(_AROUND) for piece in _LEFT_OUT.split(words.quote))
    for parts in ([words.quote], [piece for piece in pieces if piece]):
        spans = [find_quote(p, found.article.text, prefer=found.passage.span) for p in parts]
        proving = [span for span in spans if span is not None and _proves(found, span)]
        if spans and len(proving) == len(spans):
            return proving
    return []


def _proves(found: RetrievedPassage, span: Span) -> bool:
    text = found.article.text
    words = tokens(text[span.start : span.end])
    if len(words) < _LEAST_QUOTE_WORDS or span.end - span.start > _MOST_QUOTE_CHARACTERS:
        return False
    return not is_in_order(text, span)


def _cite(proof: _Proof, citations: dict[tuple[ArticleId, Span], Citation]) -> int:
    """Return the number of a proof, the next one if its words have none yet."""
    article, span = proof.found.article, proof.span
    key = (article.id, span)
    if key not in citations:
        link = text_fragment_link(
            article.url, proof.quote, text=article.text, start=span.start, end=span.end
        )
        citations[key] = Citation(len(citations) + 1, article, span.start, span.end, link)
    return citations[key].number
