"""Numbers in French and English words: "two hundred and five", "quatre-vingt-dix mille". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_THOUSAND: Final = Decimal(1_000)
_MILLION: Final = Decimal(10**6)
_MILLIARD: Final = Decimal(10**9)
_TRILLION: Final = Decimal(10**12)

_ENGLISH: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_FRENCH: Final = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
)
_FRENCH_VALUES: Final = {word: value for value, word in enumerate(_FRENCH.split())} | {
    "une": 1, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    "soixante": 60, "septante": 70, "huitante": 80, "nonante": 90,
}  # fmt: skip
_ENGLISH_VALUES: Final = {word: value for value, word in enumerate(_ENGLISH.split())} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_VALUES: Final = _FRENCH_VALUES | _ENGLISH_VALUES

# In French a billion is a million millions, but translations from English forget it.
_SCALES: Final = {
    **dict.fromkeys(("thousand", "mille", "millier", "milliers"), (_THOUSAND,)),
    **dict.fromkeys(("million", "millions"), (_MILLION,)),
    **dict.fromkeys(("milliard", "milliards"), (_MILLIARD,)),
    **dict.fromkeys(("billion", "billions"), (_MILLIARD, _TRILLION)),
    **dict.fromkeys(("trillion", "trillions"), (_TRILLION,)),
}
_SHORT_SCALES: Final = {
    "k": (_THOUSAND,),
    **dict.fromkeys(("mn", "mio"), (_MILLION,)),
    **dict.fromkeys(("bn", "md", "mds", "mrd"), (_MILLIARD,)),
    "tn": (_TRILLION,),
    # Also metres, bytes and tonnes.
    "m": (Decimal(1), _MILLION),
    "b": (Decimal(1), _MILLIARD),
    "t": (Decimal(1), _TRILLION),
}
_HALVES: Final = frozenset({"half", "demi"})
_ARTICLES: Final = frozenset({"a", "an"})
_HUNDREDS: Final = frozenset({"hundred", "cent", "cents"})
_BEGINNING: Final = _HALVES | _ARTICLES | {"cent", "mille"}
_PERCENT_BEFORE: Final = frozenset({"per", "pour"})
_FOUR, _TEN, _TWENTY, _HUNDRED = 4, 10, 20, 100
_ABOVE_TEN_ON: Final = frozenset({60, 80})  # "soixante-douze", "quatre-vingt-dix"
_ON_TEN: Final = frozenset({7, 8, 9})  # "dix-sept"


@dataclass(frozen=True, slots=True)
class NumberWords:
    """A number in words: how many they are, its values, and what its scale multiplied it by.

    `only` is the word, in lower case, if it stands alone.
    """

    used: int
    values: frozenset[Decimal]
    factors: frozenset[Decimal]
    only: str | None


def scales(words: Sequence[str]) -> tuple[int, frozenset[Decimal]]:
    """Read the words behind digits: how many are scales, and what they multiply by, if any are."""
    factors = frozenset[Decimal]()
    used = 0
    for word in words:
        folded = word.casefold()
        scale = _SCALES.get(folded) or (_SHORT_SCALES.get(folded) if used == 0 else None)
        if scale is None:
            break
        factors = frozenset(f * s for f in factors or {Decimal(1)} for s in scale)
        used += 1
    return used, factors


def number_words(words: Sequence[str], *, before: str = "") -> NumberWords | None:
    """Read the number that begins with the first of some neighbouring words; None if none does.

    Args:
        words: At least one.
        before: The word before them, which tells "cent" from "pour cent".
    """
    folded = [word.casefold() for word in words]
    if folded[0] in _VALUES or folded[0] in _BEGINNING:
        readings = [_Reading(milliard) for milliard in (_MILLIARD, _TRILLION)]
        used = max(reading.read(folded, before=before) for reading in readings)
        if used:
            values = frozenset(v for one in readings for v in one.values)
            factors = frozenset(one.factor for one in readings if one.factor is not None)
            return NumberWords(used, values, factors, folded[0] if used == 1 else None)
    return None


class _Reading:
    """Adds up the words of a number, given what a billion is.

    `_total` is what scales have multiplied, `_group` what the next scale will multiply.
    """

    def __init__(self, billion: Decimal) -> None:
        self._billion = billion
        self._total = self._group = Decimal(0)
        self._cents = False
        self.factor: Decimal | None = None

    @property
    def values(self) -> set[Decimal]:
        value = self._total + self._group
        return {value, value / _HUNDRED} if self._cents else {value}

    def read(self, words: Sequence[str], *, before: str) -> int:
        """Take the words of a number from the first on; how many they are."""
        used = at = 0
        if words[0] in _ARTICLES | _HALVES:
            at = self._begin(words)
            if not at:
                return 0
        while at < len(words):
            word, last = words[at], words[at - 1] if at else ""
            following = words[at + 1] if at + 1 < len(words) else ""
            if self._add(word, last, before=before, used=used):
                used = at + 1
            elif not (used == at and self._goes_on(word, following, words[at + 2 : at + 3])):
                break
            at += 1
        return used

    def _begin(self, words: Sequence[str]) -> int:
        """Take "a", "half a", "demi-"; how many words, none unless a scale is behind them."""
        at = 2 if words[0] in _HALVES and words[1:2] == ["a"] else 1
        if len(words) <= at or words[at] not in {*_SCALES, "hundred"}:
            return 0
        self._group = Decimal("0.5") if words[0] in _HALVES else Decimal(1)
        return at

    def _add(self, word: str, last: str, *, before: str, used: int) -> bool:
        if word in _VALUES:
            return self._add_unit(word, last)
        if word in _HUNDREDS:
            return self._multiply_by_hundred(word, last, before=before)
        if word in _SCALES:
            return self._scale(word, is_alone=used == 0 and not self._group)
        return False

    def _add_unit(self, word: str, last: str) -> bool:
        value, group = _VALUES[word], self._group % _HUNDRED
        if value == _TWENTY and word.startswith("vingt") and last == "quatre" and group == _FOUR:
            self._group += 80 - _FOUR
            return True
        fits = (
            (group == 0 and (value > 0 or not self._group))
            or (group % _TEN == 0 and group > _TEN and value < _TEN)
            or (group in _ABOVE_TEN_ON and _TEN <= value < _TWENTY)
            or (group % _TWENTY == _TEN and value in _ON_TEN)
        )
        if not fits or last in {"zero", "zéro"}:
            return False
        self._group += value
        return True

    def _multiply_by_hundred(self, word: str, last: str, *, before: str) -> bool:
        if word != "hundred":
            if before.casefold() in _PERCENT_BEFORE and not self._group:
                return False
            if last not in _FRENCH_VALUES if self._group else word == "cents":
                return False
            self._cents = last == "six"  # English cents
        elif not self._group:
            return False
        if self._group >= _TWENTY:
            return False
        self._group = (self._group or Decimal(1)) * _HUNDRED
        return True

    def _scale(self, word: str, *, is_alone: bool) -> bool:
        factor = self._billion if word.startswith("billion") else _SCALES[word][0]
        if is_alone and not (self._total == 0 and word == "mille"):
            return False
        if self._group or not self._total:
            self._total += (self._group or Decimal(1)) * factor
        else:
            self._total *= factor  # "two thousand billion"
        self._group = Decimal(0)
        self.factor = factor if self.factor is None or factor > self.factor else self.factor
        return True

    def _goes_on(self, word: str, following: str, behind: Sequence[str]) -> bool:
        """Tell whether an "and" inside a number is followed by more of it."""
        if following not in _VALUES or (word == "and" and self._group % _HUNDRED):
            return False
        if word == "and":
            return bool(self._group or self._total) and "hundred" not in behind
        return word == "et" and _VALUES[following] in {1, 11} and self._group % _TEN == 0
