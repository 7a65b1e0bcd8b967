"""Files and folders into drafts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import RejectedArticleError, TooLargeError, UnreadableFileError
from corpus.extracting import LARGEST_FILE_BYTES
from corpus.extractor import Extractor
from corpus.models import Draft


def drafts_from(path: Path, extractor: Extractor) -> Iterator[Draft | RejectedArticleError]:
    """Read a file, or every file of a folder, as `files_in` finds them.

    Whatever cannot be read comes as an error in its place.
    """
    for found in files_in(path):
        yield _read(found, extractor) if isinstance(found, Path) else found


def files_in(path: Path) -> Iterator[Path | UnreadableFileError]:
    """Find every file of a folder and of the folders in it, ordered by name; a file is its own.

    Hidden files and folders are skipped unless `path` itself is one; links to folders are not
    followed. A folder that cannot be read comes as an error in its place.
    """
    if not _is_folder(path):
        yield path
        return
    try:
        # Behind the dot is nothing where names may be listed, but not followed.
        entries = sorted(path / entry.name for entry in os.scandir(f"{path}/."))
    except OSError as error:
        yield _unreadable(path, error)
        return
    for entry in entries:
        is_linked_folder = entry.is_symlink() and _is_folder(entry)
        if not (entry.name.startswith(".") or is_linked_folder):
            yield from files_in(entry)


def _is_folder(path: Path) -> bool:
    """Say whether it is one; False where that is not to be known, as reading it will tell."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _read(path: Path, extractor: Extractor) -> Draft | RejectedArticleError:
    try:
        # A pipe or a device would block or never end.
        if path.exists() and not path.is_file():
            return UnreadableFileError(str(path), reason="not a file")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE_BYTES:
                return TooLargeError(str(path), size=size, limit=LARGEST_FILE_BYTES)
            data = file.read(LARGEST_FILE_BYTES + 1)
        return extractor.extract(data, name=str(path))
    except OSError as error:
        return _unreadable(path, error)
    except RejectedArticleError as error:
        return error


def _unreadable(path: Path, error: OSError) -> UnreadableFileError:
    return UnreadableFileError(str(path), reason=(error.strerror or "cannot be read").lower())
