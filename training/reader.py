"""Train the reader: `python -m training.reader FOLDER ...`, on two processor cores.

Each FOLDER is a question set. The encoder's lower layers stay as they are, so their states are
computed once; those above are trained to tell, among the sentences that a search would offer, those
that answer from "none of them": the softmax over the sentences and a null of logit 0 (as Devlin et
al. 2019, arXiv 1810.04805, do for SQuAD 2), against the wrong sentences that mislead it most so far
(as Gao et al. 2021, arXiv 2101.08751, train rerankers on what they are to rerank). Writes
bot/answering/reader.safetensors, the running mean of the weights; of a reader that went on from
another, the mean of both, which knows better what neither was trained on (as Wortsman et al. 2022,
arXiv 2109.01903, found).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import BertConfig

from bot.answering.joint_reader import (
    JOINT_LAYERS,
    MOST_TOKENS,
    READER_FILE,
    JointLayers,
    encoder_config,
)
from index.models import Vectors
from index.sentence_embedder import (
    DEFAULT_MODEL,
    DEFAULT_SHA256,
    check_shipped_weights,
    sha256,
)
from training.batches import Deck
from training.encoders import Encoder, RunningMean
from training.reading_examples import Example, Examples, read_examples

QUESTIONS: Final = 24
UNANSWERABLE: Final = 7
WRONG: Final = 3
WRONG_FROM: Final = 10
LOOKED_AT: Final = 6
HIDDEN: Final = 0.12
"""The share of answerable questions that are shown without a sentence that answers."""
RATE: Final = 3e-4
FIRST_SCALE: Final = 20.0
FIRST_BIAS: Final = -12.0
"""With these, the encoder's own upper layers tell what answers from what does not as well as its
vectors do."""
WARM_UP: Final = 0.04
MEAN_EVERY: Final = 4
MEAN_KEEPS: Final = 0.97
LENGTHS: Final = 8
LOG_EVERY: Final = 50
ENCODED_TOKENS: Final = 8_192


class Encoded:
    """Texts as the encoder sees them, computed when they are first asked for, and kept."""

    def __init__(self) -> None:
        check_shipped_weights()
        self._encoder = Encoder(DEFAULT_MODEL, most_tokens=MOST_TOKENS, dtype=torch.float32)
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._states: dict[str, NDArray[np.float16]] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, of shape (texts, dimension)."""
        self._encode([text for text in dict.fromkeys(texts) if text not in self._vectors])
        return np.stack([self._vectors[text] for text in texts])

    def states(self, text: str) -> NDArray[np.float16]:
        """What the lower layers make of a text whose vector was asked for: (tokens, dimension)."""
        return self._states[text]

    def _encode(self, texts: Sequence[str]) -> None:
        token_ids = self._encoder.token_ids(texts)
        order = sorted(range(len(texts)), key=lambda place: len(token_ids[place]))
        while order:
            room = max(1, ENCODED_TOKENS // len(token_ids[order[-1]]))
            order, batch = order[:-room], order[-room:]
            with torch.inference_mode():
                vectors, layers = self._encoder.vectors_and_layers([token_ids[n] for n in batch])
            units, lower = vectors.numpy(), layers[-1 - JOINT_LAYERS].half().numpy()
            for row, place in enumerate(batch):
                self._vectors[texts[place]] = units[row]
                self._states[texts[place]] = lower[row, : len(token_ids[place])].copy()


class Trainer:
    """The layers in training, and one step of it."""

    def __init__(
        self,
        examples: Examples,
        encoded: Encoded,
        dice: random.Random,
        start: Path | None = None,
    ) -> None:
        """Begin with the encoder's own upper layers, those of an earlier reader in their place.

        `start` may have fewer layers: they are the uppermost.
        """
        config = encoder_config()
        self.joint = JointLayers(config)
        self._begin_as_the_encoder(config)
        if start:
            self._go_on_from(load_file(start))
        self.joint.eval()  # without dropout, which takes a third more time
        self._optimizer = torch.optim.AdamW(
            self.joint.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01
        )
        self._texts = examples.texts
        self._encoded = encoded
        self._dice = dice

    def _begin_as_the_encoder(self, config: BertConfig) -> None:
        weights = load_file(DEFAULT_MODEL / "model.safetensors")
        for place, layer in enumerate(self.joint.layers):
            name = f"encoder.layer.{config.num_hidden_layers - JOINT_LAYERS + place}."
            own = {key: value.float() for key, value in weights.items() if name in key}
            layer.load_state_dict({key.split(name)[1]: value for key, value in own.items()})
        torch.nn.init.constant_(self.joint.scale, FIRST_SCALE)
        torch.nn.init.zeros_(self.joint.head.weight)
        torch.nn.init.constant_(self.joint.head.bias, FIRST_BIAS)

    def _go_on_from(self, weights: dict[str, Tensor]) -> None:
        count = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))
        own = self.joint.state_dict()
        for name, value in weights.items():
            if name.startswith("layers."):
                _, place, rest = name.split(".", 2)
                own[f"layers.{int(place) + JOINT_LAYERS - count}.{rest}"] = value
            else:
                own[name] = value
        self.joint.load_state_dict(own)

    def step(self, batch: Sequence[Example], *, share: float) -> float:
        """Learn from a batch at a share of the peak rate, and tell the loss before it."""
        for group in self._optimizer.param_groups:
            group["lr"] = RATE * share
        loss = self._loss(batch)
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.joint.parameters(), 1.0)
        self._optimizer.step()
        return loss.item()

    def _loss(self, batch: Sequence[Example]) -> Tensor:
        """Mean negative log likelihood of the right sentences, or of none where none is right."""
        pairs: list[tuple[int, int]] = []
        groups: list[tuple[int, bool]] = []
        for example, misleading in zip(batch, self._misleading(batch), strict=True):
            shows = bool(example.right) and self._dice.random() >= HIDDEN
            shown = misleading[: WRONG if shows else WRONG + 1]
            if shows:
                shown.append(self._dice.choice(example.right))
            pairs += [(example.question, sentence) for sentence in shown]
            groups.append((len(shown), shows))
        judged = self._judge(pairs).split([count for count, _ in groups])
        losses = [
            torch.logsumexp(torch.cat([own, own.new_zeros(1)]), 0) - (own[-1] if shows else 0.0)
            for own, (_, shows) in zip(judged, groups, strict=True)
        ]
        return torch.stack(losses).mean()

    def _misleading(self, batch: Sequence[Example]) -> list[list[int]]:
        """For each question some of the wrong sentences near it, those most taken for right first.

        Not of all of them: among the very worst are some that answer, and are not marked so.
        """
        near = [list(example.wrong[:WRONG_FROM]) for example in batch]
        some = [self._dice.sample(one, min(LOOKED_AT, len(one))) for one in near]
        pairs = [(ex.question, own) for ex, one in zip(batch, some, strict=True) for own in one]
        with torch.no_grad():
            judged = self._judge(pairs).split([len(one) for one in some])
        return [
            [own[place] for place in odds.argsort(descending=True)]
            for own, odds in zip(some, judged, strict=True)
        ]

    def _judge(self, pairs: Sequence[tuple[int, int]]) -> Tensor:
        """Judge in batches of like length: padding costs time."""
        states = [[self._encoded.states(self._texts[text]) for text in pair] for pair in pairs]
        order = sorted(range(len(pairs)), key=lambda place: sum(map(len, states[place])))
        judged = torch.empty(len(pairs))
        for part in np.array_split(np.array(order), min(LENGTHS, len(order))):
            judged[part] = self._judge_alike([states[place] for place in part])
        return judged

    def _judge_alike(self, pairs: Sequence[Sequence[NDArray[np.float16]]]) -> Tensor:
        longest = max(sum(map(len, pair)) for pair in pairs)
        states = torch.zeros((len(pairs), longest, pairs[0][0].shape[1]))
        mask = torch.zeros((len(pairs), longest), dtype=torch.bool)
        of_sentence = torch.zeros((len(pairs), longest))
        for row, (question, sentence) in enumerate(pairs):
            asked, end = len(question), len(question) + len(sentence)
            states[row, :end] = torch.from_numpy(np.concatenate([question, sentence])).float()
            mask[row, :end] = True
            of_sentence[row, asked:end] = 1.0
        judged: Tensor = self.joint(states, mask, of_sentence)
        return judged


