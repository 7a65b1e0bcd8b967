"""From an article to passages that are exact slices on sentence borders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from corpus.models import Article, Draft
from index.embedder import Embedder
from index.models import Span
from index.sentences import sentences

_TARGET_TOKENS: Final = 160


class Chunker:
    """Joins sentences to passages that the embedding model can read whole.

    Passages are counted in the model's own tokens, their header included, so that nothing of a
    passage is beyond what the model sees. No two passages share a sentence.
    """

    version: Final = f"2:{_TARGET_TOKENS}"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def header(self, article: Article | Draft) -> str:
        """What is embedded before each passage of the article: title, outlet, date.

        Cut off where it would take more than three quarters of what the model reads.
        """
        title = "" if article.title_made else article.title or ""
        about = (title, article.outlet or "", str(article.published or ""))
        header = ". ".join(part for part in about if part)
        most = self._embedder.max_tokens
        while header and self._header_tokens(header) >= most - most // 4:
            header = header[: len(header) * 3 // 4].rstrip()
        return header

    def embedding_text(self, article: Article, span: Span) -> str:
        """What is embedded, and hashed, for a passage: its header and its own words."""
        return f"{self.header(article)}\n{article.text[span.start : span.end]}".strip()

    def chunk(self, article: Article | Draft) -> list[Span]:
        """Slice the article.

        Returns:
            Spans in order, that begin and end with a sentence, or with a word where one sentence
            alone is longer than the model reads. Together they lose no word. Empty for an article
            without text.
        """
        room = self._room(article)
        target = min(_TARGET_TOKENS, room)
        passages: list[Span] = []
        total = 0
        for piece, count in self._pieces(article.text, room):
            if passages and total + count <= target:
                passages[-1] = Span(passages[-1].start, piece.end)
                total += count
            else:
                passages.append(piece)
                total = count
        return passages

    def _counts(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Count tokens, the special ones left out, with one to spare for what joins two texts."""
        special = self._embedder.count_tokens([""])[0]
        counts = self._embedder.count_tokens([text[span.start : span.end] for span in spans])
        return [count - special + 1 for count in counts]

    def _room(self, article: Article | Draft) -> int:
        """The tokens that the model has left beside the header; at least a quarter of all."""
        most = self._embedder.max_tokens
        return max(most - self._header_tokens(self.header(article)) - 1, most // 4)

    def _header_tokens(self, header: str) -> int:
        return self._embedder.count_tokens([f"{header}\n"])[0]

    def _pieces(self, text: str, room: int) -> Iterator[tuple[Span, int]]:
        """Sentences, and the parts of those that are longer than the model reads; their tokens."""
        spans = sentences(text)
        for span, count in zip(spans, self._counts(text, spans), strict=True):
            if count <= room:
                yield span, count
            else:
                yield from self._parts(text, span, count, room)

    def _parts(self, text: str, span: Span, tokens: int, room: int) -> Iterator[tuple[Span, int]]:
        """Cut in the middle until each part fits.

        Halves are taken to have the tokens that their length lets expect, and counted only where
        they may fit: a book without a full stop would else be counted once for each level.
        """
        if tokens <= 2 * room:
            [tokens] = self._counts(text, [span])
        if tokens <= room or span.end - span.start == 1:
            yield span, tokens
            return
        for half in _halves(text, span):
            expected = tokens * (half.end - half.start) // (span.end - span.start)
            yield from self._parts(text, half, expected, room)


def _halves(text: str, span: Span) -> tuple[Span, Span]:
    """Cut at the white space nearest to the middle, or in the middle if there is none."""
    middle = (span.start + span.end) // 2
    before = text.rfind(" ", span.start + 1, middle)
    after = text.find(" ", middle, span.end - 1)
    borders = [border for border in (before, after) if border > 0]
    cut = min(borders, key=lambda border: abs(border - middle)) if borders else middle
    left = Span(span.start, span.start + len(text[span.start : cut].rstrip()))
    right_start = cut + len(text[cut : span.end]) - len(text[cut : span.end].lstrip())
    return left, Span(right_start, span.end)
