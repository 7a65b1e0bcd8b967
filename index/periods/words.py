"""The words for days, months and numbers, folded, and patterns of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

MONTHS: Final = {
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
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi",
            "tuesday mardi",
            "wednesday mercredi",
            "thursday jeudi",
            "friday vendredi",
            "saturday samedi",
            "sunday dimanche",
        )
    )
    for name in names.split()
}
SEASONS: Final = {
    "spring": 3, "printemps": 3, "summer": 6, "ete": 6, "autumn": 9, "fall": 9, "automne": 9,
    "winter": 12, "hiver": 12,
}  # fmt: skip
UNITS: Final = {
    name: timedelta(hours=hours)
    for hours, names in (
        (1, "hour heure hr h"),
        (24, "day jour"),
        (24 * 7, "week semaine"),
        (24 * 30, "month mois"),
        (24 * 365, "year an annee"),
    )
    for name in names.split()
}
ORDINALS: Final = {
    "first": 1, "premier": 1, "premiere": 1, "second": 2, "seconde": 2, "deuxieme": 2, "third": 3,
    "troisieme": 3, "fourth": 4, "quatrieme": 4, "last": 4, "final": 4, "dernier": 4, "derniere": 4,
}  # fmt: skip
"""Of quarters: the last is the fourth."""
COUNT_WORDS: Final = {
    "a": 1, "an": 1, "one": 1, "un": 1, "une": 1, "two": 2, "deux": 2, "couple of": 2, "few": 3,
    "quelques": 3, "several": 3, "plusieurs": 3, "three": 3, "trois": 3, "four": 4, "quatre": 4,
    "five": 5, "cinq": 5, "six": 6, "seven": 7, "sept": 7, "eight": 8, "huit": 8, "nine": 9,
    "neuf": 9, "ten": 10, "dix": 10, "eleven": 11, "onze": 11, "twelve": 12, "douze": 12,
}  # fmt: skip

_OTHERS: Final = """start beginning middle end early late mid half quarter weekend decade century
day time last next past this morning afternoon evening night noon yesterday today tomorrow tonight
ago coming then now recently debut milieu fin mi moitie trimestre semestre decennie siecle temps
dernier derniere prochain prochaine passe passee cours matin soir nuit midi hier demain aujourd hui
toujours longtemps peu lors mois"""
CALENDAR_WORDS: Final = frozenset(
    f"{word}{ending}"
    for word in (
        *MONTHS, *WEEKDAYS, *SEASONS, *UNITS, *ORDINALS, *" ".join(COUNT_WORDS).split(),
        *_OTHERS.split(),
    )
    for ending in ("", "s")
)  # fmt: skip
"""Words that tell a time and name nothing that happened."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def after(words: str) -> str:
    """A pattern for the place behind any of these words."""
    return "(?:" + "|".join(rf"(?<=\b{word} )" for word in words.split("|")) + ")"


MONTH: Final = any_of(MONTHS)
SEASON: Final = any_of(SEASONS)
WEEKDAY: Final = any_of(WEEKDAYS)
COUNT: Final = rf"(?P<count>\d{{1,3}}|{any_of(COUNT_WORDS)})"
UNIT: Final = rf"(?P<unit>{any_of(UNITS)})s?"
YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d| ?(?:[%€$£]|euros?|dollars?))"
OF_YEAR: Final = rf",? (?:of |de )?{YEAR}"


def number(count: str) -> int:
    """One, if nothing is counted: "the past year"."""
    return COUNT_WORDS.get(count) or int(count or 1)
