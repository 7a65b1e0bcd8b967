"""Extraction in a process of its own, which may run out of time or memory without harm."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Final

from corpus import errors
from corpus.errors import ExtractionFailedError, RejectedArticleError
from corpus.importing import draft_from
from corpus.models import Draft

log = logging.getLogger(__name__)

_ARTICLES_PER_PROCESS: Final = 1_000  # libraries remember things, and memory is limited
_REJECTIONS: Final[dict[str, type[RejectedArticleError]]] = {
    kind.__name__: kind
    for kind in (
        errors.TooLargeError,
        errors.NoTextError,
        errors.UnknownTypeError,
        errors.DamagedFileError,
    )
}
# No secret of the environment is lent to what strangers' files may take over.
_LENT: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")


class Extractor:
    """Extracts articles in another process, one after the other.

    The process starts with the first article and is used again. It starts anew after many
    articles, or when it has ended; it ends with this process, however that ends. Threads that call
    at the same time wait for each other.

    Args:
        seconds: How long one article may take.
        memory_bytes: How much memory the process may have, where the system can limit it (POSIX).
    """

    def __init__(self, *, seconds: float = 20, memory_bytes: int = 1_000_000_000) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._extracted = 0

    def extract(
        self, data: bytes, *, name: str, content_type: str | None = None, url: str | None = None
    ) -> Draft:
        """Do what `corpus.extracting.extract` does, within the limits.

        Raises:
            ExtractionFailedError: It took too long or too much memory, or broke the process.
            RejectedArticleError: As `corpus.extracting.extract` does.
        """
        request = {"name": name, "content_type": content_type, "url": url, "size": len(data)}
        with self._lock:
            process = self._running()
            begun = time.monotonic()
            try:
                answer = _ask(process, json.dumps(request).encode() + b"\n" + data)
            except BaseException:
                self.close()  # what it answers later would be taken for the next answer
                raise
            if "broken" in answer:
                self.close()
        took_too_long = time.monotonic() - begun >= self._seconds
        return self._result(answer, name, took_too_long=took_too_long)

    def close(self) -> None:
        """End the process; a call that is waiting for it fails, the next one starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._extracted >= _ARTICLES_PER_PROCESS:
            self.close()
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _start(self._seconds, self._memory_bytes)
            self._extracted = 0
        self._extracted += 1
        return self._process

    def _result(self, answer: dict[str, object], name: str, *, took_too_long: bool) -> Draft:
        match answer:
            case {"article": dict(record)}:
                return draft_from(record, name)
            case {"rejected": str(kind), "values": dict(values)}:
                raise _REJECTIONS[kind](name, **values)
            case {"broken": "memory"}:
                reason = f"it takes more than {self._memory_bytes / 1e6:,.0f} MB of memory"
            case _ if took_too_long:
                reason = f"it takes longer than {self._seconds:g} seconds"
            case _:
                log.error("extraction broke down: %s", answer["broken"])
                reason = "it breaks the program that reads it"
        raise ExtractionFailedError(name, reason=reason)


def _start(seconds: float, memory_bytes: int) -> subprocess.Popen[bytes]:
    # Found where this package was; never in the current folder, which is somebody's (-P).
    root = str(Path(__file__).parents[1])
    lent = {name: os.environ[name] for name in _LENT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", "-m", "corpus.extraction_process", str(seconds), str(memory_bytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=lent | {"PYTHONPATH": root, "PYTHONUTF8": "1"},
    )


def _ask(process: subprocess.Popen[bytes], request: bytes) -> dict[str, object]:
    """Send a request and wait for its answer; if the process ends instead, say how."""
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(request)
        process.stdin.flush()
        line = process.stdout.readline()
    except (OSError, ValueError):  # it has ended, or another thread has closed it
        line = b""
    if line.endswith(b"\n"):
        answer: dict[str, object] = json.loads(line)
        return answer
    return {"broken": f"the process ended with code {process.wait()}"}
