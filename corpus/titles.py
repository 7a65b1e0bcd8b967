"""Titles: telling one from a sentence, and making one where none was given. Pure."""

from __future__ import annotations

import re

LONGEST_TITLE = 300
_LONGEST_MADE_TITLE = 90
_LONGEST_TITLE_LINE = 150
# A full stop after an initial or after one of these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"'’.])(?:[^\W\d_]|mm|mme|mlle|dr|mr|mrs|ms|st|prof|inc|corp|ltd|co|vs|etc|no|cf|env|art"
    r"|jan|feb|aug|sept|oct|nov|dec|janv|févr|juil|déc)\.$",
    re.IGNORECASE,
)
# A sentence does not end before a small letter: « Non ! » dit-il.
_STOP = re.compile(r"[.!?…]+(?:\s?[\"”’»)\]])*+(?=\s+[^\sa-zà-öø-ÿœ]|\s*$)")


def looks_like_title(line: str) -> bool:
    """Tell whether the first line of a text is its title: short, and not the end of a sentence."""
    return 0 < len(line) <= _LONGEST_TITLE_LINE and not re.search(r"[.,;:…]$", line)


def make_title(text: str) -> str:
    """Make a title of a normalized text's first sentence, at most 90 characters.

    A longer one is cut between two words and ends in an ellipsis.
    """
    sentence = _first_sentence(text)
    if len(sentence) <= _LONGEST_MADE_TITLE:
        return sentence
    return shorten(sentence, _LONGEST_MADE_TITLE)


def shorten(line: str, longest: int) -> str:
    """Cut a line to at most `longest` characters, between two words, with an ellipsis."""
    if len(line) <= longest:
        return line
    cut = line[:longest]
    border = re.search(r"\s\S*$", cut)
    end = border.start() if border and border.start() > longest // 2 else longest - 1
    return cut[:end].rstrip(" \u00a0\u202f,;:.–—-«“(") + "…"


def _first_sentence(text: str) -> str:
    line = text.split("\n", 1)[0]
    for stop in _STOP.finditer(line):
        if not _ABBREVIATION.search(line[: stop.end()]):
            return line[: stop.end()].removesuffix(".")
    return line
