"""Parallel English-French text as the encoder's training reads it: cleaned, aligned, split.

A passage is a run of aligned pairs. What is one text in the files (a document, or a manual whose
messages stand in order) stays in order, so that neighbouring pairs can be joined to long passages.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from index.models import Vectors

HELD_OUT_DOCUMENTS: Final = ("canadian-digital-service", "electron-docs", "react-docs")
HELD_OUT_EVERY: Final = 10
UNORDERED: Final = ("tatoeba", "tldr")
UNORDERED_HELD_OUT_EVERY: Final = 300

_LEAST_SIMILARITY: Final = 0.45
_LEAST_LENGTH_RATIO: Final = 0.4
_MOST_CHARACTERS: Final = 1_000
_COMPARED_CHARACTERS: Final = 200
_MARKUP: Final = (
    (re.compile(r":[a-z:+-]+:`~?([^`<]*?)\s*(?:<[^>`]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^>`]*>`_+"), r"\1"),
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\{(?:#|/\*)[^}]*\}|</?[A-Za-z][^>]*>"), " "),
    (re.compile(r"^\s*(?:#+|[-*>]|\d+\.)\s+"), ""),
    (re.compile(r"`+|\*\*|__(?=\s|$)|(?<=\s)__"), ""),
    (re.compile(r"\s+"), " "),
)


class Pair(NamedTuple):
    """The same text in both languages."""

    english: str
    french: str


@dataclass(frozen=True, slots=True)
class ParallelText:
    """All pairs of a folder.

    `loose` are sentences without order; each of `texts` is one text, its pairs in order. The
    held-out ones are never trained on.
    """

    loose: Sequence[Pair]
    texts: Sequence[Sequence[Pair]]
    held_out_loose: Sequence[Pair]
    held_out_texts: Sequence[Sequence[Pair]]


def read_parallel_text(folder: Path, embed: Callable[[Sequence[str]], Vectors]) -> ParallelText:
    """Read `*.tsv.gz` (pairs) and `*.jsonl.gz` (documents) in the order of their names.

    Args:
        folder: What docs/EVALUATION.md describes for `training.lexicon`.
        embed: Texts to unit vectors; aligns documents whose blocks are not one to one.
    """
    loose: list[Pair] = []
    texts: list[list[Pair]] = []
    held_out_loose: list[Pair] = []
    held_out_texts: list[list[Pair]] = []
    for path in sorted(folder.glob("*.gz")):
        name = path.name.split(".")[0]
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            if path.name.endswith(".tsv.gz"):
                columns = (line.rstrip("\n").partition("\t") for line in lines)
                pairs = list(usable(Pair(english, french) for english, _, french in columns))
                if name in UNORDERED:
                    for pair in pairs:
                        held = _draw(pair.english, UNORDERED_HELD_OUT_EVERY)
                        (held_out_loose if held else loose).append(pair)
                else:
                    texts.append(pairs)
            else:
                for document in map(json.loads, lines):
                    pairs = list(usable(aligned(document["en"], document["fr"], embed)))
                    held = name in HELD_OUT_DOCUMENTS and _draw(document["en"][0], HELD_OUT_EVERY)
                    if pairs:
                        (held_out_texts if held else texts).append(pairs)
    return ParallelText(loose, texts, held_out_loose, held_out_texts)


def _draw(text: str, every: int) -> bool:
    """Choose one text of so many, the same ones each time."""
    return zlib.crc32(text.encode()) % every == 0


def clean(text: str) -> str:
    """Take the markup of manuals away and keep its words, as an article would have them."""
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return text.strip()


def usable(pairs: Iterator[Pair]) -> Iterator[Pair]:
    """Clean the pairs; leave out what is empty, not translated, or far from equally long."""
    for pair in pairs:
        english, french = clean(pair.english), clean(pair.french)
        shorter, longer = sorted((len(english), len(french)))
        if not shorter or english == french or not re.search(r"[a-z]{2}", french):
            continue
        if shorter < _LEAST_LENGTH_RATIO * longer or longer > 2 * _MOST_CHARACTERS:
            continue
        yield Pair(english[:_MOST_CHARACTERS], french[:_MOST_CHARACTERS])


def aligned(
    english: Sequence[str],
    french: Sequence[str],
    embed: Callable[[Sequence[str]], Vectors],
) -> Iterator[Pair]:
    """Pair the blocks of a document: as they stand if equally many, else by their meaning.

    The monotonic alignment with the greatest sum of similarity above a threshold, a tenth of it
    taken off for each doubling of length (Gale and Church 1993 align by length alone).
    """
    if len(english) == len(french):
        yield from map(Pair, english, french)
        return
    if not english or not french:
        return
    lengths = [np.log2([len(text) + 20 for text in side]) for side in (english, french)]
    similarity = embed([clean(text)[:_COMPARED_CHARACTERS] for text in english]) @ (
        embed([clean(text)[:_COMPARED_CHARACTERS] for text in french]).T
    )
    gain = similarity - 0.1 * np.abs(lengths[0][:, None] - lengths[1][None, :])
    gain -= _LEAST_SIMILARITY
    rows, columns = gain.shape
    best = np.zeros((rows + 1, columns + 1))
    for row in range(1, rows + 1):
        best[row, 1:] = np.maximum(best[row - 1, 1:], best[row - 1, :-1] + gain[row - 1])
        np.maximum.accumulate(best[row], out=best[row])
    path = []
    row, column = rows, columns
    while row and column:
        if best[row, column] == best[row - 1, column]:
            row -= 1
        elif best[row, column] == best[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            path.append(Pair(english[row], french[column]))
    yield from reversed(path)


class Section(NamedTuple):
    """A heading or first sentence with the passage that follows it."""

    heading: Pair
    passage: Pair


def sections(text: Sequence[Pair]) -> Iterator[Section]:
    """Find the headings of a text, or what stands before a passage like one.

    A heading is a short pair; its passage are the longer pairs after it. No two sections overlap.
    """
    taken = 0
    for place, heading in enumerate(text):
        if place < taken or not 12 <= len(heading.english) <= 160:
            continue
        following: list[Pair] = []
        for pair in text[place + 1 : place + 5]:
            if len(pair.english) < 60 and following:
                break
            following.append(pair)
        if following and len(following[0].english) > len(heading.english):
            passage = joined(following)
            if len(passage.english) >= 120:
                taken = place + 1 + len(following)
                yield Section(heading, passage)


def joined(pairs: Sequence[Pair], most_characters: int = 500) -> Pair:
    """Join pairs to one passage, as many from the first as have room, at least one."""
    kept = 0
    size = 0
    for pair in pairs:
        size += max(len(pair.english), len(pair.french)) + 1
        if kept and size > most_characters:
            break
        kept += 1
    return Pair(
        " ".join(pair.english for pair in pairs[:kept]),
        " ".join(pair.french for pair in pairs[:kept]),
    )
