"""The other end of `corpus.extractor`: `python -m corpus.extraction_process SECONDS BYTES`.

A request on stdin is a line of JSON, then as many bytes as it says. The answer on stdout is a line
of JSON: an article as a line of an import has it, why it is rejected, or what broke. The process
ends when stdin does, and ends itself when a request takes too long.
"""

from __future__ import annotations

import faulthandler
import json
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from corpus.errors import RejectedArticleError
from corpus.extracting import extract
from corpus.models import Draft


def main() -> None:
    """Answer requests until there are no more."""
    seconds, memory_bytes = float(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asks
    _limit_memory(memory_bytes)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request.pop("size"))
        # Not a signal or a thread of Python's: it ends the process in mid-C, on every system.
        faulthandler.dump_traceback_later(seconds, exit=True)
        answer = _answer(data, **request)
        faulthandler.cancel_dump_traceback_later()
        answers.write(answer + b"\n")
        answers.flush()


def _answer(data: bytes, *, name: str, content_type: str | None, url: str | None) -> bytes:
    try:
        return _line(
            {"article": _record(extract(data, name=name, content_type=content_type, url=url))}
        )
    except RejectedArticleError as error:
        values = {key: value for key, value in vars(error).items() if key != "origin"}
        return _line({"rejected": type(error).__name__, "values": values})
    except MemoryError:
        return _line({"broken": "memory"})
    except Exception as error:  # noqa: BLE001 - the outermost place of this process
        [*_, frame] = traceback.extract_tb(error.__traceback__)
        # No message of the error: it may hold words of the article.
        place = f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
        return _line({"broken": place})


def _record(draft: Draft) -> dict[str, object]:
    return {
        "id": draft.external_id,
        "lang": draft.language,
        "title": draft.title,
        "source": draft.outlet,
        "author": draft.author,
        "published_at": None if draft.published is None else str(draft.published),
        "url": draft.url,
        "topics": draft.topics,
        "text": draft.text,
    }


def _line(answer: dict[str, object]) -> bytes:
    # A file name may hold bytes that are no text.
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _limit_memory(most_bytes: int) -> None:
    if sys.platform != "win32":
        import resource

        # Where the system refuses (macOS may), the limit of time still holds.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


if __name__ == "__main__":
    main()
