"""Plain text, which may begin with a date and a title."""

from __future__ import annotations

import re

from corpus.dates import parse_date
from corpus.models import Draft, PublicationDate
from corpus.titles import looks_like_title

_DATE = re.compile(
    r"\s*date[ \t]*:?[ \t]*(\d{4}(?:([-/.])\d{1,2}(?:\2\d{1,2})?)?)(?![\w-]|[/.]\d)[ \t]*", re.I
)
_LONG_LINE = 100


def read_plain_text(text: str, origin: str) -> Draft:
    """Read a text that may begin with `date 2023-04-19`, or only its month or year, then a title.

    The first line is the title if it looks like one and either a blank line follows it, or a line
    too long to be the next line of the same paragraph.
    """
    published, body = split_date(text)
    first, _, rest = body.partition("\n")
    title = first.strip()
    following = rest.split("\n", 1)[0].strip()
    if looks_like_title(title) and rest.strip() and (not following or len(following) > _LONG_LINE):
        return Draft(text=rest, origin=origin, title=title, published=published)
    return Draft(text=body, origin=origin, published=published)


def split_date(text: str) -> tuple[PublicationDate | None, str]:
    """Separate the date that a text begins with from the rest; None if it begins with none."""
    date = _DATE.match(text)
    published = parse_date(date[1]) if date else None
    return published, (text[date.end() :] if date and published else text).strip()
