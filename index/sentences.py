"""Where sentences begin and end, as exact slices of the text, for French and English."""

from __future__ import annotations

import re

from index.models import Span

# What may be followed by a full stop inside a sentence, compared in lower case.
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof sr jr st vs etc inc corp co ltd llc bros gen rep sen gov lt col sgt
capt jan feb mar apr jun jul aug sept sep oct nov dec no nos vol fig al approx dept est
ed eds pp m mm mme mmes mlle mlles me mgr av bd janv févr avr juil déc env ex réf art p
n cf vol chap e.g i.e u.s u.k e.u u.n a.m p.m c.-à-d d.c ph.d""".split()
)
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*[-•*–—]\s)")
_END = re.compile(
    r"""(?<![.!?…])[.!?…]++       # the stop, taken whole: a line of dots has one, not thousands
        (?:[\s\u00a0\u202f]?[»”"’')\]]+)?  # with what closes a quotation or a bracket
        (?=\s+\S)                 # and something behind it
    """,
    re.VERBOSE,
)
_OPENING = "«“\"‘'([—–-•"
_LAST_WORD = re.compile(r"[\w.’'-]+$")
_LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))


def sentences(text: str) -> list[Span]:
    """Split a text into its sentences.

    Args:
        text: Paragraphs separated by blank lines; a line that begins with a list mark stands alone.

    Returns:
        Spans in order, without overlap, none empty or with white space at its ends. All that is
        between them is white space. Empty for a text of nothing but white space.
    """
    spans: list[Span] = []
    for paragraph in _paragraphs(text):
        start = paragraph.start
        for match in _END.finditer(text, paragraph.start, paragraph.end):
            if _ends_sentence(text, start, match):
                spans.append(Span(start, match.end()))
                start = _skip_space(text, match.end(), paragraph.end)
        if start < paragraph.end:
            spans.append(Span(start, paragraph.end))
    return spans


def sentences_within(text: str, part: Span) -> list[Span]:
    """Split a part of a text, a passage, into its sentences; spans of the text, as `sentences`."""
    own = sentences(text[part.start : part.end])
    return [Span(part.start + one.start, part.start + one.end) for one in own]


def _paragraphs(text: str) -> list[Span]:
    """Slice at blank lines and list items, without the white space around."""
    borders = [0]
    for match in _PARAGRAPH.finditer(text):
        borders += [match.start(), match.end()]
    borders.append(len(text))
    spans = []
    for start, end in zip(borders[::2], borders[1::2], strict=True):
        first = _skip_space(text, start, end)
        last = first + len(text[first:end].rstrip())
        if first < last:
            spans.append(Span(first, last))
    return spans


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Tell a sentence's end from an abbreviation, an initial or a quotation that goes on."""
    next_word = _skip_space(text, match.end(), len(text))
    following = text[next_word : next_word + 2].lstrip(_OPENING + "\u00a0\u202f ")
    if following and following[0].islower():
        return False
    stop = match.group()
    if not stop.startswith(".") or stop.startswith(".."):
        return True
    nearest = max(start, match.start() - _LONGEST_ABBREVIATION - 1)
    word = _LAST_WORD.search(text, nearest, match.start())
    if word is None:
        return True
    last = word.group()
    is_initial = len(last) == 1 and last.isupper() and last not in "IÀ"
    return not is_initial and last.lower().rstrip(".") not in _ABBREVIATIONS
