"""Dates as a calendar has them: days, months, quarters, years. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from index.models import Period
from index.periods.recurring import RECURRING, Now, choose, months_from
from index.periods.words import (
    MONTH,
    MONTHS,
    OF_YEAR,
    ORDINALS,
    SEASON,
    SEASONS,
    YEAR,
    after,
    any_of,
)

_YEARS_AHEAD: Final = 2


def _year(match: re.Match[str]) -> int:
    return int(match["year"])


def _named_year(match: re.Match[str], now: Now) -> int:
    """A number that would be a year far ahead is none: "RTX 2080"."""
    year = _year(match)
    if year > now.today.year + _YEARS_AHEAD:
        raise ValueError(year)
    return year


def _one(day: date) -> Period:
    return Period(day, day)


def _day(match: re.Match[str], now: Now) -> date:
    given = match["year"]
    month, day = MONTHS[match["month"] or match["first"]], int(match["day"])
    if given:
        return date(int(given), month, day)
    this_year = date(now.today.year, month, day)
    if this_year > now.today and not now.looks_ahead:
        return this_year.replace(year=this_year.year - 1)
    if this_year < now.today and now.looks_ahead:
        return this_year.replace(year=this_year.year + 1)
    return this_year


def _read_day(match: re.Match[str], now: Now) -> Period:
    return _one(_day(match, now))


def _read_days(match: re.Match[str], now: Now) -> Period:
    last = _day(match, now)
    month = MONTHS[match["first"] or match["month"]]
    first = date(last.year - (month > last.month), month, int(match["first_day"]))
    return Period(min(first, last), max(first, last))


def _read_iso(match: re.Match[str], _now: Now) -> Period:
    if match["day"]:
        return _one(date(_year(match), int(match["number"]), int(match["day"])))
    return Period(*months_from(_year(match), int(match["number"])))


def _read_short(match: re.Match[str], now: Now) -> Period:
    """Of a year of two digits the century is that which is not far ahead."""
    year = 2000 + int(match["short"])
    century = 100 if year > now.today.year + _YEARS_AHEAD else 0
    return _one(date(year - century, int(match["number"]), int(match["day"])))


def _read_month(match: re.Match[str], now: Now) -> Period:
    if match["year"]:
        return Period(*months_from(_year(match), MONTHS[match["month"]]))
    return choose(RECURRING[match["month"]], None, now)


def _read_months(match: re.Match[str], now: Now) -> Period:
    last = _read_month(match, now)
    first, month = MONTHS[match["first"]], MONTHS[match["month"]]
    begun = last.since or now.today
    return Period(date(begun.year - (first > month), first, 1), last.until)


def _read_season(match: re.Match[str], _now: Now) -> Period:
    return Period(*months_from(_year(match), SEASONS[match["season"]], 3))


def _ordinal(match: re.Match[str]) -> int:
    given = match["letter"] or match["ordinal"]
    return int(given[0]) if given[0].isdigit() else ORDINALS[given]


def _read_quarter(match: re.Match[str], _now: Now) -> Period:
    return Period(*months_from(_year(match), 3 * _ordinal(match) - 2, 3))


def _read_half(match: re.Match[str], _now: Now) -> Period:
    return Period(*months_from(_year(match), 1 if _ordinal(match) == 1 else 7, 6))


def _read_decade(match: re.Match[str], _now: Now) -> Period:
    digits = match["decade"] or match["short"] or match["round"]
    first = int(digits) if len(digits) > 2 else 1900 + int(digits)
    return Period(date(first, 1, 1), date(first + 9, 12, 31))


def _read_year(match: re.Match[str], now: Now) -> Period:
    return Period(*months_from(_named_year(match, now), 1, 12))


_M: Final = rf"(?P<month>{MONTH})\.?"
_TH: Final = "(?:st|nd|rd|th|er)?"
_FIRST_D: Final = rf"(?P<first_day>[0-3]?\d){_TH}"
_D: Final = rf"(?P<day>[0-3]?\d){_TH}"
_TO: Final = r"(?: (?:to|and|through|a|au|et)(?: the| le)? | ?[-\u2013] ?)"
_ORDINAL: Final = rf"(?P<ordinal>[1-4](?:st|nd|rd|th|n?de?|ere?|e|eme)|{any_of(ORDINALS)})"
_COUNTED: Final = (
    "people|workers|employees|staff|jobs|positions|roles|users|customers|times|millions?|billions?"
    "|personnes|salaries|employes|postes|emplois|utilisateurs|clients|fois|milliards?"
)
_VERSIONED: Final = (
    "windows|server|office|excel|outlook|exchange|sharepoint|visual studio|flight simulator"
    "|horizon|project"
)
"""Products that a year is a version of: "Office 2019"."""

# "GPT-4 may be", "after Jan Leike left", "before Mar-a-Lago", "en sept ans", "2000 people"
_A_DAY: Final = (
    rf"(?:{after('on|the|of|since|from|until|till|by|before|after|between')}"
    rf"|(?!(?:\d+{_TO})?\d+ ma[yr] [a-z]))"
)
_BEFORE_A_MONTH: Final = (
    "in|en|since|from|until|till|before|after|by|up to|depuis|avant|apres|mois de|jusqu'en|jusqu'a"
    "|d'ici|d'ici a|early|late|mid|start of|beginning of|middle of|end of|debut|mi|fin"
)
_A_MONTH: Final = (
    rf"(?:{after(_BEFORE_A_MONTH)}|(?<=\bmois d'))"
    r"(?!(?<!\bin )(?:jan|sept) [a-z]|mar-|\w+ (?:dernier|passe|prochain)\b)"
)
_A_YEAR: Final = (
    rf"(?:{after('in|en|since|depuis')}|(?!{after(_VERSIONED)})(?!\d+ (?:{_COUNTED})\b))"
)
_A_SEASON: Final = r"(?!(?:(?<=[ain]t )|(?<=\ba ))ete)"  # "a été de 2000", "avait été de 2000"

DATES: Final = (
    (r"\b(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)(?:-(?P<day>[0-3]\d))?\b", _read_iso),
    (r"\b(?P<day>[0-3]?\d)[/.](?P<number>[01]?\d)[/.](?P<year>(?:19|20)\d\d)\b", _read_iso),
    (r"(?<!/)\b(?P<day>[0-3]?\d)/(?P<number>[01]?\d)/(?P<short>\d\d)\b(?!/)", _read_short),
    (
        rf"{_A_DAY}\b{_FIRST_D}(?:(?: of)? (?P<first>{MONTH})\.?)?{_TO}{_D}(?: of)? {_M}"
        rf"(?:{OF_YEAR})?\b",
        _read_days,
    ),
    (rf"\b(?P<first>{MONTH})\.? {_FIRST_D}{_TO}(?:{_M} )?{_D}\b(?:{OF_YEAR})?", _read_days),
    (rf"{_A_DAY}\b{_D}(?: of)? {_M}(?:{OF_YEAR})?\b", _read_day),
    (rf"\b{_M} {_D}\b(?:{OF_YEAR})?", _read_day),
    (rf"(?<!-)\b(?P<first>{MONTH})\.?{_TO}{_M}(?:{OF_YEAR}|\b)", _read_months),
    (rf"\b{_M}{OF_YEAR}", _read_month),
    (rf"{_A_MONTH}{_M}(?P<year>)\b", _read_month),
    (rf"{_A_SEASON}\b(?P<season>{SEASON}){OF_YEAR}", _read_season),
    (
        rf"\b(?:[qt](?P<letter>[1-4])|{_ORDINAL} (?:quarter|trimestre)){OF_YEAR}",
        _read_quarter,
    ),
    (
        rf"\b(?:[hs](?P<letter>[12])|{_ORDINAL} (?:half|semestre|moitie)){OF_YEAR}",
        _read_half,
    ),
    (
        r"\b(?:(?P<decade>(?:19|20)\d0)s|(?<=\bannees )(?P<round>(?:(?:19|20)\d|[5-9])0)"
        rf"|{after('the|the early|the mid|the late')}(?P<short>[5-9]0)'?s)\b",
        _read_decade,
    ),
    (rf"(?<![$€£\d.,])\b{_A_YEAR}{YEAR}\b", _read_year),
)
"""Patterns and who reads them; what an earlier one took, no later one sees."""
