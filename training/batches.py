"""What the encoder is trained on, batch by batch, from seeded dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from training.parallel_text import Pair, ParallelText, Section, joined, sections

T = TypeVar("T")

POOL: Final = 6_000
"""Passages drawn at once, to be sorted by length: batches of like length waste no padding."""
SHARES: Final = {"loose": 0.30, "joined loose": 0.15, "ordered": 0.25, "joined": 0.30}
MOST_JOINED: Final = 8
BATCH_TOKENS: Final = 4_096
MOST_PAIRS: Final = 384
SECTION_PAIRS: Final = 48


class Deck(Generic[T]):
    """Items in random order, all of them before any comes again."""

    def __init__(self, items: Sequence[T], dice: random.Random) -> None:
        """Take the items, at least one.

        Raises:
            ValueError: there are none.
        """
        if not items:
            message = "nothing to draw from"
            raise ValueError(message)
        self._items = list(items)
        self._dice = dice
        self._left: list[T] = []

    def draw(self, count: int) -> list[T]:
        """Draw so many items."""
        drawn: list[T] = []
        while len(drawn) < count:
            if not self._left:
                self._left = self._items.copy()
                self._dice.shuffle(self._left)
            missing = count - len(drawn)
            drawn += self._left[-missing:]
            del self._left[-missing:]
        return drawn


def passage_batches(
    text: ParallelText,
    lengths: Callable[[Sequence[str]], Sequence[int]],
    dice: random.Random,
) -> Iterator[list[Pair]]:
    """Draw sentences and joined passages, without end, in batches of like length.

    Neighbours of a text are joined in order; loose sentences at random. `lengths` counts tokens.
    """
    loose = Deck(text.loose, dice)
    places = Deck(
        [(row, place) for row, one in enumerate(text.texts) for place in range(len(one))], dice
    )
    while True:
        pool = loose.draw(round(POOL * SHARES["loose"]))
        for _ in range(round(POOL * SHARES["joined loose"])):
            pool.append(joined(loose.draw(dice.randint(2, MOST_JOINED))))
        pool += [
            text.texts[row][place] for row, place in places.draw(round(POOL * SHARES["ordered"]))
        ]
        for row, place in places.draw(round(POOL * SHARES["joined"])):
            pool.append(joined(text.texts[row][place : place + dice.randint(2, MOST_JOINED)]))
        dice.shuffle(pool)
        counts = lengths([pair.french for pair in pool])
        batches: list[list[Pair]] = [[]]
        for place in sorted(range(len(pool)), key=counts.__getitem__):
            size = (len(batches[-1]) + 1) * counts[place]
            if size > BATCH_TOKENS or len(batches[-1]) == MOST_PAIRS:
                batches.append([])
            batches[-1].append(pool[place])
        dice.shuffle(batches)
        yield from batches


def section_batches(text: ParallelText, dice: random.Random) -> Iterator[list[Section]]:
    """Draw headings with their passages, without end."""
    deck = Deck([section for one in text.texts for section in sections(one)], dice)
    while True:
        yield deck.draw(SECTION_PAIRS)
