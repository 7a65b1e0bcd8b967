"""Discord's Markdown: text shown as it is, links that only code writes, pieces that fit; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote as percent_encode

from bot.locales import Words

PAGE_LIMIT: Final = 4096
_MOST_LINK: Final = 1500

_CONTROLS: Final = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ANYWHERE: Final = re.compile(r"[\\*_~`|\[\]<]|:(?=[\w/:])")
_AT_LINE_START: Final = re.compile(r"^([^\S\n]*)([-+#>]|\d+(?=[.)]))", re.MULTILINE)
_ROUND: Final = str.maketrans("[]", "()")
_MENTION: Final = re.compile(r"@(?=everyone|here|[!&]?\d)")
_MAY_GROW: Final = frozenset("\\*_~`|[]<:-+#>.)@")
_CUTS: Final = tuple(re.compile(border) for border in (r"\n\n", r"\n", r"(?<=[.!?…])\s", r"\s"))


def plain(text: str) -> str:
    """Write text so that Discord shows it as it is: no Markdown, no link, no mention.

    Signs that cannot be seen, or that reverse the direction of others, are dropped.
    """
    visible = _ANYWHERE.sub(r"\\\g<0>", _CONTROLS.sub(_seen, text))
    return _MENTION.sub("@\u200b", _AT_LINE_START.sub(_harmless_start, visible))


def shortened(text: str, most: int) -> str:
    """Cut a title or a name, visibly, to at most `most` signs."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def on_one_line(text: str) -> str:
    """Let every run of whitespace be one blank."""
    return " ".join(text.split())


def masked_link(label: str, url: str | None, words: Words) -> str:
    """Write a link under a label; without one if there is no URL that Discord would open."""
    # Of a bracket in a label, Discord is not sure whether it ends the label.
    shown = plain(label.translate(_ROUND))
    if url is None or not re.match(r"https?://[^/\s]", url):
        return shown
    for target in (url, url.partition("#")[0]):
        encoded = percent_encode(_CONTROLS.sub("", target), safe=":/?#!$&'+,;=%~.-_")
        if units(encoded) <= _MOST_LINK:
            return f"[{shown}]({encoded})"
    return f"{shown} {words.link_too_long}"


def split_plain(text: str, limit: int = PAGE_LIMIT) -> list[str]:
    """Write text as with `plain`, in pieces of at most `limit`.

    Cut between paragraphs where possible, else between lines, sentences, words, signs, in this
    order; only whitespace at a cut is lost. Empty for blank text.
    """
    pieces = []
    rest = text.strip()
    while rest:
        head = _longest_head(rest, limit)
        if head < len(rest):
            head = _cut(rest, head)
        pieces.append(plain(rest[:head].strip()))
        rest = rest[head:].strip()
    return [piece for piece in pieces if piece.strip()]


def pack(blocks: Iterable[str], limit: int = PAGE_LIMIT, *, between: str = "\n\n") -> list[str]:
    """Put blocks on as few pages as their order allows, with `between` in between; none is cut."""
    pages: list[str] = []
    for block in blocks:
        if pages and units(pages[-1]) + len(between) + units(block) <= limit:
            pages[-1] += f"{between}{block}"
        else:
            pages.append(block)
    return pages


def units(text: str) -> int:
    """Count as the strictest of Discord's counters does: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _seen(match: re.Match[str]) -> str:
    if match.group() == "\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= match.group() <= "\udfff" else ""


def _harmless_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    # The sign that makes a number the head of a list is the one after it.
    return f"{space}{mark}\\" if mark.isdecimal() else f"{space}\\{mark}"


def _longest_head(text: str, limit: int) -> int:
    """Find how many signs of `text` surely fit into `limit` as `plain` writes them."""
    size = 0
    for count, sign in enumerate(text):
        size += 2 if sign in _MAY_GROW else units(sign)
        if size > limit:
            return count
    return len(text)


def _cut(text: str, most: int) -> int:
    """Choose where to cut within the first `most` signs: late, at the strongest border there is."""
    for border in _CUTS:
        places = [match.end() for match in border.finditer(text, 0, most)]
        if places and places[-1] > most // 2:
            return places[-1]
    return most
