"""`run`: all that a newcomer has to type."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from rich.text import Text

from bot.logs import set_up_logging
from bot.terminal.adding import Tally, import_file
from bot.terminal.asking import answer_one, hold_chat
from bot.terminal.console import note, say
from bot.terminal.indexing import bring_in_step
from bot.terminal.rendering import answer_text
from bot.terminal.session import opened

if TYPE_CHECKING:
    from bot.app import App

_EXAMPLE: Final = "why did Microsoft leave Twitter?"
_HOW_TO_REACH_DISCORD: Final = (
    "No Discord token is set. To get one: discord.com/developers/applications, New Application,"
    " Bot, Reset Token.\n"
    "Write it into the file .env as DISCORD_TOKEN=..., and start again. Until then, ask here."
)


def register(commands: typer.Typer) -> None:
    """Add the command of this file."""
    commands.command()(run)


def run(ctx: typer.Context) -> None:
    """Start the Discord bot, or a chat in the terminal if no token is set.

    The first time, the shipped sample articles are imported. The index is built or brought in step
    as needed.
    """
    with opened(ctx) as app:
        _import_samples(app)
        bring_in_step(app, rebuild_if_outdated=True)
        token = app.settings.discord_token
        if token is not None:
            from bot.serving import serve

            settings = app.settings
            set_up_logging(settings.newsdesk_data, settings.log_level, to_terminal=True)
            app.load()
            raise typer.Exit(asyncio.run(serve(app, token)))
        note(_HOW_TO_REACH_DISCORD)
        say(Text(f"\n> {_EXAMPLE}", "bold"))
        say(answer_text(asyncio.run(answer_one(app, _EXAMPLE))))
        say()
        hold_chat(app)


def _import_samples(app: App) -> None:
    """Import the shipped articles into a corpus that never held any."""
    if app.store.revision() > 0:
        return
    import corpus

    import_file(app, Path(corpus.__file__).parent / "samples" / "articles.jsonl", Tally())
