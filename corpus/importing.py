"""Reading articles from JSON Lines, one line at a time, whatever is wrong with some of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.dates import parse_date
from corpus.decoding import decode, is_wide
from corpus.errors import ImportLineError
from corpus.models import Draft

LONGEST_LINE_BYTES = 20_000_000

_NEVER_JSON = "a constant that is not JSON"


def read_jsonl(source: Path | BinaryIO, origin: str) -> Iterator[Draft | ImportLineError]:
    """Read an article from each line: a draft, or an error that names the line.

    Keys are `id` (kept as the external id), `lang`, `title`, `source` (the outlet), `author`,
    `published_at` (a year, month or day), `url`, `topics` and `text`; all but the text may be
    missing, null or empty, and a date that cannot be read counts as missing. Blank lines count in
    the numbering, from 1, but are no error.

    Args:
        source: A file, or a stream of bytes that is read to its end and not closed.
        origin: What messages call the source.

    Raises:
        OSError: The file cannot be read.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from read_jsonl(stream, origin)
        return
    for number, line in enumerate(_lines(source), start=1):
        if line is None:
            reason = f"longer than {LONGEST_LINE_BYTES:,} bytes"
            yield ImportLineError(origin, line=number, reason=reason)
        elif line.strip():
            yield _read_line(line, origin, number)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line, None for one that is too long, without ever holding a longer one."""
    line = stream.readline(LONGEST_LINE_BYTES + 1)
    if is_wide(line):
        stream = io.BytesIO(decode(line + stream.read()).encode())
        line = stream.readline(LONGEST_LINE_BYTES + 1)
    while line:
        if len(line) <= LONGEST_LINE_BYTES:
            yield line
        else:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE_BYTES)
            yield None
        line = stream.readline(LONGEST_LINE_BYTES + 1)


def _read_line(line: bytes, origin: str, number: int) -> Draft | ImportLineError:
    try:
        record = json.loads(
            decode(line.rstrip()), object_pairs_hook=_without_repetition, parse_constant=_refuse
        )
        if not isinstance(record, dict):
            return ImportLineError(origin, line=number, reason="not a JSON object")
        return draft_from(record, f"{origin}, line {number}")
    except json.JSONDecodeError as error:
        reason = f"invalid JSON at character {error.pos + 1}"
    except RecursionError:
        reason = "JSON nested too deeply"
    except ValueError as error:
        reason = str(error)
    return ImportLineError(origin, line=number, reason=reason)


def draft_from(record: dict[str, object], origin: str) -> Draft:
    """Make a draft of the keys and values of a line; raise `ValueError` where they are none."""
    text = _text(record, "text")
    if text is None:
        msg = "no text"
        raise ValueError(msg)
    published = record.get("published_at")
    if not isinstance(published, str | int | None) or isinstance(published, bool):
        msg = "'published_at' must be a date in quotes"
        raise ValueError(msg)  # noqa: TRY004  a value of the file, not of the caller
    number = record.get("id")
    if isinstance(number, int) and not isinstance(number, bool):
        record = record | {"id": str(number)}
    return Draft(
        text=text,
        origin=origin,
        title=_text(record, "title"),
        outlet=_text(record, "source"),
        author=_text(record, "author"),
        published=parse_date(published),
        language=_text(record, "lang"),
        url=_text(record, "url"),
        external_id=_text(record, "id"),
        topics=_topics(record),
    )


def _text(record: dict[str, object], key: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        msg = f"{key!r} must be text"
        raise ValueError(msg)
    return value if value and value.strip() else None


def _topics(record: dict[str, object]) -> tuple[str, ...]:
    topics = record.get("topics")
    if not topics:
        return ()
    if isinstance(topics, str):
        return (topics,)
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        msg = "'topics' must be a list of texts"
        raise ValueError(msg)
    return tuple(topics)


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        msg = "a key occurs twice"
        raise ValueError(msg)
    return record


def _refuse(_constant: str) -> object:
    raise ValueError(_NEVER_JSON)
