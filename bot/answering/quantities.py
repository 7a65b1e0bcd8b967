"""The numbers of a text, whichever way French and English write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

_SCALES: Final = {
    **dict.fromkeys(("k", "thousand", "mille", "millier", "milliers"), ("1e3",)),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), ("1e6",)),
    **dict.fromkeys(("b", "bn", "milliard", "milliards", "md", "mds", "mrd"), ("1e9",)),
    # In French a billion is a million millions, but translations from English forget it.
    **dict.fromkeys(("billion", "billions"), ("1e9", "1e12")),
    **dict.fromkeys(("t", "tn", "trillion", "trillions"), ("1e12",)),
}

_ENGLISH: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_FRENCH: Final = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf vingt"
)
_TENS: Final = {
    "en": "thirty forty fifty sixty seventy eighty ninety",
    "fr": "trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
}
_WORDS: Final = {
    language: {word: value for value, word in enumerate(units.split())}
    | {word: 10 * ten for ten, word in enumerate(_TENS[language].split(), start=3)}
    for language, units in {"en": _ENGLISH, "fr": _FRENCH}.items()
}
_WORDS["fr"] |= {"une": 1, "quatre-vingt": 80}

# "One" and "two" also count what was named before, and some numbers are also other words.
_LEAST_CLAIMED: Final = 3
_NO_CLAIM: Final = {"fr": frozenset({"neuf"}), "en": frozenset({"seize", "sept"})}

_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_QUANTITY = re.compile(
    rf"(?<!\w)(?:(?P<digits>{_DIGITS})|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*))"
    r"(?:[\s-]*[$€£]?[\s-]*(?P<scale>[^\W\d_]+))?"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text, with every value that it may mean.

    `plain` are the readings of its digits ("1,500" is 1500 or 1.5), `scaled` those times the word
    behind it ("1.5 million"); empty if there is no such word.
    """

    plain: frozenset[Decimal]
    scaled: frozenset[Decimal]

    @classmethod
    def exactly(cls, value: int) -> Self:
        """A number that is known to be just this: a year or a day of the calendar."""
        return cls(frozenset({Decimal(value)}), frozenset({Decimal(value)}))

    def agrees_with(self, other: Quantity) -> bool:
        """Tell whether both may be the same number.

        "10 to 12 billion" leaves the 10 without its scale; so only two scales can disagree.
        """
        if self.scaled and other.scaled:
            return bool(self.scaled & other.scaled)
        return bool((self.plain | self.scaled) & (other.plain | other.scaled))


def quantities(text: str) -> list[Quantity]:
    """Find all numbers, in digits and in French or English words; as evidence, so generously."""
    words = _WORDS["fr"] | _WORDS["en"]
    return list(_find(text, words))


def claimed_quantities(text: str, language: str) -> list[Quantity]:
    """Find the numbers that a sentence claims: all in digits, and words from three upwards.

    Words of both languages, since a model does not always write in the one it was asked for.
    """
    ambiguous = _NO_CLAIM.get(language, frozenset())
    words = {
        word: value
        for word, value in (_WORDS["fr"] | _WORDS["en"]).items()
        if value >= _LEAST_CLAIMED and word not in ambiguous
    }
    return list(_find(text, words))


def are_known(claims: Iterable[Quantity], known: Sequence[Quantity]) -> bool:
    """Tell whether each number may be the same as one of the known."""
    return all(any(claim.agrees_with(number) for number in known) for claim in claims)


def _find(text: str, words: dict[str, int]) -> Iterator[Quantity]:
    at = 0
    while found := _QUANTITY.search(text, at):
        if found["digits"]:
            plain = _readings(found["digits"])
            at = found.end("digits")
        else:
            value = _word_value(found["word"].casefold(), words)
            plain = frozenset() if value is None else frozenset({Decimal(value)})
            at = found.end("word")
        if plain:
            scales = _SCALES.get((found["scale"] or "").casefold(), ())
            scaled = frozenset(value * Decimal(scale) for value in plain for scale in scales)
            yield Quantity(plain, scaled)


def _readings(digits: str) -> frozenset[Decimal]:
    """Read digits with separators, of which one may mark thousands or decimals."""
    digits = re.sub(r"[\s'’]", "", digits)
    parts = re.split(r"[.,]", digits)
    signs = re.findall(r"[.,]", digits)
    whole = Decimal("".join(parts))
    if not signs:
        return frozenset({whole})
    decimal = Decimal("".join(parts[:-1]) + "." + parts[-1])
    if len(signs) > 1:
        return frozenset({whole if len(set(signs)) == 1 else decimal})
    thousands = len(parts[1]) == 3 and len(parts[0]) <= 3
    return frozenset({whole, decimal} if thousands else {decimal})


def _word_value(word: str, words: dict[str, int]) -> int | None:
    if word in words:
        return words[word]
    tens, _, unit = word.rpartition("-")
    if tens in words and unit in words and words[tens] % 10 == 0:
        return words[tens] + words[unit]
    return None
