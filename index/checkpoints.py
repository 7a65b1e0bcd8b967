"""The vectors of a generation in one file, so that opening it reads them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from corpus.durability import sync_file
from index.article_embedder import ArticleEmbedder
from index.faiss_store import EXACT_UP_TO, FaissVectorStore, PassageIds
from index.generation_writer import Phase, Progress
from index.generations import LEXICAL, DamagedGenerationError, Manifest, checksum
from index.models import Vectors
from index.passage_table import PassageTable, Position
from index.snapshot import Snapshot

_TAIL_LEAST: Final = 2_000
_TAIL_SHARE: Final = 0.2
_SAMPLED: Final = 16
_FOUND_SIMILARITY: Final = 0.99


def collect_vectors(
    vectors: FaissVectorStore, table: PassageTable, embedder: ArticleEmbedder
) -> Iterator[Progress]:
    """Put the vectors of all passages of a table, from the cache, into an empty store.

    Raises:
        DamagedGenerationError: a vector is lost, and so is its article.
    """
    hashed = table.hashes()
    ids = np.array([passage_id for passage_id, _, _ in hashed], dtype=np.int64)

    def fetch(some: PassageIds) -> Vectors:
        places = np.searchsorted(ids, some)
        found, fetched = embedder.vectors([hashed[place] for place in places])
        if len(found) < len(some):
            msg = f"{len(some) - len(found)} vectors are lost"
            raise DamagedGenerationError(msg)
        return fetched

    for done in vectors.fill(ids, fetch):
        yield Progress(done, len(ids), Phase.COLLECTING)


def write_checkpoint(
    path: Path, manifest: Manifest, vectors: FaissVectorStore, position: Position
) -> Manifest:
    """Write vectors into the generation at `path`, then the manifest that names them.

    The earlier checkpoint is deleted last, so that a crash leaves one that can be opened.

    Args:
        path: The generation.
        manifest: What it is to say beside the checkpoint.
        vectors: Those of all passages that are there at `position`.
        position: What the checkpoint knows of.

    Returns:
        The manifest as it was written.
    """
    name = f"vectors-{position.passage}-{position.removal}.faiss"
    vectors.write(path / name)
    sync_file(path / name)
    written = replace(
        manifest,
        checkpoint=name,
        vectors=len(vectors),
        last_passage=position.passage,
        last_removal=position.removal,
        checksums={**_lexical_checksums(path, {}), name: checksum(path / name)},
    )
    written.write(path)
    for earlier in path.glob("vectors-*.faiss"):
        if earlier.name != name:
            earlier.unlink(missing_ok=True)
    return written


def seal(snapshot: Snapshot, embedder: ArticleEmbedder) -> None:
    """Note the checksums of what was written last.

    Writes a new checkpoint as well if so much came or went since the last that opening gets slow.
    """
    path, manifest, vectors = snapshot.path, snapshot.manifest, snapshot.vectors
    if snapshot.tail <= max(_TAIL_LEAST, _TAIL_SHARE * manifest.vectors):
        kept = manifest.checksums
        checksums = {
            **_lexical_checksums(path, kept),
            manifest.checkpoint: kept[manifest.checkpoint],
        }
        snapshot.manifest = replace(manifest, checksums=checksums)
        snapshot.manifest.write(path)
        return
    if len(vectors) > EXACT_UP_TO and not vectors.approximate:
        vectors = FaissVectorStore(vectors.dimension)
        for _ in collect_vectors(vectors, snapshot.table, embedder):
            pass
    snapshot.manifest = write_checkpoint(path, manifest, vectors, snapshot.position)
    snapshot.vectors = vectors


def _lexical_checksums(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return the checksums of the lexical files that are there, which never change once written."""
    names = (
        file.relative_to(path).as_posix()
        for file in (path / LEXICAL).iterdir()
        if file.suffix not in (".json", ".lock")
    )
    return {name: known.get(name) or checksum(path / name) for name in names}


def verify(snapshot: Snapshot) -> None:
    """Check that what was built is whole, and that a sample of its passages finds itself.

    Raises:
        DamagedGenerationError: it is not.
    """
    counts = (len(snapshot), len(snapshot.vectors), len(snapshot.lexical))
    if len(set(counts)) > 1:
        msg = f"{counts} passages in table, vectors and lexical index"
        raise DamagedGenerationError(msg)
    ids = [passage_id for passage_id, _, _ in snapshot.table.hashes()]
    for passage_id in ids[:: max(1, len(ids) // _SAMPLED)]:
        vector = snapshot.vectors_of([passage_id])[0]
        hits = snapshot.vectors.search(vector, limit=1)
        if not hits or hits[0].similarity < _FOUND_SIMILARITY:
            msg = f"passage {passage_id} does not find itself"
            raise DamagedGenerationError(msg)
