"""The model that comes with Newsdesk is loaded as it was shipped, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index import sentence_embedder
from index.errors import ModelUnavailableError
from index.sentence_embedder import (
    DEFAULT_FINGERPRINT,
    DEFAULT_MODEL,
    DEFAULT_SHA256,
    check_shipped_model,
    fingerprint,
    sha256,
)

WEIGHTS = "model.safetensors"
FILES = sorted(
    path.relative_to(DEFAULT_MODEL).as_posix()
    for path in DEFAULT_MODEL.rglob("*")
    if path.is_file() and path.suffix != ".md"
)


def test_the_hashes_are_those_of_the_files() -> None:
    assert sha256(DEFAULT_MODEL / WEIGHTS) == DEFAULT_SHA256
    assert fingerprint(DEFAULT_MODEL) == DEFAULT_FINGERPRINT


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("is_lost", [False, True], ids=["changed", "lost"])
def test_a_file_that_is_changed_or_lost_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, name: str, is_lost: bool
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, folder)
    monkeypatch.setattr(sentence_embedder, "DEFAULT_MODEL", folder)
    if is_lost:
        (folder / name).unlink()
    else:
        content = bytearray((folder / name).read_bytes())
        content[-1] ^= 1
        (folder / name).write_bytes(content)
    with pytest.raises(ModelUnavailableError, match="damaged or missing"):
        check_shipped_model()
