"""The articles that come and go, and the questions that are asked of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import corpus
from bot.evaluating import read_questions
from corpus.importing import read_jsonl
from corpus.models import Draft
from corpus.normalizing import normalize_text

_SAMPLES = Path(corpus.__file__).parent / "samples"
_PARAGRAPHS = 2
_QUESTIONS = 8


@cache
def pool() -> dict[str, Draft]:
    """Return the beginnings of the sample articles by their external ids."""
    found = {}
    for draft in read_jsonl(_SAMPLES / "articles.jsonl", "samples"):
        assert isinstance(draft, Draft)
        assert draft.external_id is not None
        text = "\n\n".join(normalize_text(draft.text).split("\n\n")[:_PARAGRAPHS])
        found[draft.external_id] = replace(draft, text=text)
    return found


@cache
def questions() -> list[str]:
    """Return some sample questions that these beginnings answer, and some that they do not."""
    asked = read_questions(_SAMPLES / "questions.jsonl")
    whole = " ".join(draft.text for draft in pool().values())
    answered = (one.text for one in asked if one.quotes and all(q in whole for q in one.quotes))
    others = (one.text for one in asked if not one.quotes)
    return [*islice(answered, _QUESTIONS), *islice(others, _QUESTIONS // 4)]
