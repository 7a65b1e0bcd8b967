"""What grows with the number of passages: `python -m bench.growth [FOLDER] [--most N]`.

Newsdesk whole, with made-up articles and made vectors in the place of the model's: what building,
opening, searching, asking and adding one article cost. And the vectors alone: random points around
random centres, as texts on the same matters lie, asked with points nearby, against an exact search
through all of them. At 1,000 passages, ten times as many, and so on. Writes growth.json and
growth.svg into the folder. A million passages take an hour and 6 GB of disk.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import numpy as np
import typer
from matplotlib.figure import Figure

from bench.memory import peak_megabytes
from bench.speed import fresh_process, measure_large, percentiles, samples, seconds
from bench.tables import Figures, write_json, write_table
from index.faiss_store import FaissVectorStore, PassageIds
from index.models import PassageId, Vectors

_DIMENSION: Final = 384
_CENTRES: Final = 2_000
_SPREAD: Final = 1.2
_ASKED_SPREAD: Final = 1.33
"""Steps from a centre and from a point, both 1 long: two points of a centre have a cosine of 0.41,
a question and what it was made from one of 0.60."""

_QUESTIONS: Final = 200
_AT_ONCE: Final = 8_192
_CLOSEST: Final = 10
_SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
DRAWN: Final = {
    "building (s)": ["store the articles (s)", "build without embedding (s)"],
    "opening (s)": ["open a built index (s)"],
    "asking (ms)": ["search p50 (ms)", "search p99 (ms)", "question p50 (ms)", "question p99 (ms)"],
    "adding one article (s)": [
        "add one article there, median (s)",
        "add one article there, longest (s)",
    ],
    "memory (MB)": ["memory, searched (MB)", "memory, building (MB)"],
    "disk (MB)": ["disk (MB)", "written for it, median (MB)"],
}


def measure_vectors(count: int) -> Figures:
    """Build, write, read and search a store of `count` vectors."""
    with TemporaryDirectory(prefix="newsdesk-growth-") as folder, fresh_process() as fresh:
        file = Path(folder) / "vectors"
        figures = fresh.submit(_write_vectors, count, file).result()
        with fresh_process() as another:
            return figures | another.submit(_search_vectors, count, file).result()


def _write_vectors(count: int, file: Path) -> Figures:
    store = FaissVectorStore(_DIMENSION)
    started = time.perf_counter()
    for _ in store.fill(np.arange(count), _vectors):
        pass
    figures = {"build (s)": time.perf_counter() - started}
    store.write(file)
    return figures | {"disk (MB)": file.stat().st_size / 1e6}


def _search_vectors(count: int, file: Path) -> Figures:
    started = time.perf_counter()
    store = FaissVectorStore.read(file, highest=count - 1)
    figures = {"open (s)": time.perf_counter() - started}
    near = np.random.default_rng(1).integers(count, size=_QUESTIONS)
    queries = _near(_vectors(near), np.random.default_rng(2), _ASKED_SPREAD)
    found = [store.search(query, limit=_CLOSEST) for query in queries]
    times = [1e3 * seconds(lambda q=query: store.search(q, limit=_CLOSEST)) for query in queries]
    figures |= percentiles(times, "search")
    figures["memory (MB)"] = peak_megabytes()
    wanted = _exact(queries, count)
    figures["recall@10"] = fmean(
        len({hit.passage_id for hit in hits} & right) / len(right)
        for hits, right in zip(found, wanted, strict=True)
    )
    one = PassageId(count)
    added = _vectors(np.array([count]))
    figures["add one (ms)"] = 1e3 * seconds(lambda: store.upsert([one], added))
    return figures


def _vectors(ids: PassageIds) -> Vectors:
    """Make the vectors of some passages, the same each time for a passage."""
    centres = _unit(np.random.default_rng(0).standard_normal((_CENTRES, _DIMENSION)))
    # By blocks: a generator for each id would take longer than the search that is measured.
    rows = np.empty((len(ids), _DIMENSION), dtype=np.float32)
    for block in np.unique(ids // _AT_ONCE):
        inside = ids // _AT_ONCE == block
        dice = np.random.default_rng([7, int(block)])
        chosen = centres[dice.integers(_CENTRES, size=_AT_ONCE)]
        rows[inside] = _near(chosen, dice, _SPREAD)[ids[inside] % _AT_ONCE]
    return rows


def _near(points: Vectors, dice: np.random.Generator, spread: float) -> Vectors:
    step = dice.standard_normal(points.shape, dtype=np.float32) / np.sqrt(_DIMENSION)
    return _unit(points + spread * step)


def _unit(rows: np.ndarray) -> Vectors:
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _exact(queries: Vectors, count: int) -> Iterator[set[int]]:
    """Yield for each query the ids of its closest, by comparing with all, rounded as stored."""
    best = np.full((len(queries), _CLOSEST), -np.inf, dtype=np.float32)
    whose = np.zeros((len(queries), _CLOSEST), dtype=np.int64)
    for start in range(0, count, _AT_ONCE):
        ids = np.arange(start, min(start + _AT_ONCE, count))
        products = queries @ _vectors(ids).astype(np.float16).astype(np.float32).T
        both = np.hstack((best, products))
        names = np.hstack((whose, np.broadcast_to(ids, products.shape)))
        kept = np.argpartition(-both, _CLOSEST - 1, axis=1)[:, :_CLOSEST]
        best, whose = (np.take_along_axis(rows, kept, axis=1) for rows in (both, names))
    return (set(row.tolist()) for row in whose)


def measure_whole(passages: int) -> Figures:
    """Measure Newsdesk with about so many passages."""
    with TemporaryDirectory(prefix="newsdesk-growth-") as folder:
        return measure_large(Path(folder), samples(), passages)[0]


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write.")] = Path("bench-results"),
    most: Annotated[int, typer.Option(help="The most passages, and vectors.")] = 100_000,
) -> None:
    """Measure at each size, print tables, and write growth.json and growth.svg."""
    sizes = [size for size in _SIZES if size <= most]
    grown = {
        what: {size: measure(size) for size in sizes}
        for what, measure in (("Newsdesk", measure_whole), ("vectors alone", measure_vectors))
    }
    for what, figures in grown.items():
        sys.stdout.write(f"\n{what}\n")
        write_table({f"{size:,}": one for size, one in figures.items()})
    write_json(grown, folder / "growth.json")
    draw(grown["Newsdesk"], folder / "growth.svg")


def draw(grown: Mapping[int, Figures], path: Path) -> None:
    """Draw how Newsdesk grows: for each unit of what was measured, a picture of its figures."""
    drawn = Figure(figsize=(12, 7), layout="constrained")
    for axis, (what, names) in zip(drawn.subplots(2, 3).flat, DRAWN.items(), strict=True):
        for name in names:
            axis.plot(list(grown), [one[name] for one in grown.values()], marker="o", label=name)
        axis.set(title=what, xlabel="passages", xscale="log", yscale="log")
        axis.grid(alpha=0.3)
        axis.legend(fontsize="small")
    drawn.savefig(path)


if __name__ == "__main__":
    typer.run(main)
