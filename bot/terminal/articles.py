"""`articles list|show|remove`: what is in the corpus."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from bot.terminal.console import agreed, note, say, say_json
from bot.terminal.documents import article_document, summary_document
from bot.terminal.indexing import index_stored
from bot.terminal.rendering import article_line, article_text
from bot.terminal.session import AsJson, Yes, opened

_MOST: Final = 1_000_000_000
_NONE_YET: Final = "There are no articles yet: newsdesk add PATH, or newsdesk run for the samples."
_NO_SUCH: Final = "No article has this in its title, outlet or URL."
_NO_MORE: Final = "There are no more."

Reference = Annotated[str, typer.Argument(help="Its number, external id or URL.")]

group = typer.Typer(no_args_is_help=True, help="List, show and remove stored articles.")


def register(commands: typer.Typer) -> None:
    """Add the commands of this file."""
    commands.add_typer(group, name="articles", rich_help_panel="Articles")


@group.command("list")
def list_articles(
    ctx: typer.Context,
    query: Annotated[
        str | None, typer.Argument(help="Only those with this in title, outlet or URL.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="Most articles to list.")] = 50,
    offset: Annotated[
        int, typer.Option(min=0, max=_MOST, help="How many to leave out before.")
    ] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """List articles, the last added first: number, date, language, outlet, title."""
    with opened(ctx) as app:
        found = app.store.summaries(query, limit=limit + 1, offset=offset)
        is_empty = not (found or app.store.summaries(limit=1))
    listed = found[:limit]
    if as_json:
        say_json([summary_document(summary) for summary in listed])
    else:
        for summary in listed:
            say(article_line(summary))
    if len(found) > limit:
        note(f"There are more: --offset {offset + limit}")
    elif not listed:
        note(_NONE_YET if is_empty else _NO_MORE if offset else _NO_SUCH)


@group.command()
def show(ctx: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """Show one article whole."""
    with opened(ctx) as app:
        article = app.store.find(reference)
    if as_json:
        say_json({**article_document(article), "language": article.language, "text": article.text})
    else:
        say(article_text(article))


@group.command()
def remove(
    ctx: typer.Context, reference: Reference, *, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Remove one article, from the index too."""
    with opened(ctx) as app:
        article = app.store.find(reference)
        if not agreed(f"Remove {article.id}, “{article.title}”?", yes=yes):
            raise typer.Exit(1)
        app.store.remove(article.id)
        if as_json:
            say_json({"article_id": article.id, "title": article.title})
        else:
            say(f"Removed {article.id}: {article.title}")
        index_stored(app)
