"""What a question asks for: its language, period, kind and whether it wants the newest; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from index.analysis import STOP_WORDS, fold, query_terms, tokens
from index.enumeration import asks_several
from index.models import Period
from index.periods import find_period
from index.periods.words import CALENDAR_WORDS
from index.tense import is_in_past, is_in_present, wants_latest


class Kind(StrEnum):
    """What kind of answer a question wants."""

    WHY = "why"
    HOW = "how"
    QUANTITY = "quantity"
    TIME = "time"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a question dates itself by: "before the merger"."""

    words: str
    is_after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, understood.

    `language` is ISO 639-1. `period` are the days that it speaks of, unless all are to come, of
    which no article is. `wants_latest` is that it says that it asks for the present state of
    things, or asks what is to come; `asks_present` that, or that it is put in the present tense;
    `asks_several` that more than one thing answers it. `event` is only looked for where no day is
    named.
    """

    text: str
    language: str
    kind: Kind
    period: Period | None
    wants_latest: bool
    asks_present: bool = False
    asks_several: bool = False
    event: Event | None = None


_TODAY: Final = re.compile(r"\b(today|aujourd'hui)\b")
_KINDS: Final = (
    (Kind.WHY, r"\b(why|pourquoi|how come|what (made|caused|led|drove)|reasons?|raisons?"
               r"|causes?|a cause de quoi|pour quelles? raisons?|what for|motifs?)\b"),
    (Kind.QUANTITY, r"\b(how (much|many|long|big|large|old|far|fast|often)|combien|price|prix|cost"
                    r"|coute|what (share|percentage|amount|fine|number|size)|quel(le)? (montant"
                    r"|part|pourcentage|amende|nombre|taille|somme|taux|duree))\b"),
    (Kind.TIME, r"\b(when|quand|what (day|date|year|month|time)|which (day|year|month)|until when"
                r"|quel(le)?s? (jour|date|annee|mois|heure)|date|deadline|depuis quand)\b"),
    (Kind.PERSON, r"^\W*(who|whom|whose|qui|a qui|par qui|de qui)\b|\b(who|qui est|quel(le)? patron"
                  r"|which (person|executive|ceo))\b"),
    (Kind.HOW, r"\b(how|comment|de quelle maniere|in what way)\b"),
)  # fmt: skip
_KIND_PATTERNS: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_FRENCH_SIGNS: Final = re.compile(r"[éèêàâîôûçœ]|\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)
_EVENT: Final = re.compile(
    r"\b(?:(?P<after>(?<!\blook )(?<!\blooks )(?<!\blooked )(?<!\blooking )after|since"
    r"|(?<!d['’])apr[eè]s|depuis)|before|avant|(?:until|jusqu['’]à)(?! \d))"
    r"(?: que | qu['’]| de | d['’]| )(?!when\b|quand\b|combien\b)(?P<words>[^,;?!.]+)",
    re.IGNORECASE,
)
_FEWEST_EVENT_WORDS: Final = 2
_ONLY_FRENCH: Final = STOP_WORDS["fr"] - STOP_WORDS["en"]
_ONLY_ENGLISH: Final = STOP_WORDS["en"] - STOP_WORDS["fr"]
_MOST_UNTOLD: Final = 5


def understand(
    question: str, *, today: date, detect_language: Callable[[str], str | None]
) -> Query:
    """Understand a question asked on the day `today`.

    Function words decide between French and English, since questions are short. Where they do
    not, `detect_language` is asked, but not about a few names, in which it sees any language.
    """
    folded = fold(question).replace("’", "'")
    language = _language(question, detect_language)
    period = find_period(question, today)
    kind = next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(folded)), Kind.OTHER)
    latest = wants_latest(folded)
    if period == Period(today, today) and _TODAY.search(folded):
        # "Today" is seldom the day of an article, and often means "by now".
        period, latest = None, True
    event = _event(question, language) if period is None else None
    if period is not None and period.since is not None and period.since > today:
        period = None
        latest = latest or not (kind is Kind.WHY or is_in_past(folded))
    return Query(
        text=question,
        language=language,
        kind=kind,
        period=period,
        wants_latest=latest,
        asks_present=latest or (kind is not Kind.WHY and is_in_present(folded)),
        asks_several=kind is not Kind.WHY and asks_several(question),
        event=event,
    )


def _event(question: str, language: str) -> Event | None:
    match = _EVENT.search(question)
    if match is None or len(query_terms(match["words"], language)) < _FEWEST_EVENT_WORDS:
        return None
    if all(_tells_a_time(fold(token)) for token in tokens(match["words"])):
        return None
    return Event(match["words"].strip(), is_after=match["after"] is not None)


def _tells_a_time(word: str) -> bool:
    return word.isdigit() or word in CALENDAR_WORDS or any(word in s for s in STOP_WORDS.values())


def _language(question: str, detect_language: Callable[[str], str | None]) -> str:
    words = [fold(token) for token in tokens(question)]
    french = sum(word in _ONLY_FRENCH for word in words) + len(_FRENCH_SIGNS.findall(question))
    english = sum(word in _ONLY_ENGLISH for word in words)
    if french != english:
        return "fr" if french > english else "en"
    return (len(words) > _MOST_UNTOLD and detect_language(question)) or "en"
