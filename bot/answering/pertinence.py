"""Which articles beside the best one are on what a question asks; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.answering.evidence import Evidence
from corpus.models import Article
from index.analysis import passage_terms, query_terms, tokens
from index.lexicon import is_common_word
from index.retrieval import Retrieval

_MOST_BEHIND: Final = 5.0
"""In log odds, of the sentence and of its article together."""
_CAPITALISED: Final = re.compile(r"(?<=\S\s)[^\W\d_a-zß-ÿ]\w*")


def pertinent(evidence: Sequence[Evidence], retrieval: Retrieval) -> list[Evidence]:
    """Leave out what is probably on something else than the best sentence's article.

    That is what is far behind the best sentence, and what comes from an article that has none of
    the question's names where the best has some, unless it tells of the same event.

    Args:
        evidence: Sentences, best first, at least one.
        retrieval: Of a question after one thing: of several, each article may have its own.
    """
    best, query = evidence[0], retrieval.query
    on_it = {best.article.id, *(one.id for one in retrieval.same_event.get(best.article.id, ()))}

    @cache
    def names(article: Article) -> float:
        return names_found(query.text, query.language, article)

    def is_near(one: Evidence) -> bool:
        behind = best.score - one.score + best.features.article - one.features.article
        return behind <= _MOST_BEHIND and (names(one.article) > 0 or names(best.article) == 0)

    return [one for one in evidence if one.article.id in on_it or is_near(one)]


def names_found(question: str, language: str, article: Article) -> float:
    """The share of a question's names and numbers that an article has; 1 if there are none."""
    said = set(tokens(f"{article.title}\n{article.text}"))
    terms = {term for token in said for term in passage_terms(token, article.language)}
    capitalised = {token for name in _CAPITALISED.findall(question) for token in tokens(name)}
    names = [
        token
        for token in tokens(question)
        if query_terms(token, language)
        and (token in capitalised or not is_common_word(token, language))
    ]
    found = sum(not terms.isdisjoint(passage_terms(name, article.language)) for name in names)
    return found / len(names) if names else 1.0
