"""Articles in memory, under the same contract as those in SQLite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from corpus.errors import ArticleNotFoundError, DuplicateArticleError
from corpus.models import (
    Article,
    ArticleId,
    ArticleSummary,
    Change,
    CorpusStatistics,
    Draft,
    Revision,
)
from corpus.normalizing import canonical_url, content_hash, fold, normalize_line
from corpus.similarity import NEAR_DUPLICATE_SIMILARITY, signature, similarity

EXACTNESS = {"day": 0, "month": 1, "year": 2}


class MemoryArticleStore:
    """For tests of what stands on an `ArticleStore`."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._articles: dict[ArticleId, Article] = {}
        self._signatures: dict[ArticleId, bytes] = {}
        self._changed: list[ArticleId] = []
        self._last_id = 0
        self._clock = clock

    def add(self, drafts: Sequence[Draft]) -> list[Article]:
        for key in ([d.url for d in drafts if d.url], [d.text for d in drafts]):
            if len(set(key)) < len(key):
                msg = "two drafts are the same"
                raise ValueError(msg)
        for duplicate in self.duplicates(drafts):
            if duplicate:
                raise duplicate
        return [self._store(draft) for draft in drafts]

    def duplicates(self, drafts: Sequence[Draft]) -> list[DuplicateArticleError | None]:
        return [self._duplicate(draft) for draft in drafts]

    def near_duplicates(self, article_id: ArticleId) -> list[ArticleSummary]:
        if article_id not in self._articles:
            return []
        return self._similar(self._signatures[article_id], apart_from=article_id)

    def similar(self, text: str) -> list[ArticleSummary]:
        return self._similar(signature(text), apart_from=None)

    def _similar(self, own: bytes, *, apart_from: ArticleId | None) -> list[ArticleSummary]:
        near = [
            (-similarity(own, self._signatures[other]), other)
            for other in self._articles
            if other != apart_from
        ]
        close = [(d, i) for d, i in sorted(near) if -d >= NEAR_DUPLICATE_SIMILARITY]
        return [summary(self._articles[i]) for _, i in close[:10]]

    def edit(self, article_id: ArticleId, draft: Draft) -> Article:
        before = self.get(article_id)
        for other in self._articles.values():
            if draft.url is not None and draft.url == other.url and other.id != article_id:
                raise DuplicateArticleError(
                    draft.origin, existing_id=other.id, existing_title=other.title, same="url"
                )
        known = {name: getattr(draft, name) for name in Draft.__slots__}
        del known["text"], known["origin"]
        self._articles[article_id] = replace(before, **known)
        self._changed.append(article_id)
        return self._articles[article_id]

    def remove(self, article_id: ArticleId) -> Revision:
        if article_id not in self._articles:
            raise ArticleNotFoundError(str(article_id))
        del self._articles[article_id]
        self._changed.append(article_id)
        return self.revision()

    def get(self, article_id: ArticleId) -> Article:
        if article_id not in self._articles:
            raise ArticleNotFoundError(str(article_id))
        return self._articles[article_id]

    def get_many(self, article_ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        return {i: self._articles[i] for i in article_ids if i in self._articles}

    def find(self, reference: str) -> Article:
        typed = normalize_line(reference)
        url = canonical_url(typed)
        newest_first = list(reversed(self._articles.values()))
        for key in (
            lambda a: str(a.id) == typed.lstrip("0"),
            lambda a: a.external_id == typed,
            lambda a: url is not None and a.url == url,
        ):
            for article in newest_first:
                if key(article):
                    return article
        raise ArticleNotFoundError(reference)

    def articles(
        self, *, after: ArticleId | None = None, limit: int | None = None
    ) -> Iterator[Article]:
        return islice((a for a in list(self._articles.values()) if a.id > (after or 0)), limit)

    def summaries(
        self, query: str | None = None, *, limit: int = 20, offset: int = 0
    ) -> list[ArticleSummary]:
        wanted = fold(normalize_line(query or ""))
        found = [
            summary(article)
            for article in reversed(self._articles.values())
            if any(wanted in fold(part) for part in (article.title, article.outlet, article.url))
        ]
        return found[offset : offset + limit]

    def newest(self, limit: int) -> list[Article]:
        def key(article: Article) -> tuple[int, int, int]:
            published = article.published
            if published is None:
                return 1, 0, -article.id
            return -published.first.toordinal(), EXACTNESS[published.precision], -article.id

        return sorted(self._articles.values(), key=key)[:limit]

    def revision(self) -> Revision:
        return Revision(len(self._changed))

    def changes_since(self, revision: Revision) -> Iterator[Change]:
        newest_last = list(dict.fromkeys(reversed(self._changed[revision:])))[::-1]
        return iter([Change(i, self._articles.get(i)) for i in newest_last])

    def statistics(self) -> CorpusStatistics:
        stored = self._articles.values()
        dates = [a.published for a in stored if a.published]
        return CorpusStatistics(
            articles=len(stored),
            revision=self.revision(),
            languages=dict(Counter(a.language for a in stored)),
            outlets=dict(Counter(a.outlet for a in stored if a.outlet)),
            oldest=min(dates, key=lambda d: (d.first, EXACTNESS[d.precision]), default=None),
            newest=max(dates, key=lambda d: (d.first, -EXACTNESS[d.precision]), default=None),
        )

    def close(self) -> None:
        pass

    def _duplicate(self, draft: Draft) -> DuplicateArticleError | None:
        for same in ("url", "text"):
            for article in self._articles.values():
                value = getattr(draft, same)
                if value is not None and value == getattr(article, same):
                    return DuplicateArticleError(
                        draft.origin,
                        existing_id=article.id,
                        existing_title=article.title,
                        same=same,
                    )
        return None

    def _store(self, draft: Draft) -> Article:
        self._last_id += 1
        article = Article(
            id=ArticleId(self._last_id),
            title=draft.title or "",
            text=draft.text,
            language=draft.language or "",
            content_hash=content_hash(draft.text),
            added_at=self._clock(),
            title_made=draft.title_made,
            outlet=draft.outlet,
            author=draft.author,
            published=draft.published,
            url=draft.url,
            external_id=draft.external_id,
            topics=draft.topics,
        )
        self._articles[article.id] = article
        self._signatures[article.id] = signature(article.text)
        self._changed.append(article.id)
        return article


def summary(article: Article) -> ArticleSummary:
    return ArticleSummary(
        id=article.id,
        title=article.title,
        language=article.language,
        added_at=article.added_at,
        outlet=article.outlet,
        published=article.published,
        url=article.url,
        external_id=article.external_id,
    )
