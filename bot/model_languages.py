"""Which languages the embedding model knows, and what to do about articles in others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

FOREIGN: Final = "Articles in other languages ({languages}) are found by their words alone."
WHAT_TO_SET: Final = (
    "Set EMBEDDING_MODEL to a multilingual model, such as intfloat/multilingual-e5-small, then:"
    " newsdesk rebuild"
)


def unknown_languages(known: Sequence[str], articles: Mapping[str, int]) -> dict[str, int]:
    """Count the articles of each language that the model does not know.

    Empty if nothing is `known`: so it is of a model that is not the shipped one.
    """
    return {language: n for language, n in articles.items() if known and language not in known}
