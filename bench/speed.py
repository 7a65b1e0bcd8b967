"""Speed and size of the default install: `python -m bench [FOLDER] [--passages N]`.

Two corpora of made-up news. The small one (1,000 articles) is embedded for real, for what depends
on the model: build, rebuild after one change, adding one article. In the large one (100,000
passages unless told otherwise) the vectors of passages are made: embedding them would take a
quarter of an hour. Questions are embedded, and their sentences compared, for real in both. Writes
speed.json and speed.png into the folder. Times vary with what else the machine does.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Final, TypeAlias

import numpy as np
import typer
from matplotlib.figure import Figure

from bench.memory import peak_megabytes, written_megabytes
from bench.synthetic import synthetic_drafts
from bench.tables import Figures, write_json, write_table
from bot.app import App
from bot.settings import Settings
from corpus.importing import read_jsonl
from corpus.ingest import Added
from corpus.models import Article, Draft
from index.indexer import finish
from index.models import Vectors
from index.sentence_embedder import SentenceEmbedder
from index.sentences import sentences

SAMPLES: Final = Path(__file__).parent.parent / "corpus" / "samples"
SMALL_ARTICLES: Final = 1_000
PASSAGES_PER_ARTICLE: Final = 4.39
QUESTIONS: Final = 200
TO_WARM_UP: Final = 5
ADDED: Final = 20

Times: TypeAlias = dict[str, list[float]]
"""In milliseconds."""


class ClusteredPassages(SentenceEmbedder):
    """The shipped embedder, but for passages, whose vectors are made: a large corpus at once.

    They lie around those of the samples' sentences, so that questions are near some, as real ones
    are; two around the same sentence have a cosine of about 0.5.
    """

    @cached_property
    def centres(self) -> Vectors:
        """The vectors of the samples' sentences."""
        spans = [(article, span) for article in samples() for span in sentences(article.text)]
        texts = [article.text[span.start : span.end] for article, span in spans]
        return super().embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Give each passage a vector near a sentence's, the same each time for the same texts."""
        dice = np.random.default_rng(zlib.crc32("".join(texts).encode()))
        steps = dice.standard_normal((len(texts), self.dimension)) / np.sqrt(self.dimension)
        vectors = dice.choice(self.centres, len(texts)) + steps
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)


@contextmanager
def opened(directory: Path, embedder: SentenceEmbedder) -> Iterator[App]:
    """Open Newsdesk in a directory, with an embedder that is loaded already."""
    app = App(Settings.from_env({"NEWSDESK_DATA": str(directory)}))
    app.__dict__["embedder"] = embedder
    with app:
        yield app


def samples() -> list[Article]:
    """Store the sample articles for a moment, to have them as articles."""
    with (
        TemporaryDirectory() as directory,
        App(Settings.from_env({"NEWSDESK_DATA": directory})) as app,
    ):
        drafts = (
            d for d in read_jsonl(SAMPLES / "articles.jsonl", "samples") if isinstance(d, Draft)
        )
        return [o.article for o in app.ingest.add(drafts) if isinstance(o, Added)]


