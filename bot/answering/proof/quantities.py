"""The numbers of a text, whichever way French and English write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, zip_longest
from typing import Final, Self, TypeAlias

from bot.answering.proof.number_words import NumberWords, number_words, scales

# "One" and "two" also count what was named before, and some numbers are also other words.
_LEAST_CLAIMED: Final = 3
_NO_CLAIM: Final = {"fr": frozenset({"neuf"}), "en": frozenset({"seize", "sept", "cent", "mille"})}

_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_PART = re.compile(rf"(?<!\w)(?P<digits>{_DIGITS})|(?P<word>[^\W\d_]+)")
_JOINED = re.compile(r"[\s-]*+[$€£]?+[\s-]*+")
_RANGE = re.compile(r"\s*+(?:[-–—/]|to|or|and|à|a|ou|et)\s*+[$€£]?+\s*+", re.IGNORECASE)

_UNITS: Final = {
    "%": r"%|percent\b|per\s?cent\b|pour\s?cent\b",
    "dollar": r"\$|usd\b|dollars?\b",
    "euro": r"€|eur\b|euros?\b",
    "pound": r"£|gbp\b|pounds?\b|livres?\ssterling\b",
    "yen": r"jpy\b|yens?\b",
    "yuan": r"cny\b|yuans?\b",
    "rupee": r"₹|inr\b|rupees?\b|roupies?\b",
}
_ANY_UNIT = "|".join(f"(?P<u{place}>{signs})" for place, signs in enumerate(_UNITS.values()))
_UNIT_BEHIND = re.compile(
    rf"[\s-]?(?:(?:of|de)\s|d['’])?(?:us\s|u\.s\.\s)?(?:{_ANY_UNIT})", re.IGNORECASE
)
_UNIT_BEFORE = re.compile(r"(?:([$€£₹])|\b(usd|eur|gbp|jpy|cny|inr))\s?$", re.IGNORECASE)
_LONGEST_BEFORE: Final = 5
_MOST_WORDS: Final = 12
_Found: TypeAlias = "tuple[Quantity, NumberWords | None]"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text, with every value that it may mean, and its unit if known.

    "1,525" is 1525 or 1.525; the 10 of "10 to 12 billion" is 10 or 10 billion. The unit is a
    currency or "%".
    """

    values: frozenset[Decimal]
    unit: str | None = None

    @classmethod
    def exactly(cls, value: int) -> Self:
        """A number that is known to be just this: a year or a day of the calendar."""
        return cls(frozenset({Decimal(value)}))

    def agrees_with(self, other: Quantity) -> bool:
        """Tell whether both may be the same number; an unknown unit may be any."""
        if self.unit and other.unit and self.unit != other.unit:
            return False
        return not self.values.isdisjoint(other.values)


def quantities(text: str) -> list[Quantity]:
    """Find all numbers, in digits and in French or English words; as evidence, so generously."""
    return [quantity for quantity, _ in _find(text)]


def claimed_quantities(text: str, language: str, *, least: int = _LEAST_CLAIMED) -> list[Quantity]:
    """Find the numbers that a sentence claims: all in digits, and words from `least` upwards.

    Words of both languages, since a model does not always write in the one it was asked for.
    """
    ambiguous = _NO_CLAIM.get(language, frozenset())
    return [
        quantity
        for quantity, words in _find(text)
        if words is None or (max(words.values) >= least and words.only not in ambiguous)
    ]


def are_known(claims: Iterable[Quantity], known: Sequence[Quantity]) -> bool:
    """Tell whether each number may be the same as one of the known."""
    return all(any(claim.agrees_with(number) for number in known) for claim in claims)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at its place; `factors` are what the scale behind it may have multiplied it by.

    `words` is None if it is in digits.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    factors: frozenset[Decimal]
    words: NumberWords | None


def _find(text: str) -> Iterator[_Found]:
    numbers = list(_numbers(text))
    for number, following in zip_longest(numbers, numbers[1:]):
        values = number.values
        if (
            following is not None
            and following.factors
            and not number.factors
            and _RANGE.fullmatch(text, number.end, following.start)
        ):
            values |= {value * factor for value in values for factor in following.factors}
        yield Quantity(values, _unit(text, number)), number.words


def _numbers(text: str) -> Iterator[_Number]:
    parts = list(_PART.finditer(text))
    at = 0
    while at < len(parts):
        first = parts[at]
        behind = _joined(text, parts, at)
        used = 1
        if first["digits"]:
            of_scale, factors = scales(behind)
            used += of_scale
            plain = _readings(first["digits"], scaled=bool(factors))
            values = frozenset(v * f for v in plain for f in factors or {Decimal(1)})
            yield _Number(first.start(), parts[at + of_scale].end(), values, factors, None)
        elif words := number_words([first["word"], *behind], before=_word_before(parts, at)):
            used = words.used
            end = parts[at + used - 1].end()
            yield _Number(first.start(), end, words.values, words.factors, words)
        at += used


def _joined(text: str, parts: Sequence[re.Match[str]], at: int) -> list[str]:
    """The words behind a part, up to a sign that parts numbers, or digits."""
    words: list[str] = []
    for one, following in pairwise(parts[at : at + _MOST_WORDS]):
        if following["digits"] or not _JOINED.fullmatch(text, one.end(), following.start()):
            break
        words.append(following["word"])
    return words


def _word_before(parts: Sequence[re.Match[str]], at: int) -> str:
    return (parts[at - 1]["word"] or "") if at else ""


def _unit(text: str, number: _Number) -> str | None:
    start = max(number.start - _LONGEST_BEFORE, 0)
    before = _UNIT_BEFORE.search(text[start : number.start])
    sign = before[0].strip() if before else ""
    behind = _UNIT_BEHIND.match(text, number.end)
    if behind is None and sign:
        behind = _UNIT_BEHIND.match(sign)
    inside = re.search(r"[$€£]", text[number.start : number.end])
    if behind is None and inside:
        behind = _UNIT_BEHIND.match(inside[0])
    if behind is None or behind.lastgroup is None:
        return None
    return list(_UNITS)[int(behind.lastgroup[1:])]


def _readings(digits: str, *, scaled: bool) -> frozenset[Decimal]:
    """Read digits with separators, of which one may mark thousands or decimals.

    Nobody writes a decimal as "12.000", but perhaps "1.250 million".
    """
    digits = re.sub(r"[\s'’]", "", digits)
    parts = re.split(r"[.,]", digits)
    signs = re.findall(r"[.,]", digits)
    whole = Decimal("".join(parts))
    if not signs:
        return frozenset({whole})
    decimal = Decimal("".join(parts[:-1]) + "." + parts[-1])
    if len(signs) > 1:
        return frozenset({whole if len(set(signs)) == 1 else decimal})
    if len(parts[1]) != len("000") or len(parts[0]) > len("000") or parts[0] == "0":
        return frozenset({decimal})
    return frozenset({whole} if parts[1].endswith("0") and not scaled else {whole, decimal})
