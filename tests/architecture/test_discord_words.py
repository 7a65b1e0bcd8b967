"""Nothing that a person reads on Discord is missing in one of the languages."""

from __future__ import annotations

import string
from dataclasses import fields

import pytest

from bot.error_messages import MESSAGES
from bot.locales import ENGLISH, FRENCH, Words
from bot.locales.commands import FRENCH_COMMANDS
from tests.fake_discord import rules


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("name", [field.name for field in fields(Words) if field.type == "str"])
def test_both_languages_fill_in_the_same(name: str) -> None:
    english, french = getattr(ENGLISH, name), getattr(FRENCH, name)
    assert english
    assert french
    assert blanks(english) == blanks(french)


def test_errors_with_english_words_of_their_own_have_french_ones() -> None:
    assert set(ENGLISH.errors) <= set(FRENCH.errors)
    assert set(FRENCH.errors) <= set(ENGLISH.errors) | set(MESSAGES)
    for kind, sentence in ENGLISH.errors.items():
        assert blanks(sentence) == blanks(FRENCH.errors[kind])


def test_french_names_and_descriptions_fit_discord() -> None:
    for english, french in FRENCH_COMMANDS.items():
        assert rules.units(french) <= 100, english


def test_labels_fit_discord() -> None:
    for words in (ENGLISH, FRENCH):
        for label in (words.more_title, words.wrong_title, words.more_label, words.wrong_label):
            assert rules.units(label) <= 45, label
        for name in ("settings_title", "channels_label", "roles_label", "log_label"):
            assert rules.units(getattr(words, name)) <= 45, name
        assert rules.units(words.cooldown_label) <= 45
        for name in ("channels_hint", "roles_hint", "log_hint", "cooldown_hint"):
            assert rules.units(getattr(words, name)) <= 100, name
        assert rules.units(words.wrong_hint) <= 100
