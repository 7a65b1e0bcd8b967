"""Asking the hub of models whether it is worth waiting for."""

from __future__ import annotations

import os
from typing import Final

from huggingface_hub import HfApi

from index.errors import ModelUnavailableError

_TIMEOUT_S: Final = 5.0


def ask_hub(name: str) -> None:
    """Find out within seconds whether the hub answers and has the model.

    Raises:
        ModelUnavailableError: it has not, cannot be reached, or may not be asked.
    """
    if os.environ.get("HF_HUB_OFFLINE") == "1":
        reason = "it is not on this machine, and HF_HUB_OFFLINE forbids to fetch it"
        raise ModelUnavailableError(name, reason)
    try:
        HfApi().model_info(name, timeout=_TIMEOUT_S)
    except Exception as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        known = status in {401, 403, 404}
        reason = "the hub has no such model" if known else "the hub cannot be reached"
        raise ModelUnavailableError(name, reason) from error
