"""Logging: one file in the data directory, with an id that follows a request through threads."""

from __future__ import annotations

import logging
import secrets
import sys
from contextlib import suppress
from contextvars import ContextVar
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from bot.error_messages import message_for
from bot.errors import PathUnwritableError
from bot.terminal.console import note

LOG_NAME: Final = "newsdesk.log"
_FORMAT: Final = "%(asctime)s %(levelname)s %(threadName)s [%(interaction)s] %(name)s: %(message)s"
_ROOMS: Final = ("bot", "index", "corpus")
_MOST_BYTES: Final = 5_000_000

interaction_id: ContextVar[str] = ContextVar("interaction_id", default="-")


def new_reference() -> str:
    """Make a short id by which a person and the log speak of the same event."""
    return secrets.token_hex(4)


def set_up_logging(directory: Path, level: int, *, to_terminal: bool) -> None:
    """Send the log to `directory/newsdesk.log`, and to stderr too where a service is watched.

    Only Newsdesk's rooms and discord.py speak at `level`; other libraries from WARNING on. Where
    the file cannot be opened, stderr stands in for it. Calling it again replaces the handlers.
    """
    root = logging.getLogger()
    for handler in [h for h in root.handlers if h.get_name() == "newsdesk"]:
        root.removeHandler(handler)
        handler.close()
    handlers: list[logging.Handler] = []
    try:
        file = _LogFile(
            directory / LOG_NAME,
            maxBytes=_MOST_BYTES,
            backupCount=2,
            encoding="utf-8",
            errors="backslashreplace",  # a path may hold bytes that are no text
        )
        file.rotator = _rename
        handlers.append(file)
    except OSError:
        to_terminal = True
    if to_terminal:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.set_name("newsdesk")
        handler.addFilter(_add_interaction)
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for room in _ROOMS:
        logging.getLogger(room).setLevel(level)
    # Below INFO it logs what it sends and receives: questions, answers, and tokens of interactions.
    logging.getLogger("discord").setLevel(max(level, logging.INFO))
    logging.captureWarnings(capture=True)


class _LogFile(RotatingFileHandler):
    """A log that tells once that it cannot be written, and not with a trace at every line."""

    _is_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Tell that a line is lost, as on a full disk; a mistake of ours keeps its trace."""
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._is_told:
            self._is_told = True
            reason = (error.strerror or "unknown").lower()
            lost = PathUnwritableError(self.baseFilename, reason)
            with suppress(OSError):  # stderr may go to the same disk
                note(message_for(lost, reference="")[0])

    def close(self) -> None:
        """End it; what could not be written by then is lost, as is told by then."""
        with suppress(OSError):
            super().close()


def _rename(log: str, older: str) -> None:
    """Put a full log aside; it goes on growing where another process has it open (Windows)."""
    with suppress(PermissionError, FileNotFoundError):
        Path(log).rename(older)


def _add_interaction(record: logging.LogRecord) -> bool:
    record.interaction = interaction_id.get()
    return True
