"""Sentences are exact slices that lose nothing, whatever the text."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.sentences import sentences

PIECES = ["A b. ", "C!", " «Où ?» ", "\n\n", "\n- ", "M. X", "...", "d", " ", "\u00a0", '"', "\r"]
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
)


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Twitter raised its prices.", "Microsoft left!", "Will others follow?"],
        ["Mr. Smith met Dr. Jones of Apple Inc. in the U.S. on Monday.", "They spoke."],
        ["M. Dupont a signé avec Mme. Martin.", "Le contrat vaut 3,5 millions."],
        ["J. Doe wrote version 2.0 of it.", "It costs $3.50 a month."],
        ["“We will sue.”", "Nobody answered."],
        ["« Pourquoi ? » demande-t-il.", "Personne ne répond."],
        ["Il a dit : « Nous partons. »", "La foule a applaudi."],
        ["So did I.", "He agreed."],
        ["Well… maybe not.", "Wait...", "What?!"],
        ["It opens at 9 a.m. every day."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


def test_paragraphs_and_list_items_stand_alone() -> None:
    text = "A title without a stop\n\nThe rules:\n- no ads\n- no bots\nand no\nspam"
    assert split(text) == [
        "A title without a stop",
        "The rules:",
        "- no ads",
        "- no bots\nand no\nspam",
    ]


def test_a_text_of_white_space_has_no_sentence() -> None:
    assert sentences("") == sentences(" \n\n\t\u00a0 ") == []


@given(text=TEXTS)
@example(text="a.\n\n\n - \n\n")
def test_sentences_are_in_order_and_only_white_space_is_between_them(text: str) -> None:
    at = 0
    for span in sentences(text):
        sentence = text[span.start : span.end]
        assert sentence
        assert sentence == sentence.strip()
        assert span.start >= at
        assert not text[at : span.start].strip()
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "text",
    ["a" * 30_000 + " b. C d.", "." * 30_000 + "x y. C d.", "It is so. " * 60_000],
    ids=["one word", "a line of dots", "600 kB"],
)
def test_no_text_takes_more_than_its_length(text: str) -> None:
    """Squares of these lengths would take minutes."""
    began = perf_counter()
    assert sentences(text)
    assert perf_counter() - began < 4
