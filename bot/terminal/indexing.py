"""`rebuild`, `rollback`, `status`, and keeping the index in step with the articles."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.error_messages import report
from bot.logs import new_reference
from bot.terminal.console import ProgressReport, counted, note, say, say_json
from bot.terminal.documents import status_document
from bot.terminal.rendering import status_text
from bot.terminal.session import AsJson, opened
from index.errors import IndexBusyError, IndexMismatchError

if TYPE_CHECKING:
    from bot.app import App
    from bot.latest import Finder
    from index.generation_writer import Progress

_OUTDATED = "The index was built with another {parts}; `newsdesk rebuild` makes it anew."
_WAITING = (
    "Another Newsdesk process is writing to the index; this goes on when it is done. Ctrl-C leaves"
    " the present index as it is."
)


def register(commands: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (status, rebuild, rollback):
        commands.command(rich_help_panel="Index")(command)


def status(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Show what is stored and searchable, and whether the index is in step and up to date."""
    with opened(ctx) as app:
        _open(app)
        statistics, state = app.store.statistics(), app.indexer.status()
        knows = app.model_languages
        model = app.settings.llm_model
        spent = None if model is None else asyncio.run(app.token_budget.spent())
    if as_json:
        say_json(status_document(statistics, state, knows, spent))
    else:
        say(status_text(statistics, state, knows, spent))


def rebuild(
    ctx: typer.Context,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Take nothing over from the present index.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index anew, and publish it when it is whole and finds the articles it is asked for.

    Only what changed is embedded, unless --full is given. Ctrl-C leaves the present index as it
    is; `newsdesk rollback` goes back to it afterwards.
    """
    from bot.rebuild_check import RebuildCheck
    from index.article_embedder import Pace
    from index.generation_writer import Phase
    from index.indexer import finish

    with opened(ctx) as app:
        present: Finder | None = app.retriever
        try:
            _open(app)
        except IndexMismatchError:
            note("Another model built the present index.")
            present = None
        check = RebuildCheck(store=app.store, finder_in=app.finder_in, present=present)
        with ProgressReport("Rebuilding", unit="passages") as progress:

            def show(step: Progress) -> None:
                if step.phase is Phase.WAITING:
                    progress.tell_once(_WAITING)
                elif step.phase in (Phase.EMBEDDING, Phase.COLLECTING):
                    progress.show(step.done, step.total)

            rebuilt = finish(app.indexer.rebuild(full=full, check=check, pace=Pace.FAST), show)
    if as_json:
        say_json(
            {
                "generation": rebuilt.generation,
                "articles": rebuilt.articles,
                "passages": rebuilt.passages,
                "written": rebuilt.written,
                "embedded": rebuilt.embedded,
                "asked": check.asked,
                "found": check.found,
            }
        )
        return
    say(
        f"Published generation {rebuilt.generation}:"
        f" {counted(rebuilt.passages, 'passage')} of {counted(rebuilt.articles, 'article')},"
        f" {rebuilt.embedded:,} newly embedded;"
        f" {check.found} of {counted(check.asked, 'question')} found their article."
    )


def rollback(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Go back to the index before the last rebuild; its articles are brought in step."""
    with opened(ctx) as app:
        _open(app)
        snapshot = app.indexer.rollback()
    if as_json:
        say_json({"generation": snapshot.generation})
    else:
        say(f"Published generation {snapshot.generation} again.")


def bring_in_step(app: App, *, rebuild_if_outdated: bool = False) -> None:
    """Open the index and let it follow the articles; the first time, this builds it.

    Where another process is at it, what is searchable now has to do.

    Raises:
        IndexMismatchError: another model built it, and it may not be rebuilt.
    """
    _open(app, rebuild_if_outdated=rebuild_if_outdated)
    try:
        with ProgressReport("Indexing", unit="passages") as progress:

            def show(step: Progress) -> None:
                progress.show(step.done, step.total)

            app.indexer.catch_up(show)
            app.indexer.tidy(show)
    except IndexBusyError:
        note("Another Newsdesk process is indexing; what is searchable now is used.")
    if outdated := app.indexer.status().outdated:
        note(_OUTDATED.format(parts=" and ".join(outdated)))


def index_stored(app: App) -> bool:
    """Make stored articles searchable; a failure is told, and loses nothing.

    Returns:
        Whether they are searchable now.
    """
    try:
        bring_in_step(app)
    except Exception as error:  # noqa: BLE001 - the articles are safe, whatever it was
        note(report(error, reference=new_reference()))
        note("Saved; searchable after the next catch-up.")
        return False
    return True


def _open(app: App, *, rebuild_if_outdated: bool = False) -> None:
    with ProgressReport("Building the index", unit="passages") as progress:

        def show(step: Progress) -> None:
            progress.show(step.done, step.total)

        app.indexer.open(report=show, rebuild_if_outdated=rebuild_if_outdated)
