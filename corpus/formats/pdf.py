"""PDF files that have a text layer."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pypdf import PdfReader

from corpus.errors import DamagedFileError, NoTextError
from corpus.formats.plain_text import read_plain_text
from corpus.models import Draft
from corpus.normalizing import LIST_ITEM, SENTENCE_END
from corpus.titles import looks_like_title

_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-öø-ÿœ])")
_FILE_NAME = re.compile(r"\.\w{2,4}$|^untitled|^Microsoft Word", re.IGNORECASE)


def read_pdf(data: bytes, origin: str) -> Draft:
    """Read the text of all pages, and the title and author that the file gives.

    Raises:
        DamagedFileError: It cannot be read, or only with a password.
        NoTextError: It has no text layer: a scan.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        pages = [page.extract_text() for page in reader.pages]
        metadata = reader.metadata
        title = metadata.title if metadata else None
        author = metadata.author if metadata else None
    except MemoryError:
        raise
    # A damaged file may make pypdf raise anything, from KeyError to RecursionError.
    except Exception as error:
        raise DamagedFileError(origin, kind="PDF") from error
    text = _HYPHENATED.sub("", _join(pages))
    if not text.strip():
        raise NoTextError(origin)
    draft = read_plain_text(text, origin)
    if title and looks_like_title(title.strip()) and not _FILE_NAME.search(title.strip()):
        draft = replace(draft, title=title)
    return replace(draft, author=str(author) if author else None)


def _join(pages: Sequence[str]) -> str:
    """Join pages by a blank line, or by none where a sentence goes on; a title page stays apart."""
    texts = [text for page in pages if (text := page.strip())]
    joined = texts[:1]
    for page, following in pairwise(texts):
        is_title = looks_like_title(page) and not following[0].islower()
        apart = is_title or SENTENCE_END.search(page) or LIST_ITEM.match(following)
        joined += ["\n\n" if apart else "\n", following]
    return "".join(joined)
