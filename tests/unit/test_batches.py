"""What the encoder sees of the parallel text, and when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.batches import BATCH_TOKENS, MOST_PAIRS, Deck, passage_batches
from training.parallel_text import Pair, ParallelText

LOOSE = [Pair(f"Loose {n} night.", f"Détachée {n} nuit.") for n in range(50)]
TEXT = [Pair(f"Line {n} of the text.", f"Ligne {n} du texte.") for n in range(50)]
ALL = ParallelText(LOOSE, [TEXT], [], [])


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


@given(size=st.integers(1, 20), counts=st.lists(st.integers(0, 30), max_size=6))
def test_a_deck_gives_every_item_before_any_comes_again(size: int, counts: list[int]) -> None:
    deck = Deck(list(range(size)), random.Random(1))
    drawn = [item for count in counts for item in deck.draw(count)]
    assert len(drawn) == sum(counts)
    for start in range(0, len(drawn) - size + 1, size):
        assert sorted(drawn[start : start + size]) == list(range(size))


def test_batches_keep_within_their_room_and_are_of_like_length() -> None:
    for batch in islice(passage_batches(ALL, words, random.Random(1)), 30):
        counts = words([pair.french for pair in batch])
        assert len(batch) <= MOST_PAIRS
        assert len(batch) * max(counts) <= BATCH_TOKENS
        assert max(counts) - min(counts) <= 8


def test_joined_lines_of_a_text_are_neighbours_in_both_languages() -> None:
    joined = 0
    for batch in islice(passage_batches(ALL, words, random.Random(2)), 30):
        for english, french in batch:
            if english.startswith("Line"):
                numbers = [int(word) for word in english.split() if word.isdigit()]
                assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
                assert numbers == [int(word) for word in french.split() if word.isdigit()]
                joined += len(numbers) > 1
    assert joined > 100


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_batches(seed: int) -> None:
    def first() -> list[list[Pair]]:
        return list(islice(passage_batches(ALL, words, random.Random(seed)), 5))

    assert first() == first()
    assert first() != list(islice(passage_batches(ALL, words, random.Random(seed + 2)), 5))
