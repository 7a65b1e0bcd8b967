"""Bytes into text, whatever their encoding. Pure."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 100_000
_USUAL = "cp1252"
_CHAOS_ALLOWED = 0.05
_PLAUSIBLE = [_USUAL, "mac_roman", "cp1251"]
# What pages declare so is Windows-1252, says the HTML standard.
_MEANT = {"iso-8859-1": _USUAL, "latin1": _USUAL, "latin-1": _USUAL, "us-ascii": _USUAL}
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_CONTROL_SHARE_OF_TEXT = 0.05
_NUL_SHARE_OF_UTF16 = 0.2
_SEQUENCES_PER_STRAY = 3


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Decode text by its byte order mark, as UTF-8, as `declared`, or as looks most likely.

    A few stray bytes, or a character cut in the middle, do not make UTF-8 anything else. Bytes that
    mean nothing in the encoding become U+FFFD.
    """
    encoding = _marked(data) or _unmarked_utf16(data)
    if encoding:
        return data.decode(encoding, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    if _is_utf8(text):
        return text
    declared = (declared or "utf-8").lower()
    try:
        return data.decode(_MEANT.get(declared, declared))
    except (ValueError, LookupError):  # not in that encoding, or no encoding at all
        return data.decode(_likely(data), errors="replace")


def is_text(data: bytes) -> bool:
    """Tell text, in any encoding, from anything else, by how much of it is control characters."""
    sample = data[:_SAMPLE_BYTES]
    if _marked(sample) or _unmarked_utf16(sample):
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return controls <= _CONTROL_SHARE_OF_TEXT * len(sample)


def is_wide(data: bytes) -> bool:
    """Tell UTF-16 and UTF-32, where a line break is more than one byte."""
    return (_marked(data) or "utf-8-sig") != "utf-8-sig" or _unmarked_utf16(data) is not None


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _unmarked_utf16(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of a Latin letter is zero."""
    sample = data[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd < _NUL_SHARE_OF_UTF16 * len(sample) or (even and odd):
        return None
    return "utf-16-be" if even else "utf-16-le" if odd else None


def _is_utf8(text: str) -> bool:
    """Tell whether what was read as UTF-8 is, by how few of the longer sequences were wrong."""
    strays = text.count("\ufffd")
    sequences = len(text) - len(text.encode("ascii", errors="ignore")) - strays
    return sequences >= _SEQUENCES_PER_STRAY * strays


def _likely(data: bytes) -> str:
    # Among all encodings charset-normalizer takes much of French for Central European, and a text
    # with few accents for Mac Roman: the usual one wins unless it looks worse.
    matches = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=_PLAUSIBLE)
    best = matches.best()
    if best is None:
        return _USUAL
    usual = [match for match in matches if match.encoding == _USUAL]
    return _USUAL if usual and usual[0].chaos <= best.chaos + _CHAOS_ALLOWED else best.encoding
