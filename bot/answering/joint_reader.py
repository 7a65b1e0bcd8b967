"""A small reader on top of the shipped encoder.

The encoder's lowest two layers read question and sentences apart, four layers more read them
together: DeFormer (Cao et al. 2020, arXiv 2005.00697). Trained by `python -m training.reader`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import torch
import transformers
from safetensors import safe_open
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModel, BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertLayer

from bot.answering.errors import ReaderUnavailableError
from index.sentence_embedder import (
    DEFAULT_LANGUAGES,
    DEFAULT_MODEL,
    DEFAULT_SHA256,
    check_shipped_weights,
    computes_bfloat16,
    sha256,
)

READER_FILE: Final = Path(__file__).parent / "reader.safetensors"
READER_SHA256: Final = "0ef802cdd1264128fc0f59ad3bdc414cbb36d237a1eabe40ddfaa75a7c536fb5"
JOINT_LAYERS: Final = 4
MOST_TOKENS: Final = 96
_ATTENTION: Final = "sdpa"


def encoder_config() -> BertConfig:
    """The shipped encoder's configuration."""
    settings = json.loads((DEFAULT_MODEL / "config.json").read_text(encoding="utf-8"))
    return BertConfig(**settings, attn_implementation=_ATTENTION)


class JointLayers(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """The layers that see question and sentence at once, and what they make of it.

    The log odds are linear in the cosine of the two means, with which training begins, and in the
    sentence's mean.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList([BertLayer(config) for _ in range(JOINT_LAYERS)])
        self.segment = torch.nn.Parameter(torch.zeros(config.hidden_size))
        self.scale = torch.nn.Parameter(torch.zeros(()))
        self.head = torch.nn.Linear(config.hidden_size, 1)

    def forward(self, states: Tensor, mask: Tensor, of_sentence: Tensor) -> Tensor:
        """Judge pairs.

        Args:
            states: What the lower layers made of question and sentence, one behind the other, of
                shape (pairs, tokens, dimension).
            mask: True where a token is, of shape (pairs, tokens).
            of_sentence: 1.0 where it is one of the sentence, 0.0 elsewhere, of the same shape,
                float32.

        Returns:
            Log odds of shape (pairs,), float32.
        """
        of_question = (mask.float() - of_sentence)[:, :, None]
        of_sentence = of_sentence[:, :, None]
        states = states + (of_sentence * self.segment).to(states.dtype)
        for layer in self.layers:
            states = layer(states, attention_mask=mask[:, None, None, :])
        states = states.float()
        asked = (states * of_question).sum(1) / of_question.sum(1)
        said = (states * of_sentence).sum(1) / of_sentence.sum(1)
        closeness = torch.nn.functional.cosine_similarity(asked, said)
        judged: Tensor = self.scale * closeness + self.head(said)[:, 0]
        return judged


class JointReader:
    """A `Reader` of French and English, on the CPU."""

    languages: Final = DEFAULT_LANGUAGES

    def __init__(self, tokenizer: Tokenizer, lower: BertModel, joint: JointLayers) -> None:
        self._tokenizer = tokenizer
        self._lower = lower
        self._joint = joint

    @classmethod
    def load(cls) -> Self:
        """Load the shipped reader.

        Raises:
            ReaderUnavailableError: it is damaged, or was trained on another encoder.
            ModelUnavailableError: the encoder that it stands on is damaged.
        """
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        check_shipped_weights()
        if not READER_FILE.is_file() or sha256(READER_FILE) != READER_SHA256:
            raise ReaderUnavailableError(READER_FILE.name, "it is damaged or missing")
        with safe_open(READER_FILE, framework="pt") as file:
            trained_on = (file.metadata() or {}).get("encoder")
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        if trained_on != DEFAULT_SHA256:
            raise ReaderUnavailableError(READER_FILE.name, "it was trained on another encoder")
        dtype = torch.bfloat16 if computes_bfloat16() else torch.float32
        config = encoder_config()
        joint = JointLayers(config)
        joint.load_state_dict(weights)
        joint.layers.to(dtype)
        lower = AutoModel.from_pretrained(
            DEFAULT_MODEL,
            num_hidden_layers=config.num_hidden_layers - JOINT_LAYERS,
            attn_implementation=_ATTENTION,
            dtype=dtype,
        )
        return cls(reading_tokenizer(), lower.eval(), joint.eval())

    def read(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Judge each sentence, in the given order."""
        if not sentences:
            return []
        encodings = self._tokenizer.encode_batch([question, *sentences])
        ids = torch.tensor([one.ids for one in encodings])
        mask = torch.tensor([one.attention_mask for one in encodings], dtype=torch.bool)
        asked = int(mask[0].sum())
        with torch.inference_mode():
            states = self._lower(input_ids=ids, attention_mask=mask).last_hidden_state
            apart = (states[:1, :asked].expand(len(sentences), -1, -1), states[1:])
            both = torch.cat([mask[:1, :asked].expand(len(sentences), -1), mask[1:]], 1)
            of_sentence = both.clone()
            of_sentence[:, :asked] = False
            judged = self._joint(torch.cat(apart, 1), both, of_sentence.float())
        return [float(one) for one in judged]


def reading_tokenizer() -> Tokenizer:
    """The encoder's tokenizer; pads to the longest, and cuts what is too long for a reader."""
    tokenizer = Tokenizer.from_file(str(DEFAULT_MODEL / "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()
    return tokenizer
