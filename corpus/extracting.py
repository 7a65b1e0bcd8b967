"""Bytes of whatever kind into a draft, the kind decided by content and name. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from corpus.decoding import decode, is_text
from corpus.errors import NoTextError, TooLargeError, UnknownTypeError
from corpus.formats.plain_text import read_plain_text
from corpus.models import Draft

LARGEST_FILE_BYTES = 20_000_000

_KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
}
_HEAD_BYTES = 2_048
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n[A-Za-z_]+[ \t]*:")
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def extract(
    data: bytes, *, name: str, content_type: str | None = None, url: str | None = None
) -> Draft:
    """Read an article from the bytes of a file or page.

    Args:
        data: At most `LARGEST_FILE_BYTES`.
        name: The name of the file or its address; the draft's origin, and its ending tells the
            kind where the content does not.
        content_type: What a server said, with or without a charset; counts more than the name.
        url: Where the page was fetched.

    Raises:
        TooLargeError: There is too much of it.
        NoTextError: There is nothing readable in it.
        UnknownTypeError: It is neither text, Markdown, HTML nor PDF, whatever its name says.
        DamagedFileError: It is a PDF that cannot be read.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise TooLargeError(name, size=len(data), limit=LARGEST_FILE_BYTES)
    if not data.strip(b"\0 \t\r\n"):
        raise NoTextError(name)
    if b"%PDF-" in data[:_HEAD_BYTES]:
        from corpus.formats.pdf import read_pdf  # slow to load, as the others below

        draft = read_pdf(data, name)
    else:
        draft = _read_text(data, name, content_type, url)
    if not draft.text.strip():
        raise NoTextError(name)
    if len(draft.text) > LARGEST_FILE_BYTES:  # compressed, it was less
        raise TooLargeError(name, size=None, limit=LARGEST_FILE_BYTES)
    return draft if draft.url else replace(draft, url=url)


def suffix(name: str) -> str:
    """Return the ending of a file name or address, such as `.txt`; empty if there is none."""
    path = urlsplit(name).path if re.match(r"https?://", name) else name.replace("\\", "/")
    ending = PurePosixPath(path).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z][a-z0-9]{0,7}|\.[0-9][a-z]{1,3}", ending) else ""


def _read_text(data: bytes, name: str, content_type: str | None, url: str | None) -> Draft:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type == "application/octet-stream":  # says only that the server does not know
        media_type = ""
    told = media_type or suffix(name)
    kind = _KINDS.get(told)
    unknown = UnknownTypeError(name, kind=told.lstrip(".") or "binary")
    if kind == "pdf" or not is_text(data):
        raise unknown
    meta = _META_CHARSET.search(data[:_HEAD_BYTES].lower())
    header = _CHARSET.search(content_type or "")
    declared = header[1] if header else meta[1].decode() if meta else None
    text = decode(data, declared=declared)
    if kind == "html" or _HTML.match(text[:_HEAD_BYTES]):
        from corpus.formats.web_page import read_web_page

        return read_web_page(text, name, url=url)
    if told and kind is None:
        raise unknown
    if kind == "markdown" or _FRONT_MATTER.match(text):
        from corpus.formats.markdown import read_markdown

        return read_markdown(text, name)
    return read_plain_text(text, name)
