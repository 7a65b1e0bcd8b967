"""Train the reader: `python -m training.reader FOLDER ...`, on two processor cores.

Each FOLDER is a question set. The encoder's lower layers stay as they are, so their states are
computed once; those above are trained to tell, among the sentences of the passages that a search
would offer, those that answer from "none of them": the softmax over the sentences and a null of
logit 0 (as Devlin et al. 2019, arXiv 1810.04805, do for SQuAD 2), summed over those that answer (as
Clark & Gardner 2018, arXiv 1710.10723, do over several paragraphs). Writes
bot/answering/reader.safetensors, the running mean of the weights.
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
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig

from bot.answering.joint_reader import (
    JOINT_LAYERS,
    MOST_TOKENS,
    PADDING,
    QUESTION,
    READER_FILE,
    JointLayers,
    encoder_config,
    parts_of,
)
from bot.answering.reader import Readable
from index.chunking import Chunker
from index.models import Vectors
from index.sentence_embedder import (
    DEFAULT_MODEL,
    DEFAULT_SHA256,
    SentenceEmbedder,
    check_shipped_model,
    sha256,
)
from training.batches import Deck
from training.encoders import Encoder, RunningMean
from training.reading_examples import Example, Examples, read_examples

QUESTIONS: Final = 24
UNANSWERABLE: Final = 7
SHOWN: Final = 3
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
        check_shipped_model()
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

    def parts(self, passage: Readable) -> list[int]:
        """What each token of a passage belongs to, as `parts_of` tells it."""
        return parts_of(self._encoder.tokenizer.encode(passage.text), passage)

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
        """Begin with the encoder's own upper layers, or with an earlier reader's."""
        config = encoder_config()
        self.joint = JointLayers(config)
        if start:
            self.joint.load_state_dict(load_file(start))
        else:
            self._begin_as_the_encoder(config)
        self.joint.eval()  # without dropout, which takes a third more time
        self._optimizer = torch.optim.AdamW(
            self.joint.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01
        )
        self._passages = examples.passages
        self._parts = [encoded.parts(passage) for passage in examples.passages]
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
        pairs: list[tuple[str, int]] = []
        groups: list[int] = []
        rights: list[tuple[int, ...]] = []
        for example in batch:
            shows = bool(example.right) and self._dice.random() >= HIDDEN
            shown = [self._dice.choice(list(example.right))] if shows else []
            missing = min(SHOWN - len(shown), len(example.wrong))
            shown += self._dice.sample(example.wrong, missing)
            pairs += [(example.question, place) for place in shown]
            groups.append(len(shown))
            rights.append(example.right[shown[0]] if shows else ())
        judged = self.judge(pairs).split(groups)
        losses = []
        for own, right in zip(judged, rights, strict=True):
            everything = torch.cat([own.flatten(), own.new_zeros(1)])
            wanted = torch.logsumexp(own[0, list(right)], 0) if right else 0.0
            losses.append(torch.logsumexp(everything, 0) - wanted)
        return torch.stack(losses).mean()

    def judge(self, pairs: Sequence[tuple[str, int]]) -> Tensor:
        """Judge the sentences of passages, each for a question.

        Returns:
            Log odds of shape (pairs, most sentences of one), -inf where a passage has fewer.
        """
        lengths = [
            len(self._encoded.states(question)) + len(self._parts[passage])
            for question, passage in pairs
        ]
        order = sorted(range(len(pairs)), key=lengths.__getitem__)
        rows = {}
        for part in np.array_split(np.array(order), min(LENGTHS, len(order))):
            judged = self._judge_alike([pairs[place] for place in part])
            rows |= dict(zip(part.tolist(), judged, strict=True))
        return _padded([rows[n] for n in range(len(pairs))], float("-inf"))

    def _judge_alike(self, pairs: Sequence[tuple[str, int]]) -> Tensor:
        """Judge in one batch; of like length, since padding costs time."""
        parts, states = [], []
        for question, passage in pairs:
            asked = self._encoded.states(question)
            said = self._encoded.states(self._passages[passage].text)
            states.append(torch.from_numpy(np.concatenate([asked, said])))
            parts.append(torch.tensor([QUESTION] * len(asked) + self._parts[passage]))
        judged: Tensor = self.joint(_padded(states, 0.0).float(), _padded(parts, PADDING))
        return judged


def _padded(rows: Sequence[Tensor], value: float) -> Tensor:
    return pad_sequence(rows, batch_first=True, padding_value=value)


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
    examples = read_examples(folders, Chunker(SentenceEmbedder.load()), encoded.vectors)
    trainer = Trainer(examples, encoded, dice, start)
    mean = RunningMean(trainer.joint.state_dict(), keeps=MEAN_KEEPS)
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
    halves = {name: value.half().contiguous() for name, value in mean.weights.items()}
    save_file(halves, READER_FILE, metadata={"format": "pt", "encoder": DEFAULT_SHA256})
    typer.echo(f"READER_SHA256: {sha256(READER_FILE)}")


if __name__ == "__main__":
    typer.run(main)
