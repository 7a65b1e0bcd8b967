from __future__ import annotations

import random
import tracemalloc

import pytest

from corpus.similarity import bands, signature, similarity

RANDOM = random.Random(7)
VOCABULARY = [f"word{number}" for number in range(3_000)]
WORDS = RANDOM.choices(VOCABULARY, k=500)


def changed(share: float) -> str:
    """The words with every so many of them replaced."""
    step = round(1 / share)
    return " ".join("new" + w if n % step == 0 else w for n, w in enumerate(WORDS))


def test_case_and_punctuation_do_not_count() -> None:
    assert signature("One two three four.") == signature("ONE, two… three (four)")


def test_a_signature_is_the_one_that_is_stored() -> None:
    # A change of this value means that stored signatures no longer match new ones.
    assert signature("le chat dort sur le toit").hex()[:32] == "6c44a62e97605e19c5de6035c5bb9a8f"


@pytest.mark.parametrize(("share", "least", "most"), [(0.01, 0.85, 1.0), (0.05, 0.55, 0.95)])
def test_the_estimate_follows_the_share_of_changed_words(
    share: float, least: float, most: float
) -> None:
    # With shingles of three words, s changed words leave about (1-3s)/(1+3s) in common.
    assert least <= similarity(signature(" ".join(WORDS)), signature(changed(share))) <= most


def test_unlike_texts_share_nothing() -> None:
    other = " ".join(RANDOM.choices(VOCABULARY, k=500))
    assert similarity(signature(" ".join(WORDS)), signature(other)) < 0.1
    assert not set(bands(signature(" ".join(WORDS)))) & set(bands(signature(other)))


def test_near_duplicates_meet_in_some_band() -> None:
    original = set(bands(signature(" ".join(WORDS))))
    assert len(original) == 16
    for share in (0.01, 0.02, 0.05):
        assert original & set(bands(signature(changed(share))))


def test_a_book_takes_no_more_memory_than_its_words() -> None:
    text = " ".join(f"word{number}" for number in range(60_000))
    tracemalloc.start()
    try:
        whole = signature(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * len(text)
    assert similarity(whole, signature(f"{text} and more")) == 1


def test_texts_too_short_for_a_shingle_have_a_signature() -> None:
    assert similarity(signature("Hello"), signature("hello!")) == 1
    assert similarity(signature(""), signature("hello")) == 0
