"""What counts as a word for search: tokens, stems, stop words, elisions, numbers; pure.

Accents are folded, since questions are often typed without. A stem of the folded word and the
folded stem of the word can differ ("accusée": "accuse", "accus"); a passage is indexed under both,
so that either way of typing finds it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import Stemmer

ANALYSER_VERSION: Final = "1"
LANGUAGES: Final = ("fr", "en")
"""The languages with stems and stop words of their own; all others are folded only."""

_STEMMERS: Final = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}
_TOKEN = re.compile(r"\d+(?:[.,  \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+")
_GROUPED = re.compile(r"[.,\s\u00a0\u202f](?=\d{3}(?:\D|$))")

STOP_WORDS: Final = {
    "en": frozenset(
        """a about above after again against all also am an and any are as at be because been
before being below between both but by can could did do does doing don down during each
few for from further get gets getting go goes going got had has have having he her here
hers him his how i if in into is isn it its itself just ll me more most much my no nor
not now of off on once only or other our out over own re s same she should so some still
such t than that the their them then there these they this those through to too under
until up us ve very was we were what when where which while who whom whose why will with
would you your many long ever exactly actually really say said says tell give explain
please know happen happened""".split()
    ),
    "fr": frozenset(
        """a ai ainsi alors apres as au aucun aussi autre aux avait avant avec avoir c ca car ce
cela celle celles celui ces cet cette ceux chez ci comme comment combien d dans de
depuis des donc dont du elle elles en encore entre est et ete etaient etait etant etre
eu eux fait faire faut font ils il j je jusqu l la laquelle le lequel les lesquels leur
leurs lors lui m ma mais me meme memes mes moi mon n ne ni non nos notre nous on ont ou
par parce pas pendant peut peu plus pour pourquoi qu quand que quel quelle quelles quels
qui quoi s sa sans se selon sera ses si son sont sous sur t ta te tes toi ton tous tout
toute toutes tres tu un une va vers voici voila vos votre vous y est-ce exactement dit
dire explique donne sait-on s'est ete soit fut furent""".split()
    ),
}


def fold(text: str) -> str:
    """Lower the case and take the accents off: "Élysée" becomes "elysee"."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def tokens(text: str) -> list[str]:
    """Split into words and numbers: "6 000" is one number, "GPT4" is two tokens as "GPT-4" is."""
    return [
        _GROUPED.sub("", token) if token[0].isdigit() else token for token in _TOKEN.findall(text)
    ]


@lru_cache(maxsize=200_000)
def _stems(token: str, language: str) -> tuple[str, ...]:
    """Both stems of a word, that of the word as typed first; empty for a stop word."""
    folded = fold(token)
    if not folded or folded in STOP_WORDS.get(language, ()):
        return ()
    stemmer = _STEMMERS.get(language)
    if stemmer is None or folded[0].isdigit():
        return (folded,)
    typed = fold(stemmer.stemWord(token.casefold()))
    plain = stemmer.stemWord(folded)
    return (typed,) if typed == plain else (typed, plain)


def query_terms(text: str, language: str) -> list[str]:
    """The stems of a question, one for each word that is no stop word, in order."""
    return [stems[0] for token in tokens(text) if (stems := _stems(token, language))]


def passage_terms(text: str, language: str) -> list[str]:
    """All stems under which a passage can be found, in order; a word may give two."""
    return [stem for token in tokens(text) for stem in _stems(token, language)]
