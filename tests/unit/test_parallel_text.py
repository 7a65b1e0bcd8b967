"""Parallel text: markup gone, blocks aligned, headings found."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models import Vectors
from training.parallel_text import (
    Pair,
    Section,
    aligned,
    clean,
    joined,
    read_parallel_text,
    sections,
    usable,
)

MEANINGS = [f"meaning{number}" for number in range(40)]


def by_first_word(texts: Sequence[str]) -> Vectors:
    """Embed `meaning7 ...` as the seventh axis, in any language."""
    vectors = np.zeros((len(texts), len(MEANINGS)), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row, MEANINGS.index(text.split()[0])] = 1.0
    return vectors


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (":ref:`the tutorial <tutorial-index>` explains", "the tutorial explains"),
        ("call :py:func:`~os.path.join` twice", "call os.path.join twice"),
        ("`Django forum <https://forum.example>`_ answers", "Django forum answers"),
        ("see [the *guide*](/docs/guide.md)", "see the *guide*"),
        ("## Using the API {#using-the-api}", "Using the API"),
        ("- a **bold**  claim about <code>x</code>", "a bold claim about x"),
        ("``__init__`` is a method", "__init__ is a method"),
        ("3 < 4 and 5 > 2", "3 < 4 and 5 > 2"),
    ],
)
def test_markup_goes_and_its_words_stay(text: str, wanted: str) -> None:
    assert clean(text) == wanted


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("", "Rien."),
        ("Not translated.", "Not translated."),
        ("`x`", "x"),
        ("A long sentence with a very short translation.", "Phrase."),
    ],
)
def test_what_is_no_translation_is_left_out(english: str, french: str) -> None:
    assert list(usable(iter([Pair(english, french)]))) == []


def test_equally_many_blocks_are_paired_as_they_stand() -> None:
    found = list(aligned(["meaning1", "meaning2"], ["meaning2", "meaning1"], by_first_word))
    assert found == [Pair("meaning1", "meaning2"), Pair("meaning2", "meaning1")]


@given(
    english=st.lists(st.sampled_from(MEANINGS), unique=True, max_size=12).map(sorted),
    french=st.lists(st.sampled_from(MEANINGS), unique=True, max_size=12).map(sorted),
)
def test_other_blocks_are_paired_by_meaning_in_order(english: list[str], french: list[str]) -> None:
    if len(english) == len(french):
        french = french[:-1]
    found = list(aligned(english, french, by_first_word))
    assert found == [Pair(one, one) for one in english if one in french]


def test_crossing_pairs_are_not_both_kept() -> None:
    found = list(
        aligned(["meaning1", "meaning2"], ["meaning2", "meaning1", "meaning3"], by_first_word)
    )
    assert len(found) == 1


def test_a_heading_is_followed_by_its_own_passage_only() -> None:
    long_one, long_two = "word " * 30, "other " * 30
    texts = ["The first heading", long_one, "The second heading", long_two]
    pairs = [Pair(text.strip(), text.strip().upper()) for text in texts]
    assert list(sections(pairs)) == [
        Section(pairs[0], pairs[1]),
        Section(pairs[2], pairs[3]),
    ]


@given(st.lists(st.text("ab", min_size=1, max_size=80), min_size=1, max_size=8))
def test_joining_keeps_whole_pairs_from_the_first_within_the_room(texts: list[str]) -> None:
    passage = joined([Pair(text, text) for text in texts], most_characters=100)
    kept = next(n for n in range(1, len(texts) + 1) if " ".join(texts[:n]) == passage.english)
    assert passage.english == passage.french
    assert kept == 1 or len(passage.english) < 100
    assert kept == len(texts) or len(" ".join(texts[: kept + 1])) >= 100


def test_reading_holds_documents_out_and_trains_on_none_of_them(tmp_path: Path) -> None:
    documents = [
        {"en": [f"Document {n} begins."], "fr": [f"Le document {n} commence."]} for n in range(60)
    ]
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    (tmp_path / "react-docs.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "tatoeba.tsv.gz").write_bytes(gzip.compress(b"Good night.\tBonne nuit.\n"))
    text = read_parallel_text(tmp_path, by_first_word)
    trained, held_out = set(map(tuple, text.texts)), set(map(tuple, text.held_out_texts))
    assert len(trained) + len(held_out) == 60
    assert 1 <= len(held_out) <= 15
    assert not trained & held_out
    assert list(text.loose) == [Pair("Good night.", "Bonne nuit.")]
