"""Of what a language model writes, only what is proven is kept, sentence by sentence; pure."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.answering.citations import find_quote, fold_ahead, text_fragment_link
from bot.answering.errors import UnusableAnswerError
from bot.answering.instructions import is_in_order
from bot.answering.models import Citation
from bot.answering.prompt import repeats_the_rules
from bot.answering.proof.known_names import known_names
from bot.answering.proof.names import Context
from bot.answering.proof.support import Evidence, is_supported, separate_sentences
from bot.answering.reply import Claim, QuotedWords, ReplyReader
from corpus.models import ArticleId
from index.analysis import tokens
from index.models import RetrievedPassage, Span

log = logging.getLogger(__name__)

# Fewer words prove nothing, and more than this are no quote but the article over again.
_LEAST_QUOTE_WORDS: Final = 3
_MOST_QUOTE_CHARACTERS: Final = 600
_MOST_SENTENCES: Final = 6

_AROUND: Final = " \u00a0\u202f\t\n.…,;:!?\"'“”«»‘’[]()"
_LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.{3})[\])]?\s*")
_CLOSED = re.compile(r"[.!?…][\s\u00a0\u202f]*[»”\"’')]*$")


@dataclass(frozen=True, slots=True)
class GeneratedAnswer:
    """Proven sentences with their marks `[n]`, and the citation behind each, in order."""

    text: str
    citations: tuple[Citation, ...]


Show: TypeAlias = Callable[[GeneratedAnswer], None]


def unseen(so_far: GeneratedAnswer) -> None:
    """Take no notice of what is proven so far: the whole answer is enough."""
    del so_far


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


class ProvenReply:
    """A reply as it comes, of which only those sentences are kept that their quotes prove.

    A quote proves that is in a stored article, and supports the sentence. Marks are numbered by
    first use, and the same words of an article keep their number: what is proven once stays.

    Args:
        question: What the member wrote.
        language: ISO 639-1, in which to answer.
        passages: Those that the model was given, in that order.
        show: Is given what is proven so far, each time that it has grown.

    To make one takes a second where articles are long; what it hears, no time.
    """

    def __init__(
        self,
        *,
        question: str,
        language: str,
        passages: Sequence[RetrievedPassage],
        show: Show = unseen,
    ) -> None:
        self._question = question
        self._language = language
        self._passages = passages
        self._show = show
        articles = {found.article.id: found.article.text for found in passages}.values()
        self._context = Context(articles)
        for text in articles:
            fold_ahead(text)
            known_names(text)
        self._reader = ReplyReader()
        self._written: set[str] = set()
        self._sentences: list[str] = []
        self._citations: dict[tuple[ArticleId, Span], Citation] = {}

    def hear(self, piece: str) -> None:
        """Take the next piece of the reply."""
        self._add(self._reader.read(piece))

    def end(self) -> GeneratedAnswer | Unanswerable:
        """Return what is proven, now that the reply has ended.

        Raises:
            UnusableAnswerError: The reply cannot be read, breaks off, or no sentence of it is
                proven.
        """
        self._add(self._reader.end())
        log.info("kept %d written sentences", len(self._sentences))
        if self._reader.is_cut:
            reason = "a reply that breaks off"
            raise UnusableAnswerError(reason)
        if self._sentences:
            return self._proven()
        if self._reader.is_refusal:
            return Unanswerable()
        reason = "no sentence of it is proven by a quote"
        raise UnusableAnswerError(reason)

    def _add(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if len(self._sentences) < _MOST_SENTENCES and self._is_proven(claim):
                self._show(self._proven())

    def _is_proven(self, claim: Claim) -> bool:
        """Keep the sentence of a claim if its quotes prove it."""
        proofs = _proofs(claim, self._passages)
        evidence = Evidence(
            quotes=[proof.quote for proof in proofs],
            articles=[proof.found.article for proof in proofs],
            languages=frozenset(proof.found.passage.language for proof in proofs),
            question=self._question,
        )
        parts = [part for part in separate_sentences(claim.text) if part not in self._written]
        text = " ".join(parts)
        if not proofs or not text or repeats_the_rules(text):
            return False
        if not is_supported(
            text, language=self._language, evidence=evidence, context=self._context
        ):
            return False
        self._written.update(parts)
        numbers = sorted({_cite(proof, self._citations) for proof in proofs})
        end = "" if _CLOSED.search(text) else "."
        self._sentences.append(f"{text}{end} {''.join(f'[{n}]' for n in numbers)}")
        return True

    def _proven(self) -> GeneratedAnswer:
        return GeneratedAnswer(" ".join(self._sentences), tuple(self._citations.values()))


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
