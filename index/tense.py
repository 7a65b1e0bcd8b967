"""Whether a question asks for the present state of things, in French and English; pure.

Questions are folded, with straight apostrophes.
"""

from __future__ import annotations

import re
from typing import Final

from index.periods.words import COUNT, MONTHS, SEASONS, UNITS, WEEKDAYS, any_of

_NEW: Final = (
    r"(?:what(?:'?s| is)|anything) new"
    r"(?=\W*$| (?:with|at|on|from|about|for|since|in(?! [^?]*\d))\b)"
    r"|quoi de (?:neuf|nouveau)"
    r"|du (?:neuf|nouveau)(?=\W*$| (?:sur|chez|pour|dans|avec|(?:du )?cote|a propos|concernant)\b)"
)
"""Not "what is New York", "what's new in iOS 18" or "du nouveau patron"."""
_LATEST: Final = re.compile(
    r"\b(?:latest|newest|most recent|recent(?:ly)?|current(?:ly)?|still|so far|yet|nowadays"
    r"|right now|these days|as of now|now|any news|anymore|up to date|by now|to date"
    r"|at (?:the moment|present)|derni(?:ere?|er)s?|recents?|recemment|plus recente?s?"
    r"|actuel(?:le)?(?:ment)?|toujours|encore|maintenant|desormais|a ce jour|en ce moment|en est"
    r"|en sont|finalement|jusqu'ici|pour l'instant|a present(?! (?:for|from|to|that|of)\b)"
    rf"|{_NEW})\b"
)
_NOUN: Final = any_of(
    [*MONTHS, *WEEKDAYS, *SEASONS, *UNITS, "trimestre", "semestre", "week-end", "weekend"]
)
_LAST_DATE: Final = re.compile(
    rf"\b(?:{_NOUN}s? derni(?:ere?|er)s?|derni(?:ere?|er)s? (?:{COUNT} ?)?{_NOUN}s?)\b"
)
_PRESENT: Final = re.compile(
    r"\b(?:is|are|does|do|can|has|have|isn't|aren't|doesn't|don't|can't|est|sont|peut|peuvent|peux"
    r"|coute|coutent|vaut|valent|faut|doit|doivent|existe|reste)\b"
)
_SUBJECT: Final = r"(?:-t)?(?:-(?:ils?|elles?|on))?"
_ADVERB: Final = (
    r"(?: (?:pas|plus|jamais|deja|bien|donc|alors|ensuite|enfin|aussi|vite|tous|toutes|\w+ment))?"
)
_GONE: Final = (
    "(?:alle|arrive|decede|descendu|devenu|intervenu|monte|mort|ne|parti|parvenu|passe|redevenu"
    "|rentre|reste|retombe|retourne|revenu|sorti|survenu|tombe|venu)e?s?"
    "|entre(?:es?|s)|entre(?= (?:en|au|aux|dans|chez)\\b)"
)
"""Participles of the French verbs whose past is told with "est"."""
_PERFECT: Final = re.compile(
    rf"\b(?:s'est|se sont|(?:est|sont){_SUBJECT}{_ADVERB} (?:{_GONE})"
    rf"|(?:a|ont){_SUBJECT}{_ADVERB} (?:coute|existe))\b"
)
_PAST: Final = re.compile(
    r"\b(?:was|were|did|had|would|been|etait|etaient|avait|avaient|aurait|fut|furent"
    r"|(?<!\bl')(?<!\bd')(?<!\bcet )ete)\b"
)
_ASKING: Final = re.compile(r"\b(?:c'est|est-ce)\b")


def wants_latest(question: str) -> bool:
    """Tell whether it says that it asks for the newest: "last" beside a date does not."""
    return bool(_LATEST.search(_LAST_DATE.sub(" ", question)))


def is_in_past(question: str) -> bool:
    """Tell whether it is put in the past tense, as far as an auxiliary tells."""
    return bool(_PAST.search(question) or _PERFECT.search(question))


def is_in_present(question: str) -> bool:
    """Tell whether it is put in the present tense, which "c'est quand que" alone does not."""
    if _PAST.search(question):
        return False
    rest = _PERFECT.sub(" ", question)
    return bool(_PRESENT.search(rest if rest == question else _ASKING.sub(" ", rest)))
