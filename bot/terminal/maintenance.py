"""`doctor`, `audit`, `backup`, `restore`: keeping an installation sound."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot.doctor import Check, State, examine
from bot.errors import PathUnwritableError
from bot.terminal.console import agreed, counted, harmless, note, say, say_json
from bot.terminal.paths import reading, writing
from bot.terminal.session import AsJson, Yes, opened, settings_reader
from corpus.errors import UnreadableFileError

_MARKS = {
    State.SOUND: ("ok      ", "green"),
    State.WARNING: ("warning ", "yellow"),
    State.BROKEN: ("broken  ", "bold red"),
}


def register(commands: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (doctor, audit, backup, restore):
        commands.command(rich_help_panel="Maintenance")(command)


def doctor(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Check settings, data, model, index and servers, and say how to mend what is wrong.

    The exit code is 1 if something is broken.
    """
    checks = []
    for check in examine(settings_reader(ctx)):
        checks.append(check)
        if not as_json:
            say(_check_text(check))
    if as_json:
        say_json(
            [
                {"part": c.part, "state": c.state.value, "finding": c.finding, "mend": c.mend}
                for c in checks
            ]
        )
    if any(check.state is State.BROKEN for check in checks):
        raise typer.Exit(1)


def audit(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """List who changed articles, index and settings on Discord, and when (UTC), oldest first.

    People are named by their Discord IDs. What was changed in the terminal is not listed.
    """
    from bot.audit import AuditLine, AuditLog
    from bot.data_files import DISCORD_FILE

    with opened(ctx) as app:
        file = app.settings.newsdesk_data / DISCORD_FILE
        lines: list[AuditLine] = []
        if file.exists():
            with closing(AuditLog.open(file, clock=lambda: datetime.now(UTC))) as log:
                lines = log.lines()
    if as_json:
        say_json(
            [
                {
                    "at": one.at.isoformat(),
                    "person": one.person,
                    "deed": one.deed.value,
                    "subject": one.subject,
                }
                for one in lines
            ]
        )
        return
    for one in lines:
        say(harmless(f"{one.at:%Y-%m-%d %H:%M}  {one.person}  {one.deed.value}  {one.subject}"))
    if not lines:
        note("Nothing was changed on Discord yet.")


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Write all articles to one file, while Newsdesk may go on working.

    The index is not part of it: it is built anew from the articles.
    """
    with opened(ctx) as app, writing(file):
        if file.is_dir():
            raise PathUnwritableError(str(file), "it is a folder")
        if app.database.exists() and file.exists() and file.samefile(app.database):
            raise PathUnwritableError(str(file), "it is the database itself")
        if file.exists() and not agreed(f"Overwrite {file}?", yes=yes):
            raise typer.Exit(1)
        articles = app.store.statistics().articles
        app.store.backup(file)
    if as_json:
        say_json({"articles": articles, "file": str(file)})
    else:
        say(f"{counted(articles, 'article')} written to {file}.")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Put the articles of a backup in the place of the present ones.

    A Newsdesk that is running sees the restored articles, too. The index follows within seconds,
    or at the next start.
    """
    from corpus.backups import check_backup
    from corpus.backups import restore as put_back

    with reading(file):
        if not file.is_file():
            reason = "it is no file" if file.exists() else "there is no such file"
            raise UnreadableFileError(str(file), reason=reason)
    check_backup(file)
    with opened(ctx) as app:
        question = f"Replace all articles in {app.settings.newsdesk_data} by those of {file}?"
        if app.database.exists() and not agreed(question, yes=yes):
            raise typer.Exit(1)
        put_back(file, app.database)
        articles = app.store.statistics().articles
    if as_json:
        say_json({"articles": articles, "file": str(file)})
    else:
        say(f"{counted(articles, 'article')} restored from {file}.")


def _check_text(check: Check) -> Text:
    mark, style = _MARKS[check.state]
    shown = Text(mark, style)
    shown.append(harmless(f"{check.part}: {check.finding}"), "none")
    if check.mend is not None:
        shown.append(harmless(f"\n        {check.mend}"), "none")
    return shown
