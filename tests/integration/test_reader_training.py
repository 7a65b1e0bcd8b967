"""The reader learns from examples, and begins with what the encoder knows."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from bot.answering.joint_reader import JOINT_LAYERS
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


def test_a_reader_of_fewer_layers_is_gone_on_from_at_the_top(
    encoded: Encoded, tmp_path: Path
) -> None:
    weights = Trainer(EXAMPLES, encoded, random.Random(1)).joint.state_dict()
    top, own = f"layers.{JOINT_LAYERS - 1}.", "layers.0."
    smaller = {name: value for name, value in weights.items() if not name.startswith("layers.")}
    smaller |= {
        name.replace(top, own): value + 1 for name, value in weights.items() if name.startswith(top)
    }
    save_file(smaller, tmp_path / "smaller.safetensors")
    trainer = Trainer(EXAMPLES, encoded, random.Random(1), tmp_path / "smaller.safetensors")
    for name, value in trainer.joint.state_dict().items():
        assert torch.equal(value, weights[name] + 1 if name.startswith(top) else weights[name])


def test_what_is_learned_against_misleads_most(encoded: Encoded) -> None:
    examples = Examples(TEXTS, [], [Example(3, [], [2, 1, 0])])
    trainer = Trainer(examples, encoded, random.Random(1))
    [misleading] = trainer._misleading(examples.unanswerable)
    judged = [trainer._judge([(3, place)]).item() for place in misleading]
    assert sorted(misleading) == [0, 1, 2]
    assert judged == sorted(judged, reverse=True)
