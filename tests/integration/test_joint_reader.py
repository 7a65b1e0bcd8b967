"""The shipped reader: what it has learned, and files that are not it."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from bot.answering import joint_reader
from bot.answering.errors import ReaderUnavailableError
from bot.answering.joint_reader import READER_FILE, JointReader
from bot.answering.reader import Readable, as_read
from corpus.models import Draft
from index import sentence_embedder
from index.errors import ModelUnavailableError
from index.models import Span
from index.sentence_embedder import sha256
from index.sentences import sentences

FINE = "L'autorité italienne a infligé une amende de 12 millions d'euros à Norvane."


def read_as(text: str, title: str) -> Readable:
    draft = Draft(text=text, origin="", title=title, language="fr")
    return as_read(draft, Span(0, len(text)), sentences(text))


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
    fine = [read_as(FINE, "Amende")]
    assert reader.read(answered, fine)[0][0] > reader.read(not_answered, fine)[0][0] + 1


@pytest.mark.parametrize(
    ("question", "answering", "other", "reason"),
    [
        (
            "Why did Norvane close its plant in Brest?",
            "Norvane has closed its plant in Brest.",
            "Calvesta has closed its office in Rome.",
            "The site had become too expensive to run.",
        ),
        (
            "Pourquoi Norvane a-t-elle fermé son usine de Brest ?",
            "Norvane a fermé son usine de Brest.",
            "Rennes a vendu son port.",
            "Elle coûtait trop cher à faire tourner.",
        ),
    ],
)
def test_the_same_sentence_answers_or_not_by_what_stands_before_it(
    reader: JointReader, question: str, answering: str, other: str, reason: str
) -> None:
    ours, theirs = (
        max(reader.read(question, [read_as(f"{before} {reason}", "")])[0])
        for before in (answering, other)
    )
    assert ours > theirs + 1


@pytest.mark.parametrize("damage", ["missing", "cut", "other weights"])
def test_a_file_that_is_not_the_reader_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = tmp_path / "reader.safetensors"
    monkeypatch.setattr(joint_reader, "READER_FILE", file)
    match damage:
        case "cut":
            file.write_bytes(READER_FILE.read_bytes()[:100_000])
        case "other weights":
            whole = bytearray(READER_FILE.read_bytes())
            whole[-1] ^= 1
            file.write_bytes(whole)
    with pytest.raises(ReaderUnavailableError, match=r"reader\.safetensors: it is damaged"):
        JointReader.load()


def test_a_reader_of_another_encoder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "reader.safetensors"
    save_file(load_file(READER_FILE), file, metadata={"encoder": "0" * 64})
    monkeypatch.setattr(joint_reader, "READER_FILE", file)
    monkeypatch.setattr(joint_reader, "READER_SHA256", sha256(file))
    with pytest.raises(ReaderUnavailableError, match="trained on another encoder"):
        JointReader.load()


def test_a_damaged_encoder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_embedder, "DEFAULT_MODEL", tmp_path)
    with pytest.raises(ModelUnavailableError, match="newsdesk-encoder-fr-en"):
        JointReader.load()


def test_a_long_title_leaves_room_for_the_passage(reader: JointReader) -> None:
    title = "Norvane, Calvesta et les autres : ce que change pour eux la décision italienne. " * 4
    passage = read_as("Italy fined Norvane 12 million euros. It rained.", title[:300])
    [[fined, weather]] = reader.read("How much did Italy fine Norvane?", [passage])
    assert fined > weather + 1


def test_question_and_passage_are_told_apart_as_in_training(reader: JointReader) -> None:
    passage = read_as("Norvane has closed its plant in Brest. It was too dear.", "Norvane")
    [judged] = reader.read("Why did Norvane close its plant in Brest?", [passage])
    assert judged == pytest.approx([1.58, -8.0], abs=0.3)
