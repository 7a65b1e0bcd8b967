"""Which words of a text are under a negation, in French or English. Pure.

A negation holds from its word to the end of the clause, and on into "that …". Whoever is spoken of
before it is under none. What code cannot tell ("not until May", "unlike") is taken for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from index.analysis import fold


class Polarity(Enum):
    """How a word stands in its clause."""

    PLAIN = auto()
    NEGATED = auto()
    EITHER = auto()


class Word(NamedTuple):
    """A word as typed, with how it stands."""

    text: str
    polarity: Polarity


_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[;–—()!?…]|[,:.](?=\s|$)")
_CONTRACTED = re.compile(r"(?<=[a-z])n['’]t\b", re.IGNORECASE)
_FRENCH_N = re.compile(r"\bn['’](?=\w)(?!importe)", re.IGNORECASE)
_FRENCH_S = re.compile(r"\bs['’](?=ils?\b)", re.IGNORECASE)
_FRENCH_NON = re.compile(r"\bnon-", re.IGNORECASE)
_NUMBERED = re.compile(r"\b[Nn]os?\b\.?(?=\s?\d)")

_PLAIN: Final = {
    _CONTRACTED: " not",
    _FRENCH_N: "ne ",
    _FRENCH_S: "si ",
    _FRENCH_NON: "non ",
    _NUMBERED: " ",
}

_PARENTHETIC: Final = frozenset(", – — ( )".split())
_ENDS: Final = _PARENTHETIC.union(
    """; : ! ? … . and but so or because since after before while when if although though unless
    until till whereas et mais ou donc car parce puisque lorsque quand si apres avant pendant tandis
    alors jusqu jusque which who whom whose qui dont""".split()
)
# In another language this may be a "that", through which a negation goes on.
_RELATIVE: Final = frozenset("which who whom whose qui dont".split())
# "Will not start until May": it starts in May.
_TURNING: Final = frozenset("until till before avant unless jusqu jusque".split())
_EXCEPTING: Final = frozenset(
    "but other except all every always necessarily tous toutes toujours forcement".split()
)
_ONLY: Final = frozenset(
    """only just merely simply least doubt fewer less matter hesitate forget
    seulement uniquement simplement moins doute hesiter oublier""".split()
)
_URGING: Final = frozenset("hesitez hesite hesiter oubliez oublie oublier".split())
_NEGATIONS: Final = frozenset(
    """not cannot never no nobody none nothing neither nor nowhere
    aucun aucune aucunement nul nulle nullement ni""".split()
)
_BEHIND_NE: Final = frozenset(
    "pas point plus jamais rien aucun aucune personne guere ni nul nulle nullement".split()
)
_SAYING_NOT: Final = _NEGATIONS | _BEHIND_NE
_BEFORE_NE: Final = frozenset("personne rien jamais aucun aucune nul nulle ni pas".split())
_STEP: Final = frozenset("un le ce au du premier faux grand chaque quelques les des aux de".split())
_DENIAL: Final = re.compile(
    r"den(?:y|ies|ied|ying)|refus(?:es?|ed|ing|ent|er|ee|ees|a|ait|aient|ant)|refus"
    r"|ni(?:e|ent|ee?s?|er|ait|aient|ant|a)|dement(?:i|ie|is|ies|ent|ir|it|ait|aient)?"
)
_DENIAL_TO: Final = re.compile(r"declin(?:es?|ed|ing)|fail(?:s|ed|ing)?")
_PERHAPS: Final = re.compile(
    r"without|sans|non|unlike|except|sauf|hormis|contrair\w+|rather|plutot|instead|lieu|hardly"
    r"|barely|scarcely|few|little|peu|unable|incapables?|impossibles?|far|loin|absen\w+|false|faux"
    r"|fausses?|stop(?:s|ped|ping)?|ceas\w+|cess(?:e|ent|er|ee?s?|a|ait)|arret\w+|lack\w*"
    r"|manqu\w+|ban(?:s|ned|ning)?|forb\w+|prohib\w+|prevent\w*|interdi\w+|empech\w+|depriv\w+"
    r"|priv(?:e|er|ee?s?)|avoid\w*|evit\w+|reject\w*|rejet\w+|dismiss\w*|disput\w+|contest\w*"
    r"|abandon\w*|renonc\w+|cancel\w*|annul\w+|withdr\w+|retir\w+|echou\w+|declin\w+|fail\w*"
)
_WITHOUT: Final = frozenset({"without", "sans"})
_AHEAD: Final = 12


def clauses(text: str) -> list[list[Word]]:
    """Split a text into clauses, each word with how it stands; numbers are left out.

    In a clause with a negation the words before that are `EITHER`: they say nothing on what it is
    that did or did not happen to them.
    """
    for written, plain in _PLAIN.items():
        text = written.sub(plain, text)
    typed = _TOKEN.findall(text)
    reader = _Reader(typed, [fold(word) for word in typed])
    return reader.read()


def has_negation(text: str) -> bool:
    """Tell whether anything in a text is surely negated."""
    return any(word.polarity is Polarity.NEGATED for clause in clauses(text) for word in clause)


class _Reader:
    """Goes through the tokens once, looking a few ahead."""

    def __init__(self, typed: Sequence[str], folded: Sequence[str]) -> None:
        self._typed = typed
        self._folded = folded
        self._clauses: list[list[Word]] = []
        self._clause: list[Word] = []
        self._now = Polarity.PLAIN
        self._denied = False
        self._holds = False

    def read(self) -> list[list[Word]]:
        for at, word in enumerate(self._folded):
            if word in _ENDS and not self._is_never_before(at):
                self._end(word)
                continue
            if not word[0].isalpha():
                continue
            before = self._now
            is_new = self._turn(at, word)
            stands = before if is_new else self._now
            if word in _SAYING_NOT:
                stands = Polarity.EITHER  # "never" and "none" are no words in common
            self._clause.append(Word(self._typed[at], stands))
            self._holds |= not is_new
        self._close()
        return self._clauses

    def _end(self, word: str) -> None:
        """End the clause; "did not, they say, pay" goes on behind the commas."""
        goes_on = word in _PARENTHETIC and not self._holds and self._now is not Polarity.PLAIN
        self._close()
        if goes_on:
            return
        goes_perhaps = word in _RELATIVE and self._now is not Polarity.PLAIN
        self._now = Polarity.EITHER if goes_perhaps else Polarity.PLAIN
        self._denied = False

    def _close(self) -> None:
        if self._clause:
            self._clauses.append(self._clause)
        self._clause = []

    def _turn(self, at: int, word: str) -> bool:
        """Let a negation begin at a word; whether one does."""
        if word == "non" and self._next(at) == "plus":
            self._clause = [Word(one.text, Polarity.EITHER) for one in self._clause]
            return True
        found = self._meaning(at, word)
        if found is None:
            return False
        is_denial = _DENIAL.fullmatch(word) is not None or _DENIAL_TO.fullmatch(word) is not None
        if found is Polarity.EITHER and self._now is Polarity.NEGATED and word not in _WITHOUT:
            return False  # "not banned"
        if word in {"ni", "nor"} and self._now is not Polarity.PLAIN:
            return False  # "sans préavis ni compensation"
        if found is Polarity.NEGATED and self._now is not Polarity.NEGATED:
            self._clause = [Word(one.text, Polarity.EITHER) for one in self._clause]
            self._denied = is_denial
        elif found is Polarity.NEGATED and is_denial is not self._denied:
            found = Polarity.EITHER  # "did not deny", "refused not to"
        elif word == "non":
            self._clause = [Word(one.text, Polarity.EITHER) for one in self._clause]
        self._now, self._holds = found, False
        return True

    def _meaning(self, at: int, word: str) -> Polarity | None:
        following = self._next(at)
        if word in {"no", "non"} and following in _ENDS:
            return None  # the answer to a question
        if word == "ne":
            return self._meaning_of_ne(at)
        is_not = word == "pas" and self._before(at) not in _STEP and not self._follows_ne()
        if word in _NEGATIONS or is_not:
            return self._meaning_of_not(at, following)
        if _DENIAL.fullmatch(word) or (_DENIAL_TO.fullmatch(word) and following == "to"):
            return Polarity.NEGATED
        if _PERHAPS.fullmatch(word):
            return None if following in _ONLY else Polarity.EITHER
        return None

    def _meaning_of_not(self, at: int, following: str) -> Polarity | None:
        if following in _ONLY or (following == "more" and self._next(at + 1) == "than"):
            return None
        if self._folded[at] == "nothing" and self._before(at) in {"to", "for"}:
            return None  # "next to nothing"
        if following in _EXCEPTING or self._clause_end(at) in _TURNING:
            return Polarity.EITHER
        return Polarity.NEGATED

    def _meaning_of_ne(self, at: int) -> Polarity | None:
        ahead = self._ahead(at)
        before = {fold(word.text) for word in self._clause[-_AHEAD:]}
        second = next((n for n, word in enumerate(ahead) if word in _BEHIND_NE), None)
        if not _URGING.isdisjoint(ahead[:2]):
            return None  # "n'hésitez pas"
        if second is None and not before & _BEFORE_NE:
            return None if {"que", "qu"} & {*ahead} else Polarity.EITHER  # only; "avant qu'il ne"
        if second is None:
            return Polarity.NEGATED
        behind = ahead[second + 1] if second + 1 < len(ahead) else ""
        if ahead[second] in {"pas", "plus"} and behind in _ONLY:
            return None  # "ne ... pas seulement"
        is_open = ahead[second] == "plus" and behind in {"que", "qu"}
        is_open = is_open or self._clause_end(at) in _TURNING
        return Polarity.EITHER if is_open else Polarity.NEGATED

    def _follows_ne(self) -> bool:
        return any(fold(word.text) == "ne" for word in self._clause[-_AHEAD:])

    def _next(self, at: int) -> str:
        return self._folded[at + 1] if at + 1 < len(self._folded) else "."

    def _before(self, at: int) -> str:
        return self._folded[at - 1] if at else "."

    def _ahead(self, at: int) -> list[str]:
        """The next few words of the clause."""
        words: list[str] = []
        for word in self._folded[at + 1 : at + 1 + _AHEAD]:
            if word in _ENDS and word not in _PARENTHETIC:
                break
            words.append(word)
        return words

    def _clause_end(self, at: int) -> str:
        rest = self._folded[at + 1 : at + 1 + _AHEAD]
        ends = (word for n, word in enumerate(rest) if n and word in _ENDS)
        return next((word for word in ends if word not in _PARENTHETIC), "")

    def _is_never_before(self, at: int) -> bool:
        return self._folded[at] in {"before", "avant"} and self._before(at) in _SAYING_NOT
