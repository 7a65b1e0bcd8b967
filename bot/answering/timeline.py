"""Which article speaks of the time that is asked about, and how old is what it says; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.answering.evidence import Evidence
from bot.answering.models import Citation
from bot.answering.pertinence import names_found
from bot.answering.phrases import Phrases, of_date
from corpus.models import Article, PublicationDate
from index.models import Period
from index.periods import find_period
from index.query import Query
from index.ranking import in_period
from index.retrieval import Retrieval
from index.sentences import sentences

_LESS_LIKELY: Final = 1.5
_LESS_SIMILAR: Final = 0.05
"""Behind the best article by more, in log odds and in cosine, one is not on the same story."""
_LEADING_SENTENCES: Final = 2
_OLD_MONTHS: Final = 6
_DAYS_PER_MONTH: Final = 30.44


def leading_article(retrieval: Retrieval) -> Article | None:
    """Choose the article that leads the answer, of those on the same story as the best.

    Returns:
        For a question about the present state the newest; for one about a period the best that was
        published in it. None where the order of the sentences decides.
    """
    query = retrieval.query
    if query.period is None and not query.asks_present:
        return None
    near = _same_story(retrieval)
    if query.period is not None:
        return next((a for a in near if _is_of(query.period, a.published)), None)
    dated = [article for article in near if article.published is not None]
    return max(dated, key=_day, default=None)


def led_by(
    lead: Article | None, evidence: Sequence[Evidence], retrieval: Retrieval
) -> list[Evidence]:
    """Let the leading article's best two sentences count as much as the best, and come first.

    Where the present is asked for, so does one sentence of the article that was the newest before.
    """
    if lead is None:
        return list(evidence)
    leading = [one for one in evidence if one.article.id == lead.id][:_LEADING_SENTENCES]
    if retrieval.query.wants_latest and retrieval.query.period is None:
        older = [article for article in _same_story(retrieval) if is_older(article, lead)]
        before = max(older, key=_day, default=lead)
        leading += [one for one in evidence if one.article.id == before.id != lead.id][:1]
    best = max(one.score for one in evidence)
    return [
        *(replace(one, score=best) for one in leading),
        *(one for one in evidence if one not in leading),
    ]


def _same_story(retrieval: Retrieval) -> list[Article]:
    """The articles close to the best, and with as many of the names that are asked for."""
    if not retrieval.articles:
        return []
    best, query = retrieval.articles[0], retrieval.query
    near = [
        one.article
        for one in retrieval.articles
        if one.score >= best.score - _LESS_LIKELY
        or one.passages[0].similarity >= best.passages[0].similarity - _LESS_SIMILAR
    ]
    asked = names_found(query.text, query.language, best.article)
    return [one for one in near if names_found(query.text, query.language, one) >= asked]


def is_older(article: Article, than: Article) -> bool:
    """Tell whether an article was surely published before another."""
    first, then = article.published, than.published
    return first is not None and then is not None and first.last < then.first


def note_on_time(
    query: Query,
    citations: Iterable[Citation],
    *,
    present: Article | None,
    today: date,
    phrases: Phrases,
) -> str | None:
    """Say what a reader should know of the dates: not of the time asked for, or old by now.

    What was published in the time asked for, or names it, is of it. `present` is the newest article
    found on what is asked, where that is the present state.
    """
    if query.period is not None:
        of_it = any(_tells_of(query.period, one) for one in citations)
        return None if of_it else phrases.other_time
    articles = [one.article for one in citations] + ([present] if present else [])
    dates = [article.published for article in articles if article.published is not None]
    if not query.asks_present or not dates:
        return None
    newest = max(dates, key=lambda published: published.last)
    months = int((today - newest.last).days / _DAYS_PER_MONTH)
    if months < _OLD_MONTHS:
        return None
    return phrases.old.format(of_date=of_date(newest, phrases), months=months)


def _tells_of(period: Period, citation: Citation) -> bool:
    published, quote = citation.article.published, citation.quote
    if published is None:
        return False
    named = (find_period(quote[s.start : s.end], published.last) for s in sentences(quote))
    return in_period(published, period) == 1.0 or any(
        one is not None and one.overlaps(period) for one in named
    )


def _is_of(period: Period, published: PublicationDate | None) -> bool:
    return published is not None and period.overlaps(Period(published.first, published.last))


def _day(article: Article) -> date:
    return article.published.first if article.published else date.min
