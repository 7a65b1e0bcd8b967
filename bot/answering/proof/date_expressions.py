"""Dates that a sentence gives, and whether that of an article proves them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

from bot.answering.proof.names import MONTHS, WEEKDAYS
from corpus.models import Precision, PublicationDate
from index.analysis import fold

_ACCENTS: Final = str.maketrans({"é": "[ée]", "û": "[ûu]"})
_SPELT: Final = {"fevrier": "février", "aout": "août", "decembre": "décembre"}


def _any_of(names: Iterable[tuple[str, str]]) -> str:
    words = (_SPELT.get(word, word).translate(_ACCENTS) for both in names for word in both)
    return "|".join(words)


_MONTH: Final = _any_of(MONTHS)
_WEEKDAY: Final = _any_of(WEEKDAYS)
_YEAR: Final = r"(?:19|20)\d\d(?![\d%]|[.,]\d|\s?(?:[$€£%]|euros?|dollars?|pounds?))"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_BEFORE: Final = rf"(?:(?P<weekday{{}}>{_WEEKDAY}),?\s+(?:the\s+|le\s+)?)?"
# The commonest of each language first; a month that follows "in" has no day behind it.
_DATE: Final = re.compile(
    r"(?<![\w.,$€£])(?:"
    + "|".join(
        (
            _BEFORE.format(1) + rf"(?P<day1>{_DAY})(?:er|st|nd|rd|th)?\s+(?:of\s+)?"
            rf"(?P<month1>{_MONTH})\b(?:,?\s+(?P<year1>{_YEAR}))?",
            _BEFORE.format(2) + rf"(?<!\bin\s)(?P<month2>{_MONTH})\s+(?P<day2>{_DAY})"
            rf"(?:st|nd|rd|th)?\b(?![.,:]?\d|\s?%)(?:,?\s+(?P<year2>{_YEAR}))?",
            rf"(?P<month3>{_MONTH})\b(?:,?\s+(?P<year3>{_YEAR}))?",
            rf"(?P<weekday4>{_WEEKDAY})\b(?:\s+(?P<day4>{_DAY})\b(?![.,:]\d|\s?%))?",
            rf"(?:in|en|since|depuis|until|by|début|fin|early|late|of|de)\s+(?P<year5>{_YEAR})",
        )
    )
    + ")",
    re.IGNORECASE,
)
_MONTH_NUMBERS: Final = {name: at for at, both in enumerate(MONTHS, 1) for name in both}
_WEEKDAY_NUMBERS: Final = {name: at for at, both in enumerate(WEEKDAYS) for name in both}


@dataclass(frozen=True, slots=True)
class _Date:
    """What an expression says of a date; what it leaves out is None."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None

    @classmethod
    def of(cls, found: re.Match[str]) -> Self:
        told = {name[:-1]: value for name, value in found.groupdict().items() if value}
        month, weekday = fold(told.get("month", "")), fold(told.get("weekday", ""))
        return cls(
            int(told["year"]) if "year" in told else None,
            _MONTH_NUMBERS.get(month),
            int(told["day"]) if "day" in told else None,
            _WEEKDAY_NUMBERS.get(weekday),
        )

    def is_part_of(self, other: _Date) -> bool:
        """Tell whether another says all that this says."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in (
                (self.year, other.year),
                (self.month, other.month),
                (self.day, other.day),
                (self.weekday, other.weekday),
            )
        )

    def completed_by(self, published: _Date) -> _Date:
        """Add the month and year of publication where they are left out."""
        return replace(
            self,
            year=published.year if self.year is None else self.year,
            month=published.month if self.month is None else self.month,
        )


def without_known_dates(sentence: str, *, said: str, published: Iterable[PublicationDate]) -> str:
    """Take out the dates that that of one article proves, or completes where the quotes begin them.

    The parts of a date count for nothing else: who was published on 28 October did not therefore
    dismiss 28 people.
    """
    days = [_as_date(one) for one in published]
    if not days:
        return sentence
    told = list(_dates_in(said))

    def left(found: re.Match[str]) -> str:
        date = _Date.of(found)
        if not _is_date(found, date):
            return found[0]
        proven = any(
            date.is_part_of(day) or any(date.is_part_of(one.completed_by(day)) for one in told)
            for day in days
        )
        return " " if proven else found[0]

    return _DATE.sub(left, sentence)


def _dates_in(text: str) -> Iterator[_Date]:
    for found in _DATE.finditer(text):
        date = _Date.of(found)
        if _is_date(found, date):
            yield date


def _is_date(found: re.Match[str], date: _Date) -> bool:
    """Tell a month from the verbs "may" and "march" and from the planet Mars."""
    month = found["month1"] or found["month2"] or found["month3"]
    if month in {"may", "march"}:
        return False
    return month != "Mars" or date.day is not None or date.year is not None


def _as_date(published: PublicationDate) -> _Date:
    day, precision = published.first, published.precision
    return _Date(
        day.year,
        None if precision is Precision.YEAR else day.month,
        day.day if precision is Precision.DAY else None,
        day.weekday() if precision is Precision.DAY else None,
    )
