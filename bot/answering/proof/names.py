"""The names of a text: what stays the same, or nearly so, in another language. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from index.analysis import STOP_WORDS, fold
from index.sentences import sentences

MONTHS: Final = (
    ("january", "janvier"),
    ("february", "fevrier"),
    ("march", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juin"),
    ("july", "juillet"),
    ("august", "aout"),
    ("september", "septembre"),
    ("october", "octobre"),
    ("november", "novembre"),
    ("december", "decembre"),
)

WEEKDAYS: Final = (
    ("monday", "lundi"),
    ("tuesday", "mardi"),
    ("wednesday", "mercredi"),
    ("thursday", "jeudi"),
    ("friday", "vendredi"),
    ("saturday", "samedi"),
    ("sunday", "dimanche"),
)

# Names that differ between French and English, without accents: all of a row become the first.
_PLACES: Final = (
    (
        "america",
        r"united states|etats[- ]unis|u\.s\.(?:a\.)?|usa|(?-i:US)"
        r"|americans?|americaine?s?|amerique",
    ),
    ("britain", r"united kingdom|royaume[- ]uni|u\.k\.|uk|british|britanniques?"),
    ("europe", r"european union|union europeenne|europeans?|europeen(?:ne)?s?|eu|ue"),
    ("france", r"french|francaise?s?|francais"),
    ("germany", r"allemagne|germans?|allemande?s?"),
    ("china", r"chine|chinese|chinoise?s?"),
    ("russia", r"russie|russians?|russes?"),
    ("japan", r"japon|japanese|japonaise?s?"),
    ("india", r"inde|indians?|indien(?:ne)?s?"),
    ("korea", r"coree|koreans?|coreen(?:ne)?s?"),
    ("ireland", r"irlande|irish|irlandaise?s?"),
    ("italy", r"italie|italians?|italien(?:ne)?s?"),
    ("spain", r"espagne|spanish|espagnole?s?"),
    ("switzerland", r"suisses?|swiss"),
    ("netherlands", r"pays-bas|dutch|neerlandaise?s?"),
    ("belgium", r"belgique|belgians?|belges?"),
    ("ukraine", r"ukrainians?|ukrainien(?:ne)?s?"),
    ("brazil", r"bresil|brazilians?|bresilien(?:ne)?s?"),
    ("canada", r"canadians?|canadien(?:ne)?s?"),
    ("australia", r"australie|australians?|australien(?:ne)?s?"),
    ("israel", r"israelis?|israelien(?:ne)?s?"),
    ("brussels", "bruxelles"),
    ("london", "londres"),
    ("beijing", "pekin"),
)
_SAME_NAMES: Final = (
    *MONTHS,
    *WEEKDAYS,
    *_PLACES,
    ("ai", r"ia|artificial intelligence|intelligence artificielle"),
    ("ceo", r"pdg|chief executive(?: officer)?|directeur general|directrice generale"),
    ("gdpr", "rgpd"),
    ("dma", r"digital markets act|reglement sur les marches numeriques"),
    ("dsa", r"digital services act|reglement sur les services numeriques"),
    ("un", r"united nations|nations unies|onu"),
    ("senate", "senat"),
    ("congress", "congres"),
    ("parliament", "parlement"),
)
_SAME_NAME: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<{first}>{'|'.join(others)})" for first, *others in _SAME_NAMES)
    + r")(?!\w)",
    re.IGNORECASE,
)
ALSO_WORDS: Final = frozenset({"ai", "eu", "un", "us"})
_PLACE: Final = re.compile("|".join(name for names in _PLACES for name in names), re.IGNORECASE)
_ALSO_VERBS: Final = frozenset({"may", "march"})
CALENDAR: Final = frozenset(name for both in (*MONTHS, *WEEKDAYS) for name in both)

_TOKEN = re.compile(r"[^\W_]+(?:[.&\-][^\W_]+)*")
_OPENING_SIGNS: Final = tuple('"«“‘(:—–')

# Words that begin a sentence with a capital and name nothing; the stop words do so too.
_OPENERS: Final = frozenset(
    """according almost although around despite earlier finally following given however instead
