"""Newsdesk beside what people would use instead: `python -m bench.peers`.

LangChain's usual pipeline, sentence-transformers with FAISS, and BM25 get the same articles and,
but for BM25, the same model, each in processes of its own: one builds and changes an index, another
opens and asks it, so that memory is that of answering. Speed is told for made-up articles, hits for
the samples. Three differences remain. No peer knows of dates: what was published after a question
was asked is hidden from Newsdesk alone. Newsdesk rebuilds in steps on the thread that answers, the
peers in another one, on a core of its own. And a peer cuts as it does by default, so that its
passages are longer or shorter: compare characters a second.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

import corpus
from bench.contenders import CONTENDERS, Contender
from bench.memory import peak_megabytes
from bench.tables import Figures, write_json, write_table
from corpus.models import Draft
from index.evaluation import hit

_SAMPLES: Final = Path(corpus.__file__).parent / "samples"
_TO_WARM_UP: Final = 20
_LEAST_ASKED: Final = 2
_FIGURES_A_COLUMN: Final = 5


def _build(name: str, folder: Path, drafts: list[Draft]) -> Figures:
    """Build, change and rebuild an index; the last two drafts come later."""
    contender = CONTENDERS[name](folder)
    *first, added, _ = drafts
    started = time.perf_counter()
    passages = contender.build(first)
    took = time.perf_counter() - started
    figures = {
        "passages": float(passages),
        "build (s)": took,
        "passages a second": passages / took,
        "characters a second": sum(len(draft.text) for draft in first) / took,
        "add one article (s)": _seconds(partial(contender.add, added)),
        "remove one article (s)": _seconds(partial(contender.remove, first[0].external_id or "")),
        "rebuild after one change (s)": _seconds(partial(contender.rebuild, drafts[1:])),
        "disk (MB)": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6,
    }
    during = _asked_while_built_anew(contender, drafts[1:])
    return figures | _percentiles(during, "while all is embedded anew")


def _open(name: str, folder: Path) -> Figures:
    """Open a built index, as a process that has just begun, and ask it."""
    started = time.perf_counter()
    contender = CONTENDERS[name](folder)
    figures = {"start (s)": time.perf_counter() - started}
    asked = [question["question"] for question in _questions()]
    for question in asked[:_TO_WARM_UP]:
        contender.search(question, None)
    times = [_seconds(partial(contender.search, question, None)) for question in asked]
    figures |= _percentiles(times, "alone")
    figures["memory (MB)"] = peak_megabytes()
    return figures


def _hits(name: str, folder: Path, drafts: list[Draft]) -> Figures:
    """Ask the sample questions of the sample articles."""
    contender = CONTENDERS[name](folder)
    contender.build(drafts)
    ranked = []
    for question in _questions():
        asked_at = question["asked_at"] and date.fromisoformat(question["asked_at"])
        found = contender.search(question["question"], asked_at)
        ranked.append((found, set(question["article_ids"])))
    return {f"Hits@{at}": fmean(hit(*pair, at=at) for pair in ranked) for at in (1, 5)}


def _asked_while_built_anew(contender: Contender, drafts: Sequence[Draft]) -> list[float]:
    times: list[float] = []
    with ThreadPoolExecutor(1) as beside:
        building = beside.submit(contender.build_anew, drafts)
        for question in cycle(_questions()):
            if building.done() and len(times) >= _LEAST_ASKED:
                break
            times.append(_seconds(partial(contender.search, question["question"], None)))
        building.result()
    return times


def _questions() -> list[dict[str, Any]]:
    """Read the sample questions that have right articles."""
    lines = (_SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [question for question in map(json.loads, lines) if question["article_ids"]]


def _seconds(call: partial[object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _percentiles(times: Sequence[float], when: str) -> Figures:
    cuts = quantiles(times, n=100, method="inclusive")
    return {
        f"question {when}, p{percent} (ms)": 1e3 * cuts[percent - 1] for percent in (50, 95, 99)
    }


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write.")] = Path("bench-results"),
    articles: Annotated[int, typer.Option(min=10, help="How many made-up articles.")] = 500,
) -> None:
    """Measure each, print a table, and write peers.json and peers.png."""
    made, real = _in_process(_articles, articles + 2)
    figures: dict[str, Figures] = {}
    for name in CONTENDERS:
        with TemporaryDirectory(prefix="newsdesk-peers-") as directory:
            many, few = Path(directory) / "many", Path(directory) / "few"
            figures[name] = {
                **_in_process(_build, name, many, made),
                **_in_process(_open, name, many),
                **_in_process(_hits, name, few, real),
            }
    write_table(figures)
    write_json(figures, folder / "peers.json")
    _plot(figures, folder / "peers.png")


def _articles(count: int) -> tuple[list[Draft], list[Draft]]:
    """Make articles, and read the samples."""
    from bench.speed import samples
    from bench.synthetic import synthetic_drafts
    from corpus.importing import read_jsonl

    real = read_jsonl(_SAMPLES / "articles.jsonl", "samples")
    return (
        list(synthetic_drafts(samples(), count, seed=5)),
        [draft for draft in real if isinstance(draft, Draft)],
    )


def _in_process(call: Any, *arguments: object) -> Any:  # noqa: ANN401 - whatever `call` returns
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(call, *arguments).result()


def _plot(figures: dict[str, Figures], path: Path) -> None:
    from matplotlib.figure import Figure

    rows = list(next(iter(figures.values())))
    drawn = Figure(figsize=(20, 14), layout="constrained")
    axes = drawn.subplots(_FIGURES_A_COLUMN, -(-len(rows) // _FIGURES_A_COLUMN)).flat
    colours = [f"C{place}" for place in range(len(figures))]
    for row, axis in zip(rows, axes, strict=False):
        bars = axis.bar(list(figures), [one[row] for one in figures.values()], color=colours)
        axis.set_title(row, fontsize=9)
        axis.bar_label(bars, fmt="{:,.2f}", fontsize=8)
        axis.set_xticks([])
    for axis in list(axes):
        axis.axis("off")
    drawn.legend(bars, list(figures), loc="outside lower center", ncols=len(figures))
    drawn.savefig(path)


if __name__ == "__main__":
    typer.run(main)
