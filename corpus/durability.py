"""Files that are on the disk, and there under their names, when a call returns."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def replace_durably(path: Path, content: bytes) -> None:
    """Write a file that is there whole after a crash at any moment, or not at all."""
    made = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        made.write_bytes(content)
        move_durably(made, path)
    except OSError:
        made.unlink(missing_ok=True)
        raise


def move_durably(made: Path, path: Path) -> None:
    """Put a file in the place of another: after a crash at any moment one of both is there."""
    sync_file(made)
    made.replace(path)
    sync_directory(path.parent)


def sync_file(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_files(directory: Path) -> None:
    """Wait until all files of a directory are on the disk, and there under their names."""
    for file in directory.iterdir():
        sync_file(file)
    sync_directory(directory)


def sync_directory(path: Path) -> None:
    """Wait until the names in a directory are on the disk, where the system can do that."""
    with suppress(OSError):  # Windows opens no directories
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
