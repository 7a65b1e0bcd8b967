"""The sentences of the Discord side, in English and French.

One typed table per language, so that the type checker finds what is missing.
"""

from __future__ import annotations

from bot.locales.english import ENGLISH
from bot.locales.french import FRENCH
from bot.locales.words import Words

__all__ = ["ENGLISH", "FRENCH", "Words", "words_for"]


def words_for(language: str) -> Words:
    """Choose the table for an ISO 639-1 code or a Discord locale (`fr`, `en-GB`).

    English stands in for any other language.
    """
    return FRENCH if language.partition("-")[0] == "fr" else ENGLISH
