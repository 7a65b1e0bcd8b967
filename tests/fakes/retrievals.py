"""What a retriever found, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from corpus.models import Article, Revision
from index.analysis import passage_terms
from index.lexicon import query_words
from index.models import IndexState
from index.query import understand
from index.ranking import FEATURE_NAMES, Features, coverage
from index.retrieval import RankedArticle, Retrieval
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.passages import passage


def retrieval(question: str, *articles: Article) -> Retrieval:
    """Rank these articles in the given order, each found whole in one passage."""
    query = understand(question, today=date(2024, 5, 15), detect_language=lambda _: None)
    words = {
        found.language: query_words(
            question, question_language=query.language, passage_language=found.language
        )
        for found in articles
    }
    ranked = []
    for place, found in enumerate(articles):
        terms = set(passage_terms(f"{found.title}\n{found.text}", found.language))
        values = dict.fromkeys(FEATURE_NAMES, 0.0)
        values["passage"] = 1.0 - place / 10
        values["coverage"] = coverage(words[found.language], terms)
        features = Features(**values)
        ranked.append(
            RankedArticle(
                article=found,
                features=features,
                same_language=found.language == query.language,
                score=-float(place),
                passages=(passage(found),),
            )
        )
    return Retrieval(
        query=query,
        articles=tuple(ranked),
        words=words,
        vector=HashingEmbedder().embed_query(question),
        index=IndexState(1, Revision(1), len(articles), None),
    )


def within(found: Retrieval, start: int, end: int) -> Retrieval:
    """Let the only passage of each article be that slice of it."""
    ranked = [replace(one, passages=(passage(one.article, start, end),)) for one in found.articles]
    return replace(found, articles=tuple(ranked))
