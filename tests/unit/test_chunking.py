"""Passages are exact slices that the model can read whole, and lose no word."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

import index
from corpus.models import Precision, PublicationDate
from index.chunking import Chunker
from index.models import Span
from index.sentences import sentences
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.passages import article

TOKENIZER = Path(str(index.__file__)).parent / "default_model" / "tokenizer.json"
PIECES = ["A ferry sank. ", "Où ? ", "\n\n", "x" * 90, "é" * 90, "ﷺ", " ", "\u00a0", "1,2;3-", "b "]
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(PIECES), max_size=120).map("".join),
    st.integers(0, 4_000).map(lambda length: "abcde-12345," * (length // 12)),
)


class CountingEmbedder(HashingEmbedder):
    """Counts tokens as the shipped model does, without its weights."""

    def __init__(self, *, max_tokens: int = 160) -> None:
        super().__init__(max_tokens=max_tokens)
        self._tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self._tokenizer.encode_batch(list(texts))]


EMBEDDER = CountingEmbedder()
CHUNKER = Chunker(EMBEDDER)


def passages(text: str, chunker: Chunker = CHUNKER) -> list[str]:
    return [text[span.start : span.end] for span in chunker.chunk(article(text))]


@settings(max_examples=60)
@given(text=TEXTS)
@example(text="word" * 2_000)
@example(text="a " + "b" * 3_000 + ". C d.")
@example(text="-" * 2_000)
def test_passages_are_in_order_lose_no_word_and_fit_the_model(text: str) -> None:
    whole = article(text, title="Ferries of the harbour", outlet="Le Carnet")
    covered = 0
    begun = -1
    for span in CHUNKER.chunk(whole):
        passage = text[span.start : span.end]
        assert passage
        assert passage == passage.strip()
        assert span.start > begun
        assert span.end > covered
        assert not text[covered : span.start].strip()
        embedded = CHUNKER.embedding_text(whole, span)
        assert EMBEDDER.count_tokens([embedded])[0] <= EMBEDDER.max_tokens
        assert embedded.endswith(passage)
        begun, covered = span.start, span.end
    assert not text[covered:].strip()


@settings(max_examples=40)
@given(text=st.lists(st.sampled_from(PIECES[:3]), max_size=200).map("".join))
def test_passages_begin_and_end_with_sentences(text: str) -> None:
    spans = sentences(text)
    for passage in CHUNKER.chunk(article(text)):
        assert passage.start in {span.start for span in spans}
        assert passage.end in {span.end for span in spans}


def test_each_sentence_is_in_one_passage_and_each_passage_as_long_as_it_may_be() -> None:
    parts = [f"The ferry number {n} left the harbour before noon today." for n in range(60)]
    found = passages(" ".join(parts), Chunker(CountingEmbedder(max_tokens=512)))
    assert [part for passage in found for part in parts if part in passage] == parts
    assert len(found) > 3
    for one, other in itertools.pairwise(found):
        first = next(part for part in parts if other.startswith(part))
        assert EMBEDDER.count_tokens([one])[0] <= 162
        assert EMBEDDER.count_tokens([f"{one} {first}"])[0] > 160 - len(one.split("."))


def test_a_short_article_is_one_passage() -> None:
    assert CHUNKER.chunk(article(" One. Two.\n\nThree. ")) == [Span(1, 18)]
    assert CHUNKER.chunk(article(" \n ")) == []


def test_a_long_sentence_is_cut_between_words() -> None:
    text = " ".join(f"word{n}" for n in range(400)) + "."
    assert " ".join(passages(text)) == text


def test_a_book_without_a_full_stop_is_not_counted_again_and_again() -> None:
    counted = 0

    class Watched(CountingEmbedder):
        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            nonlocal counted
            counted += sum(map(len, texts))
            return super().count_tokens(texts)

    text = " ".join(f"word{n}" for n in range(20_000))
    assert " ".join(passages(text, Chunker(Watched()))) == text
    assert counted < 5 * len(text)


def test_the_header_has_what_is_known() -> None:
    month = PublicationDate(date(2023, 4, 1), Precision.MONTH)
    known = replace(article("Text.", title="A title", outlet="The Wire"), published=month)
    assert CHUNKER.header(known) == "A title. The Wire. 2023-04"
    unknown = article("Text.", title="Text", outlet=None, published=None)
    made = replace(unknown, title_made=True)
    assert CHUNKER.header(made) == ""
    assert CHUNKER.embedding_text(made, Span(0, 5)) == "Text."
    assert CHUNKER.embedding_text(known, Span(0, 5)) == "A title. The Wire. 2023-04\nText."


@pytest.mark.parametrize("title", ["漢字" * 150, "A very long title " * 20, "é" * 300])
def test_no_title_is_so_long_that_the_model_sees_no_passage(title: str) -> None:
    whole = article("A ferry left the harbour of Brest at noon. " * 20, title=title)
    assert CHUNKER.header(whole)[:20] == title[:20]
    spans = CHUNKER.chunk(whole)
    texts = [CHUNKER.embedding_text(whole, span) for span in spans]
    assert max(EMBEDDER.count_tokens(texts)) <= EMBEDDER.max_tokens


@pytest.mark.parametrize("max_tokens", [40, 64, 512])
def test_every_model_gets_passages_that_it_can_read(max_tokens: int) -> None:
    embedder = CountingEmbedder(max_tokens=max_tokens)
    chunker = Chunker(embedder)
    text = "A ferry left the harbour of Brest at noon, and nobody was on it. " * 40
    whole = article(text.strip(), title="A title of a few words")
    counts = embedder.count_tokens(
        [chunker.embedding_text(whole, span) for span in chunker.chunk(whole)]
    )
    assert len(counts) > 1
    assert max(counts) <= max_tokens
