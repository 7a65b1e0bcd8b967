"""The names that a text proves: what stands in it as a name, next to what it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby, pairwise
from typing import Final, Self

from bot.answering.proof.names import (
    ALSO_WORDS,
    parts_of,
    runs,
    same_names,
    with_same_names,
    without_accents,
)
from index.analysis import fold

_LONGEST_NAME: Final = 5
"""What has more capitals in a row is a headline."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names of a text, folded, word by word, in both languages.

    `pairs` are words of one name, in order; `begins` and `ends` are the words with which names
    begin and end, `inside` all words of those.
    """

    words: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    begins: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()

    def __or__(self, other: Self) -> KnownNames:
        return KnownNames(
            self.words | other.words,
            self.pairs | other.pairs,
            self.begins | other.begins,
            self.ends | other.ends,
            self.inside | other.inside,
        )

    def have(self, name: str) -> bool:
        """Tell whether a claimed word is among the names, apart from a plural or possessive s."""
        if not self.words.isdisjoint(_forms(name)):
            return True
        parts = [part for part in parts_of(name) if part]
        return len(parts) > 1 and all(
            self.have(one) and (one, other) in self.pairs for one, other in pairwise(parts)
        )

    def join(self, run: Sequence[str]) -> bool:
        """Tell whether neighbours in a claim may be: words of one name, or of whole names.

        "Tim Cook and Elon Musk" name no Tim Musk, but "Sam Altman, CEO" is the CEO Sam Altman.
        """
        return all(self._join(one, other) for one, other in pairwise(run))

    def _join(self, one: str, other: str) -> bool:
        ones, others = _forms(one), _forms(other)
        if any((a, b) in self.pairs for a in ones for b in others):
            return True
        return (self.inside.isdisjoint(ones) or not self.ends.isdisjoint(ones)) and (
            self.inside.isdisjoint(others) or not self.begins.isdisjoint(others)
        )


@lru_cache(maxsize=64)
def known_names(text: str) -> KnownNames:
    """Collect what stands in a text as a name: with a capital, a dot or a digit inside."""
    plain = with_same_names(without_accents(text))
    words: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    begins: set[str] = set()
    ends: set[str] = set()
    for run in _named(plain):
        words.update(word for token in run for word in (fold(token), *map(fold, parts_of(token))))
        name = [fold(token) for token in run]
        parts = [part for token in name for part in parts_of(token)]
        if len(name) > _LONGEST_NAME:
            begins.update(name)
            ends.update(name)
            pairs.update(pairwise(parts))
        else:
            begins.add(name[0])
            ends.add(name[-1])
            pairs.update(combinations(name, 2))
            pairs.update(pairwise(parts))
    inside = frozenset(word for pair in pairs for word in pair)
    return KnownNames(
        frozenset(words), frozenset(pairs), frozenset(begins), frozenset(ends), inside
    )


def mentioned(text: str) -> frozenset[str]:
    """All words of a text, folded, with those names that differ between the languages.

    For questions: whoever asks may leave the capitals out.
    """
    plain = without_accents(text)
    words = {
        fold(word) for run in runs(plain) for token, _ in run for word in (token, *parts_of(token))
    }
    return frozenset(words) | frozenset(same_names(plain))


def _named(plain: str) -> Iterator[list[str]]:
    """Runs of neighbours that stand as names; also without the word that opens a sentence."""
    for run in runs(plain):
        for is_name, group in groupby(run, lambda pair: _is_named(pair[0])):
            if not is_name:
                continue
            tokens = list(group)
            yield [token for token, _ in tokens]
            if tokens[0][1] and len(tokens) > 1:
                yield [token for token, _ in tokens[1:]]


def _is_named(token: str) -> bool:
    if fold(token) in ALSO_WORDS:
        return token.isupper()
    return token != token.lower() or any(sign in "0123456789.&" for sign in token)


def _forms(name: str) -> set[str]:
    return {name, name.removesuffix("s"), name + "s"}
