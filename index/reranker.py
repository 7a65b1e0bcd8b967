"""Reading question and passage together: slower and finer than comparing vectors; optional."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, Self

import torch
import transformers
from sentence_transformers import CrossEncoder

from index.errors import ModelUnavailableError
from index.hub import ask_hub, local_folder, readable, require_safetensors

SETTING: Final = "RERANKER_MODEL"


class Reranker(Protocol):
    """Judges how well passages answer a question."""

    def judge(self, question: str, passages: Sequence[str]) -> list[float]:
        """Score each passage; higher is better, comparable only within one question."""


class CrossEncoderReranker:
    """A `Reranker` by any cross-encoder of sentence-transformers (Nogueira & Cho 2019)."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a folder or a hub model, from the local cache if it is there.

        Raises:
            ModelUnavailableError: there is no such model, it is damaged or may not be read, or the
                hub is silent.
        """
        transformers.utils.logging.set_verbosity_error()
        folder = local_folder(name, setting=SETTING)
        if folder is not None:
            with readable(name, setting=SETTING):
                require_safetensors(name, folder.rglob("*"), setting=SETTING)
            return cls(_open(str(folder), local=True))
        try:
            return cls(_open(name, local=True))
        except ModelUnavailableError:
            ask_hub(name, setting=SETTING)
            return cls(_open(name, local=False))

    def judge(self, question: str, passages: Sequence[str]) -> list[float]:
        """Score each passage; higher is better, comparable only within one question."""
        if not passages:
            return []
        pairs = [(question, passage) for passage in passages]
        with torch.inference_mode():
            scores = self._model.predict(pairs, show_progress_bar=False, convert_to_numpy=True)
        return [float(score) for score in scores]


def _open(source: str, *, local: bool) -> CrossEncoder:
    try:
        return CrossEncoder(
            source,
            device="cpu",
            local_files_only=local,
            num_labels=1,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # every format of weights has errors of its own
        reason = "it is no model that sentence-transformers can load as a cross-encoder"
        raise ModelUnavailableError(source, reason, setting=SETTING) from error
