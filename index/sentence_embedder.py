"""The embedder of sentence-transformers: the shipped model, a local folder or any hub model."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, Self

import numpy as np
import torch
import transformers
from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer

from index.errors import ModelUnavailableError
from index.family_prompts import family_prompts, names_of
from index.hub import ask_hub, local_folder, readable, require_safetensors
from index.models import Vector, Vectors

SETTING: Final = "EMBEDDING_MODEL"
DEFAULT_MODEL: Final = Path(__file__).parent / "default_model"
DEFAULT_NAME: Final = "newsdesk-encoder-fr-en"
DEFAULT_LANGUAGES: Final = ("en", "fr")
DEFAULT_SHA256: Final = "c623c729fe25e20a8ce5ed73e2db1f7604ff7f8fef75c45fc630653de9e6ab2e"
"""Of the weights alone: what else is trained on them names it."""
DEFAULT_FINGERPRINT: Final = "ceaa194d0ae39289b450b26f422dca4c3e2fdac574c83f525448bb88feaea11f"
"""Of all files that decide the vectors; see `fingerprint`."""

_MOST_TOKENS: Final = 512


class SentenceEmbedder:
    """Texts to unit vectors through a sentence-transformers model, on the CPU.

    Computes in bfloat16 where the processor does: three times as many passages a second, with a
    cosine of 0.9999 to the float32 vectors. Prompts come from the model's own configuration, else
    from what its family's model cards ask for.
    """

    def __init__(
        self, model: SentenceTransformer, *, name: str, weights: str, names: Sequence[str] = ()
    ) -> None:
        """Wrap a loaded model.

        `weights` tells one set of weights from another. `names` are all that may tell its family;
        only `name` if there are none.
        """
        own = {kind: prompt for kind, prompt in model.prompts.items() if prompt}
        prompts = own or family_prompts(*(names or [name]))
        self.name = name
        self._model = model
        self._query_prompt = prompts.get("query", "")
        self._passage_prompt = prompts.get("document", prompts.get("passage", ""))
        identity = "\n".join((weights, self._query_prompt, self._passage_prompt))
        self._model_id = f"{name}:{hashlib.sha256(identity.encode()).hexdigest()[:16]}"

    @classmethod
    def load(cls, name: str | None = None) -> Self:
        """Load a model: None for the shipped one, a folder, or a name on the hub.

        A hub model is taken from the local cache if it is there; otherwise the hub is asked, and
        given up after a few seconds.

        Raises:
            ModelUnavailableError: there is no such model, it is damaged or may not be read, or the
                hub is silent.
        """
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        if name is None:
            check_shipped_model()
            return cls(_open(str(DEFAULT_MODEL)), name=DEFAULT_NAME, weights=DEFAULT_SHA256)
        folder = local_folder(name, setting=SETTING)
        if folder is not None:
            with readable(name, setting=SETTING):
                require_safetensors(name, folder.rglob("*"), setting=SETTING)
            model = _open(str(folder))
            with readable(name, setting=SETTING):
                weights, names = fingerprint(folder), names_of(folder)
            return cls(model, name=folder.name, weights=weights, names=names)
        revision, model = _open_from_hub(name)
        return cls(model, name=name, weights=revision)

    @property
    def model_id(self) -> str:
        """The model's name with a hash of its weights and prompts."""
        return self._model_id

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 of the languages that the shipped model knows; empty for another model."""
        return DEFAULT_LANGUAGES if self.name == DEFAULT_NAME else ()

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """What the model reads of one text, and at most what is sensible for a passage."""
        return min(self._model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text read as a passage, prompt and special ones included."""
        if not texts:
            return []
        prompted = [self._passage_prompt + text for text in texts]
        encoded = self._model.tokenizer(prompted, truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_query(self, text: str) -> Vector:
        """Embed a question, with the model's prompt for queries."""
        vector: Vector = self._encode([text], self._query_prompt)[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages in the given order, with the model's prompt for passages."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._encode(texts, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        encoded = self._model.encode(
            list(texts), prompt=prompt or None, show_progress_bar=False, convert_to_numpy=True
        )
        vectors = np.ascontiguousarray(encoded, dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
        return unit


def check_shipped_model() -> None:
    """Compare the shipped model's files with their hash: its weights, its tokenizer, its settings.

    Raises:
        ModelUnavailableError: one is damaged or missing.
    """
    if _fingerprint_once(DEFAULT_MODEL) != DEFAULT_FINGERPRINT:
        reason = "a shipped file of it is damaged or missing"
        raise ModelUnavailableError(DEFAULT_NAME, reason, setting=SETTING)


def computes_bfloat16() -> bool:
    """Tell whether the processor has it: where it is emulated, it takes twice as long as float32.

    oneDNN counts an x86 processor with AVX-512 alone among those that support it.
    """
    # torch has no public names for these questions.
    has_instructions = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()  # noqa: SLF001
    is_x86 = torch.cpu._is_avx2_supported()  # noqa: SLF001
    return torch.ops.mkldnn._is_mkldnn_bf16_supported() and (has_instructions or not is_x86)  # noqa: SLF001


def _open(source: str, *, local_files_only: bool = True) -> SentenceTransformer:
    dtype = torch.bfloat16 if computes_bfloat16() else torch.float32
    try:
        return SentenceTransformer(
            source,
            device="cpu",
            local_files_only=local_files_only,
            model_kwargs={"dtype": dtype, "use_safetensors": True},
        )
    except Exception as error:  # every format of weights has errors of its own
        reason = "it is no model that sentence-transformers can load"
        raise ModelUnavailableError(source, reason, setting=SETTING) from error


def _open_from_hub(name: str) -> tuple[str, SentenceTransformer]:
    """Load from the local cache, else from the hub, and tell the revision."""
    # As sentence-transformers itself completes a name without an owner.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        model = _open(name)
    except ModelUnavailableError:
        ask_hub(repository, setting=SETTING)
        model = _open(name, local_files_only=False)
    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    snapshot = snapshot_download(repository, cache_dir=cache, local_files_only=True)
    return Path(snapshot).name, model


def fingerprint(folder: Path) -> str:
    """Hash the weights of a model and the files beside them that decide its vectors."""
    digest = hashlib.sha256()
    kept = {".safetensors", ".bin", ".json", ".model", ".txt"}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in kept:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(sha256(path).encode())
    return digest.hexdigest()


@cache
def _fingerprint_once(folder: Path) -> str:
    """Embedder and reader both stand on the shipped model, and load in one process."""
    return fingerprint(folder)


def sha256(path: Path) -> str:
    """Hash a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
