"""What the words before a date make of it: its beginning, or all that came since. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from index.models import Period
from index.periods.words import WEEKDAY

_BOUNDS: Final = re.compile(
    r"(?:\b(?:(?P<since>since|depuis|a partir (?:de|du|d'))|(?P<start>from)|(?P<after>after|apres)"
    r"|(?P<before>before|prior to|avant)"
    r"|(?P<until>until|till|by|up to|jusqu'(?:en|au|a)|d'ici(?: a| au| en)?))\s*)?"
    r"(?:\b(?:le |la |les |l'|the ))?"
    r"(?:\b(?P<part>early(?: in)?|late(?: in)?|mid|(?:the )?(?:start|beginning|middle|end) of|debut"
    r"|mi|milieu|fin) (?:de |du |d'|des )?)?"
    r"(?:mois (?:de |d')|l'an(?:nee)? |annees |the year )?"
    rf"(?:{WEEKDAY},? (?:the |le )?)?$"
)
_GOES_ON: Final = re.compile(r" (?:to|until|till|onwards?|on(?! \w))\b")


def bounded(whole: Period, before: str, behind: str) -> Period:
    """Keep the part that the words around a date tell, and let go of one end if they say so."""
    match = _BOUNDS.search(before)
    if match is None:
        return whole
    period = _part(match["part"], whole)
    if period.since is None or period.until is None:
        return period
    if match["since"] or (match["start"] and _GOES_ON.match(behind)):
        return Period(period.since, None)
    if match["after"]:
        return Period(period.until + timedelta(days=1), None)
    if match["before"] and not (match["part"] or "").endswith(("end of", "fin")):
        return Period(None, period.since - timedelta(days=1))
    if match["before"] or match["until"]:
        return Period(None, period.until)
    return period


def _part(name: str | None, whole: Period) -> Period:
    """The first, middle or last third, a little generously."""
    if not name or not whole.since or not whole.until:
        return whole
    third = (whole.until - whole.since) / 3
    if name.endswith(("early", "early in", "start of", "beginning of", "debut")):
        return Period(whole.since, whole.since + third)
    if name.endswith(("mid", "middle of", "mi", "milieu")):
        return Period(whole.since + third, whole.until - third)
    return Period(whole.until - third, whole.until)
