"""What every `VectorStore` promises, asked of FAISS (exact, and in lists) and of the fake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.faiss_store import FaissVectorStore
from index.models import PassageId, PassageMask, Vector, Vectors
from index.vector_store import VectorStore
from tests.fakes.vector_store import BruteForceVectorStore

DIMENSION = 16


def unit_rows(count: int, seed: int) -> Vectors:
    """Random unit vectors as the index keeps them: of values that float16 can hold."""
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


def lists(dimension: int) -> FaissVectorStore:
    """A store in lists, of which a search without a mask visits few."""
    store = FaissVectorStore(dimension)
    vectors = unit_rows(64, seed=99)
    ids = np.arange(10_000, 10_064)
    for _ in store.fill(ids, lambda some: vectors[some - 10_000], exact_up_to=0):
        pass
    assert store.approximate
    store.remove(ids.tolist())
    return store


EXACT: dict[str, Callable[[int], VectorStore]] = {
    "faiss": FaissVectorStore,
    "fake": BruteForceVectorStore,
}
STORES: dict[str, Callable[[int], VectorStore]] = {**EXACT, "faiss in lists": lists}


def ids(*numbers: int) -> list[PassageId]:
    return [PassageId(number) for number in numbers]


def brute_force(
    vectors: dict[int, Vector], query: Vector, limit: int, allowed: PassageMask | None = None
) -> list[tuple[int, float]]:
    found = [
        (passage_id, float(np.clip(np.dot(vector.astype(np.float64), query), -1, 1)))
        for passage_id, vector in vectors.items()
        if allowed is None or (passage_id < len(allowed) and allowed[passage_id])
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]


def assert_same(
    store: VectorStore, wanted: list[tuple[int, float]], query: Vector, **asked: object
) -> None:
    found = store.search(query, **asked)  # type: ignore[arg-type]  # passed on as it came
    assert [hit.passage_id for hit in found] == [passage_id for passage_id, _ in wanted]
    assert [hit.similarity for hit in found] == pytest.approx([s for _, s in wanted], abs=1e-5)


@pytest.mark.parametrize("make", EXACT.values(), ids=EXACT)
@given(count=st.integers(1, 60), limit=st.integers(1, 80), seed=st.integers(0, 2**16))
@example(count=1, limit=1, seed=0)
def test_search_agrees_with_brute_force_in_order_and_in_score(
    make: Callable[[int], VectorStore], count: int, limit: int, seed: int
) -> None:
    vectors, query = unit_rows(count, seed), unit_rows(1, seed + 1)[0]
    store = make(DIMENSION)
    store.upsert(ids(*range(count)), vectors)
    wanted = brute_force(dict(enumerate(vectors)), query, limit)
    assert_same(store, wanted, query, limit=limit)


@pytest.mark.parametrize("make", EXACT.values(), ids=EXACT)
@given(
    seed=st.integers(0, 2**16),
    mask=st.lists(st.booleans(), max_size=70),
    limit=st.integers(1, 20),
)
@example(seed=0, mask=[], limit=5)
@example(seed=0, mask=[False] * 60, limit=5)
def test_a_mask_hides_what_it_does_not_allow_and_what_lies_beyond_it(
    make: Callable[[int], VectorStore], seed: int, mask: list[bool], limit: int
) -> None:
    allowed = np.array(mask, dtype=np.bool_)
    vectors, query = unit_rows(30, seed), unit_rows(1, seed + 1)[0]
    places = range(1, 61, 2)  # so that ids and rows differ
    store = make(DIMENSION)
    store.upsert(ids(*places), vectors)
    wanted = brute_force(dict(zip(places, vectors, strict=True)), query, limit, allowed)
    assert_same(store, wanted, query, limit=limit, allowed=allowed)


@pytest.mark.parametrize("make", EXACT.values(), ids=EXACT)
@given(data=st.data())
def test_any_series_of_changes_leaves_what_a_dictionary_would_hold(
    make: Callable[[int], VectorStore], data: st.DataObject
) -> None:
    store, kept = make(DIMENSION), {}
    query = unit_rows(1, seed=7)[0]
    for step in range(data.draw(st.integers(1, 8))):
        chosen = data.draw(st.lists(st.integers(0, 30), unique=True, max_size=10))
        if data.draw(st.booleans()):
            vectors = unit_rows(len(chosen), seed=step)
            store.upsert(ids(*chosen), vectors)
            kept.update(zip(chosen, vectors, strict=True))
        else:
            store.remove(ids(*chosen))
            for passage_id in chosen:
                kept.pop(passage_id, None)
    assert len(store) == len(kept)
    assert_same(store, brute_force(kept, query, 40), query, limit=40)


@pytest.mark.parametrize("make", EXACT.values(), ids=EXACT)
@pytest.mark.parametrize("limit", [1, 3, 40, 50])
def test_ties_come_by_ascending_id_also_where_the_limit_cuts_them(
    make: Callable[[int], VectorStore], limit: int
) -> None:
    same = unit_rows(1, seed=1)[0]
    store = make(DIMENSION)
    shuffled = np.random.default_rng(3).permutation(40).tolist()
    store.upsert(ids(*shuffled), np.tile(same, (40, 1)))
    found = store.search(same, limit=limit)
    assert [hit.passage_id for hit in found] == list(range(min(limit, 40)))


@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
def test_what_is_stored_finds_itself_until_it_is_removed(
    make: Callable[[int], VectorStore],
) -> None:
    vectors = unit_rows(20, seed=5)
    store = make(DIMENSION)
    store.upsert(ids(*range(20)), vectors)
    store.remove(ids(3, 3, 777))
    assert len(store) == 19
    for passage_id, vector in enumerate(vectors):
        found = [hit.passage_id for hit in store.search(vector, limit=1)]
        assert (found == [passage_id]) == (passage_id != 3)


@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
def test_a_second_vector_under_an_id_takes_the_place_of_the_first(
    make: Callable[[int], VectorStore],
) -> None:
    old, new = unit_rows(2, seed=6)
    store = make(DIMENSION)
    store.upsert(ids(4), old[None, :])
    store.upsert(ids(4), new[None, :])
    assert len(store) == 1
    (hit,) = store.search(new, limit=9)
    assert (hit.passage_id, hit.similarity) == (4, pytest.approx(1.0, abs=2e-3))


@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
def test_similarity_is_the_cosine_and_never_leaves_its_range(
    make: Callable[[int], VectorStore],
) -> None:
    vector = unit_rows(1, seed=8)[0]
    store = make(DIMENSION)
    store.upsert(ids(1, 2), np.stack([vector, -vector]))
    everything = np.ones(3, dtype=np.bool_)
    first, last = store.search(np.float32(1.01) * vector, limit=2, allowed=everything)
    assert (first.passage_id, last.passage_id) == (1, 2)
    assert first.similarity == 1.0
    assert last.similarity == -1.0


@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
def test_an_empty_store_finds_nothing(make: Callable[[int], VectorStore]) -> None:
    store = make(DIMENSION)
    store.upsert([], unit_rows(0, seed=0))
    store.remove([])
    assert len(store) == 0
    assert store.search(unit_rows(1, seed=0)[0], limit=5) == []


@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    make: Callable[[int], VectorStore],
) -> None:
    store = make(DIMENSION)
    for passage_ids, vectors in (
        (ids(1, 2), unit_rows(1, seed=0)),
        (ids(1, 1), unit_rows(2, seed=0)),
        (ids(1), np.ones((1, DIMENSION + 1), dtype=np.float32)),
    ):
        with pytest.raises(ValueError, match=r"."):
            store.upsert(passage_ids, vectors)
    assert len(store) == 0
    with pytest.raises(ValueError, match="limit"):
        store.search(unit_rows(1, seed=0)[0], limit=0)
    with pytest.raises(ValueError, match="shape"):
        store.search(np.ones(DIMENSION + 1, dtype=np.float32), limit=1)


@pytest.mark.parametrize("exact_up_to", [0, 1_000])
def test_a_faiss_store_survives_a_file_in_an_accented_folder(
    accented: Path, exact_up_to: int
) -> None:
    vectors = unit_rows(200, seed=11)
    store = FaissVectorStore(DIMENSION)
    numbers = np.arange(1, 201)
    for _ in store.fill(numbers, lambda some: vectors[some - 1], exact_up_to=exact_up_to):
        pass
    store.write(accented / "vecteurs.faiss")
    read = FaissVectorStore.read(accented / "vecteurs.faiss", highest=200)
    assert read.approximate == (exact_up_to == 0)
    everything = np.ones(300, dtype=np.bool_)
    for query in unit_rows(5, seed=12):
        assert read.search(query, limit=9) == store.search(query, limit=9)
    read.remove(ids(7))
    read.upsert(ids(8, 250), vectors[:2])
    assert len(read) == 200
    np.testing.assert_array_equal(
        read.vectors_of(ids(250, 7, 8)), [vectors[1], np.zeros(DIMENSION), vectors[0]]
    )
    assert 7 not in [
        hit.passage_id for hit in read.search(vectors[6], limit=200, allowed=everything)
    ]


def test_lists_find_nearly_all_that_is_closest_and_all_of_it_under_a_narrow_mask() -> None:
    random = np.random.default_rng(1)
    centres = unit_rows(40, seed=20)
    vectors = centres[random.integers(0, 40, 4_000)] + 0.15 * random.normal(size=(4_000, DIMENSION))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    store = FaissVectorStore(DIMENSION)
    for _ in store.fill(np.arange(4_000), lambda some: vectors[some], exact_up_to=1_000):
        pass
    narrow = random.random(4_000) < 0.02
    queries = vectors[random.integers(0, 4_000, 50)]
    stored = dict(enumerate(store.vectors_of(ids(*range(4_000)))))
    shares = []
    for query in queries:
        wanted = {i for i, _ in brute_force(stored, query, 10)}
        shares.append(len(wanted & {hit.passage_id for hit in store.search(query, limit=10)}) / 10)
        assert_same(store, brute_force(stored, query, 10, narrow), query, limit=10, allowed=narrow)
    assert np.mean(shares) >= 0.98
