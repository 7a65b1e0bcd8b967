"""`add` and `import`: how articles get into the corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bot.error_messages import message_for
from bot.logs import new_reference
from bot.terminal.console import ProgressReport, counted, note, say, say_json
from bot.terminal.documents import Json
from bot.terminal.indexing import index_stored
from bot.terminal.paths import reading, unreadable
from bot.terminal.session import AsJson, opened
from bot.terminal.sources import Incoming, count_files, drafts_of
from corpus.errors import (
    CorpusError,
    DuplicateArticleError,
    FetchError,
)

if TYPE_CHECKING:
    from bot.app import App
    from corpus.models import ArticleId, ArticleSummary


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is told of a stored article. Its text is not kept: there may be very many."""

    id: ArticleId
    title: str
    near: tuple[ArticleSummary, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of everything that was to be added."""

    stored: list[_Stored] = field(default_factory=list)
    duplicates: list[DuplicateArticleError] = field(default_factory=list)
    refused: list[CorpusError] = field(default_factory=list)


def register(commands: typer.Typer) -> None:
    """Add the commands of this file."""
    commands.command(rich_help_panel="Articles")(add)
    commands.command("import", rich_help_panel="Articles")(import_)


def add(
    ctx: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Files, folders, URLs, or - for a pipe."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Add articles: text, Markdown, HTML or PDF from files, folders, URLs or a pipe.

    Says of each what became of it, and makes it searchable at once. The exit code is 1 if
    something could not be added; an article that is here already counts as done.
    """
    with opened(ctx) as app:
        tally = Tally()
        try:
            _add_sources(app, sources, tally)
        finally:
            # What was stored before an error or Ctrl-C is stored, and has to be told.
            searchable = index_stored(app) if tally.stored else True
            _tell(app, tally, searchable=searchable, each=True, as_json=as_json)
        if not (tally.stored or tally.duplicates or tally.refused):
            note("There is nothing to add there.")
            raise typer.Exit(1)
    if tally.refused:
        raise typer.Exit(1)


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A JSON Lines file, one article on each line.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Import many articles from JSON Lines.

    Keys of a line: text, and if known id, lang, title, source (the outlet), author, published_at
    (2023, 2023-04 or 2023-04-19), url, topics. A line that cannot be imported is named, the others
    are imported; then the exit code is 1.
    """
    with opened(ctx) as app:
        tally = Tally()
        try:
            import_file(app, file, tally)
        finally:
            searchable = index_stored(app) if tally.stored else True
            _tell(app, tally, searchable=searchable, each=False, as_json=as_json)
        if not (tally.stored or tally.duplicates or tally.refused):
            note("There is nothing to import there.")
            raise typer.Exit(1)
    if tally.refused:
        raise typer.Exit(1)


def import_file(app: App, file: Path, tally: Tally) -> None:
    """Store the articles of a JSON Lines file, showing how far it is.

    Raises:
        UnreadableFileError: the file cannot be read.
        StoreUnavailableError: the database cannot be written; `tally` has what was stored before.
    """
    from corpus.importing import read_jsonl

    with (
        reading(file),
        file.open("rb") as lines,
        ProgressReport("Importing", unit="lines") as progress,
    ):
        total = _count(lines)
        for done in _settled(app, read_jsonl(lines, file.name), tally):
            progress.show(done, total)


def _count(lines: BinaryIO) -> int | None:
    """Count the lines of a file; None for a pipe, which can be read only once."""
    if not S_ISREG(os.fstat(lines.fileno()).st_mode):
        return None
    total = sum(1 for _ in lines)
    lines.seek(0)
    return total


def _add_sources(app: App, sources: Sequence[str], tally: Tally) -> None:
    """Store what is found in each source, showing how far the reading is."""
    total = sum(map(count_files, sources))
    numbers = count(1)
    with ProgressReport("Reading", unit="files") as progress:

        def shown(drafts: Incoming) -> Incoming:
            for draft in drafts:
                if total > 1:
                    progress.show(next(numbers), total)
                yield draft

        for source in sources:
            _add_source(app, source, shown(drafts_of(source, app.extractor)), tally)


def _add_source(app: App, source: str, drafts: Incoming, tally: Tally) -> None:
    try:
        for _ in _settled(app, drafts, tally):
            pass
    except OSError as error:
        _refuse(unreadable(source, error), tally)
    except FetchError as error:
        _refuse(error, tally)


def _settled(app: App, drafts: Incoming, tally: Tally) -> Iterator[int]:
    """Add drafts; tell at once what was refused, and count what is settled."""
    from corpus.ingest import Rejected

    for done, outcome in enumerate(app.ingest.add(drafts), start=1):
        if isinstance(outcome, Rejected):
            _refuse(outcome.error, tally)
        else:
            article = outcome.article
            tally.stored.append(_Stored(article.id, article.title, outcome.near_duplicates))
        yield done


def _refuse(error: CorpusError, tally: Tally) -> None:
    if isinstance(error, DuplicateArticleError):
        tally.duplicates.append(error)
    else:
        tally.refused.append(error)
    note(_sentence(error))


def _tell(app: App, tally: Tally, *, searchable: bool, each: bool, as_json: bool) -> None:
    passages = _passages(app, tally) if searchable else {}
    if as_json:
        say_json(_document(tally, passages, searchable=searchable))
        return
    for article in tally.stored:
        if not (each or article.near):
            continue
        found = passages.get(article.id)
        detail = "" if found is None else f", {counted(found, 'passage')}"
        say(f"Added {article.id}: {article.title}{detail}")
        for other in article.near:
            say(f"  reads much like {other.id}: {other.title}")
    if not each or len(tally.stored) > 1:
        total = f", {counted(sum(passages.values()), 'passage')}" if passages else ""
        say(
            f"{counted(len(tally.stored), 'article')} added{total}; {len(tally.duplicates):,} here"
            f" already; {len(tally.refused):,} could not be added."
        )


def _passages(app: App, tally: Tally) -> dict[ArticleId, int]:
    if not tally.stored:
        return {}
    snapshot = app.indexer.snapshot
    return {article.id: len(snapshot.passages_of(article.id)) for article in tally.stored}


def _document(tally: Tally, passages: dict[ArticleId, int], *, searchable: bool) -> dict[str, Json]:
    return {
        "added": [
            {
                "article_id": article.id,
                "title": article.title,
                "passages": passages.get(article.id),
                "near_duplicates": [other.id for other in article.near],
            }
            for article in tally.stored
        ],
        "duplicates": [
            {"origin": error.origin, "article_id": error.existing_id, "same": error.same}
            for error in tally.duplicates
        ],
        "refused": [_sentence(error) for error in tally.refused],
        "searchable": searchable,
    }


def _sentence(error: Exception) -> str:
    return message_for(error, reference=new_reference())[0]
