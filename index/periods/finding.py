"""Finds the days that a question names. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from index.analysis import fold
from index.models import Period
from index.periods.bounds import bounded
from index.periods.dates import DATES
from index.periods.recurring import Now
from index.periods.relative import RELATIVE
from index.periods.words import after

_MID: Final = re.compile(r"\b(mid?)-")
_PART_OF: Final = "start of|beginning of|middle of|end of|half of|quarter of"
_PARTIE_DE: Final = "debut de|milieu de|fin de|semestre de|trimestre de"
_YEARS: Final = tuple(
    (re.compile(pattern), years)
    for pattern, years in (
        (r"\b(?:last year|(?:l'|cette )an(?:nee)? (?:derniere?|passee?))\b", -1),
        (r"\b(?:(?<!\bthe )next year|l'an(?:nee)? prochaine?)\b", 1),
        (
            r"\b(?:this year|cette annee(?!-la\b)|l'annee en cours"
            rf"|(?:{after(_PART_OF)}the year|{after(_PARTIE_DE)}l'annee)(?! (?:of )?\d| scolaire)"
            rf"|{after('en debut|en milieu|en fin')}d'annee)\b",
            0,
        ),
    )
)
_AHEAD: Final = re.compile(
    r"\b(?:will|won't|going to|(?<!as )plann(?:ed|ing)|plans? (?:for|to)|upcoming|coming(?! from)"
    r"|scheduled|expected|due(?! to)|next|to come|(?<!comme )prevue?s?|attendue?s?|prochaine?s?"
    r"|prochainement|a venir|d'ici|(?:va|vont) (?:\w+ )?\w+(?:er|ir|re|oir)"
    r"|(?!camera\b|opera\b)(?:s?aur|\w+(?:[eiv]r|(?:au|en|er|on|ou)dr|[eo]u?rr))(?:a|ont)"
    r"(?:-t)?(?:-\w+)?)\b"
)
_BEHIND: Final = re.compile(
    r"\b(?:(?:was|were|did|had)(?:n't)?|(?:et|av|dev|pouv|all|voul)(?:ait|aient))\b"
)
_PATTERNS: Final = tuple((re.compile(pattern), read) for pattern, read in (*DATES, *RELATIVE))


def find_period(question: str, today: date) -> Period | None:
    """Find the days that a question names, as "in April 2023", "l'an dernier" or "since May".

    A range ("between … and …") joins its two ends; "since" and "before" leave the other side
    open. Of several separate dates the period spans all. "In May" and "on Monday" are the last
    ones, unless the question asks for what is to come. None if it names none.
    """
    text = _MID.sub(r"\1 ", fold(question).replace("’", "'"))
    now = Now(today, looks_ahead=bool(_AHEAD.search(text)) and not _BEHIND.search(text))
    for pattern, years in _YEARS:
        text = pattern.sub(str(today.year + years), text)
    periods: list[Period] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            before, behind = text[: match.start()], text[match.end() :]
            try:
                periods.append(bounded(read(match, now), before, behind))
            except (ValueError, OverflowError):  # the 31st of February, or before the year 1
                continue
        text = pattern.sub(lambda match: "#" * len(match.group()), text)
    return _joined(periods) if periods else None


def _joined(periods: list[Period]) -> Period | None:
    """From the earliest beginning to the latest end; None where they exclude each other."""
    first = min((period.since for period in periods if period.since), default=None)
    last = max((period.until for period in periods if period.until), default=None)
    return None if first and last and first > last else Period(first, last)
