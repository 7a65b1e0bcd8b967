"""What can go wrong around the two engines. Errors carry values; `error_messages` owns the words.

BotError
├── SettingsError         the environment or `.env` sets something that cannot be
├── DataDirectoryError    the data directory cannot be made or written
├── AlreadyServingError   another process serves Discord from the data directory
├── PathUnwritableError   a file that a person named, or the log, cannot be written
└── QuestionSetError      a file of questions to measure with cannot be used
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """Anything that this room raises on purpose."""


class SettingsError(BotError):
    """Settings that cannot be; `problems` names each variable, never its value."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class DataDirectoryError(BotError):
    """The data directory cannot be made or written. `reason` is one short phrase."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class AlreadyServingError(BotError):
    """Another process serves Discord from the data directory `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class PathUnwritableError(BotError):
    """A file that a person named, or the log, cannot be written. `reason` is one short phrase."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class QuestionSetError(BotError):
    """A file of questions cannot be used; `line` counts from 1, None if it is the whole file."""

    def __init__(self, path: str, *, line: int | None, reason: str) -> None:
        super().__init__(f"{path}, line {line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason
        self.place = path if line is None else f"{path}, line {line}"
