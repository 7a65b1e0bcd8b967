"""Models of others: where one is, whether the hub is worth waiting for, what may be loaded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import Final

from huggingface_hub import HfApi

from index.errors import ModelUnavailableError

_TIMEOUT_S: Final = 5.0


def local_folder(name: str, *, setting: str) -> Path | None:
    """Return the folder that a name names; None if it can only be a name on the hub.

    Raises:
        ModelUnavailableError: it can only be a folder, and there is none, or it may not be read.
    """
    folder = Path(name)
    with suppress(RuntimeError):  # there is nobody of that name, who would have a home
        folder = folder.expanduser()
    with readable(name, setting=setting):
        if folder.is_dir():
            # Behind the dot is nothing where names may be listed, but not followed.
            with os.scandir(f"{folder}/."):
                return folder
    if folder.is_absolute() or name.startswith((".", "~")):
        raise ModelUnavailableError(name, "there is no such folder", setting=setting)
    return None


@contextmanager
def readable(name: str, *, setting: str) -> Iterator[None]:
    """Raise as a `ModelUnavailableError` that files of a model cannot be read."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "its files cannot be read").lower()
        raise ModelUnavailableError(name, reason, setting=setting) from error


def ask_hub(name: str, *, setting: str) -> None:
    """Find out within seconds whether the hub answers and has the model, as safetensors.

    Raises:
        ModelUnavailableError: it has not, cannot be reached, or may not be asked.
    """
    if os.environ.get("HF_HUB_OFFLINE") == "1":
        reason = "it is not on this machine as safetensors, and HF_HUB_OFFLINE forbids to fetch it"
        raise ModelUnavailableError(name, reason, setting=setting)
    try:
        info = HfApi().model_info(name, timeout=_TIMEOUT_S)
    except Exception as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        known = status in {401, 403, 404}
        reason = "the hub has no such model" if known else "the hub cannot be reached"
        raise ModelUnavailableError(name, reason, setting=setting) from error
    files = (PurePath(file.rfilename) for file in info.siblings or ())
    require_safetensors(name, files, setting=setting)


def require_safetensors(name: str, files: Iterable[PurePath], *, setting: str) -> None:
    """Refuse a model of whose weights some are only there as a pickle, which may run a program.

    Raises:
        ModelUnavailableError: it is such a model, or has no weights at all.
    """
    weights = list(files)
    safe = {file.parent for file in weights if file.suffix == ".safetensors"}
    pickled = {file.parent for file in weights if file.name.startswith("pytorch_model")}
    if not safe or pickled - safe:
        reason = "its weights are not there as safetensors, and others could hold a program"
        raise ModelUnavailableError(name, reason, setting=setting)
