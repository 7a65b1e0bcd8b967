"""Encoders as training and its measurements use them: texts to unit vectors, with gradients."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModel

from index.models import Vectors

_MEASURED_BATCH: Final = 64


class Encoder:
    """A BERT with mean pooling and unit length, and its tokenizer.

    Attention is computed the plain way, which on a processor trains twice as fast as the fused one.
    """

    def __init__(self, folder: Path, *, most_tokens: int, dtype: torch.dtype) -> None:
        """Load the folder of a sentence-transformers model; longer texts are cut."""
        self.network = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=dtype)
        self.network.eval()  # without dropout: the targets have no noise either
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(most_tokens)
        self.tokenizer.no_padding()

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Cut texts into the numbers of their tokens."""
        return [one.ids for one in self.tokenizer.encode_batch_fast(list(texts))]

    def vectors(self, token_ids: Sequence[list[int]]) -> Tensor:
        """Encode; float32, shape (texts, dimension), unit rows."""
        return self.vectors_and_layers(token_ids)[0]

    def vectors_and_layers(self, token_ids: Sequence[list[int]]) -> tuple[Tensor, list[Tensor]]:
        """Encode, and tell what each layer makes of it, from the word vectors on.

        Returns:
            Unit vectors as `vectors` gives them, and layers of shape (texts, tokens, dimension).
        """
        longest = max(map(len, token_ids))
        ids = torch.zeros((len(token_ids), longest), dtype=torch.long)
        mask = torch.zeros((len(token_ids), longest), dtype=torch.long)
        for row, one in enumerate(token_ids):
            ids[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = 1
        seen = self.network(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        hidden = seen.last_hidden_state.float()
        weights = mask[:, :, None].float()
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(pooled, dim=1), list(seen.hidden_states)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Encode without gradients, in batches of like length."""
        token_ids = self.token_ids(texts)
        order = sorted(range(len(texts)), key=lambda place: len(token_ids[place]))
        vectors = np.empty((len(texts), self.network.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), _MEASURED_BATCH):
            places = order[start : start + _MEASURED_BATCH]
            with torch.inference_mode():
                vectors[places] = self.vectors([token_ids[place] for place in places]).numpy()
        return vectors


class RunningMean:
    """The exponential mean of the weights of a run; `weights` is what it is by now."""

    def __init__(self, weights: Mapping[str, Tensor], *, keeps: float) -> None:
        """Begin with these weights; `keeps` of the mean is left when others are mixed in."""
        self.weights = {name: value.clone() for name, value in weights.items()}
        self._keeps = keeps

    def add(self, weights: Mapping[str, Tensor]) -> None:
        """Mix the weights of now in."""
        for name, value in weights.items():
            self.weights[name].lerp_(value, 1 - self._keeps)


def save_weights(weights: dict[str, Tensor], folder: Path) -> None:
    """Write weights as float16 into a model folder, whole or not at all."""
    halves = {name: value.half().contiguous() for name, value in weights.items()}
    draft = folder / "model.safetensors.new"
    save_file(halves, draft, metadata={"format": "pt"})
    shutil.move(draft, folder / "model.safetensors")
