"""What a follow-up means: itself, with what it lacks from the questions before it; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from index.analysis import LANGUAGES, fold, query_terms
from index.lexicon import is_common_word

_MOST_QUESTIONS: Final = 3
_MOST_CARRIED: Final = 12
_FEW_WORDS: Final = 3

_WORD: Final = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*|[^\W\d_]+(?:[-&][^\W_]+)*")
_GOES_ON: Final = re.compile(
    r"\W*(?:and|but|or|so|then|ok|okay|what about|how about|et|mais|ou|alors|donc|puis|quid"
    r"|qu'en est-il)\b"
)
_OPENERS: Final = frozenset(
    """list compare give tell explain show name describe summarise summarize what's whats liste
    listez comparez donne donnez explique expliquez montre cite citez resume resumez aupres devant
    derriere envers malgre""".split()
)
_NO_PREDICATE: Final = frozenset(
    """and but or so then ok okay what how about the a for with at in of et mais ou alors donc puis
    quid qu en est il le la les l un une de du des d pour chez a""".split()
)
_REFERS: Final = frozenset(
    """he she it they him his its their them that this those these there elle elles ils il lui
    leur leurs ca cela celui celle ceux son sa ses ce cet cette ces""".split()
)


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
    name into the question before; any other takes along, in brackets, the words that it lacks.

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
    if names and _GOES_ON.match(_plain(question)):
        name = question[names[0].start : names[-1].end]
        rest = _plain(question.replace(name, " "))
        exchanged = _exchanged(before, name)
        if exchanged is not None and not set(re.findall(r"\w+", rest)) - _NO_PREDICATE:
            return exchanged
    said = {_plain(word.text) for word in words}
    carried = [
        word.text for word in _words(before) if not word.refers and _plain(word.text) not in said
    ]
    lacking = " ".join(dict.fromkeys(carried[:_MOST_CARRIED]))
    return f"{question} ({lacking})" if lacking else question


def _depends(question: str, words: Sequence[_Word]) -> bool:
    """Tell whether a question goes on with one before it, rather than to begin another."""
    if _GOES_ON.match(_plain(question)):
        return True
    names = [word for word in words if word.is_name]
    first = names[0].start if names else len(question)
    if any(word.refers and word.start < first for word in words):
        return True
    return not names and sum(not word.refers for word in words) <= _FEW_WORDS


def _exchanged(before: str, name: str) -> str | None:
    """Put a name in the place of the first of a question; None if it has none."""
    run: list[_Word] = []
    for word in _words(before):
        follows = run and before[run[-1].end : word.start].strip() == ""
        if word.is_name and (not run or (follows and not word.text.isupper())):
            run.append(word)
        elif run:
            break
    if not run:
        return None
    return f"{before[: run[0].start]}{name}{before[run[-1].end :]}"


def _words(question: str) -> list[_Word]:
    found = []
    for match in _WORD.finditer(question):
        text = match.group()
        refers = _plain(text) in _REFERS
        if refers or _is_acronym(text) or all(query_terms(text, one) for one in LANGUAGES):
            opens = not question[: match.start()].strip(' \u00a0«“"(¿')
            is_name = not refers and _is_name(text, opens=opens)
            found.append(_Word(text, match.start(), match.end(), is_name, refers))
    return found


def _is_acronym(text: str) -> bool:
    return len(text) > 1 and text.isupper()


def _is_name(text: str, *, opens: bool) -> bool:
    if text[0].isdigit() or _plain(text) in _OPENERS:
        return False
    if text[0].isupper() and not opens:
        return True
    # What both languages know under one form, or neither, is a name: Google, Mastodon.
    known = {is_common_word(text, language) for language in LANGUAGES}
    return len(known) == 1 and (text[0].isupper() or known == {False})


def _plain(text: str) -> str:
    return fold(text).replace("’", "'")
