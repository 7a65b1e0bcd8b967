"""The shipped reader: what it has learned, and files that are not it."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from bot.answering import joint_reader
from bot.answering.joint_reader import READER_FILE, JointReader
from index.errors import ModelUnavailableError
from index.sentence_embedder import DEFAULT_SHA256

NAME = "Amende\nL'autorité italienne a infligé une amende de 12 millions d'euros à Norvane."


@pytest.fixture(scope="module")
def reader() -> JointReader:
    return JointReader.load()


@pytest.mark.parametrize(
    ("answered", "not_answered"),
    [
        ("How much did Italy fine Norvane?", "How much did Spain fine Calvesta?"),
        (
            "Combien l'Italie fait-elle payer à Norvane ?",
            "Combien de salariés Norvane a-t-elle licenciés ?",
        ),
    ],
)
def test_a_question_that_a_sentence_answers_is_told_from_one_that_only_looks_so(
    reader: JointReader, answered: str, not_answered: str
) -> None:
    assert reader.read(answered, [NAME])[0] > reader.read(not_answered, [NAME])[0] + 1


@pytest.mark.parametrize("damage", ["missing", "cut", "other weights", "other encoder"])
def test_a_file_that_is_not_the_reader_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = tmp_path / "reader.safetensors"
    monkeypatch.setattr(joint_reader, "READER_FILE", file)
    weights = load_file(READER_FILE)
    match damage:
        case "cut":
            file.write_bytes(READER_FILE.read_bytes()[:100_000])
        case "other weights":
            few = {name: value for name, value in weights.items() if "layers.0" not in name}
            save_file(few, file, metadata={"encoder": DEFAULT_SHA256})
        case "other encoder":
            save_file(weights, file, metadata={"encoder": "0" * 64})
    with pytest.raises(ModelUnavailableError, match=r"reader\.safetensors"):
        JointReader.load()
