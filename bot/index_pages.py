"""What admins read about the index; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.answering.language_model import ModelState
from bot.index_keeper import RebuildReport
from bot.locales import Words
from bot.markdown import plain, shortened
from bot.model_languages import unknown_languages
from bot.rendering import Page
from corpus.models import CorpusStatistics
from index.generation_writer import Progress
from index.outcomes import IndexStatus

_BAR: Final = 20
_MOST_COUNTED: Final = 10
_MOST_NAME: Final = 100


def progress_page(progress: Progress | None, seconds_left: float | None, words: Words) -> Page:
    """Show how far a rebuild is: a bar of its present phase, and how long that will take."""
    if progress is None:
        return Page(words.rebuild_begins)
    lines = [words.phases[progress.phase]]
    if progress.total:
        lines.append(
            f"`{bar(progress.done, progress.total)}`"
            f" {words.number(progress.done)} / {words.number(progress.total)}"
        )
    if seconds_left is not None:
        lines.append(words.time_left.format(time=words.duration(seconds_left)))
    return Page("\n".join(lines))


def bar(done: int, total: int) -> str:
    """Draw how much of something is done, always equally long."""
    share = min(1.0, done / total) if total > 0 else 0.0
    full = round(share * _BAR)
    return "█" * full + "░" * (_BAR - full)


def report_page(report: RebuildReport, words: Words) -> Page:
    """Say what a rebuild changed."""
    rebuilt = report.rebuilt
    lines = [
        words.rebuilt.format(
            generation=words.number(rebuilt.generation), seconds=words.number(round(report.seconds))
        ),
        words.rebuilt_articles.format(
            articles=_with_change(rebuilt.articles, report.articles_before, words),
            written=words.number(rebuilt.written),
        ),
        words.rebuilt_passages.format(
            passages=_with_change(rebuilt.passages, report.passages_before, words),
            embedded=words.number(rebuilt.embedded),
        ),
        words.rebuild_checked.format(
            found=words.number(report.found), asked=words.number(report.asked)
        ),
    ]
    return Page("\n".join(lines))


def status_page(
    corpus: CorpusStatistics,
    index: IndexStatus,
    model: ModelState | None,
    words: Words,
    *,
    knows: Sequence[str],
) -> Page:
    """Show what is stored, what of it is searchable, and how the language model is, if any.

    `knows` are the languages that the embedding model is known to know.
    """
    labels = words.status_labels
    in_step = words.in_step if not index.behind else words.behind.format(n=index.behind)
    period = " - ".join(words.date(one) for one in (corpus.oldest, corpus.newest) if one)
    facts = {
        labels.articles: words.number(corpus.articles),
        labels.published: period,
        labels.languages: _counts(corpus.languages, words),
        labels.outlets: _counts(corpus.outlets, words),
        labels.generation: f"{index.manifest.generation}, {in_step}",
        labels.passages: words.number(index.passages),
        labels.built: index.manifest.created_at,
        labels.model: plain(shortened(index.manifest.model_id, _MOST_NAME)),
        labels.model_knows: ", ".join(knows) or words.model_card,
        labels.outdated: ", ".join(index.outdated),
        labels.rollback: "" if index.previous is None else str(index.previous),
        labels.language_model: "" if model is None else _model(model, words),
    }
    lines = [f"**{name}** {value}" for name, value in facts.items() if value]
    if others := unknown_languages(knows, corpus.languages):
        lines.append(words.foreign_articles.format(languages=_counts(others, words)))
    return Page("\n".join(lines))


def _model(model: ModelState, words: Words) -> str:
    how = words.model_well
    if model.rests_s is not None:
        how = words.model_rests.format(time=words.duration(model.rests_s))
    spent, per_day = words.number(model.spent.tokens), words.number(model.spent.per_day)
    tokens = words.tokens_of if model.spent.per_day else words.tokens
    name = plain(shortened(model.name, _MOST_NAME))
    return f"{name}, {how}, {tokens.format(spent=spent, per_day=per_day)}"


def _with_change(now: int, before: int, words: Words) -> str:
    change = now - before
    if not change:
        return words.number(now)
    sign = "+" if change > 0 else "−"
    return f"{words.number(now)} ({sign}{words.number(abs(change))})"


def _counts(counts: Mapping[str, int], words: Words) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(
        f"{plain(shortened(name, _MOST_NAME))} {words.number(count)}"
        for name, count in ordered[:_MOST_COUNTED]
    )
    more = len(ordered) - _MOST_COUNTED
    return f"{named}, +{words.number(more)}" if more > 0 else named
