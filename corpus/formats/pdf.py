"""PDF files that have a text layer."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from pypdf import PdfReader

from corpus.errors import DamagedFileError, NoTextError
from corpus.formats.plain_text import read_plain_text
from corpus.models import Draft
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
    text = _HYPHENATED.sub("", "\n\n".join(page.strip() for page in pages))
    if not text.strip():
        raise NoTextError(origin)
    draft = read_plain_text(text, origin)
    if title and looks_like_title(title.strip()) and not _FILE_NAME.search(title.strip()):
        draft = replace(draft, title=title)
    return replace(draft, author=str(author) if author else None)
