"""Where articles are kept: the port. The SQLite implementation is `sqlite_store`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from corpus.errors import DuplicateArticleError
from corpus.models import (
    Article,
    ArticleId,
    ArticleSummary,
    Change,
    CorpusStatistics,
    Draft,
    Revision,
)


class ArticleStore(Protocol):
    """Articles under increasing revisions; each change is durable when its call returns.

    Blocking; every method may raise `StoreUnavailableError`: disk full, read-only, damaged, locked.
    """

    def add(self, drafts: Sequence[Draft]) -> list[Article]:
        """Store accepted drafts in one transaction, all or none, each under a revision of its own.

        The drafts are normalized, with title, language set; `corpus.ingest` makes them so.

        Raises:
            DuplicateArticleError: One of them is stored already; another process may have been
                quicker than the caller's look at `duplicates`.
            ValueError: Two of the drafts have the same URL or text.
        """

    def duplicates(self, drafts: Sequence[Draft]) -> list[DuplicateArticleError | None]:
        """Say for each draft, in order, which stored article it repeats, or None.

        A canonical URL counts first, then the text. The external id does not count: it is the name
        that one source gave, and two sources may both have an article `1`.
        """

    def near_duplicates(self, article_id: ArticleId) -> list[ArticleSummary]:
        """Return other articles that share most of their wording with this one, closest first.

        At most ten, ties by ascending id; empty if the article does not exist.
        """

    def similar(self, text: str) -> list[ArticleSummary]:
        """Return articles that share most of their wording with a text, closest first.

        At most ten, ties by ascending id; an article with this very text is among them.
        """

    def edit(self, article_id: ArticleId, draft: Draft) -> Article:
        """Put all of an accepted draft but its text in the place of what is known of an article.

        A revision of its own; the id and the time of adding stay.

        Raises:
            ArticleNotFoundError: There is no such article.
            DuplicateArticleError: Another article has the URL.
        """

    def remove(self, article_id: ArticleId) -> Revision:
        """Delete an article; raise `ArticleNotFoundError` if there is none."""

    def get(self, article_id: ArticleId) -> Article:
        """Return one article; raise `ArticleNotFoundError` if there is none."""

    def get_many(self, article_ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        """Return those of the articles that exist."""

    def find(self, reference: str) -> Article:
        """Return the article with this id, external id or canonical URL, tried in that order.

        The newest, if several have that external id; typed with what normalizing takes away, it is
        still that one. Raise `ArticleNotFoundError` if there is none.
        """

    def articles(
        self, *, after: ArticleId | None = None, limit: int | None = None
    ) -> Iterator[Article]:
        """Iterate in ascending id order, without holding all of them in memory."""

    def summaries(
        self, query: str | None = None, *, limit: int = 20, offset: int = 0
    ) -> list[ArticleSummary]:
        """List articles without their texts, the last added first.

        Only those with `query` in the title, outlet or URL, whatever the case and accents.
        """

    def newest(self, limit: int) -> list[Article]:
        """Return the articles published last, the last one first, at most `limit`.

        Of equal first days the most exact comes first, then the one added last; those without a
        date of publication come after all others.
        """

    def revision(self) -> Revision:
        """Return the number of the newest change, 0 for a corpus never changed."""

    def changes_since(self, revision: Revision) -> Iterator[Change]:
        """Iterate over the articles changed after `revision`, each once, in its present state.

        In ascending order of the article's newest change. An article both added and removed since
        comes as removed.
        """

    def statistics(self) -> CorpusStatistics:
        """Count."""

    def close(self) -> None:
        """Release the database."""