its later many meanwhile moreover nearly neither nobody nothing one otherwise overall previously
rather several similarly since still therefore though thus today two three four five six seven
eight nine ten unlike whether within without yes yet actuellement afin apres aujourd aucune
beaucoup bien cependant certains certaines chacun chaque deja depuis desormais deux enfin ensuite
environ face faute finalement grace hier ici jusque lors malgre moins neanmoins nul oui outre
parmi plusieurs pourtant pres puis puisque quant quatre quelques quiconque quoique sauf seul seule
seuls sinon suite surtout tandis tant toujours toutefois trois cinq sept huit dix""".split()
)
_WITHOUT_MEANING: Final = _OPENERS.union(*STOP_WORDS.values())


def is_place(name: str) -> bool:
    """Tell whether a name is that of a country or capital that is often in the news."""
    return _PLACE.fullmatch(without_accents(name)) is not None


class Context:
    """The texts that an answer is made from: they tell names from words that open a sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        lower: set[str] = set()
        capitalised: set[str] = set()
        for text in texts:
            for token, opens in (pair for run in runs(without_accents(text)) for pair in run):
                if token.islower():
                    lower.add(token)
                elif not opens:
                    capitalised.add(token.lower())
        self._ordinary = lower - capitalised

    def is_ordinary(self, word: str) -> bool:
        """Tell whether the texts use the word, but never as a name."""
        return word.lower() in self._ordinary


def claimed_names(sentence: str, language: str, context: Context) -> list[list[str]]:
    """Find the names that a sentence claims, in runs of neighbours: `[["elon", "musk"], ["x"]]`.

    What has a capital, or a dot or digit inside, is a name. A capital that only opens the sentence
    makes one unless the word is known to be ordinary. French months and weekdays count without a
    capital.

    Returns:
        Folded, in the spelling of `KnownNames`; in order.
    """
    return [
        [fold(token) for token in group]
        for run in parted_by_names(sentence, language, context)
        for is_name, group in run
        if is_name
    ]


def parted_by_names(
    sentence: str, language: str | None, context: Context
) -> Iterator[list[tuple[bool, list[str]]]]:
    """Part what stands between two signs into names and what is between them, in order.

    `language` as in `claimed_names`; None takes all that may be a name.
    """
    for run in runs(with_same_names(without_accents(sentence), claimed_in=language)):
        named = [(token, _is_name(token, context, opens=opens)) for token, opens in run]
        yield [
            (is_name, [token for token, _ in group])
            for is_name, group in groupby(named, itemgetter(1))
        ]


def same_names(plain: str) -> Iterator[str]:
    """All words of a text that may be names with another spelling, as the first of each."""
    return (str(found.lastgroup) for found in _SAME_NAME.finditer(plain))


def with_same_names(plain: str, *, claimed_in: str | None = None) -> str:
    """Write names that differ between the languages in one way, in capitals.

    In a sentence that claims what it says in a language, only those that are written as names.
    """

    def rewritten(found: re.Match[str]) -> str:
        name = str(found.lastgroup)
        without_capital = claimed_in is None or (claimed_in == "fr" and name in CALENDAR)
        is_named = (without_capital or not found[0].islower()) and _stands_as_name(found)
        return name.upper() if is_named else found[0]

    return _SAME_NAME.sub(rewritten, plain)


def _stands_as_name(found: re.Match[str]) -> bool:
    """Tell a name from a word that is spelt like one: "UN" and "un", "May" and "may"."""
    word = found[0]
    if word.lower() in ALSO_WORDS:
        return word.isupper()
    if word.lower() in _ALSO_VERBS:
        return not word.islower()
    if word == "Mars":  # as a month it has a capital only where a sentence or a date begins
        return found.start() == 0 or found.string[found.end() : found.end() + 4].strip().isdigit()
    return True


def _is_name(token: str, context: Context, *, opens: bool) -> bool:
    if token.islower() or token[0].isdigit():
        dotted = "." in token and any(part.isalpha() and len(part) > 1 for part in parts_of(token))
        numbered = not token[0].isdigit() and any(sign.isdigit() for sign in token)
        return dotted or numbered
    if token[1:] and token[1:] != token[1:].lower():
        return True
    if fold(token) in _WITHOUT_MEANING:
        return False
    if not opens:
        return True
    return fold(parts_of(token)[0]) not in _WITHOUT_MEANING and not context.is_ordinary(token)


def runs(text: str) -> Iterator[list[tuple[str, bool]]]:
    """Split into words between punctuation; each with whether a capital means nothing there."""
    for sentence in sentences(text):
        run: list[tuple[str, bool]] = []
        end = sentence.start
        for token in _TOKEN.finditer(text, sentence.start, sentence.end):
            gap = text[end : token.start()].strip()
            opens = end == sentence.start or gap.endswith(_OPENING_SIGNS)
            if gap and run:
                yield run
                run = []
            run.append((token[0], opens))
            end = token.end()
        if run:
            yield run


def parts_of(token: str) -> list[str]:
    """Take apart what signs hold together: "AT&T", "x.com"."""
    return re.split(r"[.&\-]", token)


def without_accents(text: str) -> str:
    """Take the accents off and keep the case."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
