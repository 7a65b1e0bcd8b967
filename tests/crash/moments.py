"""When a process is killed: by the clock, or before or after a call that changes files."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from types import FrameType
from typing import TypeAlias

_SYSTEM = frozenset({"fsync", "mkdir", "open", "remove", "rename", "replace", "rmdir", "unlink"})
_SQLITE = frozenset({"Connection", "Cursor"})


class Kind(StrEnum):
    """What a call is of: the system, SQLite, tantivy, or a file that Python writes."""

    SYSTEM = "posix"
    SQLITE = "sqlite3"
    TANTIVY = "IndexWriter"
    WRITE = "BufferedWriter"


@dataclass(frozen=True, slots=True)
class AfterSeconds:
    """The parent kills so long after the process began to open its data, or to serve.

    While it serves, counted from when so many deeds of it were acknowledged.
    """

    seconds: float
    serving: bool
    deeds: int


@dataclass(frozen=True, slots=True)
class AtCall:
    """The process kills itself at this call or return, counted over those of a kind."""

    kind: Kind
    number: int
    serving: bool


Moment: TypeAlias = AfterSeconds | AtCall


def die_at(moment: AtCall) -> None:
    """Let this process, in whichever of its threads, end at a moment."""
    left = moment.number

    def count(_: FrameType, event: str, what: object) -> None:
        nonlocal left
        if event in ("c_call", "c_return") and _is_of(moment.kind, what):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)


def _is_of(kind: Kind, call: object) -> bool:
    if kind is Kind.SYSTEM:
        name = getattr(call, "__name__", "")
        return getattr(call, "__module__", None) == "posix" and name in _SYSTEM
    called_on = type(getattr(call, "__self__", None)).__name__
    return called_on in _SQLITE if kind is Kind.SQLITE else called_on == kind.value
