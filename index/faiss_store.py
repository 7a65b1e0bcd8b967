"""Vectors in FAISS: exact up to some hundred thousand, then inverted lists.

Stored as float16, which is what the vector cache keeps anyway: against float32 it takes half the
memory and a question is faster (100,000 x 384, one thread: 6.4 ms against 10.2 ms; with half of
them masked 3.6 ms against 7.2 ms), with the same ranking.

Lists were measured on 300,000 clustered synthetic vectors of 384 numbers, with queries whose best
hit has a cosine of 0.60. Exact: 27 ms, which is as much as a question may take. Lists visited:

    share    recall@10    a question    half masked    2 % allowed
    1/64     0.9987       0.6 ms        1.2 ms         1.8 ms
    1/32     0.9997       1.0 ms        1.9 ms         2.2 ms
    1/16     1.0000       1.8 ms        3.1 ms         2.2 ms
    1/8      1.0000       3.4 ms        5.8 ms         2.2 ms

(recall is 1.0000 under both masks, since more lists are visited then). At 1,000,000 vectors around
those of real sentences, asked with real questions and half of them masked, recall@48 is 1.0000 at
1/16, 1/32 and 1/64, and 0.9975 at 1/128; 1/32 takes half the time of 1/16, and leaves some room for
vectors that cluster less well. Building takes 4.4 s, in steps of at most 0.4 s.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import faiss as faiss_as_stubbed
import numpy as np
from numpy.typing import NDArray

from index.models import Hit, PassageId, PassageMask, Vector, Vectors

PassageIds: TypeAlias = NDArray[np.int64]

EXACT_UP_TO: Final = 200_000
"""Above this many vectors, a store is built as inverted lists."""

_VISITED_SHARE: Final = 1 / 32
_TRAINING_ROUNDS: Final = 8
_TRAINED_ON_PER_LIST: Final = 40
_BATCH: Final = 8_192

# The stubs that FAISS brings along lack half of what is used here.
faiss: Any = faiss_as_stubbed


class FaissVectorStore:
    """A `VectorStore` over FAISS; whatever is stored is rounded to float16."""

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(
            faiss.IndexScalarQuantizer(
                dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
        )
        self._highest = -1

    @classmethod
    def read(cls, path: Path, *, highest: int) -> Self:
        """Read a store that `write` wrote, which holds no id above `highest`.

        FAISS trusts what it reads: check the file's checksum before.
        """
        with path.open("rb") as file:
            index = faiss.read_index(faiss.PyCallbackIOReader(file.read))
        store = cls(index.d)
        store._index = index
        store._highest = highest
        return store

    def write(self, path: Path) -> None:
        """Write the store to a file that Python opens, since FAISS stumbles over accents."""
        with path.open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    @property
    def approximate(self) -> bool:
        """Whether a search may miss some of the closest."""
        return isinstance(self._index, faiss.IndexIVF)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def fill(
        self,
        passage_ids: PassageIds,
        fetch: Callable[[PassageIds], Vectors],
        *,
        exact_up_to: int = EXACT_UP_TO,
    ) -> Iterator[int]:
        """Fill an empty store in bounded steps, in the way that suits the number of vectors.

        Args:
            passage_ids: Distinct ids, ascending.
            fetch: Returns the vectors of some of the ids, in the given order.
            exact_up_to: Above this many, searches are approximate from now on: they visit the
                lists whose centres are closest to the query.

        Yields:
            The number of vectors stored so far.
        """
        if len(passage_ids) > exact_up_to:
            sample = fetch(_sample(passage_ids))
            centres: Vectors | None = None
            for _ in range(_TRAINING_ROUNDS):
                centres = _better_centres(sample, centres, lists=_suitable_lists(len(passage_ids)))
                yield 0
            self._index = _empty_lists(centres, sample)
        for start in range(0, len(passage_ids), _BATCH):
            batch = passage_ids[start : start + _BATCH]
            self.upsert(batch.tolist(), fetch(batch))
            yield len(self)

    def upsert(self, passage_ids: Sequence[PassageId], vectors: Vectors) -> None:
        """Store each vector under its id, in place of one that is there already.

        Raises:
            ValueError: the counts differ, an id comes twice, or the dimension is another.
        """
        ids = np.asarray(passage_ids, dtype=np.int64)
        if vectors.shape != (len(ids), self.dimension):
            msg = f"{len(ids)} ids, vectors of shape {vectors.shape}"
            raise ValueError(msg)
        if len(np.unique(ids)) != len(ids):
            msg = "an id comes twice"
            raise ValueError(msg)
        if not len(ids):
            return
        if ids.min() <= self._highest:
            self.remove(passage_ids)
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
        self._highest = max(self._highest, int(ids.max()))

    def remove(self, passage_ids: Sequence[PassageId]) -> None:
        """Forget these ids; those that are not stored are passed over."""
        ids = np.asarray(passage_ids, dtype=np.int64)
        if len(ids):
            kind = faiss.IDSelectorArray if self.approximate else faiss.IDSelectorBatch
            self._index.remove_ids(kind(ids))

    def vectors_of(self, passage_ids: Sequence[PassageId]) -> Vectors:
        """Return the stored vectors in the given order, zeros for an id that is not stored."""
        found = np.zeros((len(passage_ids), self.dimension), dtype=np.float32)
        for row, passage_id in enumerate(passage_ids):
            with suppress(RuntimeError):  # how FAISS says that there is no such id
                self._index.reconstruct(int(passage_id), found[row])
        return found

    def search(self, query: Vector, *, limit: int, allowed: PassageMask | None = None) -> list[Hit]:
        """Find the stored vectors closest to `query`; see the port.

        An approximate store may miss some; the fewer are allowed, the more lists are visited, so
        that a narrow mask costs no recall.
        """
        if limit < 1:
            msg = f"limit is {limit}, at least 1 wanted"
            raise ValueError(msg)
        if query.shape != (self.dimension,):
            msg = f"query of shape {query.shape}, dimension {self.dimension}"
            raise ValueError(msg)
        reachable = len(self)
        if allowed is not None:
            reachable = min(reachable, int(np.count_nonzero(allowed)))
        if not reachable:
            return []
        # FAISS keeps any of those that tie at the limit: look on until the tie is seen whole. Few
        # lists may hold fewer than are wanted: look into more of them.
        wanted, lists = min(limit + 1, reachable), self._visited(reachable)
        while True:
            similarities, ids = self._closest(query, wanted, allowed, lists)
            if len(ids) < min(limit, reachable) and lists < self._lists:
                lists = min(4 * lists, self._lists)
            elif len(ids) > limit and similarities[limit] == similarities[limit - 1]:
                if wanted == reachable:
                    break
                wanted = min(4 * wanted, reachable)
            else:
                break
        order = np.lexsort((ids, -similarities))[:limit]
        return [
            Hit(PassageId(int(ids[row])), float(np.clip(similarities[row], -1.0, 1.0)))
            for row in order
        ]

    @property
    def _lists(self) -> int:
        return int(self._index.nlist) if self.approximate else 1

    def _visited(self, reachable: int) -> int:
        """The number of lists to visit if `reachable` of the vectors are allowed."""
        share = _VISITED_SHARE * len(self) / reachable
        return min(math.ceil(self._lists * share), self._lists)

    def _closest(
        self, query: Vector, wanted: int, allowed: PassageMask | None, lists: int
    ) -> tuple[NDArray[np.float32], PassageIds]:
        """Return the closest, best first, and of what ties at the end any."""
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if self.approximate:
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=lists)
        else:
            parameters = faiss.SearchParameters(sel=selector)
        row = np.ascontiguousarray(query, dtype=np.float32)[None, :]
        similarities, ids = self._index.search(row, wanted, params=parameters)
        found = ids[0] >= 0
        return similarities[0][found], ids[0][found]


def _suitable_lists(count: int) -> int:
    """Return about twice the square root of `count`, as a power of 2."""
    return int(2 ** round(math.log2(2 * math.sqrt(count))))


def _sample(passage_ids: PassageIds) -> PassageIds:
    size = min(len(passage_ids), _TRAINED_ON_PER_LIST * _suitable_lists(len(passage_ids)))
    chosen = np.random.default_rng(0).choice(passage_ids, size, replace=False)
    return np.sort(chosen)


def _better_centres(sample: Vectors, centres: Vectors | None, *, lists: int) -> Vectors:
    """Do one round of k-means, from random centres at first."""
    means = faiss.Kmeans(
        sample.shape[1], lists, niter=1, spherical=True, seed=0, min_points_per_centroid=1
    )
    means.train(sample, init_centroids=centres)
    found: Vectors = means.centroids
    return found


def _empty_lists(centres: Vectors | None, sample: Vectors) -> Any:  # noqa: ANN401 - faiss is untyped
    dimension = sample.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    quantizer.add(centres)
    # By residual (the last argument) would store what is left after the centre, which rounds
    # otherwise than the exact store does.
    index = faiss.IndexIVFScalarQuantizer(
        quantizer,
        dimension,
        quantizer.ntotal,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,  # noqa: FBT003 - the library takes it by place
    )
    index.train(sample[:1])
    index.set_direct_map_type(faiss.DirectMap.Hashtable)
    return index
