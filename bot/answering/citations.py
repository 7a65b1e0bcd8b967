"""Finding quotes in stored articles, linking to them, and the last check of every answer. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from bot.answering.errors import CitationMismatchError
from bot.answering.models import Citation
from index.models import Span

MARK: Final = re.compile(r"\[(\d+)\]")

# What writers and models exchange for one another without changing the words.
_SAME_SIGN: Final = str.maketrans(
    dict.fromkeys("“”„‟«»‹›″‶＂", '"')
    | dict.fromkeys("’‘‚‛ʼʹ′‵`´＇", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
    # Invisible: soft hyphen, zero width spaces and joiners, direction marks, byte order mark.
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
)

# Marked by a NUL: in "1,500,000", in "10 500", and behind the sign of "-5".
_BORDER_IN_NUMBER: Final = re.compile(
    r"\d[.,'’]?\0[.,'’]?\d|(?<!\d)\d{1,3}(?:\s\0|\0\s)\d{3}(?!\d)|(?:^|[\s(])[-−–]\0\d"
)
_GROUP: Final = 5

_EDGE_WORDS: Final = 5
_MOST_PREFIX_WORDS: Final = 12


def normalized_quote(quote: str) -> str:
    """Write a quote in the form in which `find_quote` compares: equal forms are equal words.

    Compatibility forms and case are folded, kinds of quotation marks, apostrophes and dashes are
    one each, and whitespace counts only between two letters or digits, since its use around signs
    is a matter of language (`« oui » :` is `"oui":`).
    """
    return _fold(unicodedata.normalize("NFC", quote))[0]


def find_quote(quote: str, text: str, *, prefer: Span | None = None) -> Span | None:
    """Find the exact place of quoted words in the text of an article.

    Args:
        quote: The words, as somebody else wrote them down.
        text: NFC text.
        prefer: Of several places, one inside of this span comes first, else the one nearest to it.

    Returns:
        The slice of `text` whose normalized form is that of `quote`; it begins and ends between
        words, and in no number. None if there is no such slice, or `quote` has no letter or digit.
    """
    wanted = normalized_quote(quote)
    if not any(sign.isalnum() for sign in wanted):
        return None
    found = _places(wanted, text)
    if prefer is None:
        return next(found, None)
    return min(
        found,
        key=lambda span: max(prefer.start - span.start, span.end - prefer.end, 0),
        default=None,
    )


def fold_ahead(text: str) -> None:
    """Do now what `find_quote` does once for each text: a long one takes it a second."""
    _fold_article(text)


def text_fragment_link(
    url: str | None, quote: str, *, text: str, start: int, end: int
) -> str | None:
    """Link to the quoted words of a page, so that the browser jumps to them and marks them.

    A W3C text fragment. Long quotes, and those over several paragraphs, are named by their first
    and last words; words that occur earlier in the article get the words before them as a prefix.

    Args:
        url: Where the article was published. A text fragment that it has already is replaced.
        quote: The words, `text[start:end]`.
        text: The article's text, in which the words may occur several times.
        start: Offset of the first character of the quote.
        end: Offset after its last character.

    Returns:
        None if there is no URL, or it is not one that a browser may open (http or https).

    Raises:
        ValueError: `quote` is not `text[start:end]`, or is blank.
    """
    if not quote.strip() or text[start:end] != quote:
        msg = f"the quote is not the text from {start} to {end}"
        raise ValueError(msg)
    if url is None or not _is_web_address(url):
        return None
    page, _, fragment = url.partition("#")
    element = fragment.partition(":~:")[0]
    head, tail = _edges(text, start, end)
    terms = [_encoded(text, head)]
    if tail is not None:
        terms.append(_encoded(text, tail))
    prefix = _prefix(text, head)
    if prefix is not None:
        terms.insert(0, _encoded(text, prefix) + "-")
    return f"{page}#{element}:~:text={','.join(terms)}"


def check_citations(text: str, citations: Sequence[Citation]) -> None:
    """Check an answer before anyone sees it: every mark has its citation, and the reverse.

    Raises:
        CitationMismatchError: There is no citation; they are not numbered 1, 2, 3, ... in the
            order of their first marks; one has no mark; a mark has none; or a citation's offsets
            are not those of words in its article.
    """
    for citation in citations:
        if not 0 <= citation.start < citation.end <= len(citation.article.text):
            msg = f"citation {citation.number} points outside of its article"
            raise CitationMismatchError(msg)
        if citation.quote != citation.quote.strip():
            msg = f"citation {citation.number} does not begin and end with words"
            raise CitationMismatchError(msg)
    marks = list(dict.fromkeys(int(number) for number in MARK.findall(text)))
    numbers = [citation.number for citation in citations]
    if not numbers or numbers != list(range(1, len(numbers) + 1)) or marks != numbers:
        msg = f"marks {marks} in the text, citations {numbers}"
        raise CitationMismatchError(msg)


def _fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Fold a text, and tell for each sign of the result the offset that it came from."""
    folded: list[str] = []
    origins: list[int] = []
    space_at: int | None = None
    for offset, original in enumerate(text):
        for sign in unicodedata.normalize("NFKC", original.translate(_SAME_SIGN)).casefold():
            if sign.isspace():
                space_at = offset if space_at is None else space_at
                continue
            if space_at is not None and folded and folded[-1].isalnum() and sign.isalnum():
                folded.append(" ")
                origins.append(space_at)
            space_at = None
            folded.append(sign)
            origins.append(offset)
    return "".join(folded), tuple(origins)


