from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.app import App
from corpus.extractor import Extractor
from index.sentence_embedder import SentenceEmbedder
from tests.integration.terminal import Terminal


@pytest.fixture(scope="session")
def _one_model(extractor: Extractor) -> Iterator[None]:
    """Load the real model, and start what extracts, once for all commands of this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SentenceEmbedder, "load", cache(SentenceEmbedder.load))
        patch.setattr(App, "extractor", extractor)
        yield


@pytest.fixture
def terminal(
    _one_model: None,
    accented: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Terminal]:
    yield Terminal(accented / "data", capsys, monkeypatch)
    root = logging.getLogger()
    for handler in [h for h in root.handlers if h.get_name() == "newsdesk"]:
        root.removeHandler(handler)
        handler.close()
