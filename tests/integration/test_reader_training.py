"""The reader learns from examples, and begins with what the encoder knows."""

from __future__ import annotations

import random

import pytest

from training.reader import Encoded, Trainer
from training.reading_examples import Example, Examples

TEXTS = [
    "Who ordered the ferries?",
    "Ferries\nThe council of Brest ordered two electric ferries.",
    "Ferries\nThe weather was fine all day.",
    "Who sank the ferries?",
]
EXAMPLES = Examples(TEXTS, [Example(0, [1], [2])], [Example(3, [], [1, 2])])


@pytest.fixture(scope="module")
def encoded() -> Encoded:
    encoder = Encoded()
    encoder.vectors(TEXTS)
    return encoder


def test_each_step_makes_what_is_right_likelier(encoded: Encoded) -> None:
    trainer = Trainer(EXAMPLES, encoded, random.Random(1))
    batch = [*EXAMPLES.answerable, *EXAMPLES.unanswerable]
    losses = [trainer.step(batch, share=0.1) for _ in range(6)]
    assert losses[-1] < losses[0]


def test_lower_states_are_of_the_text_alone_whatever_is_encoded_beside_it(encoded: Encoded) -> None:
    alone = Encoded()
    alone.vectors([TEXTS[0]])
    difference = alone.states(TEXTS[0]).astype(float) - encoded.states(TEXTS[0]).astype(float)
    assert abs(difference).max() < 0.05
    assert len(encoded.states(TEXTS[1])) > len(encoded.states(TEXTS[0]))
