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
_ORDINALS: Final = {
    "first": 1, "premier": 1, "second": 2, "deuxieme": 2, "third": 3, "troisieme": 3,
    "fourth": 4, "quatrieme": 4,
}  # fmt: skip
_UNITS: Final = {
    "day": 1, "jour": 1, "week": 7, "semaine": 7, "month": 30, "mois": 30, "year": 365, "an": 365,
    "annee": 365,
}  # fmt: skip
_COUNT_WORDS: Final = {
    "a": 1, "one": 1, "un": 1, "une": 1, "two": 2, "deux": 2, "couple of": 2, "few": 3,
    "quelques": 3, "several": 3, "plusieurs": 3, "three": 3, "trois": 3, "four": 4, "quatre": 4,
    "five": 5, "cinq": 5, "six": 6, "seven": 7, "sept": 7, "eight": 8, "huit": 8, "nine": 9,
    "neuf": 9, "ten": 10, "dix": 10, "eleven": 11, "onze": 11, "twelve": 12, "douze": 12,
}  # fmt: skip


def _after(words: str) -> str:
    """A pattern for the place behind any of these words."""
    return "(?:" + "|".join(rf"(?<=\b{word} )" for word in words.split("|")) + ")"


_NAME: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_M: Final = rf"(?P<month>{_NAME})\.?"
_Y: Final = r"(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d| ?(?:[%€$£]|euros?|dollars?))"
_OF_Y: Final = rf",? (?:of |de )?{_Y}"
_TH: Final = "(?:st|nd|rd|th|er)?"
_FIRST_D: Final = rf"(?P<first_day>[0-3]?\d){_TH}"
_D: Final = rf"(?P<day>[0-3]?\d){_TH}"
_TO: Final = r"(?: (?:to|and|through|a|au|et)(?: the| le)? | ?[-\u2013] ?)"
_ORDINAL: Final = rf"(?P<ordinal>{'|'.join(_ORDINALS)})"
_UNIT: Final = r"(?P<unit>day|week|month|year|jour|semaine|mois|annee|an)s?"
_COUNT: Final = r"(?P<count>\d{1,3}|" + "|".join(_COUNT_WORDS) + ")"
_COUNTED: Final = (
    "people|workers|employees|staff|jobs|positions|roles|users|customers|times|millions?|billions?"
    "|personnes|salaries|employes|postes|emplois|utilisateurs|clients|fois|milliards?"
)

# "GPT-4 may be", "after Jan Leike left", "before Mar-a-Lago", "en sept ans", "2000 people"
_A_DAY: Final = (
    rf"(?:{_after('on|the|of|since|from|until|till|by|before|after|between')}"
    rf"|(?!(?:\d+{_TO})?\d+ ma[yr] [a-z]))"
)
_A_MONTH: Final = (
    _after(
        "in|en|since|from|until|till|before|after|by|depuis|avant|apres|jusqu'en|early|late|mid"
        "|start of|beginning of|middle of|end of|debut|mi|fin"
    )
    + r"(?!(?<!\bin )(?:jan|sept) [a-z]|mar-)"
)
_A_YEAR: Final = rf"(?:{_after('in|en|since|depuis')}|(?!\d+ (?:{_COUNTED})\b))"

_BOUNDS: Final = re.compile(
    r"(?:\b(?:(?P<since>since|depuis|a partir (?:de|du|d'))|(?P<start>from)|(?P<after>after|apres)"
    r"|(?P<before>before|prior to|avant)|(?P<until>until|till|by|jusqu'(?:en|au|a)))\s*)?"
    r"(?:\b(?:le |la |l'|the ))?"
    r"(?:\b(?P<part>early(?: in)?|late(?: in)?|mid|(?:the )?(?:start|beginning|middle|end) of|debut"
    r"|mi|milieu|fin) (?:de |du |d')?(?:mois de |mois d'|l'annee |l'an |the year )?)?$"
)
_GOES_ON: Final = re.compile(r" (?:to|until|till|onwards?|on(?! \w))\b")
_LAST_YEAR: Final = re.compile(r"\b(?:last year|(?:l'|cette )an(?:nee)? (?:derniere?|passee?))\b")
_THIS_YEAR: Final = re.compile(r"\b(?:this year|cette annee)\b")
_MID: Final = re.compile(r"\b(mid?)-")
_YEARS_AHEAD: Final = 2

