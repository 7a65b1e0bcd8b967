"""What of a passage is indexed by its words."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.models import Article, ArticleId, PublicationDate
from index.models import PassageId, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalDocument:
    """A passage as it is indexed by its words, with what it can be filtered by."""

    passage_id: PassageId
    article_id: ArticleId
    language: str
    title: str
    text: str
    outlet: str | None
    published: PublicationDate | None


def document_of(article: Article, passage_id: PassageId, span: Span) -> LexicalDocument:
    """Make what is indexed of a passage, which is a slice of its article's text."""
    return LexicalDocument(
        passage_id=passage_id,
        article_id=article.id,
        language=article.language,
        title=article.title,
        text=article.text[span.start : span.end],
        outlet=article.outlet,
        published=article.published,
    )
