"""What every command begins with: settings read, log open, objects to be built as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from bot.app import App
from bot.logs import set_up_logging

if TYPE_CHECKING:
    from bot.settings import Settings

ReadSettings: TypeAlias = "Callable[[], Settings]"

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


@contextmanager
def opened(ctx: typer.Context) -> Iterator[App]:
    """Open Newsdesk for one command, as the settings say."""
    settings = settings_reader(ctx)()
    with App(settings) as app:
        set_up_logging(settings.newsdesk_data, settings.log_level, to_terminal=False)
        yield app


def settings_reader(ctx: typer.Context) -> ReadSettings:
    """Return what reads the settings, for a command that wants their problems, too."""
    read: ReadSettings = ctx.obj
    return read