_Reader = Callable[[re.Match[str], date], Period]


def find_period(question: str, today: date) -> Period | None:
    """Find the days that a question names, as "in April 2023", "l'an dernier" or "since May".

    A range ("between … and …") joins its two ends; "since" and "before" leave the other side
    open. Of several separate dates the period spans all. None if the question names none.
    """
    text = _MID.sub(r"\1 ", fold(question).replace("’", "'"))
    text = _THIS_YEAR.sub(str(today.year), _LAST_YEAR.sub(str(today.year - 1), text))
    periods: list[Period] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            before, after = text[: match.start()], text[match.end() :]
            try:
                periods.append(_bounded(read(match, today), before, after))
            except (ValueError, OverflowError):  # the 31st of February, or before the year 1
                continue
        text = pattern.sub(lambda match: "#" * len(match.group()), text)
    return _joined(periods) if periods else None


def _bounded(whole: Period, before: str, after: str) -> Period:
    """Keep the part that the words around the date tell, and let go of one end if they say so."""
    match = _BOUNDS.search(before)
    if match is None:
        return whole
    period = _part(match["part"], whole)
    if period.since is None or period.until is None:
        return period
    if match["since"] or (match["start"] and _GOES_ON.match(after)):
        return Period(period.since, None)
    if match["after"]:
        return Period(period.until + timedelta(days=1), None)
    if match["before"] and not (match["part"] or "").endswith(("end of", "fin")):
        return Period(None, period.since - timedelta(days=1))
    if match["before"] or match["until"]:
        return Period(None, period.until)
    return period


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


def _day(match: re.Match[str], today: date) -> date:
    given = match["year"]
    day = date(
        int(given or today.year), _MONTHS[match["month"] or match["first"]], int(match["day"])
    )
    return day if given or day <= today else day.replace(year=day.year - 1)


def _read_day(match: re.Match[str], today: date) -> Period:
    day = _day(match, today)
    return Period(day, day)


def _read_days(match: re.Match[str], today: date) -> Period:
    last = _day(match, today)
    month = _MONTHS[match["first"] or match["month"]]
    first = date(last.year - (month > last.month), month, int(match["first_day"]))
    return Period(min(first, last), max(first, last))


def _read_iso(match: re.Match[str], _today: date) -> Period:
    if match["day"]:
        day = date(_year(match), int(match["number"]), int(match["day"]))
        return Period(day, day)
    return _month(_year(match), int(match["number"]))