def main(
    folders: Annotated[list[Path], typer.Argument(exists=True, file_okay=False)],
    minutes: Annotated[float, typer.Option(min=0.1)] = 60,
    start: Annotated[Path | None, typer.Option(exists=True, dir_okay=False)] = None,
    seed: int = 1,
) -> None:
    """Train the reader on question sets, and write its file; go on from the reader of --start."""
    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311 - what is drawn has to be the same each time
    encoded = Encoded()
    examples = read_examples(folders, encoded.vectors)
    trainer = Trainer(examples, encoded, dice, start)
    first = {name: value.clone() for name, value in trainer.joint.state_dict().items()}
    mean = RunningMean(first, keeps=MEAN_KEEPS)
    answerable, unanswerable = Deck(examples.answerable, dice), Deck(examples.unanswerable, dice)
    losses: list[float] = []
    began = time.monotonic()
    while (gone := (time.monotonic() - began) / (minutes * 60)) < 1:
        share = min(gone / WARM_UP, (1 - gone) / (1 - WARM_UP)) if losses else 0.01
        batch = answerable.draw(QUESTIONS - UNANSWERABLE) + unanswerable.draw(UNANSWERABLE)
        losses.append(trainer.step(batch, share=share))
        if len(losses) % MEAN_EVERY == 0:
            mean.add(trainer.joint.state_dict())
        if len(losses) % LOG_EVERY == 0:
            of_late = float(np.mean(losses[-LOG_EVERY:]))
            typer.echo(json.dumps({"step": len(losses), "gone": gone, "loss": of_late}))
    weights = mean.weights
    if start:
        weights = {name: (value + first[name]) / 2 for name, value in weights.items()}
    halves = {name: value.half().contiguous() for name, value in weights.items()}
    save_file(halves, READER_FILE, metadata={"format": "pt", "encoder": DEFAULT_SHA256})
    typer.echo(f"READER_SHA256: {sha256(READER_FILE)}")


if __name__ == "__main__":
    typer.run(main)