def seconds(call: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure_small(directory: Path, known: list[Article], embedder: SentenceEmbedder) -> Figures:
    """Measure what embedding decides."""
    figures = {}
    with opened(directory, embedder) as app:
        list(app.ingest.add(synthetic_drafts(known, SMALL_ARTICLES, seed=1)))
        figures["first build, 1,000 articles (s)"] = seconds(app.indexer.open)
        passages = app.indexer.status().passages
        figures["passages a second"] = passages / figures["first build, 1,000 articles (s)"]
        extra = next(iter(synthetic_drafts(known, 1, seed=2)))

        def add() -> None:
            list(app.ingest.add([replace(extra, external_id="extra")]))
            app.indexer.catch_up()

        figures["add one article, searchable (s)"] = seconds(add)
        removed = app.store.find("synthetic-7").id
        app.store.remove(removed)
        figures["remove one article (s)"] = seconds(app.indexer.catch_up)
        list(app.ingest.add(synthetic_drafts(known, 1, seed=3)))
        figures["rebuild, one article changed (s)"] = seconds(lambda: finish(app.indexer.rebuild()))
    figures["first build / rebuild"] = (
        figures["first build, 1,000 articles (s)"] / figures["rebuild, one article changed (s)"]
    )
    return figures


def measure_large(directory: Path, known: list[Article], passages: int) -> tuple[Figures, Times]:
    """Measure what the number of passages decides, each in a process of its own."""
    with fresh_process() as building:
        figures = building.submit(_build, directory, known, passages).result()
    with fresh_process() as serving:
        served, times = serving.submit(serve, directory, known).result()
    files = [path for path in directory.rglob("*") if path.is_file()]
    disk = sum(path.stat().st_size for path in files) / 1e6
    return figures | served | {"disk (MB)": disk}, times


def fresh_process() -> ProcessPoolExecutor:
    """Make a process that has nothing in its memory yet."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _build(directory: Path, known: list[Article], passages: int) -> Figures:
    """Store made-up articles and index them."""
    drafts = synthetic_drafts(known, round(passages / PASSAGES_PER_ARTICLE), seed=4)
    figures = {}
    embedder = ClusteredPassages.load()
    _ = embedder.centres
    with opened(directory, embedder) as app:
        figures["store the articles (s)"] = seconds(lambda: deque(app.ingest.add(drafts), 0))
        figures["build without embedding (s)"] = seconds(app.indexer.open)
        figures["passages"] = app.indexer.status().passages
    return figures | {"memory, building (MB)": peak_megabytes()}


def serve(directory: Path, known: list[Article]) -> tuple[Figures, Times]:
    """Open a built index, search it, answer from it, and add to it; and all times of that."""
    figures = {}
    with (SAMPLES / "questions.jsonl").open(encoding="utf-8") as lines:
        asked = [json.loads(line)["question"] for line in islice(lines, QUESTIONS)]
    with opened(directory, SentenceEmbedder.load()) as app:
        figures["open a built index (s)"] = seconds(app.indexer.open)
        figures["memory, index open (MB)"] = peak_megabytes()
        for question in asked[:TO_WARM_UP]:
            app.retriever.retrieve(question)
        searches = [1e3 * seconds(partial(app.retriever.retrieve, one)) for one in asked]
        figures |= percentiles(searches, "search")
        figures["memory, searched (MB)"] = peak_megabytes()
        questions = asyncio.run(ask_all(app, asked))
        figures |= percentiles(questions, "question")
        figures["memory, asked (MB)"] = peak_megabytes()
        added, written = [], []
        for draft in synthetic_drafts(known, ADDED, seed=6):
            before = written_megabytes()
            added.append(seconds(partial(_add, app, replace(draft, external_id=None))))
            written.append(written_megabytes() - before)
    figures["add one article there, median (s)"] = median(added)
    figures["add one article there, longest (s)"] = max(added)
    figures["written for it, median (MB)"] = median(written)
    figures["written for it, most (MB)"] = max(written)
    return figures, {"search": searches, "question": questions}


def _add(app: App, draft: Draft) -> None:
    list(app.ingest.add([draft]))
    app.indexer.catch_up()


def percentiles(times: Sequence[float], what: str) -> Figures:
    """Name the median of some times, and what 95 and 99 of 100 do not exceed."""
    cuts = quantiles(times, n=100, method="inclusive")
    return {f"{what} p{percent} (ms)": cuts[percent - 1] for percent in (50, 95, 99)}


async def ask_all(app: App, questions: Sequence[str]) -> list[float]:
    """Answer each question once, after a few to warm up; milliseconds."""
    for question in questions[:TO_WARM_UP]:
        await app.answers.answer(question)
    return [(await app.answers.answer(question)).context.elapsed_ms for question in questions]


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write.")] = Path("bench-results"),
    passages: Annotated[int, typer.Option(help="Size of the large corpus.")] = 100_000,
) -> None:
    """Measure build, rebuild, add, open, search, question, memory and disk."""
    known = samples()
    with TemporaryDirectory(prefix="newsdesk-bench-") as directory:
        figures, times = measure_large(Path(directory) / "large", known, passages)
        figures |= measure_small(Path(directory) / "small", known, SentenceEmbedder.load())
    write_table({"": figures})
    write_json({"figures": figures, "times (ms)": times}, folder / "speed.json")
    _plot(times, folder / "speed.png")


def _plot(times: Times, path: Path) -> None:
    """Draw which share of each was done within which time."""
    drawn = Figure(figsize=(8, 4.5), layout="constrained")
    axis = drawn.subplots()
    for name, values in times.items():
        axis.ecdf(values, label=name)
    axis.set(xlabel="ms", ylabel="share done", xscale="log")
    axis.grid(alpha=0.3)
    axis.legend()
    drawn.savefig(path)
