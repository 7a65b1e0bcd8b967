"""What a chat model replied, read leniently and freed of everything but plain words. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.answering.errors import UnusableAnswerError

# Far above what is asked for.
_MOST_SENTENCES: Final = 12
_MOST_SENTENCE_CHARACTERS: Final = 1_000
_MOST_QUOTES: Final = 6
_MOST_QUOTE_CHARACTERS: Final = 1_000

_DECODER: Final = json.JSONDecoder(strict=False)
_BEGUN = re.compile(r'\{\s*"(?:quotes|text|sentences|answerable)"')
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"[\[【]\s*\^?\d+(?:\s*[,;–-]\s*\d+)*\s*[\]】]")
_DISCORD = re.compile(r"<(?:[@#:/]|a:|t:|id:)[^<>]*>")
_MARKDOWN = re.compile(
    r"^\s*(?:#{1,6}|[-+>]|\d+[.)])\s+|[*`~|\\<>\[\]【】]|(?<!\w)_++|(?<!_)_++(?!\w)"
)
_WEB = re.compile(r"\bwww\.\S+", re.IGNORECASE)
_STACKED = re.compile(r"[\u0300-\u036f\ufe00-\ufe0f]")
_EMOJI: Final = frozenset({"So", "Sk", "Me"})
_PING = re.compile(r"@+(?:everyone|here)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """Words that the model says stand in the passage with this number, counted from 1."""

    passage: int
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that the model wrote, as plain text, and what it says proves it."""

    text: str
    quotes: tuple[QuotedWords, ...]


class ReplyReader:
    """Reads the lines of JSON that `prompt.answer_messages` asks for, piece by piece.

    With whatever stands around them; sentences and quotes of another form are left out. In which
    pieces a reply comes makes no difference.
    """

    def __init__(self) -> None:
        self._written = ""
        self._at = 0
        self._claims = 0
        self.is_refusal = False
        """Whether the model said first of all that the passages do not answer the question."""
        self.is_cut = False
        """Whether the last object was begun, and not ended; known at the end."""

    def read(self, piece: str) -> list[Claim]:
        """Return the claims that end in this piece, in order."""
        self._written += piece
        return self._read(is_all=False) if "}" in piece else []

    def end(self) -> list[Claim]:
        """Return the claims that stand behind something that only seemed to begin another.

        Raises:
            UnusableAnswerError: Nothing in the reply has the form asked for.
        """
        claims = self._read(is_all=True)
        if not self._claims and not self.is_refusal:
            reason = "a reply that does not have the form asked for"
            raise UnusableAnswerError(reason)
        return claims

    def _read(self, *, is_all: bool) -> list[Claim]:
        text = _THOUGHTS.sub("", self._written)
        claims: list[Claim] = []
        while (brace := text.find("{", self._at)) >= 0:
            decoded = _decoded(text, brace)
            if decoded is not None:
                found, self._at = decoded
                claims += self._claimed(found)
                continue
            # It may yet be completed.
            if not is_all:
                break
            self.is_cut |= _BEGUN.match(text, brace) is not None
            self._at = brace + 1
        return claims

    def _claimed(self, found: object) -> list[Claim]:
        items: list[object] = [found]
        match found:
            case {"answerable": False}:
                self.is_refusal |= not self._claims
                return []
            case {"sentences": list(sentences)}:
                items = sentences
        claims = [claim for item in items if (claim := _claim(item)) is not None]
        claims = claims[: _MOST_SENTENCES - self._claims]
        self._claims += len(claims)
        self.is_cut &= not claims
        return claims


def objects_of(reply: str) -> Iterator[object]:
    """Find the JSON objects of a whole reply, with whatever stands around them."""
    text, at = _THOUGHTS.sub("", reply), 0
    while (brace := text.find("{", at)) >= 0:
        decoded = _decoded(text, brace)
        at = brace + 1
        if decoded is not None:
            found, at = decoded
            yield found


def plain_text(text: str) -> str:
    """Free a sentence of marks, links, addresses, Markdown, mentions, emoji and invisible signs.

    Only code writes those. What is left is one line without `[`, `<`, `://` or a ping.
    """
    text = unicodedata.normalize("NFC", "".join(" " if c.isspace() else c for c in text))
    text = "".join(sign for sign in text if not _is_decoration(sign))
    text = _MARKS.sub("", _LINK.sub(r"[\1]", text))
    text = _MARKDOWN.sub("", _DISCORD.sub("", text))
    text = " ".join(word for word in text.split() if "://" not in word)
    text = _PING.sub("", _WEB.sub("", text))
    return re.sub(r"\s+([.,])", r"\1", " ".join(text.split()))


def _decoded(text: str, brace: int) -> tuple[object, int] | None:
    """Decode the object that begins there, and tell where it ends; None if it is none."""
    try:
        return _DECODER.raw_decode(text, brace)
    except (ValueError, RecursionError):
        return None


def _is_decoration(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return (
        kind.startswith("C")
        or (kind in _EMOJI and sign not in "°©®™")
        or bool(_STACKED.match(sign))
    )


def _claim(item: object) -> Claim | None:
    match item:
        case {"text": str(text), "quotes": list(quotes)} if len(text) <= _MOST_SENTENCE_CHARACTERS:
            words = (_quoted_words(quote) for quote in quotes[:_MOST_QUOTES])
            return Claim(plain_text(text), tuple(quote for quote in words if quote is not None))
        case _:
            return None


def _quoted_words(item: object) -> QuotedWords | None:
    match item:
        case {"passage": int() | str() as passage, "quote": str(quote)}:
            number = re.fullmatch(r"\[?(\d{1,4})\]?", str(passage).strip())
            if number is None or len(quote) > _MOST_QUOTE_CHARACTERS:
                return None
            return QuotedWords(int(number[1]), quote)
        case _:
            return None
