"""The commands of the terminal, put together. Each is defined in `bot/terminal/`."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from bot.error_messages import report
from bot.logs import new_reference
from bot.terminal import adding, articles, asking, evaluating, indexing, maintenance, running
from bot.terminal.console import flush, note, prepare_streams
from bot.terminal.session import ReadSettings

commands = typer.Typer(
    name="newsdesk",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Answer questions about stored tech news articles, with their own words as proof.

    Begin with `newsdesk run`. Settings come from the environment and from `.env` in the current
    folder; `.env.example` explains them. Exit codes: 0 done, 1 not done, 2 wrong usage.
    """,
)
running.register(commands)
asking.register(commands)
evaluating.register(commands)
adding.register(commands)
articles.register(commands)
indexing.register(commands)
maintenance.register(commands)


def run(arguments: Sequence[str], *, read_settings: ReadSettings) -> int:
    """Run one command line.

    Returns:
        The exit code: 0 done, 1 not done, 2 wrong usage, 130 interrupted. An error has been told
        on stderr in one sentence.
    """
    reference = new_reference()
    try:
        prepare_streams()
        try:
            typer.main.get_command(commands)(
                args=list(arguments), prog_name="newsdesk", obj=read_settings
            )
        finally:
            flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the outermost place, where each error gets its words
        note(report(error, reference=reference))
        return 1
    return 0
