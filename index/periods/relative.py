"""Times told from the day of the question: "last Monday", "six months ago". Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from index.models import Period
from index.periods.recurring import RECURRING, Now, Which, choose
from index.periods.words import (
    COUNT,
    MONTH,
    SEASON,
    UNIT,
    UNITS,
    WEEKDAY,
    after,
    number,
)

_DAY: Final = timedelta(days=1)
_WHICH: Final = {
    **dict.fromkeys(
        ("last", "past", "dernier", "derniere", "passe", "passee"),
        Which.LAST,
    ),
    **dict.fromkeys(("this", "ce", "cet", "cette", "current", "en cours"), Which.THIS),
    **dict.fromkeys(("next", "coming", "upcoming", "prochain", "prochaine"), Which.NEXT),
}  # fmt: skip


def _span(match: re.Match[str], some: int) -> timedelta:
    """So many units, in whole days; some, if it is not said how many."""
    unit = UNITS[match["unit"]]
    count = match["count"]
    return -(-unit * (some if count is None else number(count)) // _DAY) * _DAY


def _some(match: re.Match[str]) -> int:
    return 7 if UNITS[match["unit"]] == _DAY else 3


def _read_ago(match: re.Match[str], now: Now) -> Period:
    """A time ago is meant roughly: the day give or take half of the unit."""
    half = UNITS[match["unit"]] / 2
    middle = now.today - _span(match, 1)
    return Period(middle - half, middle + half)


def _read_past(match: re.Match[str], now: Now) -> Period:
    return Period(now.today - _span(match, _some(match)), now.today)


def _read_coming(match: re.Match[str], now: Now) -> Period:
    """The next days, weeks, months; those that came next, if the question asks for what was."""
    if not now.looks_ahead:
        raise ValueError(match.group())
    return Period(now.today + _DAY, now.today + _span(match, _some(match)))


def _read_day(match: re.Match[str], now: Now) -> Period:
    """Today or a part of it, yesterday, the night between, and the day before yesterday."""
    if match["today"]:
        return Period(now.today, now.today)
    day = now.today - (2 * _DAY if match["earlier"] else _DAY)
    return Period(day, now.today if match["night"] else day)


def _read_recurring(match: re.Match[str], now: Now) -> Period:
    which = _WHICH.get(match.groupdict().get("which", ""))
    return choose(RECURRING[match["noun"]], which, now)


def _read_weekdays(match: re.Match[str], now: Now) -> Period:
    last = choose(RECURRING[match["noun"]], None, now)
    first = RECURRING[match["first"]](last.since or now.today, 0)
    return Period(first[0], last.until)


_UNIT: Final = "week[- ]?end|week|month|quarter|half-year|semaine|mois|trimestre|semestre"
_SEASON: Final = rf"(?!fall (?:short|apart|into|under|behind|through|for|on|to)\b){SEASON}"
_NOUN: Final = rf"(?P<noun>{_UNIT}|{WEEKDAY}|{_SEASON})"
_ONE_OF: Final = r"(?!-(?!ci\b)| d'| de | du | of | #)"  # "ce lundi-là", "last week of March"
_HOUR: Final = "(?P<unit>hour|heure|hr|h)s?"
_ONE_DAY: Final = (
    r"(?!(?: (?:to|through|and|or|a|et|ou) | ?- ?)(?:the )?" + WEEKDAY + r"|,? (?:the |le )?[#\d])"
)
"""Neither a range, as of opening hours, nor before a number."""

RELATIVE: Final = (
    (rf"\b{COUNT} ?{_HOUR} ago\b", _read_past),
    (rf"\bil y a (?:environ |plus de |pres de )?{COUNT} ?{_HOUR}\b", _read_past),
    (rf"\b{COUNT} {UNIT} ago\b", _read_ago),
    (rf"\bil y a (?:environ |plus de |pres de )?{COUNT} {UNIT}\b", _read_ago),
    (rf"(?<=\bdepuis ){COUNT} ?{UNIT}\b", _read_past),
    (rf"\b(?:past|last) {COUNT}? ?{UNIT}(?:(?<=s)|(?<=\dh)|(?<=\d h))\b{_ONE_OF}", _read_past),
    (r"\bpast (?P<count>)(?P<unit>hour|day|week|month|year)\b", _read_past),
    (rf"\b(?:ces|les|des) {COUNT}? ?derni(?:er|ere)s {UNIT}\b{_ONE_OF}", _read_past),
    (rf"\bderni(?:er|ere)s {COUNT} ?{UNIT}\b{_ONE_OF}", _read_past),
    (rf"\b(?:next|coming) {COUNT}? ?{UNIT}(?<=s)\b", _read_coming),
    (rf"\b{COUNT}? ?prochaine?s {UNIT}\b", _read_coming),
    (rf"\bprochaine?s {COUNT} {UNIT}\b", _read_coming),
    (
        r"\b(?:(?P<today>today|aujourd'hui|tonight(?! show)|this (?:morning|afternoon|evening)"
        r"|ce (?:matin|soir)|cet apres[- ]midi)|(?P<night>last night|cette nuit|la nuit derniere)"
        r"|(?P<earlier>the day before |avant-)?(?:yesterday|hier))\b(?!-la\b)",
        _read_day,
    ),
    (
        rf"\b(?:this )?(?P<which>last|past|this|current|coming|upcoming|(?<!the )next) {_NOUN}"
        rf"\b{_ONE_OF}",
        _read_recurring,
    ),
    (
        rf"\b(?!(?<!\bl')ete){_NOUN} (?P<which>derniere?|passee?|prochaine?|en cours)\b",
        _read_recurring,
    ),
    (rf"\b(?P<which>ce|cet|cette) {_NOUN}\b{_ONE_OF}", _read_recurring),
    (
        rf"\b(?P<which>dernier|prochain) (?P<noun>week[- ]?end|trimestre|semestre)\b"
        rf"{_ONE_OF}",
        _read_recurring,
    ),
    (
        r"(?<!\bthe )\b(?P<which>last(?! mars)|next(?! ma[ry]s?\b)|this(?! ma| jan\b| sept?\b))"
        rf" (?P<noun>{MONTH})\b",
        _read_recurring,
    ),
    (
        rf"\b(?P<noun>{MONTH}) (?P<which>dernier|passe|prochain)\b",
        _read_recurring,
    ),
    (
        rf"{after('between|entre')}(?P<first>{WEEKDAY}) (?:and|et) (?P<noun>{WEEKDAY})\b",
        _read_weekdays,
    ),
    (
        rf"{after('on|since|until|till|by|before|after|from')}(?P<noun>{WEEKDAY})\b{_ONE_DAY}",
        _read_recurring,
    ),
    (
        rf"(?!{after('le|les|du|au|un|chaque|serie')})\b"
        rf"(?P<noun>(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b"
        rf"(?! (?:noir|saint|gras)\b){_ONE_OF}{_ONE_DAY}",
        _read_recurring,
    ),
    (
        rf"{after('over the|during the|since the|pendant le|durant le|depuis le')}"
        rf"(?P<noun>week[- ]?end)\b",
        _read_recurring,
    ),
    (
        rf"(?:{after('since|since the|depuis|depuis le')}|(?<=\bdepuis l'))"
        rf"(?P<noun>{SEASON})\b(?! of)",
        _read_recurring,
    ),
    (
        rf"(?:{after('start of|beginning of|middle of|end of')}the"
        rf"|{after('debut|milieu|fin')}(?:du|de la|de(?! mois))) (?P<noun>{_UNIT})\b{_ONE_OF}",
        _read_recurring,
    ),
)
