"""Rerankers: a cross-encoder made here, and folders that hold none."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from index.errors import ModelUnavailableError
from index.reranker import CrossEncoderReranker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one small layer with seeded random weights, a letter for a token."""
    made = tmp_path_factory.mktemp("juge fait ici")
    letters = [*string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    (made / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab=str(made / "vocab.txt")).save_pretrained(made)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(made)
    return made


def test_each_passage_is_judged_with_the_question_in_the_given_order(folder: Path) -> None:
    reranker = CrossEncoderReranker.load(str(folder))
    passages = ["ferries of brest", "a storm", "the price of bread"]
    together = reranker.judge("who pays", passages)
    alone = [reranker.judge("who pays", [passage])[0] for passage in passages]
    assert together == pytest.approx(alone, abs=1e-5)
    assert len(set(together)) == 3
    assert reranker.judge("what else", passages) != pytest.approx(together)


def test_nothing_to_judge_is_nothing(folder: Path) -> None:
    assert CrossEncoderReranker.load(str(folder)).judge("who pays", []) == []


@pytest.mark.parametrize("name", ["", "nobody/has-this-model"])
def test_what_is_no_cross_encoder_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnavailableError) as raised:
        CrossEncoderReranker.load(name or str(tmp_path))
    assert raised.value.setting == "RERANKER_MODEL"


@pytest.mark.parametrize("name", ["./no judge here", "~/no judge here", "/no/where"])
def test_a_folder_that_is_not_there_is_not_asked_of_the_hub(name: str) -> None:
    with pytest.raises(ModelUnavailableError, match="no such folder"):
        CrossEncoderReranker.load(name)
