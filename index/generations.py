"""Numbered generations of the index on disk: manifest, checksums, pointer, keeping and dropping.

index/current          which generation is published, and which one before it
index/vectors.sqlite   vectors by hash, shared by all generations
index/gen-000007/      manifest.json, passages.sqlite, vectors-*.faiss, lexical/
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from corpus.durability import replace_durably, sync_directory
from index.errors import IndexUnavailableError

FORMAT: Final = 2
"""Counts changes of the files' layout; a generation of another format is built anew."""

PASSAGES: Final = "passages.sqlite"
LEXICAL: Final = "lexical"

_POINTER: Final = "current"
_MANIFEST: Final = "manifest.json"
_CHECKSUM: Final = "checksum"


class DamagedGenerationError(Exception):
    """A generation that cannot be opened as it is and has to be built anew. Stays in this room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation was built from and with.

    `model_id`, `chunker` and `analyser` name what decides the contents. `checkpoint` is the file of
    vectors, with `vectors` of them; it knows the passages up to `last_passage` and the removals up
    to `last_removal`, what came later stands in the passage table. `checksums` are SHA-256 of
    files that never change, by path relative to the generation. `created_at` is ISO 8601 in UTC.
    """

    generation: int
    model_id: str
    dimension: int
    chunker: str
    analyser: str
    revision: int
    articles: int
    passages: int
    created_at: str
    checkpoint: str = ""
    vectors: int = 0
    last_passage: int = 0
    last_removal: int = 0
    checksums: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def read(cls, generation: Path) -> Self:
        """Read the manifest of a generation; raise `DamagedGenerationError` if it is none."""
        try:
            written = json.loads((generation / _MANIFEST).read_bytes())
            stated = written.pop(_CHECKSUM, None)
            manifest = cls(**written)
        except (FileNotFoundError, ValueError, TypeError, AttributeError) as error:
            msg = f"manifest: {error}"
            raise DamagedGenerationError(msg) from error
        if manifest.format != FORMAT:
            msg = f"format {manifest.format}, {FORMAT} wanted"
            raise DamagedGenerationError(msg)
        if stated != manifest._checksum():
            msg = "the manifest is not what was written"
            raise DamagedGenerationError(msg)
        return manifest

    def write(self, generation: Path) -> None:
        """Write the manifest, in place of an earlier one, durably."""
        content = {**asdict(self), _CHECKSUM: self._checksum()}
        replace_durably(
            generation / _MANIFEST, json.dumps(content, indent=2, ensure_ascii=False).encode()
        )

    def _checksum(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def verify(self, generation: Path) -> None:
        """Compare the files with their checksums; raise `DamagedGenerationError` if one differs.

        Files of the lexical index may be gone, since it merges its segments; the checkpoint not.
        """
        for name, wanted in self.checksums.items():
            path = generation / name
            try:
                found = checksum(path)
            except FileNotFoundError:
                if name != self.checkpoint:
                    continue
                msg = f"{name} is missing"
                raise DamagedGenerationError(msg) from None
            if found != wanted:
                msg = f"{name} is not what was written"
                raise DamagedGenerationError(msg)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is published, and which one can be rolled back to."""

    current: int
    previous: int | None


class Generations:
    """The directory of the index."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, number: int) -> Path:
        """Return where a generation lies."""
        return self.directory / f"gen-{number:06d}"

    def pointer(self) -> Pointer | None:
        """Return what is published; None if nothing is, or the pointer cannot be understood."""
        try:
            found = json.loads((self.directory / _POINTER).read_bytes())
            return Pointer(int(found["current"]), found["previous"])
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None

    def point(self, pointer: Pointer) -> None:
        """Publish: readers see the change whole, or not at all."""
        replace_durably(self.directory / _POINTER, json.dumps(asdict(pointer)).encode())

    def create(self) -> int:
        """Make an empty directory for a generation and return its number, higher than any."""
        pointer = self.pointer()
        number = max([*self._numbers(), pointer.current if pointer else 0]) + 1
        self.path(number).mkdir()
        sync_directory(self.directory)
        return number

    def sweep(self) -> None:
        """Delete what crashes left of unfinished pointers; nobody may publish meanwhile."""
        for left in self.directory.glob(f"{_POINTER}.*.tmp"):
            left.unlink(missing_ok=True)

    def drop_others(self, kept: Iterable[int | None]) -> None:
        """Delete all generations but these. What another process holds open may stay for now."""
        for number in set(self._numbers()) - set(kept):
            self.drop(number)

    def drop(self, number: int) -> None:
        """Delete a generation, as far as nobody holds it open."""
        shutil.rmtree(self.path(number), ignore_errors=True)

    def passage_tables(self) -> dict[str, list[Path]]:
        """Return the files of the passage tables that are kept, by the model of their vectors."""
        tables: dict[str, list[Path]] = {}
        for number in self._numbers():
            with suppress(DamagedGenerationError):
                path = self.path(number)
                tables.setdefault(Manifest.read(path).model_id, []).append(path / PASSAGES)
        return tables

    def _numbers(self) -> list[int]:
        found = (path.name.removeprefix("gen-") for path in self.directory.glob("gen-*"))
        return [int(name) for name in found if name.isdecimal()]


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def unavailable(directory: Path) -> Iterator[None]:
    """Turn what is said about files, by the system or here, into `IndexUnavailableError`."""
    try:
        yield
    except (OSError, sqlite3.Error, DamagedGenerationError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexUnavailableError(str(directory), reason) from error
