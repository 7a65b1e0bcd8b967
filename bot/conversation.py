"""What a follow-up means: itself, with what it lacks from the questions before it; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from bot.answering.proof.names import CALENDAR, is_place
from bot.references import plain, stands_for_earlier
from index.analysis import LANGUAGES, query_terms
from index.lexicon import is_common_word

_MOST_QUESTIONS: Final = 3
_MOST_CARRIED: Final = 12
_FEW_WORDS: Final = 3

_WORD: Final = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*|[^\W\d_]+(?:[-&][^\W_]+)*")
_GOES_ON: Final = re.compile(r"\W*(?:and|or|what about|how about|et|ou bien|quid|qu'en est-il)\b")
_TAKES_UP: Final = re.compile(r"\W*(?:but|so|then|ok|okay|mais|alors|donc|puis)\b")
_OPENERS: Final = frozenset(
    """list compare give tell explain show name describe summarise summarize what's whats liste
    listez comparez donne donnez explique expliquez montre cite citez resume resumez aupres devant
    derriere envers malgre quid""".split()
)
_PREPOSITIONS: Final = {
    "of": "of", "in": "in", "at": "at", "for": "for", "with": "with", "from": "from", "to": "to",
    "by": "by", "against": "against", "de": "de", "d": "de", "du": "de", "des": "de", "a": "a",
    "au": "a", "aux": "a", "en": "en", "chez": "chez", "pour": "pour", "avec": "avec",
    "contre": "contre", "par": "par",
}  # fmt: skip
_NO_PREDICATE: Final = _PREPOSITIONS.keys() | frozenset(
    "and but or so then ok okay what how about the et mais ou alors donc puis quid qu est il le la"
    " les l un une".split()
)
_BEFORE_NAME: Final = re.compile(r"(\w+)\W+(?:(?:the|le|la|les|l)\W+)?$")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question that search would look for, or that stands for one said before."""

    text: str
    start: int
    end: int
    is_name: bool
    refers: bool


def in_context(earlier: Sequence[str], question: str) -> str:
    """Rewrite a follow-up so that it can be understood, and found, alone.

    One that names its own subject is left as it is: the subject was changed. "And Google?" puts the
    name in the place of one in the question before; any other takes along, in brackets, the words
    that it lacks.

    Args:
        earlier: What was asked before in the same conversation, oldest first.
        question: The follow-up, which stays whole but for that.
    """
    asked = [*earlier[-_MOST_QUESTIONS:], question]
    return reduce(_rewritten, (one.strip() for one in asked))


def _rewritten(before: str, question: str) -> str:
    words = _words(question)
    if not _depends(question, words):
        return question
    names = [word for word in words if word.is_name]
    exchanged = _exchanged(before, question, names) if names else None
    if exchanged is not None:
        return exchanged
    said = {plain(word.text) for word in words}
    carried = [
        word.text for word in _words(before) if not word.refers and plain(word.text) not in said
    ]
    lacking = " ".join(dict.fromkeys(carried[:_MOST_CARRIED]))
    return f"{question} ({lacking})" if lacking else question


def _depends(question: str, words: Sequence[_Word]) -> bool:
    """Tell whether a question goes on with one before it, rather than to begin another."""
    if _GOES_ON.match(plain(question)):
        return True
    names = [word for word in words if word.is_name]
    first = names[0].start if names else len(question)
    if any(word.refers and word.start < first for word in words):
        return True
    takes_up = _TAKES_UP.match(plain(question)) is not None
    return (takes_up or not names) and sum(not word.refers for word in words) <= _FEW_WORDS


def _exchanged(before: str, question: str, names: Sequence[_Word]) -> str | None:
    """Put the name of "And Google?" in the place of one of its kind in the question before.

    That is one behind the same preposition, if the follow-up has any; rather one of as many words,
    and the first of those. None if there is none, or if the follow-up says more than a name.
    """
    start, end = names[0].start, names[-1].end
    name = question[start:end]
    goes_on = _GOES_ON.match(plain(question))
    rest = set(re.findall(r"\w+", plain(f"{question[:start]} {question[end:]}")))
    if goes_on is None or rest - _NO_PREDICATE:
        return None
    is_named_only = "quid" in rest or "est" in rest
    preposition = None if is_named_only else _preposition(question[:start])
    alike = [
        (first, last)
        for first, last in _name_runs(before)
        if _kind(before[first:last]) == _kind(name)
        and preposition in {None, _preposition(before[:first])}
    ]
    if not alike:
        return None
    first, last = min(alike, key=lambda run: _unlike(before[run[0] : run[1]], name))
    return f"{before[:first]}{name}{before[last:]}"


def _unlike(name: str, other: str) -> tuple[bool, bool, bool]:
    """How unlike two names are: in small letters, an acronym, of another number of words."""
    return (
        name.islower() > other.islower(),
        name.isupper() > other.isupper(),
        len(name.split()) != len(other.split()),
    )


def _name_runs(question: str) -> list[tuple[int, int]]:
    """Where the names are; words beside each other are one, but for acronyms."""
    runs: list[tuple[int, int]] = []
    for word in _words(question):
        if not word.is_name:
            continue
        if runs and not question[runs[-1][1] : word.start].strip() and not word.text.isupper():
            runs[-1] = (runs[-1][0], word.end)
        else:
            runs.append((word.start, word.end))
    return runs


def _preposition(text_before: str) -> str | None:
    match = _BEFORE_NAME.search(plain(text_before))
    return _PREPOSITIONS.get(match[1]) if match else None


def _kind(name: str) -> str:
    """A month or day, a country, or anything else: one does not take the place of the other."""
    if CALENDAR.issuperset(plain(name).split()):
        return "calendar"
    return "place" if is_place(name) else "other"


def _words(question: str) -> list[_Word]:
    found: list[_Word] = []
    for match in _WORD.finditer(question):
        text = match.group()
        before, behind = question[: match.start()], question[match.end() :]
        is_acronym = len(text) > 1 and text.isupper()
        said = any(not word.refers for word in found)
        refers = not is_acronym and stands_for_earlier(text, before, behind, says_something=said)
        if refers or is_acronym or all(query_terms(text, one) for one in LANGUAGES):
            opens = not before.strip(' \u00a0«“"(¿')
            is_name = not refers and _is_name(text, opens=opens)
            found.append(_Word(text, match.start(), match.end(), is_name, refers))
    return found


def _is_name(text: str, *, opens: bool) -> bool:
    if text[0].isdigit() or plain(text) in _OPENERS:
        return False
    if text[0].isupper() and not opens:
        return True
    # What both languages know under one form, or neither, is a name: Google, Mastodon.
    known = {is_common_word(text, language) for language in LANGUAGES}
    return len(known) == 1 and (text[0].isupper() or known == {False})
