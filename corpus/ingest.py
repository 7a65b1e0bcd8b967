"""The rules of acceptance: raw drafts in, stored articles out, and a reason for each refusal."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from corpus.errors import (
    DuplicateArticleError,
    ImportLineError,
    NoTextError,
    RejectedArticleError,
    TooLongError,
    TooShortError,
)
from corpus.languages import UNDETERMINED, detect_language, language_code
from corpus.models import Article, ArticleId, ArticleSummary, Draft
from corpus.normalizing import canonical_url, content_hash, normalize_line, normalize_text
from corpus.store import ArticleStore
from corpus.titles import LONGEST_TITLE, make_title, shorten

LEAST_WORDS = 20
MOST_CHARACTERS = 1_000_000  # a long book; what is larger keeps questions waiting for its index

_BATCH_DRAFTS = 200
_BATCH_CHARACTERS = 4_000_000
_WORD = re.compile(r"\w+")
_HOME_PAGE = re.compile(r"https?://[^/]+/$")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Added:
    """An article that is stored. `near_duplicates` were there before it, the closest first."""

    article: Article
    near_duplicates: tuple[ArticleSummary, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was not stored, and why."""

    origin: str
    error: RejectedArticleError | ImportLineError


Outcome: TypeAlias = Added | Rejected


class Ingest:
    """Accepts drafts into a store.

    The external id that comes with a draft never makes it a duplicate: it is a name that one
    source gave. An article with the same id and other words is an article of its own; `find` then
    returns the newer one.
    """

    def __init__(
        self,
        store: ArticleStore,
        *,
        detect_language: Callable[[str], str | None] = detect_language,
    ) -> None:
        self._store = store
        self._detect_language = detect_language

    def accept(self, draft: Draft) -> Draft:
        """Return the draft as it can be stored: normalized, with a title and a language.

        A language code that the draft brings is believed. An address without path or query is
        the outlet's, not the article's, and dropped.

        Raises:
            TooLongError: It has more than `MOST_CHARACTERS`.
            NoTextError: It has no word.
            TooShortError: It has fewer than `LEAST_WORDS` words.
        """
        if len(draft.text) > MOST_CHARACTERS:
            raise TooLongError(draft.origin, characters=len(draft.text), limit=MOST_CHARACTERS)
        text = normalize_text(draft.text)
        words = len(_WORD.findall(text))
        if words == 0:
            raise NoTextError(draft.origin)
        if words < LEAST_WORDS:
            raise TooShortError(draft.origin, words=words, least=LEAST_WORDS)
        title = _line(draft.title)
        url = canonical_url(draft.url) if draft.url else None
        topics = dict.fromkeys(filter(None, map(normalize_line, draft.topics)))
        return replace(
            draft,
            text=text,
            title=shorten(title, LONGEST_TITLE) if title else make_title(text),
            title_made=title is None or draft.title_made,
            language=language_code(draft.language) or self._detect_language(text) or UNDETERMINED,
            url=None if url is None or _HOME_PAGE.match(url) else url,
            outlet=_line(draft.outlet),
            author=_line(draft.author),
            external_id=_line(draft.external_id),
            topics=tuple(topics),
        )

    def edit(self, article_id: ArticleId, draft: Draft) -> Article:
        """Change what is known of an article to what a draft says; the text stays.

        Raises:
            RejectedArticleError: The draft could not be an article.
            ArticleNotFoundError: There is no such article.
        """
        return self._store.edit(article_id, self.accept(draft))

    def add(
        self, drafts: Iterable[Draft | RejectedArticleError | ImportLineError]
    ) -> Iterator[Outcome]:
        """Store what can be accepted, and tell of each draft what became of it, in order.

        Whatever could not even be read comes through as rejected. Drafts are read and stored in
        batches; an article is told as `Added` only when it is durable.

        Raises:
            StoreUnavailableError: The store failed; what was told as added before is stored.
        """
        for batch in _batches(drafts):
            outcomes: dict[int, Outcome] = {}
            pending: dict[int, Draft] = {}
            for position, draft in enumerate(batch):
                if not isinstance(draft, Draft):
                    outcomes[position] = Rejected(draft.origin, draft)
                    continue
                try:
                    pending[position] = self.accept(draft)
                except RejectedArticleError as error:
                    outcomes[position] = Rejected(draft.origin, error)
            while pending:
                settled = self._settle(pending)
                outcomes |= settled
                pending = {at: draft for at, draft in pending.items() if at not in settled}
            added = sum(isinstance(outcome, Added) for outcome in outcomes.values())
            log.info("%d articles added, %d rejected", added, len(batch) - added)
            yield from (outcomes[position] for position in range(len(batch)))

    def _settle(self, pending: dict[int, Draft]) -> dict[int, Outcome]:
        """Reject what is stored already, else store what repeats nothing before it in the batch.

        What is left over repeats something of its own batch, which the next look will find stored.
        """
        found = self._store.duplicates(list(pending.values()))
        repeated: dict[int, Outcome] = {
            at: Rejected(error.origin, error)
            for at, error in zip(pending, found, strict=True)
            if error is not None
        }
        fresh = _first_of_each({at: pending[at] for at in pending if at not in repeated})
        try:
            articles = self._store.add(list(fresh.values()))
        except DuplicateArticleError:  # another process was quicker: look again
            return repeated
        return repeated | {
            at: Added(article, self._near(article))
            for at, article in zip(fresh, articles, strict=True)
        }

    def _near(self, article: Article) -> tuple[ArticleSummary, ...]:
        near = self._store.near_duplicates(article.id)
        return tuple(other for other in near if other.id < article.id)


def _first_of_each(drafts: dict[int, Draft]) -> dict[int, Draft]:
    seen: set[str] = set()
    first = {}
    for at, draft in drafts.items():
        keys = {content_hash(draft.text), draft.url or content_hash(draft.text)}
        if not keys & seen:
            first[at] = draft
        seen |= keys
    return first


def _batches(
    drafts: Iterable[Draft | RejectedArticleError | ImportLineError],
) -> Iterator[list[Draft | RejectedArticleError | ImportLineError]]:
    batch: list[Draft | RejectedArticleError | ImportLineError] = []
    characters = 0
    for draft in drafts:
        batch.append(draft)
        characters += len(draft.text) if isinstance(draft, Draft) else 0
        if len(batch) >= _BATCH_DRAFTS or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _line(text: str | None) -> str | None:
    return normalize_line(text or "") or None
