"""From an answer to the text of Discord messages, within Discord's limits; pure.

Whatever comes from an article, a model or a person is shown as plain text: it can neither format,
nor link, nor mention. Only the code here writes links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answering.citations import text_fragment_link
from bot.answering.models import Abstained, Answer, Answered, Citation
from bot.latest import Excerpt
from bot.locales import Words
from bot.markdown import (
    PAGE_LIMIT,
    masked_link,
    on_one_line,
    pack,
    plain,
    shortened,
    split_plain,
    units,
)
from corpus.models import Article, ArticleId, ArticleSummary, CorpusStatistics
from index.models import IndexState, Span

_MOST_TITLE: Final = 250
_MOST_NAME: Final = 80
_MOST_QUESTION: Final = 600
_MOST_AROUND: Final = 300
_MOST_SOURCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """One Discord message: `text` is Markdown, at most `PAGE_LIMIT` long; `footer` is plain."""

    text: str
    footer: str | None = None


def answer_pages(
    answer: Answer, words: Words, *, question: str | None = None, understood: str | None = None
) -> list[Page]:
    """Show an answer, or what comes closest to one; at least one page, in reading order.

    Args:
        answer: What to show.
        words: In the language of the answer.
        question: Repeat it above the answer, where it cannot be read otherwise.
        understood: What was answered instead, if that is something else: a follow-up rewritten.
    """
    context = answer.context
    blocks: list[str] = []
    if question is not None and (asked := on_one_line(question)):
        blocks.append(f"**{plain(shortened(asked, _MOST_QUESTION))}**")
    if understood is not None and (meant := on_one_line(understood)):
        blocks.append(words.understood.format(question=plain(shortened(meant, _MOST_QUESTION))))
    blocks += split_plain(answer.text)
    match answer:
        case Answered():
            if answer.fallback is not None:
                blocks += split_plain(answer.fallback)
            blocks += _listed(words.sources, _sources(answer.citations, words))
        case Abstained():
            nearest = [f"- {described(one, one.url, words)}" for one in context.nearest]
            blocks += _listed(words.nearest, nearest)
    return _with_footers(pack(blocks), _footer(context.index, words), words)


def quotes_pages(
    quoted: Sequence[tuple[int, Article | None, Span]],
    words: Words,
    *,
    translations: Mapping[int, str] | None = None,
) -> list[Page]:
    """Show quotes in the words around them, or kindly that an article is gone.

    Args:
        quoted: The number of each quote in its answer, its article if it is still there, and
            where in the article's text it is.
        words: In the language of the reader.
        translations: By the number of a quote, what a language model made of it; below it.
    """
    blocks: list[str] = []
    for number, article, span in quoted:
        if article is None or span.end > len(article.text):
            blocks.append(rf"\[{number}\] {words.article_gone}")
            continue
        quote = article.text[span.start : span.end]
        link = text_fragment_link(
            article.url, quote, text=article.text, start=span.start, end=span.end
        )
        blocks.append(rf"\[{number}\] {described(article, link, words)}")
        blocks += [_as_quotation(piece) for piece in _passage(article.text, span)]
        if translation := (translations or {}).get(number):
            blocks += split_plain(f"{words.translated} {translation}")
    return [Page(text) for text in pack(blocks or [words.no_quotes])]


def latest_pages(excerpts: Sequence[Excerpt], words: Words, *, topic: str | None) -> list[Page]:
    """Show new articles, each with the line of it that was chosen.

    Args:
        excerpts: What to show, in this order.
        words: In the language of the reader.
        topic: What they are about, as it was typed.
    """
    shown = "" if topic is None else plain(on_one_line(topic))
    if not excerpts:
        return [Page(words.nothing_new if topic is None else words.nothing_on.format(topic=shown))]
    heading = words.newest if topic is None else words.newest_on.format(topic=shown)
    blocks = [f"**{heading}**"]
    for excerpt in excerpts:
        article, span = excerpt.article, excerpt.span
        line = on_one_line(article.text[span.start : span.end])
        quote = f"\n{_as_quotation(plain(shortened(line, _MOST_AROUND)))}" if line else ""
        blocks.append(f"{described(article, article.url, words)}{quote}")
    return [Page(text) for text in pack(blocks)]


def about_page(statistics: CorpusStatistics, words: Words, *, version: str, kept_days: int) -> Page:
    """Show what the corpus holds, and what is kept about people, and for how many days."""
    blocks = [
        f"**{words.about_title.format(version=version)}**",
        words.about.format(articles=words.number(statistics.articles)),
    ]
    if statistics.oldest is not None and statistics.newest is not None:
        blocks.append(
            words.about_period.format(
                outlets=words.number(len(statistics.outlets)),
                oldest=words.date(statistics.oldest),
                newest=words.date(statistics.newest),
            )
        )
    blocks.append(words.about_stored.format(days=words.number(kept_days)))
    return Page("\n\n".join(blocks))


def _passage(text: str, span: Span) -> list[str]:
    """Write a quote in bold between the words around it, in its own paragraph."""
    before = text[max(text.rfind("\n", 0, span.start) + 1, span.start - _MOST_AROUND) : span.start]
    paragraph_end = text.find("\n", span.end)
    after = text[span.end : span.end + _MOST_AROUND]
    if 0 <= paragraph_end < span.end + _MOST_AROUND:
        after = text[span.end : paragraph_end]
    if span.start - len(before) > 0 and text[span.start - len(before) - 1] != "\n":
        before = "…" + before.partition(" ")[2]
    if span.end + len(after) < len(text) and text[span.end + len(after)] != "\n":
        after = after.rpartition(" ")[0] + "…"
    bold = [
        f"**{plain(line.strip())}**"
        for line in text[span.start : span.end].split("\n")
        if line.strip()
    ]
    whole = plain(before) + "\n".join(bold) + plain(after)
    if units(_as_quotation(whole)) <= PAGE_LIMIT:
        return [whole]
    return split_plain(text[span.start : span.end], PAGE_LIMIT // 3)


def _as_quotation(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _listed(heading: str, lines: Sequence[str]) -> Iterator[str]:
    """Put lines below a heading; many of them make several blocks."""
    if not lines:
        return
    first, *others = pack(lines, PAGE_LIMIT - units(heading) - 8, between="\n")
    yield f"**{heading}**\n{first}"
    yield from others


def _sources(citations: Sequence[Citation], words: Words) -> list[str]:
    """Write a line per article with a link to each of its quotes; if too long, one per quote."""
    lines = []
    by_article: dict[ArticleId, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    for quotes in by_article.values():
        marks = [rf"\[{masked_link(str(one.number), one.link, words)}\]" for one in quotes]
        article = quotes[0].article
        line = f"{' '.join(marks)} {described(article, article.url, words)}"
        if len(quotes) > 1 and units(line) <= _MOST_SOURCE:
            lines.append(line)
        else:
            lines += [_source(one, words) for one in quotes]
    return lines


def _source(citation: Citation, words: Words) -> str:
    link = citation.link or citation.article.url
    return rf"\[{citation.number}\] {described(citation.article, link, words)}"


def described(article: Article | ArticleSummary, link: str | None, words: Words) -> str:
    """Write title, outlet and date of an article on one line, with a link under the title."""
    title = shortened(on_one_line(article.title), _MOST_TITLE)
    parts = [masked_link(title, link, words)]
    if article.outlet:
        parts.append(plain(shortened(on_one_line(article.outlet), _MOST_NAME)))
    if article.published is not None:
        parts.append(words.date(article.published))
    return " · ".join(parts)


def _footer(state: IndexState, words: Words) -> str:
    if not state.articles:
        return words.footer_empty
    articles = words.number(state.articles)
    if state.newest is None:
        return words.footer_undated.format(articles=articles)
    return words.footer.format(articles=articles, newest=words.date(state.newest))


def _with_footers(texts: Sequence[str], footer: str, words: Words) -> list[Page]:
    if len(texts) <= 1:
        return [Page(text, footer) for text in texts or ["…"]]
    return [
        Page(text, f"{footer} · {words.page.format(number=number, count=len(texts))}")
        for number, text in enumerate(texts, start=1)
    ]
