"""`eval`: scores for a question set."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich import box
from rich.table import Table

from bot.answering.models import Answered
from bot.app import App
from bot.terminal.adding import Tally, import_file
from bot.terminal.console import ProgressReport, note, say_json, say_table
from bot.terminal.indexing import bring_in_step
from bot.terminal.paths import writing
from bot.terminal.session import AsJson, opened
from corpus.errors import ArticleNotFoundError

if TYPE_CHECKING:
    from bot.evaluating import Result, SetQuestion
    from index.evaluation import Scores

_COLUMNS: Final = {
    "questions": "n",
    "hits_at_1": "H@1",
    "hits_at_5": "H@5",
    "hits_at_10": "H@10",
    "mrr_at_10": "MRR",
    "map_at_10": "MAP",
    "evidence_recall": "evidence",
    "key_recall": "keys",
    "right_lead": "right lead",
    "right_citations": "right cited",
    "false_answers": "false answers",
    "false_refusals": "false refusals",
    "calibration_error": "ECE",
    "verbatim": "verbatim",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
}


def register(commands: typer.Typer) -> None:
    """Add the command of this file."""
    commands.command("eval", rich_help_panel="Questions")(evaluate)


def evaluate(
    ctx: typer.Context,
    questions: Annotated[Path, typer.Argument(help="Questions, one JSON object on each line.")],
    articles: Annotated[
        Path | None,
        typer.Option(help="Measure on these articles (JSON Lines) instead of the stored ones."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a JSON line for each question to this file.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Answer a set of questions, and score what is found and said.

    Measured on the stored articles. If they lack those that the questions are about, and an
    `articles.jsonl` lies beside the questions, that is measured on, in a place of its own.
    A question's asked_at is its clock, and hides what was published later.
    """
    from bot.evaluating import read_questions
    from index.evaluation import summarize

    asked = read_questions(questions)
    if out is not None:
        with writing(out):
            out.open("a").close()
    with (
        opened(ctx) as app,
        _measured(app, asked, articles or _beside(app, asked, questions)) as on,
    ):
        bring_in_step(on)
        results = asyncio.run(_results(on, asked))
    for why, count in _fallbacks(results).items():
        note(f"{count} of {len(results)} answers: {why}")
    groups = _groups(results)
    scores = {name: summarize([r.outcome for r in group]) for name, group in groups.items()}
    if as_json:
        say_json({name: asdict(score) for name, score in scores.items()})
    else:
        say_table(_table(scores))
    if out is not None:
        _write(out, results)


def _beside(app: App, asked: Sequence[SetQuestion], questions: Path) -> Path | None:
    """The articles that lie beside the questions, if those asked about are not stored."""
    beside = questions.with_name("articles.jsonl")
    wanted = {article_id for question in asked for article_id in question.article_ids}
    if not wanted or not beside.is_file() or any(_is_stored(app, name) for name in wanted):
        return None
    note(f"Measuring on {beside}, since the stored articles are not those asked about.")
    return beside


def _is_stored(app: App, name: str) -> bool:
    try:
        return app.store.find(name).external_id == name
    except ArticleNotFoundError:
        return False


@contextmanager
def _measured(app: App, asked: Sequence[SetQuestion], articles: Path | None) -> Iterator[App]:
    """The stored articles, or those of a file in a data directory that is gone afterwards."""
    if articles is None:
        yield app
        return
    with TemporaryDirectory(prefix="newsdesk-eval-") as directory:
        settings = replace(app.settings, newsdesk_data=Path(directory))
        with App(settings, today=app.today) as measured:
            import_file(measured, articles, Tally())
            yield measured


async def _results(app: App, asked: Sequence[SetQuestion]) -> list[Result]:
    from bot.evaluating import evaluate as results_of

    results = []
    with ProgressReport("Asking", unit="questions") as progress:
        async for result in results_of(app.answers, app.store, asked):
            results.append(result)
            progress.show(len(results), len(asked))
    return results


def _fallbacks(results: Sequence[Result]) -> Counter[str]:
    """Count why answers are quotes although a language model is set: scores would not tell."""
    answers = (result.answer for result in results)
    return Counter(one.fallback for one in answers if isinstance(one, Answered) and one.fallback)


def _groups(results: Sequence[Result]) -> dict[str, list[Result]]:
    """All, then by type, then by pair of languages."""
    groups = defaultdict(list)
    for result in results:
        groups["all"].append(result)
    for result in sorted(results, key=lambda r: r.question.kind):
        groups[f"type {result.question.kind}"].append(result)
    for result in sorted(results, key=lambda r: r.question.pair):
        groups[f"pair {result.question.pair}"].append(result)
    return dict(groups)


def _write(out: Path, results: Sequence[Result]) -> None:
    lines = [json.dumps(result.document(), ensure_ascii=False) + "\n" for result in results]
    with writing(out):
        out.write_text("".join(lines), encoding="utf-8")


def _table(scores: dict[str, Scores]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    for title in _COLUMNS.values():
        table.add_column(title, justify="right")
    for name, score in scores.items():
        values = asdict(score)
        table.add_row(name, *(_shown(column, values[column]) for column in _COLUMNS))
    return table


def _shown(column: str, value: float | None) -> str:
    if value is None:
        return "-"
    if column == "questions":
        return str(value)
    return f"{value:.0f}" if column.endswith("_ms") else f"{value:.3f}"
