"""Sentences that announce some things, and those behind them that name the things; pure.

"There are several reasons." answers nothing without "First, …" and "Another reason is …".
"""

from __future__ import annotations

import re
from typing import Final

from index.models import Span
from index.sentences import sentences

_MOST_READ: Final = 14
_MOST_NAMED: Final = 4
_SHORT_CHARACTERS: Final = 350

_ANNOUNCES: Final = re.compile(
    r"(?:\b(?:several|various|many|multiple|a number of|two|three|four|five|six|plusieurs|diverses"
    r"|divers|différente?s|deux|trois|quatre|cinq|six)\b[^.:;]{0,40}\b(?:reasons?|causes?|factors?"
    r"|explanations?|conditions?|measures?|changes|demands|steps|arguments?|points?|ways|options"
    r"|raisons?|motifs?|facteurs?|explications?|mesures?|changements|exigences?|étapes|griefs?"
    r"|pistes|solutions)\b|:$)",
    re.IGNORECASE,
)
_NAMES: Final = re.compile(
    r"""["“«(\s]*(?:
    first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|finally|lastly|next
    |(?:another|the\ (?:first|second|third|fourth|last|other|final)|one|a\ (?:second|third|further))
     \ (?!day|week|month|year)\w+
    |to\ begin\ with|in\ addition|additionally|furthermore|on\ top\ of\ that
    |(?:tout\ )?d['’]abord|premièrement|deuxièmement|troisièmement|ensuite|enfin|en\ outre
    |une?\ (?:autre|première?|premier|seconde?|deuxième|troisième|dernière?|dernier)
    |l['’]autre|autre|les?\ (?:premier|second|deuxième|troisième|dernier)
    |la\ (?:première|seconde|deuxième|troisième|dernière)|par\ ailleurs|de\ plus
    |[-•*–—]|\d{1,2}[.)]
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)


def announced(text: str, span: Span) -> list[Span]:
    """Find what a sentence announces.

    Args:
        text: The article's.
        span: One of its sentences.

    Returns:
        Up to four of the sentences behind it that name something of a row ("First", "Enfin", a
        list's), in order, each with the next one where both are short. Empty if it announces
        nothing, or nothing is named.
    """
    if not _ANNOUNCES.search(text[span.start : span.end]):
        return []
    behind = [
        Span(span.end + one.start, span.end + one.end)
        for one in sentences(text[span.end :])[:_MOST_READ]
    ]
    found: list[Span] = []
    for place, one in enumerate(behind):
        if len(found) == _MOST_NAMED:
            break
        if _NAMES.match(text, one.start, one.end):
            found.append(_with_next(text, one, behind[place + 1 : place + 2]))
    return found


def _with_next(text: str, span: Span, behind: list[Span]) -> Span:
    for after in behind:
        goes_on = "\n" not in text[span.end : after.start]
        if goes_on and not _NAMES.match(text, after.start, after.end):
            both = Span(span.start, after.end)
            if both.end - both.start <= _SHORT_CHARACTERS:
                return both
    return span
