"""Speed and size of the default install: `python -m bench [--passages N] [--json FILE]`.

Two corpora of made-up news. The small one (1,000 articles) is embedded for real, for what depends
on the model: build, rebuild after one change, adding one article. In the large one (100,000
passages unless told otherwise) passages get random unit vectors: what they say does not change how
long a question takes, and embedding them would take a quarter of an hour. Questions are embedded
and their sentences compared for real in both. Times vary with what else the machine does.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import numpy as np
import typer

from bench.memory import peak_megabytes
from bench.synthetic import synthetic_drafts
from bot.app import App
from bot.settings import Settings
from corpus.importing import read_jsonl
from corpus.ingest import Added
from corpus.models import Article, Draft
from index.indexer import finish
from index.models import Vectors
from index.sentence_embedder import SentenceEmbedder

SAMPLES: Final = Path(__file__).parent.parent / "corpus" / "samples"
SMALL_ARTICLES: Final = 1_000
PASSAGES_PER_ARTICLE: Final = 7.55
QUESTIONS: Final = 200
BATCH: Final = 1_000


class RandomPassages(SentenceEmbedder):
    """The shipped embedder, but for passages, which get random vectors: a large corpus at once."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Give each passage a random vector, the same each time."""
        dice = np.random.default_rng(zlib.crc32("".join(texts).encode()))
        vectors = dice.standard_normal((len(texts), self.dimension))
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


def measure_small(
    directory: Path, known: list[Article], embedder: SentenceEmbedder
) -> dict[str, float]:
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


def measure_large(
    directory: Path, known: list[Article], embedder: SentenceEmbedder, passages: int
) -> dict[str, float]:
    """Measure what the number of passages decides."""
    figures = {}
    drafts = synthetic_drafts(known, round(passages / PASSAGES_PER_ARTICLE), seed=4)
    with opened(directory, embedder) as app:
        while batch := list(islice(drafts, BATCH)):
            list(app.ingest.add(batch))
        figures["build with random vectors (s)"] = seconds(app.indexer.open)
        figures["passages"] = app.indexer.status().passages
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        figures |= fresh.submit(serve, directory, known[0]).result()
    files = [path for path in directory.rglob("*") if path.is_file()]
    figures["disk (MB)"] = sum(path.stat().st_size for path in files) / 1e6
    return figures


def serve(directory: Path, known: Article) -> dict[str, float]:
    """Measure a process that only opens a built index and answers."""
    figures = {}
    with opened(directory, SentenceEmbedder.load()) as app:
        figures["open a built index (s)"] = seconds(app.indexer.open)
        with (SAMPLES / "questions.jsonl").open(encoding="utf-8") as lines:
            asked = [json.loads(line)["question"] for line in islice(lines, QUESTIONS)]
        times = asyncio.run(ask_all(app, asked))
        percentiles = quantiles(times, n=100, method="inclusive")
        for percent in (50, 95, 99):
            figures[f"question p{percent} (ms)"] = percentiles[percent - 1]
        figures["memory, index open and asked (MB)"] = peak_megabytes()
        article = Draft(text=known.text, origin="bench", title="One more", language=known.language)
        figures["add one article there (s)"] = seconds(
            lambda: (list(app.ingest.add([article])), app.indexer.catch_up())
        )
    return figures


async def ask_all(app: App, questions: Sequence[str]) -> list[float]:
    """Answer each question once, after a few to warm up; milliseconds."""
    for question in questions[:5]:
        await app.answers.answer(question)
    return [(await app.answers.answer(question)).context.elapsed_ms for question in questions]


def main(
    passages: Annotated[int, typer.Option(help="Size of the large corpus.")] = 100_000,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here.")
    ] = None,
) -> None:
    """Measure build, rebuild, add, open, question, memory and disk."""
    known = samples()
    figures: dict[str, float] = {}
    with TemporaryDirectory(prefix="newsdesk-bench-") as folder:
        figures |= measure_large(Path(folder) / "large", known, RandomPassages.load(), passages)
        figures |= measure_small(Path(folder) / "small", known, SentenceEmbedder.load())
    width = max(map(len, figures))
    for name, value in figures.items():
        sys.stdout.write(f"{name:<{width}}  {value:>12,.3f}\n")
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
