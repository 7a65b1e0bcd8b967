"""Reading publication dates, with the precision that they are given in. Pure."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime

from corpus.models import Precision, PublicationDate

_ISO = re.compile(
    r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2})"
    r"(?:[T ]\d{1,2}:\d{2}.*)?)?)?$",
    re.DOTALL | re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$", re.ASCII)
_EARLIEST_YEAR = 1600  # the first newspapers
_LONGEST_WRITTEN = 60
_LATEST_COMPACT = 9999_12_31
_PRECISIONS = {
    "year": Precision.YEAR,
    "month": Precision.MONTH,
    "day": Precision.DAY,
    "time": Precision.DAY,
}


def parse_date(value: object) -> PublicationDate | None:
    """Read a date, a number of a year, ISO 8601, or a date written out in French or English.

    Returns:
        None if it is no such date; a time of day is dropped, as is a day that is not told
        absolutely ("yesterday").
    """
    match value:
        case datetime():
            return PublicationDate(value.date(), Precision.DAY)
        case date():
            return PublicationDate(value, Precision.DAY)
        case int() if not isinstance(value, bool) and 0 < value <= _LATEST_COMPACT:
            return _iso(str(value))
        case str() if len(value) <= _LONGEST_WRITTEN:
            written = value.strip()
            return _iso(written) if written[:4].isdecimal() else _written(written)
        case _:
            return None


def _iso(value: str) -> PublicationDate | None:
    match = _ISO.match(_COMPACT.sub(r"\1-\2-\3", value))
    if match is None or int(match["year"]) < _EARLIEST_YEAR:
        return None
    year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return PublicationDate(first, Precision.DAY)
    return PublicationDate(first, Precision.MONTH if month else Precision.YEAR)


def _written(value: str) -> PublicationDate | None:
    if not re.search(r"\d{4}", value):
        return None
    from dateparser.date import DateDataParser  # slow to load, and seldom needed

    parser = DateDataParser(
        languages=["fr", "en"],
        use_given_order=True,  # else American: the month before the day
        settings={"PARSERS": ["absolute-time"], "PREFER_DAY_OF_MONTH": "first"},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what dateparser's own code is warned about
        found = parser.get_date_data(value)
    precision = _PRECISIONS.get(found.period or "")
    if found.date_obj is None or precision is None:
        return None
    return _iso(str(PublicationDate(found.date_obj.date(), precision)))
