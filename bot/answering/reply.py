"""What a chat model replied, read leniently and freed of everything but plain words. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.answering.errors import UnusableAnswerError

# Far above what is asked for, and low enough that a hostile reply costs no time.
_MOST_CHARACTERS: Final = 20_000
_MOST_SENTENCES: Final = 12
_MOST_SENTENCE_CHARACTERS: Final = 1_000
_MOST_QUOTES: Final = 6
_MOST_QUOTE_CHARACTERS: Final = 1_000

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"[\[【]\s*\^?\d+(?:\s*[,;–-]\s*\d+)*\s*[\]】]")
_DISCORD = re.compile(r"<(?:[@#:/]|a:|t:|id:)[^<>]*>")
_MARKDOWN = re.compile(r"^\s*(?:#{1,6}|[-+>]|\d+[.)])\s+|[*`~|\\<>\[\]【】]|(?<!\w)_+|_+(?!\w)")
_URL = re.compile(r"\S*://\S*|\bwww\.\S+", re.IGNORECASE)
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


def parse_reply(reply: str) -> list[Claim] | None:
    """Read the JSON object that `prompt.answer_messages` asks for, with whatever stands around it.

    Sentences and quotes of another form are left out.

    Returns:
        The claims in order; None if the model says that the passages do not answer the question.

    Raises:
        UnusableAnswerError: No such object in the reply, or it is beyond all measure.
    """
    if len(reply) > _MOST_CHARACTERS:
        reason = "a reply beyond all measure"
        raise UnusableAnswerError(reason)
    match _first_object(_THOUGHTS.sub("", reply)):
        case {"answerable": False}:
            return None
        case {"sentences": list(items)}:
            return [
                claim for item in items[:_MOST_SENTENCES] if (claim := _claim(item)) is not None
            ]
        case _:
            reason = "a reply that does not have the form asked for"
            raise UnusableAnswerError(reason)


def plain_text(text: str) -> str:
    """Free a sentence of marks, links, addresses, Markdown, mentions, emoji and invisible signs.

    Only code writes those. What is left is one line without `[`, `<`, `://` or a ping.
    """
    text = unicodedata.normalize("NFC", "".join(" " if c.isspace() else c for c in text))
    text = "".join(sign for sign in text if not _is_decoration(sign))
    text = _MARKS.sub("", _LINK.sub(r"[\1]", text))
    text = _MARKDOWN.sub("", _DISCORD.sub("", text))
    text = _PING.sub("", _URL.sub("", text))
    return re.sub(r"\s+([.,])", r"\1", " ".join(text.split()))


def _is_decoration(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return (
        kind.startswith("C")
        or (kind in _EMOJI and sign not in "°©®™")
        or bool(_STACKED.match(sign))
    )


def _first_object(text: str) -> object:
    """Decode the first JSON object that has one of the keys asked for; None if there is none."""
    decoder = json.JSONDecoder(strict=False)
    for brace in re.finditer(r"\{", text):
        try:
            found, _ = decoder.raw_decode(text, brace.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and {"answerable", "sentences"} & found.keys():
            return found
    return None


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
