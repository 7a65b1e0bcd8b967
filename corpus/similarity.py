"""Near duplicates: MinHash signatures over word shingles, cut into bands that can be looked up.

Signatures are stored, so whatever changes them here needs a migration that makes them anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
from datasketch import MinHash

NEAR_DUPLICATE_SIMILARITY = 0.6
"""Least share of common shingles: about every tenth word changed, or a third of the text added."""

_SHINGLE_WORDS = 3
_PERMUTATIONS = 64
_SHINGLES_AT_ONCE = 10_000  # half a kilobyte each
_BAND_ROWS = 4  # 16 bands find a pair of similarity 0.6 with probability 0.9, one of 0.7 with 0.99
_WORD = re.compile(r"\w+")
_EMPTY = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme="affine32")


def signature(text: str) -> bytes:
    """Return the MinHash signature of a text: 64 unsigned 32-bit numbers, little-endian."""
    sketch = _EMPTY.copy()
    shingles = iter({shingle.encode() for shingle in _shingles(text)})
    while batch := list(islice(shingles, _SHINGLES_AT_ONCE)):
        sketch.update_batch(batch)
    return np.asarray(sketch.digest(), dtype="<u4").tobytes()


def bands(text_signature: bytes) -> list[int]:
    """Return the keys under which texts with a similar signature meet: signed 64-bit numbers."""
    size = _BAND_ROWS * 4
    keys = []
    for start in range(0, len(text_signature), size):
        band = start.to_bytes(2, "little") + text_signature[start : start + size]
        digest = hashlib.blake2b(band, digest_size=8).digest()
        keys.append(int.from_bytes(digest, "little", signed=True))
    return keys


def similarity(one: bytes, other: bytes) -> float:
    """Estimate from two signatures which share of their shingles two texts have in common."""
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


def _shingles(text: str) -> Iterator[str]:
    words = _WORD.findall(text.casefold())
    for start in range(max(1, len(words) - _SHINGLE_WORDS + 1)):
        yield " ".join(words[start : start + _SHINGLE_WORDS])
