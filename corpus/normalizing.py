"""One form for texts, titles and URLs, so that what is the same compares as the same. Pure.

Every function here is idempotent.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from statistics import median
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

# Invisible characters: controls, soft hyphens, zero-width spaces and joiners, marks of writing
# direction, lone surrogates. Joiners go too: a family emoji falls into its members, but no word
# hides behind one.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_PARAGRAPH_SEPARATOR = re.compile("\u2029")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028]")
_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")  # all but a single plain one
_BLANK_LINES = re.compile("\n{2,}")
_NON_BREAKING = "\u00a0\u202f"

SENTENCE_END = re.compile(r"[.!?…:;](?:\s?[\"'”’»)\]])*$")
LIST_ITEM = re.compile(r"(?:[-–—*•‣▪·]|\(?[0-9a-zA-Z]{1,3}[.)])\s")
_WRAPPED_WIDTH = range(40, 101)
_WIDEST_PAGE = 250
_ALIKE = 0.4
_WRAPPED_LINES = 3

_TRACKING = (
    "dclid fbclid gbraid gclid gclsrc igsh igshid mc_cid mc_eid msclkid mkt_tok twclid ttclid "
    "wbraid yclid ysclid _ga _gl _hsenc _hsmi at_campaign at_medium cmpid ns_campaign ns_mchannel "
    "ns_source wt_mc xtor"
).split()
_TRACKING_FAMILY = re.compile(r"(?:utm|mtm|pk|itm|vero|oly)_")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalize_text(text: str) -> str:
    """Bring a text to the form in which it is stored.

    The result is NFC, without invisible characters. Each run of spaces is one space, and it stays
    non-breaking (U+00A0, U+202F) only where the whole run was: French typography means those, and
    quotes are shown as they were printed. Lines that were broken at a fixed width are joined.
    Paragraphs are separated by one blank line; a text without any blank line takes each line for
    a paragraph, unless most of them break off in mid-sentence.
    """
    text = _PARAGRAPH_SEPARATOR.sub("\n\n", text)
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    text = _SPACES.sub(_one_space, unicodedata.normalize("NFC", text))
    lines = "\n".join(line.strip() for line in text.split("\n")).strip()
    paragraphs = [paragraph.split("\n") for paragraph in _BLANK_LINES.split(lines)]
    if _is_wrapped(paragraphs):
        paragraphs = [_unwrapped(paragraph) for paragraph in paragraphs]
    if len(paragraphs) == 1:
        paragraphs = [[line] for line in paragraphs[0]]
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs)


def normalize_line(text: str) -> str:
    """Bring a title, a name or another short text into one line; empty if nothing is left."""
    return re.sub("\n+", " ", normalize_text(text))


def canonical_url(url: str) -> str | None:
    """Return the form of an http(s) URL that all links to the same page share, else None.

    Without fragment, user name, default port and tracking parameters; the other parameters sorted.
    """
    try:
        url = canonicalize_url(_INVISIBLE.sub("", url).strip())
        parts = urlsplit(url_query_cleaner(url, _tracking(url), remove=True, unique=False))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or re.search(r"[\s%]", host):
        return None
    host = f"[{host}]" if ":" in host else host
    if port not in (None, _DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def fold(text: str | None) -> str:
    """Drop case and accents, for comparing names; not for display."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def content_hash(text: str) -> str:
    """Return the SHA-256 of a normalized text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _one_space(run: re.Match[str]) -> str:
    spaces = run.group()
    return spaces[0] if all(space in _NON_BREAKING for space in spaces) else " "


def _is_wrapped(paragraphs: list[list[str]]) -> bool:
    """Tell whether line ends are only the edge of a page: alike in length, in mid-sentence.

    Where blank lines separate paragraphs, very short or long lines in them are meant, as verses.
    """
    inner = [line for paragraph in paragraphs for line in paragraph[:-1]]
    if len(inner) < _WRAPPED_LINES:
        return False
    if sum(bool(SENTENCE_END.search(line)) for line in inner) >= 0.5 * len(inner):
        return False
    widths = sorted(map(len, inner))
    if sum(width in _WRAPPED_WIDTH for width in widths) >= 0.9 * len(inner):
        return True
    wide = widths[int(0.9 * len(inner))]
    return len(paragraphs) == 1 and _ALIKE * wide <= median(widths) and wide <= _WIDEST_PAGE


def _unwrapped(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if joined and not LIST_ITEM.match(line):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _tracking(url: str) -> list[str]:
    names = re.findall(r"(?:^|[&;])([^=&;#]+)", url.partition("?")[2])
    return [*_TRACKING, *(name for name in names if _TRACKING_FAMILY.match(name.lower()))]