def _read_month(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    return _month(int(match["year"] or today.year - (month > today.month)), month)


def _read_last_month(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    return _month(today.year - (month >= today.month), month)


def _read_months(match: re.Match[str], today: date) -> Period:
    first, month = _MONTHS[match["first"]], _MONTHS[match["month"]]
    year = int(match["year"] or today.year - (month > today.month))
    return Period(_first(year - (first > month), first), _month(year, month).until)


def _read_season(match: re.Match[str], _today: date) -> Period:
    first = date(_year(match), _SEASONS[match["season"]], 1)
    return Period(first, first + timedelta(days=91))


def _read_quarter(match: re.Match[str], _today: date) -> Period:
    start = 3 * int(match["quarter"] or _ORDINALS[match["ordinal"]]) - 2
    return Period(_first(_year(match), start), _month(_year(match), start + 2).until)


def _read_year(match: re.Match[str], today: date) -> Period:
    year = _named_year(match, today)
    return Period(date(year, 1, 1), date(year, 12, 31))


def _number(count: str) -> int:
    """One, if nothing is counted: "the past year"."""
    return _COUNT_WORDS.get(count) or int(count or 1)


def _read_ago(match: re.Match[str], today: date) -> Period:
    """A time ago is meant roughly: the day give or take half of the unit."""
    unit = _UNITS[match["unit"]]
    middle = today - timedelta(days=unit * _number(match["count"]))
    return Period(middle - timedelta(days=unit // 2), middle + timedelta(days=unit // 2))


def _read_past(match: re.Match[str], today: date) -> Period:
    """The last days, weeks, months; some, if it is not said how many."""
    unit, count = match["unit"], match["count"]
    some = 7 if _UNITS[unit] == 1 else 3
    number = some if count is None else _number(count)
    return Period(today - timedelta(days=_UNITS[unit] * number), today)


def _read_named(match: re.Match[str], today: date) -> Period:
    """This or the last week or month; today, yesterday and the day before."""
    if match["today"]:
        return Period(today, today)
    if match["yesterday"]:
        day = today - timedelta(days=2 if match["earlier"] else 1)
        return Period(day, day)
    last = bool(match["last"])
    if _UNITS[match["unit"]] == 7:
        monday = today - timedelta(days=today.weekday() + 7 * last)
        return Period(monday, monday + timedelta(days=6))
    ends = today.replace(day=1) - timedelta(days=1) if last else today
    return _month(ends.year, ends.month)


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
    if name.endswith(("early", "early in", "start of", "beginning of", "debut")):
        return Period(whole.since, whole.since + third)
    if name.endswith(("mid", "middle of", "mi", "milieu")):
        return Period(whole.since + third, whole.until - third)
    return Period(whole.until - third, whole.until)


_PATTERNS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"\b(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)(?:-(?P<day>[0-3]\d))?\b", _read_iso),
        (r"\b(?P<day>[0-3]?\d)[/.](?P<number>[01]?\d)[/.](?P<year>(?:19|20)\d\d)\b", _read_iso),
        (
            rf"{_A_DAY}\b{_FIRST_D}(?:(?: of)? (?P<first>{_NAME})\.?)?{_TO}{_D}(?: of)? {_M}"
            rf"(?:{_OF_Y})?\b",
            _read_days,
        ),
        (
            rf"\b(?P<first>{_NAME})\.? {_FIRST_D}{_TO}(?:{_M} )?{_D}\b(?:{_OF_Y})?",
            _read_days,
        ),
        (rf"{_A_DAY}\b{_D}(?: of)? {_M}(?:{_OF_Y})?\b", _read_day),
        (rf"\b{_M} {_D}\b(?:{_OF_Y})?", _read_day),
        (rf"(?<!-)\b(?P<first>{_NAME})\.?{_TO}{_M}(?:{_OF_Y}|\b)", _read_months),
        (rf"\b{_M}{_OF_Y}", _read_month),
        (
            rf"(?<!\bthe )\b(?P<last>last (?!mars))?{_M}(?(last)| (?:dernier|passe))\b",
            _read_last_month,
        ),
        (rf"{_A_MONTH}{_M}(?P<year>)\b", _read_month),
        (rf"\b(?P<season>{'|'.join(_SEASONS)}){_OF_Y}", _read_season),
        (rf"\b(?:[qt](?P<quarter>[1-4])|{_ORDINAL} (?:quarter|trimestre)){_OF_Y}", _read_quarter),
        (rf"(?<![$€£\d.,])\b{_A_YEAR}{_Y}\b", _read_year),
        (rf"\b{_COUNT} {_UNIT} ago\b", _read_ago),
        (rf"\bil y a (?:environ |plus de |pres de )?{_COUNT} {_UNIT}\b", _read_ago),
        (rf"(?<=\bdepuis ){_COUNT} {_UNIT}\b", _read_past),
        (rf"\b(?:past|last) {_COUNT}? ?(?P<unit>day|week|month|year)s\b", _read_past),
        (r"\bpast (?P<count>)(?P<unit>day|week|month|year)\b", _read_past),
        (
            rf"\b(?:ces|les|des) {_COUNT}? ?derni(?:er|ere)s (?P<unit>jour|semaine|mois|annee)s?\b",
            _read_past,
        ),
        (
            r"\b(?P<today>today|aujourd'hui)\b"
            r"|\b(?P<earlier>the day before |avant-)?(?P<yesterday>yesterday|hier)\b"
            r"|\b(?:(?P<last>last|(?:cette|ce|la|le)(?= \w+ (?:derniere?|passee?)\b))"
            r"|this|cette|ce) (?P<unit>week|month|semaine|mois)\b",
            _read_named,
        ),
    )
)
