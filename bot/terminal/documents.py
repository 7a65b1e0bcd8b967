"""From values to the JSON that programs read; pure. The shapes are a promise to those programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from bot.answering.language_model import Spent
from bot.answering.models import Answer, Answered, Citation, Mode
from corpus.models import Article, ArticleSummary, CorpusStatistics
from index.models import RetrievedPassage

if TYPE_CHECKING:
    from index.outcomes import IndexStatus

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def answer_document(answer: Answer) -> dict[str, Json]:
    """Describe an answer; for each citation, the stored text `[start:end]` equals `quote`.

    Where nothing is answered, `text` says so, `citations` is empty and `mode` is "extractive",
    since no language model wrote it.
    """
    context = answer.context
    answered = isinstance(answer, Answered)
    citations = answer.citations if isinstance(answer, Answered) else ()
    mode = answer.mode if isinstance(answer, Answered) else Mode.EXTRACTIVE
    period = context.period
    return {
        "question": context.question,
        "language": context.language,
        "answered": answered,
        "mode": mode.value,
        "text": answer.text,
        "citations": [_citation(citation) for citation in citations],
        "nearest": [article_document(article) for article in context.nearest],
        "confidence": context.confidence,
        "period": None
        if period is None
        else {
            "since": None if period.since is None else period.since.isoformat(),
            "until": None if period.until is None else period.until.isoformat(),
        },
        "index": {
            "generation": context.index.generation,
            "revision": context.index.revision,
            "articles": context.index.articles,
            "newest": None if context.index.newest is None else str(context.index.newest),
        },
        "elapsed_ms": round(context.elapsed_ms, 3),
    }


def _citation(citation: Citation) -> dict[str, Json]:
    article = citation.article
    return {
        "n": citation.number,
        **article_document(article),
        "link": citation.link,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "language": article.language,
    }


def article_document(article: Article) -> dict[str, Json]:
    """Describe an article, without its text. The date is cut to the precision it is known with."""
    published = article.published
    return {
        "article_id": article.id,
        "external_id": article.external_id,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published_at": None if published is None else str(published),
        "published_precision": None if published is None else published.precision.value,
        "url": article.url,
    }


def summary_document(summary: ArticleSummary) -> dict[str, Json]:
    """Describe an article of a list."""
    published = summary.published
    return {
        "article_id": summary.id,
        "external_id": summary.external_id,
        "title": summary.title,
        "outlet": summary.outlet,
        "published_at": None if published is None else str(published),
        "published_precision": None if published is None else published.precision.value,
        "url": summary.url,
        "language": summary.language,
        "added_at": summary.added_at.isoformat(),
    }


def passage_document(found: RetrievedPassage) -> dict[str, Json]:
    """Describe a passage that was found: its article, its slice, its words."""
    return {
        **article_document(found.article),
        "similarity": round(found.similarity, 6),
        "score": round(found.score, 6),
        "start": found.passage.span.start,
        "end": found.passage.span.end,
        "language": found.passage.language,
        "text": found.text,
    }


def status_document(
    corpus: CorpusStatistics, index: IndexStatus, knows: Sequence[str], spent: Spent | None
) -> dict[str, Json]:
    """Describe what is stored, what of it the index covers, and the tokens of today.

    `knows` are the languages that the embedding model is known to know. `spent` is None without a
    language model.
    """
    return {
        "articles": corpus.articles,
        "revision": corpus.revision,
        "languages": {**corpus.languages},
        "outlets": {**corpus.outlets},
        "oldest": None if corpus.oldest is None else str(corpus.oldest),
        "newest": None if corpus.newest is None else str(corpus.newest),
        "index": {
            "generation": index.manifest.generation,
            "previous": index.previous,
            "built_at": index.manifest.created_at,
            "model": index.manifest.model_id,
            "model_languages": [*knows],
            "revision": index.revision,
            "behind": index.behind,
            "articles": index.articles,
            "passages": index.passages,
            "approximate": index.approximate,
            "outdated": [*index.outdated],
        },
        "tokens_today": None
        if spent is None
        else {"spent": spent.tokens, "per_day": spent.per_day or None},
    }
