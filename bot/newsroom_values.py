"""What goes in and out of the newsroom, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NewType

from bot.audit import AuditLine
from bot.errors import BotError
from bot.limits import NotADateError
from corpus.dates import parse_date
from corpus.errors import DuplicateArticleError
from corpus.models import Article, ArticleSummary, Draft
from corpus.normalizing import canonical_url
from corpus.walls import Wall

DraftKey = NewType("DraftKey", str)


class DraftGoneError(BotError):
    """What a button was to add or undo is not kept any more: too old, or the bot was restarted."""


class NotAnAddressError(BotError):
    """What a person typed, `text`, is no address of a page."""

    def __init__(self, text: str) -> None:
        super().__init__("not an address")
        self.text = text


class NoLinkError(BotError):
    """There is no link in the message whose linked articles were to be added."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft as it would be stored, and what a moderator should know before it is.

    `near` are stored articles with mostly the same words.
    """

    key: DraftKey
    draft: Draft
    duplicate: DuplicateArticleError | None
    near: tuple[ArticleSummary, ...]
    wall: Wall | None


@dataclass(frozen=True, slots=True)
class Stored:
    """An article just stored; `passages` is None if it is not searchable yet."""

    article: Article
    passages: int | None
    line: AuditLine


@dataclass(frozen=True, slots=True)
class Removed:
    """An article just removed; `key` brings it back."""

    article: Article
    key: DraftKey
    line: AuditLine


@dataclass(frozen=True, slots=True)
class Edited:
    """An article just edited; `key` takes that back. `passages` as in `Stored`."""

    article: Article
    passages: int | None
    key: DraftKey
    line: AuditLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a moderator typed about an article; empty is unknown."""

    title: str
    outlet: str
    published: str
    url: str


def with_details(draft: Draft, details: Details) -> Draft:
    """Put what was typed into a draft.

    Raises:
        NotADateError: The date is none.
        NotAnAddressError: The address is none.
    """
    published = parse_date(details.published.strip()) if details.published.strip() else None
    if published is None and details.published.strip():
        raise NotADateError(details.published)
    url = details.url.strip() or None
    if url is not None and canonical_url(url) is None:
        raise NotAnAddressError(details.url)
    title = details.title.strip() or None
    return replace(
        draft,
        title=title,
        title_made=draft.title_made and title == draft.title,
        outlet=details.outlet.strip() or None,
        published=published,
        url=url,
    )


def draft_of(article: Article) -> Draft:
    """Make the draft from which an article could be stored anew."""
    return Draft(
        text=article.text,
        origin=f"article {article.id}",
        title=article.title,
        outlet=article.outlet,
        author=article.author,
        published=article.published,
        language=article.language,
        url=article.url,
        external_id=article.external_id,
        topics=article.topics,
        title_made=article.title_made,
    )
