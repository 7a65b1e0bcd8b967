"""The two streams of the terminal: results on stdout, everything said about them on stderr."""

from __future__ import annotations

import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import typer
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.errors import PathUnwritableError

_STDOUT: Final = Console(highlight=False, markup=False, emoji=False)
_STDERR: Final = Console(highlight=False, markup=False, emoji=False, stderr=True)
_STDOUT_NAME: Final = "The standard output"
_LEAST_TABLE_WIDTH: Final = 170
_SECONDS_BETWEEN_LINES: Final = 5.0


def prepare_streams() -> None:
    """Let no character that the terminal's encoding lacks stop a command, nor a closed stdin.

    Raises:
        PathUnwritableError: stdout is closed, where the results go.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - open to the end
    if sys.stdout is None:
        raise PathUnwritableError(_STDOUT_NAME, "it is closed")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def interactive() -> bool:
    """Tell whether a person sits at both ends."""
    return sys.stdin.isatty() and _STDOUT.is_terminal


def say(text: str | Text = "") -> None:
    """Write a result to stdout."""
    with _written():
        _write(_STDOUT, text)


def note(text: str | Text = "") -> None:
    """Write what is said about a result to stderr."""
    _write(_STDERR, text)


def say_table(table: Table) -> None:
    """Write a table to stdout, whole even where the stream is no terminal or a narrow one."""
    wide = Console(file=sys.stdout, width=max(_STDOUT.width, _LEAST_TABLE_WIDTH), markup=False)
    with _written():
        wide.print(table)


def say_json(value: object) -> None:
    """Write one JSON document on one line to stdout, in ASCII where the stream is not Unicode."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    with _written():
        sys.stdout.write(json.dumps(value, ensure_ascii=not unicode, allow_nan=False) + "\n")


def flush() -> None:
    """Write out what of the results is buffered."""
    with _written():
        sys.stdout.flush()


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: "1 article", "1,234 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def agreed(question: str, *, yes: bool) -> bool:
    """Ask before something is lost; where nobody can be asked, only `--yes` agrees."""
    if yes:
        return True
    if not interactive():
        note(f"{question} Nobody can be asked here: add --yes.")
        return False
    return typer.confirm(harmless(question), err=True)


class Growing:
    """Shows a text on stdout while it is written, if that is a terminal; at the end it is gone.

    What is said then takes its place.
    """

    def __init__(self, console: Console = _STDOUT) -> None:
        # It redraws at each change: a thread that did so would outlive an interruption.
        self._live = Live(console=console, transient=True, auto_refresh=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, text: Text) -> None:
        """Show what is written so far in the place of what was before."""
        self._live.start()
        self._live.update(text, refresh=True)


class ProgressReport:
    """Shows how far a job is that takes seconds: a bar on a terminal, else a line now and then."""

    def __init__(
        self, label: str, *, unit: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._label = label
        self._unit = unit
        self._clock = clock
        self._told_at = clock()
        self._told: set[str] = set()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=_STDERR,
            transient=True,
            disable=not _STDERR.is_terminal,
        )
        self._task = self._bar.add_task(label, total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def show(self, done: int, total: int | None) -> None:
        """Tell that `done` of `total` are done; None if nobody knows how many there are."""
        self._bar.update(self._task, completed=done, total=total)
        if not _STDERR.is_terminal and self._clock() - self._told_at >= _SECONDS_BETWEEN_LINES:
            self._told_at = self._clock()
            of_total = "" if total is None else f" of {total:,}"
            note(f"{self._label}: {done:,}{of_total} {self._unit}")

    def tell_once(self, sentence: str) -> None:
        """Write a sentence on a line of its own, once, however often it is told."""
        if sentence not in self._told:
            self._told.add(sentence)
            note(sentence)


@contextmanager
def _written() -> Iterator[None]:
    """Tell in one sentence that stdout cannot be written; a reader gone away is worth no words."""
    try:
        yield
    except OSError as error:
        # Python flushes once more at exit, and would then complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(1) from error
        reason = (error.strerror or "unknown").lower()
        raise PathUnwritableError(_STDOUT_NAME, reason) from error


def _write(console: Console, text: str | Text) -> None:
    """Write a text without what could steer the terminal: articles come from strangers.

    A styled text is built by `rendering`, from parts that went through `harmless` there. On a
    terminal lines are wrapped between words; those with a link it wraps itself, or it could not
    tell that the link goes on.
    """
    shown = text if isinstance(text, Text) else Text(harmless(text))
    if not console.is_terminal:
        console.print(shown, soft_wrap=True)
        return
    for line in shown.split("\n", allow_blank=True):
        console.print(line, soft_wrap="://" in line.plain)


def harmless(text: str) -> str:
    """Drop control and format characters (escape sequences, turned directions)."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
