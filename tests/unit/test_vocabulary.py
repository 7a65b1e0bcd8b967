"""French words in an English vocabulary."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from training.vocabulary import choose_words, first_vectors, with_words

ENGLISH = ["the port is open", "portend the data", "a table of data"]
FRENCH = ["la porte est ouverte", "la porte des données", "la table des données", "les données"]


@pytest.fixture
def tokenizer() -> Tokenizer:
    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = ["[PAD]", "[unused0]", "[UNK]", "[unused1]", "[CLS]", "[SEP]", *letters]
    pieces += [f"##{letter}" for letter in letters]
    pieces += ["the", "port", "open", "data", "table", "of", "is", "##end", "la", "des"]
    made = Tokenizer(WordPiece({p: n for n, p in enumerate(pieces)}, unk_token="[UNK]"))  # noqa: S106 - no secret
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    made.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 4), ("[SEP]", 5)]
    )
    return made


def extended(tokenizer: Tokenizer, words: list[str]) -> Tokenizer:
    settings, _ = with_words(json.loads(tokenizer.to_str()), words)
    return Tokenizer.from_str(json.dumps(settings))


def test_words_that_save_most_come_first_without_accents(tokenizer: Tokenizer) -> None:
    many = [*FRENCH, *FRENCH, *FRENCH]
    assert choose_words(tokenizer, ENGLISH, many, limit=2) == ["donnees", "ouverte"]


def test_words_of_english_and_whole_pieces_are_not_chosen(tokenizer: Tokenizer) -> None:
    many = [*FRENCH, *FRENCH, *FRENCH, *["portend a"] * 9]
    chosen = choose_words(tokenizer, [*ENGLISH, "la porte"], many, limit=50)
    assert not {"table", "la", "portend", "porte"} & set(chosen)
    assert "donnees" in chosen


def test_a_word_is_one_token_and_matches_nothing_longer(tokenizer: Tokenizer) -> None:
    new = extended(tokenizer, ["porte", "donnees"])
    assert new.encode("La PORTE des Données", add_special_tokens=False).tokens == [
        "la",
        "porte",
        "des",
        "donnees",
    ]
    assert new.encode("portend", add_special_tokens=False).tokens == ["port", "##end"]
    assert new.encode("l'porte-données.", add_special_tokens=False).tokens.count("porte") == 1


@pytest.mark.parametrize("text", [*ENGLISH, "The data's table, of ports!"])
def test_english_is_cut_as_before(tokenizer: Tokenizer, text: str) -> None:
    settings, kept = with_words(json.loads(tokenizer.to_str()), ["porte", "donnees"])
    new = Tokenizer.from_str(json.dumps(settings))
    assert [kept[number] for number in new.encode(text).ids] == tokenizer.encode(text).ids
    assert new.encode(text).tokens == tokenizer.encode(text).tokens


def test_unused_pieces_go_and_numbers_have_no_gaps(tokenizer: Tokenizer) -> None:
    before = tokenizer.get_vocab_size()
    new = extended(tokenizer, ["porte", "donnees"])
    assert sorted(new.get_vocab().values()) == list(range(before - 2 + 2))
    assert not [piece for piece in new.get_vocab() if piece.startswith("[unused")]


def test_a_word_begins_between_its_translations_and_its_pieces(tokenizer: Tokenizer) -> None:
    vectors = np.eye(tokenizer.get_vocab_size(), dtype=np.float32)
    made = first_vectors(
        ["donnees", "ouverte"], tokenizer, vectors, [("don", "data", 0.7)], ENGLISH
    )
    data = tokenizer.token_to_id("data")
    assert made.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert made[1, data] == 0.0
    assert made[1].argmax() == tokenizer.token_to_id("##e")
    assert made[0, data] in (0.0, pytest.approx(0.6))
