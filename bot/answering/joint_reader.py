"""A small reader on top of the shipped encoder.

The encoder's lowest two layers read question and passages apart, four layers more read them
together: DeFormer (Cao et al. 2020, arXiv 2005.00697). Trained by `python -m training.reader`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import torch
import transformers
from safetensors import safe_open
from tokenizers import Encoding, Tokenizer
from torch import Tensor
from transformers import AutoModel, BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertLayer

from bot.answering.errors import ReaderUnavailableError
from bot.answering.reader import UNREAD, Readable
from index.sentence_embedder import (
    DEFAULT_LANGUAGES,
    DEFAULT_MODEL,
    DEFAULT_SHA256,
    check_shipped_model,
    computes_bfloat16,
    sha256,
)

READER_FILE: Final = Path(__file__).parent / "reader.safetensors"
READER_SHA256: Final = "5ef5e151b4d4ee51b56753e1ade6672ded5425e840f5979c09a08599610ff548"
JOINT_LAYERS: Final = 4
MOST_TOKENS: Final = 288
QUESTION: Final = -1
HEADING: Final = -2
PADDING: Final = -3
_ATTENTION: Final = "sdpa"


def encoder_config() -> BertConfig:
    """The shipped encoder's configuration."""
    settings = json.loads((DEFAULT_MODEL / "config.json").read_text(encoding="utf-8"))
    return BertConfig(**settings, attn_implementation=_ATTENTION)


class JointLayers(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """The layers that see question and passage at once, and what they make of each sentence.

    The log odds of a sentence are linear in the cosine of its mean and the question's, with which
    training begins, and in its mean.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList([BertLayer(config) for _ in range(JOINT_LAYERS)])
        self.segment = torch.nn.Parameter(torch.zeros(config.hidden_size))
        self.scale = torch.nn.Parameter(torch.zeros(()))
        self.head = torch.nn.Linear(config.hidden_size, 1)

    def forward(self, states: Tensor, parts: Tensor) -> Tensor:
        """Judge the sentences of passages, each with its question.

        Args:
            states: What the lower layers made of question and passage, one behind the other, of
                shape (passages, tokens, dimension).
            parts: What each token belongs to, of shape (passages, tokens), int64: the place of a
                sentence in its passage, or QUESTION, HEADING (of no sentence), PADDING.

        Returns:
            Log odds of shape (passages, sentences), float32; -inf where no token is of a sentence.
        """
        mask, of_question = parts != PADDING, parts == QUESTION
        states = states + ((mask & ~of_question)[:, :, None] * self.segment).to(states.dtype)
        for layer in self.layers:
            states = layer(states, attention_mask=mask[:, None, None, :])
        states = states.float()
        asked = (states * of_question[:, :, None]).sum(1) / of_question.sum(1)[:, None]
        places = torch.arange(1 + max(0, int(parts.max())))
        of_sentence = (parts[:, None, :] == places[:, None]).float()
        tokens = of_sentence.sum(2)
        said = of_sentence @ states / tokens.clamp(min=1)[:, :, None]
        closeness = torch.nn.functional.cosine_similarity(asked[:, None], said, dim=2)
        judged = self.scale * closeness + self.head(said)[:, :, 0]
        return judged.masked_fill(tokens == 0, float("-inf"))


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
        check_shipped_model()
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

    def read(self, question: str, passages: Sequence[Readable]) -> list[list[float]]:
        """Judge each sentence of each passage, in the given order."""
        if not passages:
            return []
        encodings = self._tokenizer.encode_batch([question, *(one.text for one in passages)])
        ids = torch.tensor([one.ids for one in encodings])
        mask = torch.tensor([one.attention_mask for one in encodings], dtype=torch.bool)
        asked = int(mask[0].sum())
        parts = torch.full((len(passages), asked + ids.shape[1]), QUESTION)
        parts[:, asked:] = torch.tensor(
            [parts_of(e, one) for e, one in zip(encodings[1:], passages, strict=True)]
        )
        with torch.inference_mode():
            states = self._lower(input_ids=ids, attention_mask=mask).last_hidden_state
            apart = (states[:1, :asked].expand(len(passages), -1, -1), states[1:])
            judged = self._joint(torch.cat(apart, 1), parts).clamp(min=UNREAD)
        unread = [UNREAD] * max(len(one.sentences) for one in passages)
        return [
            [*row, *unread][: len(one.sentences)]
            for row, one in zip(judged.tolist(), passages, strict=True)
        ]


def parts_of(encoding: Encoding, passage: Readable) -> list[int]:
    """For each token of a passage the place of its sentence, or HEADING, or PADDING."""
    starts = [sentence.start for sentence in passage.sentences]
    parts = []
    for (start, end), is_token in zip(encoding.offsets, encoding.attention_mask, strict=True):
        place = bisect_right(starts, start) - 1
        within = start < end and place >= 0 and start < passage.sentences[place].end
        parts.append(PADDING if not is_token else place if within else HEADING)
    return parts


def reading_tokenizer() -> Tokenizer:
    """The encoder's tokenizer; pads to the longest, and cuts what is too long for a reader."""
    tokenizer = Tokenizer.from_file(str(DEFAULT_MODEL / "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()
    return tokenizer
