"""Files that a person names: what the disk says of them, as errors that have words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import PathUnwritableError
from corpus.errors import UnreadableFileError


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise an `UnreadableFileError` where the disk refuses something."""
    try:
        yield
    except OSError as error:
        raise unreadable(str(path), error) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise a `PathUnwritableError` where the disk refuses something."""
    try:
        yield
    except OSError as error:
        raise PathUnwritableError(str(path), (error.strerror or "unknown").lower()) from error


def unreadable(path: str, error: OSError) -> UnreadableFileError:
    """Say why something cannot be read."""
    return UnreadableFileError(path, reason=(error.strerror or "cannot be read").lower())
