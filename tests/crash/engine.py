"""What a process of Newsdesk needs loaded: imported once, and forked from there for each life."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date
from functools import cache
from pathlib import Path
from threading import RLock

import numpy as np
import torch
from tqdm import tqdm

from bot.answering.joint_reader import JointReader
from bot.app import App
from bot.settings import Settings
from corpus.languages import detect_language
from index.models import Vector, Vectors
from index.query import understand
from index.sentence_embedder import SentenceEmbedder


@cache
def model() -> SentenceEmbedder:
    """Load the real model, once for this process and those forked from it."""
    torch.set_num_threads(1)  # threads do not survive a fork
    return SentenceEmbedder.load()


@cache
def remembering() -> SentenceEmbedder:
    """Return the real model, which embeds a text once, for what is built anew after each kill."""

    @cache
    def passage(text: str) -> Vector:
        return model().embed_passages([text])[0]

    def passages(texts: Sequence[str]) -> Vectors:
        return np.stack([passage(text) for text in texts])

    made = copy(model())
    vars(made).update(embed_query=cache(model().embed_query), embed_passages=passages)
    return made


@cache
def reader() -> JointReader:
    """Load the real reader likewise.

    Loading it after a fork can fail: its threads would all renew torch's pool at once.
    """
    return JointReader.load()


def app_in(data: Path) -> App:
    """Make Newsdesk in a data folder, around the models that are loaded."""
    app = App(Settings.from_env({"NEWSDESK_DATA": str(data)}))
    vars(app).update(embedder=model(), reader=reader())
    return app


def warm_up() -> None:
    """Load what loads itself when it is first used."""
    model()
    reader()
    tqdm.set_lock(RLock())  # its own is shared by all forks: one killed with it would stop the rest
    understand(
        "What happened in May 2023?", today=date(2024, 1, 1), detect_language=detect_language
    )
