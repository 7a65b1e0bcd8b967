"""The period that a question speaks of, in French and English; pure.

Dates are read relative to `today`, which the caller gives: a clock in use, or the day on which a
question of an evaluation was asked.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from index.analysis import fold
from index.models import Period

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan janv",
            "february fevrier feb fev fevr",
            "march mars mar",
            "april avril apr avr",
            "may mai",
            "june juin jun",
            "july juillet jul juil",
            "august aout aug",
            "september septembre sept sep",
            "october octobre oct",
            "november novembre nov",
            "december decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}
_SEASONS: Final = {
    "spring": 3, "printemps": 3, "summer": 6, "ete": 6, "autumn": 9, "fall": 9, "automne": 9,
    "winter": 12, "hiver": 12,
}  # fmt: skip
_MONTH_NAME: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_M: Final = rf"(?P<month>{_MONTH_NAME})\.?"
_Y: Final = r"(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d| ?(?:[%€$£]|euros?|dollars?))"
_PART: Final = r"(?P<part>early|mid|late|the (?:start|beginning|middle|end) of|debut|mi|fin)"
_UNITS: Final = {
    "day": 1, "jour": 1, "week": 7, "semaine": 7, "month": 30, "mois": 30, "year": 365, "an": 365,
    "annee": 365,
}  # fmt: skip
_UNIT: Final = r"(?P<unit>day|week|month|year|jour|semaine|mois|annee|an)s?"
_COUNT_WORDS: Final = {"a": 1, "one": 1, "un": 1, "une": 1, "two": 2, "deux": 2, "couple of": 2,
                       "few": 3, "quelques": 3, "three": 3, "trois": 3}  # fmt: skip
_COUNT: Final = r"(?P<count>\d{1,3}|" + "|".join(_COUNT_WORDS) + ")"

_SIDES: Final = re.compile(
    r"\b(?:(?P<since>since|from|depuis|a partir (?:de|du|d'))|(?P<after>after|apres)"
    r"|(?P<before>before|avant)|(?P<until>until|till|by|jusqu'(?:en|au|a)))\s*(?:le |la |l'|the )?$"
)
_BEFORE_A_MONTH: Final = "|".join(
    rf"(?<=\b{word} )"
    for word in "in en since from until till before after by depuis avant apres jusqu'en".split()
)
_YEARS_AHEAD: Final = 2

_Reader = Callable[[re.Match[str], date], Period]


def find_period(question: str, today: date) -> Period | None:
    """Find the days that a question names, as "in April 2023", "l'an dernier" or "since May".

    A range ("between … and …") joins its two ends; "since" and "before" leave the other side
    open. Of several separate dates the period spans all. None if the question names none.
    """
    text = fold(question).replace("’", "'")
    periods: list[Period] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            try:
                periods.append(_opened(text[: match.start()], read(match, today)))
            except (ValueError, OverflowError):  # the 31st of February, or before the year 1
                continue
        text = pattern.sub(lambda match: "#" * len(match.group()), text)
    return _joined(periods) if periods else None


def _opened(before: str, period: Period) -> Period:
    """Let go of one end where the words before the date say so."""
    match = _SIDES.search(before)
    if match is None or period.since is None or period.until is None:
        return period
    match match.lastgroup:
        case "since":
            return Period(period.since, None)
        case "after":
            return Period(period.until + timedelta(days=1), None)
        case "before":
            return Period(None, period.since - timedelta(days=1))
        case _:
            return Period(None, period.until)


def _joined(periods: list[Period]) -> Period | None:
    """From the earliest beginning to the latest end; None where they exclude each other."""
    first = min((period.since for period in periods if period.since), default=None)
    last = max((period.until for period in periods if period.until), default=None)
    return None if first and last and first > last else Period(first, last)


def _year(match: re.Match[str]) -> int:
    return int(match["year"])


def _named_year(match: re.Match[str], today: date) -> int:
    """A number that would be a year far ahead is none: "RTX 2080"."""
    year = _year(match)
    if year > today.year + _YEARS_AHEAD:
        raise ValueError(year)
    return year


def _read_day(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    given = match["year"]
    day = date(int(given) if given else today.year, month, int(match["day"]))
    if not given and day > today:
        day = day.replace(year=day.year - 1)
    return Period(day, day)


def _read_iso(match: re.Match[str], _today: date) -> Period:
    if match["day"]:
        day = date(_year(match), int(match["number"]), int(match["day"]))
        return Period(day, day)
    return _month(_year(match), int(match["number"]))


def _read_month(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    given = match["year"]
    year = int(given) if given else today.year - (month > today.month)
    whole = _month(year, month)
    return _part(match["part"], whole)


def _read_season(match: re.Match[str], _today: date) -> Period:
    first = date(_year(match), _SEASONS[match["season"]], 1)
    return Period(first, first + timedelta(days=91))


def _read_quarter(match: re.Match[str], _today: date) -> Period:
    start = 3 * int(match["quarter"]) - 2
    return Period(_first(_year(match), start), _month(_year(match), start + 2).until)


def _read_year(match: re.Match[str], today: date) -> Period:
    year = _named_year(match, today)
    whole = Period(date(year, 1, 1), date(year, 12, 31))
    return _part(match["part"], whole)


def _read_ago(match: re.Match[str], today: date) -> Period:
    """A time ago is meant roughly: the day give or take half of the unit."""
    unit = _UNITS[match["unit"]]
    count = match["count"]
    middle = today - timedelta(days=unit * (_COUNT_WORDS.get(count) or int(count)))
    return Period(middle - timedelta(days=unit // 2), middle + timedelta(days=unit // 2))


def _read_past(match: re.Match[str], today: date) -> Period:
    """The last days, weeks, months; some, if it is not said how many."""
    unit, count = match["unit"], match["count"]
    some = 7 if _UNITS[unit] == 1 else 3
    number = int(count) if count and count.isdigit() else _COUNT_WORDS.get(count, some)
    return Period(today - timedelta(days=_UNITS[unit] * number), today)


def _read_named(match: re.Match[str], today: date) -> Period:
    """This or the last week, month or year; today and yesterday."""
    if match["today"]:
        return Period(today, today)
    if match["yesterday"]:
        return Period(today - timedelta(days=1), today - timedelta(days=1))
    unit = match["unit"] or match["unit_fr"] or match["unit_now"]
    last = bool(match["last"] or match["last_fr"])
    match _UNITS[unit]:
        case 7:
            monday = today - timedelta(days=today.weekday() + 7 * last)
            return Period(monday, monday + timedelta(days=6))
        case 30:
            ends = today.replace(day=1) - timedelta(days=1) if last else today
            return _month(ends.year, ends.month)
        case _:
            year = today.year - last
            return Period(date(year, 1, 1), date(year, 12, 31))


def _first(year: int, month: int) -> date:
    return date(year, month, 1)


def _month(year: int, month: int) -> Period:
    first = _first(year, month)
    return Period(first, first.replace(day=calendar.monthrange(year, month)[1]))


def _part(name: str | None, whole: Period) -> Period:
    """The first, middle or last third, a little generously."""
    if not name or not whole.since or not whole.until:
        return whole
    third = (whole.until - whole.since) / 3
    if name.endswith(("early", "start of", "beginning of", "debut")):
        return Period(whole.since, whole.since + third)
    if name.endswith(("mid", "middle of", "mi")):
        return Period(whole.since + third, whole.until - third)
    return Period(whole.until - third, whole.until)


_PATTERNS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"\b(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)(?:-(?P<day>[0-3]\d))?\b", _read_iso),
        (rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th|er)?(?: of)? {_M}(?:,? {_Y})?\b", _read_day),
        (rf"\b{_M} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,? {_Y})?", _read_day),
        (rf"\b{_M}(?P<part>)(?= (?:to|and|a|et) {_MONTH_NAME} {_Y})", _read_month),
        (rf"\b(?:{_PART}[ -])?{_M},? (?:of |de )?{_Y}", _read_month),
        (rf"(?:{_BEFORE_A_MONTH})(?:{_PART}[ -])?{_M}(?P<year>)\b", _read_month),
        (rf"\b{_PART}[ -]{_M}(?P<year>)\b", _read_month),
        (rf"\b(?P<season>{'|'.join(_SEASONS)})(?: of| de)? {_Y}", _read_season),
        (rf"\b(?:q|t)(?P<quarter>[1-4]) {_Y}", _read_quarter),
        (rf"(?<![$€£\d.,])\b(?:{_PART}[ -](?:l'annee )?)?{_Y}\b", _read_year),
        (rf"\b{_COUNT} {_UNIT} ago\b", _read_ago),
        (rf"\bil y a (?:environ )?{_COUNT} {_UNIT}\b", _read_ago),
        (rf"\b(?:past|last) {_COUNT}? ?(?P<unit>day|week|month|year)s\b", _read_past),
        (
            rf"\b(?:ces|les) {_COUNT}? ?derni(?:er|ere)s (?P<unit>jour|semaine|mois|annee)s?\b",
            _read_past,
        ),
        (
            r"\b(?P<today>today|aujourd'hui)\b|\b(?P<yesterday>yesterday|hier)\b"
            r"|\b(?:this|(?P<last>last)) (?P<unit>week|month|year)\b"
            r"|\b(?:cette |ce |l'|la |le )(?P<unit_fr>semaine|mois|annee|an)"
            r"(?P<last_fr> (?:derniere?|passee?))\b"
            r"|\b(?:cette |ce )(?P<unit_now>semaine|mois|annee)\b",
            _read_named,
        ),
    )
)
