"""What an admin reads of the usage; says in words all that the picture shows; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.locales import Words
from bot.markdown import on_one_line, pack, plain, shortened
from bot.rendering import Page, described
from bot.usage import Usage
from corpus.models import Article, ArticleId

_MOST_LISTED: Final = 15
_MOST_TEXT: Final = 200


def usage_pages(usage: Usage, articles: Mapping[ArticleId, Article], words: Words) -> list[Page]:
    """Tell how the bot was used; at least one page.

    Args:
        usage: What was counted.
        articles: Those of the cited articles that are still there.
        words: In the language of the reader.
    """
    blocks = [f"**{words.stats_title.format(days=words.number(len(usage.days)))}**"]
    if not usage.questions:
        return [Page("\n\n".join([*blocks, words.stats_nothing]))]
    share = f"{100 * usage.answered / usage.questions:.0f} %"
    p50, p95 = (usage.percentile_ms(percent) or 0.0 for percent in (50, 95))
    blocks.append(
        "\n".join(
            [
                words.stats_asked.format(n=words.number(usage.questions), share=share),
                words.stats_latency.format(p50=_seconds(p50, words), p95=_seconds(p95, words)),
                f"👍 {words.number(usage.helpful)} · 👎 {words.number(usage.unhelpful)}",
            ]
        )
    )
    cited = [
        f"`{number}` {_cited(articles.get(number), words)} ({words.number(answers)})"
        for number, answers in usage.cited
    ]
    blocks += _listed(words.stats_cited, cited, words)
    wished = [
        f"{line} ({words.number(times)})"
        for line, (_, times) in zip(
            _quoted([text for text, _ in usage.wished]), usage.wished, strict=True
        )
    ]
    blocks += _listed(words.stats_wished, wished, words)
    blocks += _listed(words.stats_unanswered, _quoted(usage.unanswered), words)
    blocks += _listed(words.stats_comments, _quoted(usage.comments), words)
    return [Page(text) for text in pack(blocks)]


def _cited(article: Article | None, words: Words) -> str:
    return words.article_gone if article is None else described(article, article.url, words)


def _quoted(texts: Sequence[str]) -> list[str]:
    return [f"- {plain(shortened(on_one_line(text), _MOST_TEXT))}" for text in texts]


def _listed(heading: str, lines: Sequence[str], words: Words) -> list[str]:
    if not lines:
        return []
    shown = list(lines[:_MOST_LISTED])
    if len(lines) > _MOST_LISTED:
        shown.append(words.stats_more.format(n=words.number(len(lines) - _MOST_LISTED)))
    return [f"**{heading}**", *shown]


def _seconds(ms: float, words: Words) -> str:
    return words.seconds(round(ms / 1000, 2))
