"""What every `Embedder` promises."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedder import Embedder
from index.sentence_embedder import SentenceEmbedder
from tests.fakes.embedder import HashingEmbedder

EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    "fake": HashingEmbedder,
    "shipped": cache(SentenceEmbedder.load),
}
FEWER = settings(max_examples=20)  # a real model takes its time


@pytest.fixture(params=EMBEDDERS, scope="session")
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return EMBEDDERS[request.param]()


@FEWER
@given(texts=st.lists(st.text(max_size=200), max_size=5))
def test_vectors_have_the_dimension_and_unit_length_and_come_in_order(
    embedder: Embedder, texts: list[str]
) -> None:
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (len(texts), embedder.dimension)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=2e-3)
    for text, vector in zip(texts, vectors, strict=True):
        assert embedder.embed_passages([text])[0] @ vector == pytest.approx(1.0, abs=5e-3)


@FEWER
@given(text=st.text(max_size=200))
def test_a_query_has_a_unit_vector_of_the_same_dimension(embedder: Embedder, text: str) -> None:
    vector = embedder.embed_query(text)
    assert vector.shape == (embedder.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=2e-3)


def test_a_question_is_closest_to_the_passage_that_has_its_words(embedder: Embedder) -> None:
    passages = [
        "The council ordered electric ferries for the harbour.",
        "A storm closed the airport of Lisbon for two days.",
        "The phone maker recalled a battery that catches fire.",
    ]
    vectors = embedder.embed_passages(passages)
    for question, wanted in (
        ("Which ferries has the council ordered for the harbour?", 0),
        ("What closed the airport of Lisbon?", 1),
        ("Why did the phone maker recall the battery?", 2),
    ):
        assert int(np.argmax(vectors @ embedder.embed_query(question))) == wanted


def test_longer_texts_have_more_tokens_and_no_text_has_only_the_special_ones(
    embedder: Embedder,
) -> None:
    none, short, long = embedder.count_tokens(["", "A ferry.", "A ferry and a second ferry."])
    assert 0 <= none < short < long
    assert embedder.count_tokens([]) == []
    assert embedder.max_tokens > long


@FEWER
@given(text=st.text(max_size=200), other=st.text(max_size=200))
def test_two_texts_have_no_more_tokens_together_than_apart(
    embedder: Embedder, text: str, other: str
) -> None:
    """Passages are joined of sentences by adding up what was counted for each."""
    (joined,) = embedder.count_tokens([f"{text} {other}"])
    assert joined <= sum(embedder.count_tokens([text, other]))


def test_a_text_beyond_what_the_model_reads_is_embedded_all_the_same(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(["A ferry sank. " * 2_000, "ferry"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=2e-3)


def test_the_model_is_named_the_same_by_two_that_embed_the_same() -> None:
    for make in EMBEDDERS.values():
        assert make().model_id == make().model_id != ""
