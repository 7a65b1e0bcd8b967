"""Each error that is raised on purpose has a sentence of its own, and the sentence reads well."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from types import ModuleType

import pytest

import bot
import corpus
import index
from bot.answering.errors import AnsweringError, CitationMismatchError
from bot.error_messages import MESSAGES, message_for
from bot.errors import BotError
from bot.locales import ENGLISH, FRENCH, Words
from corpus.errors import CorpusError
from index.errors import SearchError

ROOTS = (BotError, AnsweringError, CorpusError, SearchError)
# A bug of ours, for which a person can do nothing: it is told as a surprise.
SURPRISES = {CitationMismatchError}


def all_modules() -> list[ModuleType]:
    return [
        importlib.import_module(found.name)
        for room in (bot, index, corpus)
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
        if not found.name.endswith("__main__") and ".migrations" not in found.name
    ]


def concrete_errors() -> set[type[Exception]]:
    """All errors below the roots, without those that only stand above others."""
    all_modules()
    found: set[type[Exception]] = set()
    waiting: list[type[Exception]] = list(ROOTS)
    while waiting:
        children = [c for c in waiting.pop().__subclasses__() if _is_ours(c)]
        waiting += children
        found.update(c for c in children if not [g for g in c.__subclasses__() if _is_ours(g)])
    return found - SURPRISES


def _is_ours(kind: type[Exception]) -> bool:
    return kind.__module__.partition(".")[0] in {"bot", "index", "corpus"}


def example(kind: type[Exception]) -> Exception:
    """Make an error, each value by the type that its signature names."""
    if kind.__init__ is Exception.__init__:
        return kind()
    values = {"str": "something", "int": 1234, "int | None": 1234, "float": 1.5}
    parameters = inspect.signature(kind).parameters.values()
    named = {p.name: values.get(str(p.annotation), ("one thing", "another")) for p in parameters}
    positional = [named[p.name] for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    keywords = {p.name: named[p.name] for p in parameters if p.kind is p.KEYWORD_ONLY}
    return kind(*positional, **keywords)


def test_errors_are_found_at_all() -> None:
    assert len(concrete_errors()) > 15


def by_name(kinds: set[type[Exception]]) -> list[type[Exception]]:
    return sorted(kinds, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", by_name(concrete_errors() - set(ENGLISH.errors)))
def test_each_error_has_a_sentence_that_reads_well(kind: type[Exception]) -> None:
    assert kind in MESSAGES
    sentence, expected = message_for(example(kind), reference="unused")
    assert expected
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert not re.search(r"[{}]|None|Error|unused|\.\.", sentence)


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_what_members_meet_is_told_in_their_language(words: Words) -> None:
    # What English takes from `MESSAGES` need not stand in its table again.
    assert set(ENGLISH.errors) <= set(words.errors) <= {*ENGLISH.errors, *MESSAGES}
    for kind, sentence in words.errors.items():
        told = sentence.format(error=example(kind), wait="5 min")
        assert told.endswith((".", "!", "?")), told
        assert not re.search(r"[{}]|None|Error", told), told


def test_no_sentence_belongs_to_an_error_that_is_gone() -> None:
    for kind in MESSAGES:
        assert issubclass(kind, ROOTS)