# The quotes of one answer are looked up in the same few articles.
_fold_article = lru_cache(maxsize=16)(_fold)


def _places(wanted: str, text: str) -> Iterator[Span]:
    folded, origins = _fold_article(text)
    at = folded.find(wanted)
    while at >= 0:
        after = at + len(wanted)
        span = Span(origins[at], origins[after - 1] + 1)
        splits = (
            _splits_word(folded, origins, at)
            or _splits_word(folded, origins, after)
            or _splits_number(text, span.start)
            or _splits_number(text, span.end)
        )
        if not splits:
            yield span
        at = folded.find(wanted, at + 1)


def _splits_word(folded: str, origins: Sequence[int], at: int) -> bool:
    """Whether a border is within a word, or a sign that folds to several (`…`)."""
    if not 0 < at < len(folded):
        return False
    return origins[at - 1] == origins[at] or (folded[at - 1].isalnum() and folded[at].isalnum())


def _splits_number(text: str, at: int) -> bool:
    before, after = text[max(0, at - _GROUP) : at], text[at : at + _GROUP]
    return _BORDER_IN_NUMBER.search(f"{before}\0{after}") is not None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    readable = not any(sign.isspace() or not sign.isprintable() for sign in url)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and readable


def _edges(text: str, start: int, end: int) -> tuple[Span, Span | None]:
    """Choose the words that name a quote: all of it, or its first and its last words.

    One term of a text fragment must lie within one paragraph.
    """
    lines = [
        _words(text, line.start() + start, line.end() + start)
        for line in re.finditer(r"[^\n]+", text[start:end])
    ]
    lines = [line for line in lines if line]
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(first) <= 2 * _EDGE_WORDS:
        return _hull(first), None
    head = _hull(first[:_EDGE_WORDS])
    rest = [word for word in last if word.start >= head.end]
    tail = _hull(rest[-_EDGE_WORDS:])
    for count in range(_EDGE_WORDS, len(rest) + 1):
        tail = _hull(rest[-count:])
        # The browser takes the first end after the beginning.
        if not _occurs(text, [tail], head.end, tail.end - 1):
            break
    return head, tail


def _prefix(text: str, head: Span) -> Span | None:
    """Choose the words before `head` that tell it from the same words earlier in the text."""
    if not _occurs(text, [head], 0, head.end - 1):
        return None
    before = text[: head.start].rstrip()
    line = _words(text, before.rfind("\n") + 1, len(before))
    prefix = None
    for count in range(2, _MOST_PREFIX_WORDS + 1):
        if not line[-count:]:
            break
        prefix = _hull(line[-count:])
        if not _occurs(text, [prefix, head], 0, head.end - 1):
            break
    return prefix


def _occurs(text: str, terms: Sequence[Span], start: int, end: int) -> bool:
    """Tell whether the terms stand one after the other in `text[start:end]`, in any case."""
    pattern = r"\s*".join(re.escape(text[term.start : term.end]) for term in terms)
    return re.compile(pattern, re.IGNORECASE).search(text, start, max(start, end)) is not None


def _words(text: str, start: int, end: int) -> list[Span]:
    return [Span(*word.span()) for word in re.compile(r"\S+").finditer(text, start, end)]


def _hull(words: Sequence[Span]) -> Span:
    return Span(words[0].start, words[-1].end)


def _encoded(text: str, term: Span) -> str:
    # A dash is a letter of the fragment's own syntax, and the only such that percent_encode keeps.
    return percent_encode(text[term.start : term.end], safe="").replace("-", "%2D")
