"""The reader learns from examples, and begins with what the encoder knows."""

from __future__ import annotations

import random

import pytest
import torch
from safetensors.torch import load_file

from bot.answering.joint_reader import HEADING, READER_FILE, JointReader
from bot.answering.reader import UNREAD, Readable
from index.models import Span
from training.reader import Encoded, Trainer
from training.reading_examples import Example, Examples

ORDERED, SANK = "Who ordered the ferries?", "Who sank the ferries?"
PASSAGES = [
    Readable(
        "Ferries\nThe council of Brest ordered two electric ferries. It met on Monday.",
        (Span(8, 58), Span(59, 76)),
    ),
    Readable("Ferries\nThe weather was fine all day.", (Span(8, 37),)),
    Readable("Storm\nA storm closed the harbour.", (Span(6, 34),)),
]
EXAMPLES = Examples(PASSAGES, [Example(ORDERED, {0: (0,)}, [1, 2])], [Example(SANK, {}, [1, 0, 2])])


@pytest.fixture(scope="module")
def encoded() -> Encoded:
    encoder = Encoded()
    encoder.vectors([ORDERED, SANK, *(one.text for one in PASSAGES)])
    return encoder


def test_each_step_makes_what_is_right_likelier(encoded: Encoded) -> None:
    trainer = Trainer(EXAMPLES, encoded, random.Random(1))
    batch = [*EXAMPLES.answerable, *EXAMPLES.unanswerable]
    losses = [trainer.step(batch, share=0.1) for _ in range(6)]
    assert losses[-1] < losses[0]


def test_lower_states_are_of_the_text_alone_whatever_is_encoded_beside_it(encoded: Encoded) -> None:
    alone = Encoded()
    alone.vectors([ORDERED])
    difference = alone.states(ORDERED).astype(float) - encoded.states(ORDERED).astype(float)
    assert abs(difference).max() < 0.05
    assert len(encoded.states(PASSAGES[0].text)) > len(encoded.states(ORDERED))


def test_each_token_is_of_its_sentence_or_of_the_heading(encoded: Encoded) -> None:
    parts = encoded.parts(PASSAGES[0])
    assert len(parts) == len(encoded.states(PASSAGES[0].text))
    assert parts == [*sorted(parts[:-1]), HEADING]
    assert set(parts) == {HEADING, 0, 1}


def test_training_judges_as_the_product_does(encoded: Encoded) -> None:
    trainer = Trainer(EXAMPLES, encoded, random.Random(1), READER_FILE)
    with torch.no_grad():
        judged = trainer.judge([(ORDERED, place) for place in range(3)])
    for own, row in zip(JointReader.load().read(ORDERED, PASSAGES), judged, strict=True):
        assert own == pytest.approx(row[: len(own)].clamp(min=UNREAD).tolist(), abs=0.2)


def test_training_goes_on_from_an_earlier_reader(encoded: Encoded) -> None:
    shipped = load_file(READER_FILE)
    trainer = Trainer(EXAMPLES, encoded, random.Random(1), READER_FILE)
    assert all(
        torch.equal(value, shipped[n]) for n, value in trainer.joint.half().state_dict().items()
    )
