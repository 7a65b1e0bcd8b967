"""Vectors by the hash of what was embedded, so that nothing is embedded twice by the same model."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from index.models import Vector, Vectors

log = logging.getLogger(__name__)

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY,
    model BLOB NOT NULL,
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (model, text_hash)
);
"""
_ASKED_AT_ONCE: Final = 500
_CRC_BYTES: Final = 4


def text_hash(text: str) -> bytes:
    """Return the 16 bytes under which a text's vector is kept."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


class VectorCache:
    """An SQLite file of float16 vectors, shared by all generations, models and processes.

    Each with its CRC-32. A cache, not a truth: a damaged vector is as one that is not there, a
    damaged file is replaced by an empty one. Methods raise `sqlite3.Error`
    where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None

    def close(self) -> None:
        """Release the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def get(self, model_id: str, hashes: Sequence[bytes], *, dimension: int) -> dict[bytes, Vector]:
        """Return the vectors that are known, by hash, as float32 of shape `(dimension,)`."""
        with self._mending():
            return self._get(text_hash(model_id), hashes, dimension)
        return {}

    def _get(self, model: bytes, hashes: Sequence[bytes], dimension: int) -> dict[bytes, Vector]:
        found: dict[bytes, Vector] = {}
        for start in range(0, len(hashes), _ASKED_AT_ONCE):
            asked = hashes[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            rows = self._connection().execute(
                f"SELECT text_hash, vector FROM vectors WHERE model = ? AND text_hash IN ({marks})",  # noqa: S608 - only question marks are put in
                (model, *asked),
            )
            whole = [(key, kept[:-_CRC_BYTES]) for key, kept in rows if _is_whole(kept, dimension)]
            vectors = np.frombuffer(b"".join(blob for _, blob in whole), dtype=np.float16)
            vectors = vectors.reshape(len(whole), dimension).astype(np.float32)
            found.update(zip((key for key, _ in whole), vectors, strict=True))
        return found

    def put(self, model_id: str, hashes: Sequence[bytes], vectors: Vectors) -> None:
        """Keep one vector for each hash, in place of one that is there already."""
        model = text_hash(model_id)
        rows = [
            (model, key, row.tobytes() + _crc(row.tobytes()))
            for key, row in zip(hashes, vectors.astype(np.float16), strict=True)
        ]
        with self._mending(), self._connection() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors (model, text_hash, vector) VALUES (?, ?, ?)", rows
            )

    def prune(self, used: Mapping[str, Sequence[Path]]) -> int:
        """Forget each vector that none of its model's passage tables uses; return how many.

        Forgets none if a table cannot be read (`sqlite3.Error`).

        Args:
            used: For each model id, the files of the passage tables that use its vectors.
        """
        forgotten = 0
        # A connection of its own: the temporary table goes with it.
        with self._mending(), closing(_connect(self._path)) as connection:
            connection.execute("CREATE TEMP TABLE used (model BLOB, text_hash BLOB)")
            for model_id, tables in used.items():
                for table in tables:
                    connection.execute("ATTACH ? AS kept", (str(table),))
                    connection.execute(
                        "INSERT INTO used SELECT ?, text_hash FROM kept.passages",
                        (text_hash(model_id),),
                    )
                    connection.commit()
                    connection.execute("DETACH kept")
            connection.execute("CREATE INDEX temp.used_key ON used (model, text_hash)")
            with connection:
                forgotten = connection.execute(
                    "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM used"
                    " WHERE used.model = vectors.model AND used.text_hash = vectors.text_hash)"
                ).rowcount
        return forgotten

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = _connect(self._path)
        return self._opened

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Put an empty file in the place of a damaged one, and go on as if it had been empty."""
        try:
            yield
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            log.warning("the vector cache is damaged, starting an empty one: %s", error)
            self.close()
            self._path.unlink()


def _crc(vector: bytes) -> bytes:
    return zlib.crc32(vector).to_bytes(_CRC_BYTES)


def _is_whole(kept: bytes, dimension: int) -> bool:
    vector, crc = kept[:-_CRC_BYTES], kept[-_CRC_BYTES:]
    return len(vector) == 2 * dimension and crc == _crc(vector)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        # A lost vector is embedded again, so it need not be on the disk when `put` returns.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
