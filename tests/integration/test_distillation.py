"""Distillation from data to a model that loads, with encoders small enough for a test."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel
from typer.testing import CliRunner

from index.sentence_embedder import DEFAULT_MODEL, SentenceEmbedder
from training.distill import Trainer, command
from training.encoders import Encoder, save_weights
from training.held_out import measure
from training.parallel_text import Pair, ParallelText
from training.vocabulary import copy_with_tokenizer

MOST_TOKENS = 32
NOUNS = {
    "dog": "chien",
    "cat": "chat",
    "house": "maison",
    "bread": "pain",
    "water": "eau",
    "book": "livre",
    "car": "voiture",
    "tree": "arbre",
}
VERBS = {"sees": "voit", "buys": "achète", "sells": "vend", "draws": "dessine"}
PAIRS = [
    Pair(f"She {verb} the {one} near the {two}.", f"Elle {verbe} le {un} près du {deux}.")
    for verb, verbe in VERBS.items()
    for one, un in NOUNS.items()
    for two, deux in NOUNS.items()
    if one != two
]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped layout with a network of one layer and random weights."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    settings = json.loads((DEFAULT_MODEL / "tokenizer.json").read_text(encoding="utf-8"))
    size = Tokenizer.from_str(json.dumps(settings)).get_vocab_size()
    copy_with_tokenizer(DEFAULT_MODEL, folder, settings, size)
    config = BertConfig(
        vocab_size=size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
    )
    config.save_pretrained(folder)
    pooling = folder / "1_Pooling" / "config.json"
    text = pooling.read_text(encoding="utf-8").replace("384", "32")
    pooling.write_text(text, encoding="utf-8")
    torch.manual_seed(1)
    save_weights(BertModel(config).state_dict(), folder)
    return folder


def encoder(folder: Path) -> Encoder:
    return Encoder(folder, most_tokens=MOST_TOKENS, dtype=torch.float32)


def test_french_comes_to_the_teachers_english(tiny_model: Path) -> None:
    text = ParallelText([], [], PAIRS[::4], [])
    student, teacher = encoder(tiny_model), encoder(tiny_model)
    before = measure(text, student.embed)["sentences"]
    trainer = Trainer(student, teacher, random.Random(1))
    for step in range(60):
        batch = PAIRS[step % 4 :: 4][:64]
        trainer.step(trainer.passages_loss(batch, english_too=False), rate=5.0)
    assert measure(text, student.embed)["sentences"] > before + 0.2


def test_a_pair_that_is_no_translation_teaches_nothing(tiny_model: Path) -> None:
    teacher, student = encoder(tiny_model), encoder(tiny_model)
    trainer = Trainer(student, teacher, random.Random(1))
    opposite = {"Yes.": 1.0, "No.": -1.0}
    axis = torch.nn.functional.one_hot(torch.tensor([0]), 32).float()
    teacher.vectors = lambda ids: axis.expand(len(ids), -1)  # type: ignore[method-assign]
    student.vectors = lambda ids: -axis.expand(len(ids), -1).requires_grad_()  # type: ignore[method-assign]
    batch = [Pair(word, word) for word in opposite]
    assert trainer.passages_loss(batch, english_too=False).item() == 0.0


def test_one_command_makes_a_model_that_the_product_loads(tiny_model: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "parallel", tmp_path / "made"
    data.mkdir()
    lines = "".join(f"{english}\t{french}\n" for english, french in PAIRS)
    (data / "tatoeba.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    long = {"en": ["What she does", " ".join(p.english for p in PAIRS[:6])]}
    long["fr"] = ["Ce qu'elle fait", " ".join(p.french for p in PAIRS[:6])]
    document = (json.dumps(long) + "\n").encode()
    (data / "opensource-guide.jsonl.gz").write_bytes(gzip.compress(document))
    folders = [str(data), str(out), "--teacher", str(tiny_model), "--start", str(tiny_model)]
    knobs = ["--minutes", "0.1", "--words", "50", "--measure-minutes", "1"]
    made = CliRunner().invoke(command, [*folders, *knobs])
    assert made.exit_code == 0, made.output
    embedder = SentenceEmbedder.load(str(out))
    assert embedder.dimension == 32
    assert embedder.count_tokens(["chien"]) == [3]
    log = [json.loads(line) for line in out.with_name("made.log.jsonl").open(encoding="utf-8")]
    assert log[-1]["model"] == "trained"
