"""Newsdesk's retriever for other LangChain programs."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.models import RetrievedPassage
from index.retriever import Retriever


class NewsdeskRetriever(BaseRetriever):
    """A LangChain retriever over the published index.

    Documents are passages, best first, at most `limit`. Their metadata place them in the article:
    `text[start:end]` of the stored article is the document's content.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    limit: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [_document(found) for found in self.retriever.retrieve(query).passages[: self.limit]]


def _document(found: RetrievedPassage) -> Document:
    article, span = found.article, found.passage.span
    return Document(
        page_content=found.text,
        metadata={
            "article_id": article.id,
            "external_id": article.external_id,
            "title": article.title,
            "outlet": article.outlet,
            "author": article.author,
            "published_at": str(article.published) if article.published else None,
            "url": article.url,
            "language": article.language,
            "start": span.start,
            "end": span.end,
            "similarity": found.similarity,
        },
    )
