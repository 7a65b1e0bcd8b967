"""What moderators read: previews, lists, what became of an article; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.audit import AuditLine
from bot.locales import Words
from bot.markdown import on_one_line, pack, plain, shortened
from bot.newsroom import PER_PAGE
from bot.newsroom_values import Edited, Preview, Removed, Stored
from bot.rendering import Page, described
from corpus.models import Article, ArticleSummary, Draft
from corpus.walls import Wall

_MOST_TITLE: Final = 250
_MOST_LINES: Final = 600
_MOST_NEAR: Final = 3


def preview_page(preview: Preview, words: Words) -> Page:
    """Show a draft as it would be stored, with what speaks against that."""
    draft = preview.draft
    blocks = [_facts(draft, words)]
    if preview.duplicate is not None:
        existing = preview.duplicate
        title = _title(existing.existing_title)
        blocks.append(f"⚠️ {words.is_duplicate.format(id=existing.existing_id, title=title)}")
    else:
        blocks += [
            f"⚠️ {words.is_near.format(id=near.id, title=_title(near.title))}"
            for near in preview.near[:_MOST_NEAR]
        ]
    match preview.wall:
        case Wall.COOKIES:
            blocks.append(f"⚠️ {words.is_cookie_wall}")
        case Wall.PAYWALL:
            blocks.append(f"⚠️ {words.is_paywall}")
    blocks.append(_beginning(draft.text))
    return Page("\n\n".join(blocks))


def article_page(article: Article, passages: int, words: Words) -> Page:
    """Show what is known of a stored article, and how it begins."""
    found = words.found_under.format(id=article.id, passages=words.number(passages))
    return Page("\n\n".join([_facts(article, words), found, _beginning(article.text)]))


def list_pages(found: Sequence[ArticleSummary], words: Words, *, page: int) -> list[Page]:
    """Show one page of a list, and whether there is more.

    Args:
        found: Up to one article more than `PER_PAGE`, which is not shown.
        words: In the language of the reader.
        page: The number of the page, from 1.
    """
    if not found:
        return [Page(words.none_listed)]
    lines = [f"`{one.id}` {described(one, one.url, words)}" for one in found[:PER_PAGE]]
    if len(found) > PER_PAGE:
        lines.append(words.more_listed.format(page=page + 1))
    return [Page(text) for text in pack(lines, between="\n")]


def removal_page(article: Article, words: Words) -> Page:
    """Ask whether an article is to be removed."""
    return Page(
        f"{words.really_remove.format(id=article.id)}\n\n{described(article, article.url, words)}"
    )


def stored_page(stored: Stored, words: Words) -> Page:
    """Say that an article is stored, and whether it can be found yet."""
    if stored.passages is None:
        sentence = words.stored_later.format(id=stored.article.id)
    else:
        passages = words.number(stored.passages)
        sentence = words.stored.format(id=stored.article.id, passages=passages)
    return Page(f"{sentence}\n\n{described(stored.article, stored.article.url, words)}")


def removed_page(removed: Removed, words: Words) -> Page:
    """Say that an article is removed."""
    sentence = words.removed.format(id=removed.article.id)
    return Page(f"{sentence}\n\n{described(removed.article, removed.article.url, words)}")


def edited_page(edited: Edited, words: Words) -> Page:
    """Show what is known of an article after an edit, and whether it can be found so yet."""
    sentence = words.edited if edited.passages is not None else words.edited_later
    return Page(f"{sentence.format(id=edited.article.id)}\n\n{_facts(edited.article, words)}")


def audit_sentence(line: AuditLine, words: Words) -> str:
    """Say who did what, in one line."""
    return words.deeds[line.deed].format(person=f"<@{line.person}>", subject=_title(line.subject))


def _facts(article: Draft | Article, words: Words) -> str:
    published = words.date(article.published) if article.published else words.unknown
    lines = [
        f"**{_title(article.title or '')}**",
        f"{words.outlet_label}: {_short(article.outlet) or words.unknown}",
        f"{words.published_shown}: {published}",
        f"{words.language_shown}: {article.language}",
        f"{words.length_shown}: {words.words_counted.format(n=_counted(article.text, words))}",
    ]
    if article.url:
        lines.append(f"{words.url_label}: {_short(article.url)}")
    return "\n".join(lines)


def _counted(text: str, words: Words) -> str:
    return words.number(len(text.split()))


def _beginning(text: str) -> str:
    return f"> {plain(shortened(on_one_line(text), _MOST_LINES))}"


def _title(title: str) -> str:
    return plain(shortened(on_one_line(title), _MOST_TITLE))


def _short(text: str | None) -> str:
    return plain(shortened(on_one_line(text or ""), _MOST_TITLE))
