"""Which words of a question stand for what was said before it, in French and English; pure."""

from __future__ import annotations

import re
from typing import Final

from index.analysis import LANGUAGES, fold, query_terms

_PRONOUNS: Final = frozenset(
    "he she it they him them there elle elles ils il lui eux ca cela celui celle ceux".split()
)
_DEMONSTRATIVES: Final = frozenset("this that these those ce cet cette ces".split())
_POSSESSIVES: Final = frozenset("his its their son sa ses leur leurs".split())

_TIMES: Final = "year|month|week|weekend|day|morning|evening|quarter|summer|autumn|winter|spring"
_TEMPS: Final = (
    "an|annee|mois|semaine|week-end|jour|matin|soir|trimestre|ete|automne|hiver|printemps|moment"
    "|temps|fois"
)
# "Il y a", "is there", "ça se fait": words that stand for nothing.
_FOR_NOTHING: Final = re.compile(
    rf"""\b(?:
    il\ (?:n'|ne\ )?(?:y\b|faut|fall|faud|existe|reste|s'agi|se\ pass|s'(?:est|etait)\ pass|para)
    |(?:faut|exist\w+|rest\w+|agi\w+)\ il\b
    |(?:is|are|was|were)(?:n't)?\ there\b|there(?:'s|\ (?:is|are|was|were|will))\b
    |(?:is|was)\ it\ true\b|it(?:'s|\ is)\ true\b|get\ it\b|does\ it\ work\ (?:when|if|to)\b
    |(?:did|does|will)\ it\ (?:take|cost)\ \w
    |est\ ce\b|ce\ (?:que?\b|qu'|qui\b|dont\b|a\ quoi\b)
    |ce(?:lui|lle|ux)\ (?:que?\b|qu'|qui\b|ou\b)
    |ca\ (?:se\ fai|veut\ dire|sert|march)
    |th(?:is|at|ese|ose)\ (?:{_TIMES})s?\b|cet?(?:te)?\ (?:{_TEMPS})\b|ces\ (?:{_TEMPS})s?\b
    )""",
    re.VERBOSE,
)
# "pourquoi l'a-t-il racheté", but not "y a-t-il" nor "la firme a-t-elle"
_INVERTED: Final = re.compile(r"\w+-(?:t-)?(?:ils?|elles?)")
_IMPERSONAL: Final = re.compile(
    r"\by (?:a|aura|avait)-|^(?:est|etait)-|(?:faut|existe|agit|reste|restait|se passe)-"
)
_ASKED_FOR: Final = re.compile(r"^\W*(?:[ad]e? )?(?:combien|quel)")
_SUBJECT: Final = re.compile(r"(?<!\bde)(?<!\ba) (?:l[ae]s?\b|l'|une?\b)")
_NEAR: Final = 40
_NEXT: Final = re.compile(r"\s*([^\W\d_]\w*)")
_LAST: Final = re.compile(r"(\w+) $")


def stands_for_earlier(word: str, before: str, behind: str, *, says_something: bool) -> bool:
    """Tell whether a word, between what is before and behind it, refers to an earlier question.

    A possessive refers to a word before it if there is one, "that" behind a word begins a clause,
    and with a name behind it a demonstrative says itself what it points to. `says_something` tells
    whether a word that search would look for is before it.
    """
    folded = plain(word)
    if _INVERTED.fullmatch(folded):
        return _is_inverted(folded, plain(before), says_something=says_something)
    led, follows = plain(before[-_NEAR:]), plain(behind[:_NEAR])
    if folded in _POSSESSIVES:
        refers = not says_something
    elif folded in _DEMONSTRATIVES:
        refers = not (_opens_clause(folded, led) or _is_capitalised(behind))
    else:
        refers = folded in _PRONOUNS
    return refers and not _is_for_nothing(len(led), led + folded + follows)


def _is_inverted(verb: str, led: str, *, says_something: bool) -> bool:
    """Tell whether a French verb with its pronoun has no other subject before it."""
    if _IMPERSONAL.search(f"{led}{verb}".strip()):
        return False
    return not says_something or bool(_ASKED_FOR.match(led) and not _SUBJECT.search(led))


def _opens_clause(word: str, led: str) -> bool:
    last = _LAST.search(led)
    return (
        word == "that"
        and last is not None
        and all(query_terms(last[1], language) for language in LANGUAGES)
    )


def _is_capitalised(behind: str) -> bool:
    following = _NEXT.match(behind)
    return following is not None and following[1][0].isupper()


def _is_for_nothing(at: int, text: str) -> bool:
    return any(match.start() <= at < match.end() for match in _FOR_NOTHING.finditer(text))


def plain(text: str) -> str:
    """Take case, accents and the form of apostrophes away."""
    return fold(text).replace("’", "'")
