"""The words of a question in the language of the passages.

A word is looked up in a lexicon learned from parallel text (`python -m training.lexicon`), so that
search by words crosses the languages too: probabilistic structured queries after Darwish & Oard
2003, simplified to the best alternative instead of a weighted sum.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

from index.analysis import LANGUAGES, passage_terms, query_terms, tokens

LEXICON_FILE: Final = Path(__file__).parent / "lexicon_fr_en.tsv.gz"
_AS_TYPED: Final = 0.5
_LEAST_WEIGHT: Final = 0.1


def query_words(
    question: str, *, question_language: str, passage_language: str
) -> list[dict[str, float]]:
    """Give for each word of a question the terms that stand for it in the passages' language.

    Args:
        question: As typed.
        question_language: ISO 639-1.
        passage_language: ISO 639-1.

    Returns:
        For each word that is no stop word a mapping from terms to weights in (0, 1], best 1. In
        the question's own language that is its stem. In another, its translations by their
        probability relative to the best, and the word as typed: alone, if it has no translation
        (names and numbers), else at half the weight.
    """
    words = []
    for token in tokens(question):
        stems = query_terms(token, question_language)
        if not stems:
            continue
        if question_language == passage_language:
            words.append({stems[0]: 1.0})
            continue
        alternatives = _translations(stems[0], question_language, passage_language)
        for stem in query_terms(token, passage_language):
            typed = _AS_TYPED if alternatives else 1.0
            alternatives[stem] = max(alternatives.get(stem, 0.0), typed)
        if alternatives:
            words.append(alternatives)
    return words


def is_common_word(token: str, language: str) -> bool:
    """Whether the lexicon knows a word of its language, unlike names and numbers."""
    known = _lexicon().get(language, {})
    return not token[0].isdigit() and any(s in known for s in passage_terms(token, language))


def _translations(stem: str, source: str, target: str) -> dict[str, float]:
    if source == target or source not in LANGUAGES or target not in LANGUAGES:
        return {}
    found = _lexicon()[source].get(stem, {})
    best = max(found.values(), default=0.0)
    return {term: p / best for term, p in found.items() if p / best >= _LEAST_WEIGHT}


@cache
def _lexicon() -> dict[str, dict[str, dict[str, float]]]:
    """For each source language its stems, and for each the probabilities of its translations."""
    french: dict[str, dict[str, float]] = defaultdict(dict)
    english: dict[str, dict[str, float]] = defaultdict(dict)
    with gzip.open(LEXICON_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            fr, en, given_french, given_english = line.rstrip("\n").split("\t")
            french[fr][en] = float(given_french)
            english[en][fr] = float(given_english)
    return {"fr": dict(french), "en": dict(english)}
