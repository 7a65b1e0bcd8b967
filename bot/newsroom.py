"""What moderators do with articles, whichever way they ask for it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.audit import AuditLine, AuditLog, Deed
from bot.newsroom_values import (
    Details,
    DraftGoneError,
    DraftKey,
    Edited,
    Preview,
    Removed,
    Stored,
    draft_of,
    with_details,
)
from bot.workers import Worker, drive
from corpus.errors import ArticleNotFoundError, DuplicateArticleError
from corpus.extractor import Extractor
from corpus.fetching import Fetched
from corpus.ingest import Added, Ingest
from corpus.models import Article, ArticleId, ArticleSummary, Draft
from corpus.store import ArticleStore
from corpus.walls import wall_in
from index.errors import SearchError
from index.indexer import Indexer

log = logging.getLogger(__name__)


T = TypeVar("T")

_MOST_DRAFTS: Final = 100
PER_PAGE: Final = 10


class Newsroom:
    """Previews, adds, shows and removes. Everything that blocks runs off the event loop.

    Drafts, and what was known before an edit, wait in memory, the last hundred of each.

    Args:
        store: The articles, only touched on `corpus_worker`, as is `ingest`.
        ingest: What accepts drafts into them.
        corpus_worker: Their thread.
        indexer: The index, only touched on `index_worker`.
        index_worker: Its thread.
        audit: Who did what, only touched on `audit_worker`.
        audit_worker: Its thread.
        fetch: Gets a page; `corpus.fetching.fetch` does.
        extractor: Reads articles from bytes, only on `extraction_worker`.
        extraction_worker: Its thread. Those that all share would be taken up by slow files.
    """

    def __init__(
        self,
        *,
        store: ArticleStore,
        ingest: Ingest,
        corpus_worker: Worker,
        indexer: Indexer,
        index_worker: Worker,
        audit: AuditLog,
        audit_worker: Worker,
        fetch: Callable[[str], Awaitable[Fetched]],
        extractor: Extractor,
        extraction_worker: Worker,
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._corpus_worker = corpus_worker
        self._indexer = indexer
        self._index_worker = index_worker
        self._audit = audit
        self._audit_worker = audit_worker
        self._fetch = fetch
        self._extractor = extractor
        self._extraction_worker = extraction_worker
        self._drafts: OrderedDict[DraftKey, Draft] = OrderedDict()
        self._before_edit: OrderedDict[DraftKey, Article] = OrderedDict()

    async def preview_page(self, url: str) -> Preview:
        """Fetch a page and preview it; raises what `fetch`, `extract` and `preview` do."""
        page = await self._fetch(url)
        draft = await self._extraction_worker.run(
            self._extractor.extract,
            page.data,
            name=page.url,
            content_type=page.content_type,
            url=page.url,
        )
        return await self.preview(draft)

    async def preview_file(self, data: bytes, *, name: str, content_type: str | None) -> Preview:
        """Preview a file; raises what `extract` and `preview` do."""
        draft = await self._extraction_worker.run(
            self._extractor.extract, data, name=name, content_type=content_type
        )
        return await self.preview(draft)

    async def preview(self, draft: Draft) -> Preview:
        """Look what is to be known of a draft, and keep it until it is added or cancelled.

        Raises:
            RejectedArticleError: It cannot be an article. Being a duplicate raises nothing.
        """
        accepted = await asyncio.to_thread(self._ingest.accept, draft)
        duplicate, near = await self._corpus_worker.run(self._compare, accepted)
        return Preview(self._keep(accepted), accepted, duplicate, near, wall_in(accepted.text))

    async def edit(self, key: DraftKey, details: Details) -> Preview:
        """Preview a kept draft with other details, in its place.

        Raises:
            DraftGoneError: It is not kept any more.
            NotADateError: The date is none.
            NotAnAddressError: The address is none.
        """
        changed = with_details(self.draft(key), details)
        preview = await self.preview(changed)
        self.cancel(key)
        return preview

    def draft(self, key: DraftKey) -> Draft:
        """Return a kept draft; raise `DraftGoneError` if it is not kept any more."""
        if key not in self._drafts:
            raise DraftGoneError
        return self._drafts[key]

    def cancel(self, key: DraftKey) -> None:
        """Forget a draft; does nothing if it is not kept any more."""
        self._drafts.pop(key, None)

    async def add(self, key: DraftKey, person: int, *, deed: Deed = Deed.ADDED) -> Stored:
        """Store a kept draft, and make it searchable.

        Raises:
            DraftGoneError: It is not kept any more.
            DuplicateArticleError: It is stored already.
        """
        draft = self.draft(key)
        outcome = await self._corpus_worker.run(lambda: next(self._ingest.add([draft])))
        if not isinstance(outcome, Added):
            raise outcome.error
        self.cancel(key)
        article = outcome.article
        line = await self._record(person, deed, article)
        return Stored(article, await self._index(article.id), line)

    async def remove(self, article_id: ArticleId, person: int, *, hash_begins: str = "") -> Removed:
        """Remove an article, also from the index.

        Args:
            article_id: Which.
            person: Who wants that.
            hash_begins: The beginning of its `content_hash`, so that no other article is removed
                that has its id by now.

        Raises:
            ArticleNotFoundError: There is none.
        """
        article = await self._corpus_worker.run(self._take_out, article_id, hash_begins)
        key = self._keep(draft_of(article))
        line = await self._record(person, Deed.REMOVED, article)
        await self._index(article_id)
        return Removed(article, key, line)

    async def change(self, article_id: ArticleId, details: Details, person: int) -> Edited:
        """Put what was typed in the place of what is known of an article, also in the index.

        Raises:
            ArticleNotFoundError: There is no such article.
            DuplicateArticleError: Another article has the address.
            NotADateError: The date is none.
            NotAnAddressError: The address is none.
        """
        before = await self._corpus_worker.run(self._store.get, article_id)
        return await self._change(before, with_details(draft_of(before), details), person)

    async def change_back(self, key: DraftKey, person: int) -> Edited:
        """Take an edit back; raises what `change` does.

        Raises:
            DraftGoneError: What was known before is not kept any more.
        """
        if key not in self._before_edit:
            raise DraftGoneError
        earlier = self._before_edit[key]
        before = await self._corpus_worker.run(self._store.get, earlier.id)
        edited = await self._change(before, draft_of(earlier), person)
        self._before_edit.pop(key, None)
        return edited

    async def _change(self, before: Article, draft: Draft, person: int) -> Edited:
        article = await self._corpus_worker.run(self._ingest.edit, before.id, draft)
        key = DraftKey(secrets.token_urlsafe(12))
        _keep_newest(self._before_edit, key, before)
        line = await self._record(person, Deed.EDITED, article)
        return Edited(article, await self._index(article.id), key, line)

    async def find(self, reference: str) -> Article:
        """Return the article with this id or URL; raise `ArticleNotFoundError` if there is none."""
        return await self._corpus_worker.run(self._store.find, reference.strip())

    async def passages(self, article_id: ArticleId) -> int:
        """Count the passages under which an article can be found."""
        return len(await self._index_worker.run(self._passages_of, article_id))

    async def search(self, text: str | None, *, page: int) -> list[ArticleSummary]:
        """List articles with this in the title, outlet or URL, the last added first.

        Args:
            text: None lists all.
            page: From 1, of `PER_PAGE` articles; one article more shows that there is another page.
        """
        return await self._corpus_worker.run(
            self._store.summaries, text, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE
        )

    def _compare(
        self, draft: Draft
    ) -> tuple[DuplicateArticleError | None, tuple[ArticleSummary, ...]]:
        [duplicate] = self._store.duplicates([draft])
        return duplicate, tuple(self._store.similar(draft.text))

    def _take_out(self, article_id: ArticleId, hash_begins: str) -> Article:
        article = self._store.get(article_id)
        if not article.content_hash.startswith(hash_begins):
            raise ArticleNotFoundError(str(article_id))
        self._store.remove(article_id)
        return article

    async def _index(self, article_id: ArticleId) -> int | None:
        """Bring the index in step; the article is safe, so a failure only delays its being found.

        Returns:
            Under how many passages it is found now, None if that could not be brought about.
        """
        try:
            await drive(self._index_worker, self._indexer.catching_up())
            return await self.passages(article_id)
        except SearchError as error:
            log.warning("not searchable until the next catch-up: %s", type(error).__name__)
            return None

    def _passages_of(self, article_id: ArticleId) -> list[object]:
        return list(self._indexer.snapshot.passages_of(article_id))

    async def _record(self, person: int, deed: Deed, article: Article) -> AuditLine:
        subject = f"{article.id}: {article.title}"
        return await self._audit_worker.run(self._audit.record, person, deed, subject)

    def _keep(self, draft: Draft) -> DraftKey:
        key = DraftKey(secrets.token_urlsafe(12))
        _keep_newest(self._drafts, key, draft)
        return key


def _keep_newest(kept: OrderedDict[DraftKey, T], key: DraftKey, value: T) -> None:
    kept[key] = value
    while len(kept) > _MOST_DRAFTS:
        kept.popitem(last=False)
