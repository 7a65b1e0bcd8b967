"""What `add` can read: files, folders, URLs, a pipe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from corpus.errors import ImportLineError, RejectedArticleError

if TYPE_CHECKING:
    from corpus.extractor import Extractor
    from corpus.models import Draft

Incoming: TypeAlias = "Iterator[Draft | RejectedArticleError | ImportLineError]"


def drafts_of(source: str, extractor: Extractor) -> Incoming:
    """Read what a person named on the command line.

    Raises:
        OSError: the pipe cannot be read.
        FetchError: the URL cannot be fetched.
    """
    if _is_pipe(source):
        return _from_stdin(extractor)
    if _is_url(source):
        return _from_url(source, extractor)
    from corpus.reading import drafts_from

    return drafts_from(Path(source), extractor)


def count_files(source: str) -> int:
    """Count what there is to read, without reading it."""
    if _is_pipe(source) or _is_url(source):
        return 1
    from corpus.reading import files_in

    return sum(1 for _ in files_in(Path(source)))


def _is_pipe(source: str) -> bool:
    return source == "-"


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _from_stdin(extractor: Extractor) -> Incoming:
    from corpus.extracting import LARGEST_FILE_BYTES

    try:
        data = sys.stdin.buffer.read(LARGEST_FILE_BYTES + 1)
        yield extractor.extract(data, name="standard input")
    except RejectedArticleError as error:
        yield error


def _from_url(url: str, extractor: Extractor) -> Incoming:
    from corpus.fetching import fetch

    try:
        page = asyncio.run(fetch(url))
        yield extractor.extract(
            page.data, name=page.url, content_type=page.content_type, url=page.url
        )
    except RejectedArticleError as error:
        yield error
