"""What must hold for any bytes; each target raises where it does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import corpus
from bot.answering.citations import find_quote, normalized_quote, text_fragment_link
from corpus.errors import ImportLineError, RejectedArticleError
from corpus.extracting import extract
from corpus.importing import read_jsonl
from corpus.models import Draft
from corpus.normalizing import canonical_url, normalize_line, normalize_text
from tests.fakes.files import PAGE, PARAGRAPH, pdf

Target: TypeAlias = Callable[[bytes], None]

_NAMES = ["a.txt", "a.md", "a.html", "a.pdf", "a", "https://example.org/a"]
_SAMPLES = Path(corpus.__file__).parent / "samples" / "articles.jsonl"


def extracting(data: bytes) -> None:
    """Read bytes as a file; the first one chooses the name."""
    name = _NAMES[data[0] % len(_NAMES)] if data else "a"
    try:
        draft = extract(data[1:], name=name)
    except RejectedArticleError:
        return
    assert draft.text.strip()
    normalizing(draft.text.encode(errors="surrogatepass"))


def importing(data: bytes) -> None:
    """Read bytes as JSON Lines."""
    for found in read_jsonl(io.BytesIO(data), "in.jsonl"):
        assert isinstance(found, Draft | ImportLineError)


def normalizing(data: bytes) -> None:
    """Normalize a text, a line and an address, each of which changes nothing a second time."""
    text = data.decode(errors="replace")
    for normalize in (normalize_text, normalize_line, canonical_url):
        once = normalize(text)
        if once is not None:
            once.encode()
            assert normalize(once) == once, normalize.__name__


def quoting(data: bytes) -> None:
    """Find a part of a text in it, and link to it; the first two bytes choose the part."""
    text = normalize_text(data[2:].decode(errors="replace"))
    start, end = sorted(len(text) * share // 256 for share in data[:2]) if data[2:] else (0, 0)
    for quote in (text, text[start:end]):
        span = find_quote(quote, text)
        is_whole = quote == text and any(map(str.isalnum, normalized_quote(quote)))
        assert span is not None or not is_whole
        if span is not None:
            found = text[span.start : span.end]
            assert normalized_quote(found) == normalized_quote(quote)
            text_fragment_link(
                "https://a.example/b", found, text=text, start=span.start, end=span.end
            )


TARGETS: dict[str, Target] = {
    target.__name__: target for target in (extracting, importing, normalizing, quoting)
}


def seeds() -> list[bytes]:
    """Return bytes to begin with, of which every target makes something."""
    markdown = f"---\ntitle: Boréal\ndate: 2022-11\n---\n# Boréal\n\n{PARAGRAPH}\n\n- un\n- deux\n"
    with _SAMPLES.open("rb") as lines:
        line = lines.readline()
    wrapped = "date 2022-11\n" + "\n".join(PARAGRAPH[at : at + 60] for at in range(0, 180, 60))
    return [
        b"\0" + wrapped.encode(),
        b"\0" + wrapped.encode("utf-16"),
        b"\1" + markdown.encode(),
        b"\2" + PAGE.encode("cp1252"),
        b"\3" + pdf(PARAGRAPH),
        line,
        line.decode().encode("utf-32"),
        b" https://EXAMPLE.org:443/a/../b?utm_source=x&b=2&a=1#c",
        "\x80\x40« 10 500 » l’été… 1,000.5 ﬁn".encode(),
    ]
