"""The usage as a picture. Blocking; one thread at a time, as Matplotlib asks for."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.locales import Words
from bot.usage import Usage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

_GOOD, _BAD, _PLAIN = "#2F6FDE", "#D9822B", "#7A869A"
_SIZE_INCHES: Final = (10, 7)
_DPI: Final = 100
_MOST_DAY_LABELS: Final = 8
_BINS: Final = 20


def draw(usage: Usage, words: Words) -> bytes:
    """Draw questions per day, times, thumbs and the most cited articles, as a PNG of 1000 x 700.

    Articles are named by their numbers, which the text beside the picture explains.
    """
    # Here, because it takes long and few ask for it. Without pyplot, which is one for all threads.
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, layout="constrained")
    [[per_day, times], [thumbs, cited]] = figure.subplots(2, 2)
    _draw_days(per_day, usage, words)
    _draw_times(times, usage, words)
    _draw_thumbs(thumbs, usage, words)
    _draw_cited(cited, usage, words)
    written = BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


def _draw_days(axes: Axes, usage: Usage, words: Words) -> None:
    places = range(len(usage.days))
    answered = [day.answered for day in usage.days]
    axes.bar(places, answered, color=_GOOD, label=words.stats_answered)
    unanswered = [day.unanswered for day in usage.days]
    axes.bar(places, unanswered, bottom=answered, color=_BAD, label=words.stats_unanswered)
    step = -(-len(usage.days) // _MOST_DAY_LABELS)
    shown = list(places)[::step]
    axes.set_xticks(shown, [f"{usage.days[place].day:%d/%m}" for place in shown])
    _in_whole_numbers(axes.yaxis)
    axes.set_title(words.stats_per_day)
    axes.legend()


def _draw_times(axes: Axes, usage: Usage, words: Words) -> None:
    axes.hist([ms / 1000 for ms in usage.elapsed_ms], bins=_BINS, color=_PLAIN)
    for percent, colour in ((50, _GOOD), (95, _BAD)):
        if (ms := usage.percentile_ms(percent)) is not None:
            axes.axvline(ms / 1000, color=colour, label=f"p{percent}")
    if usage.elapsed_ms:
        axes.legend()
    _in_whole_numbers(axes.yaxis)
    axes.set_title(words.stats_times)


def _draw_thumbs(axes: Axes, usage: Usage, words: Words) -> None:
    labels = [words.stats_helpful, words.stats_unhelpful]
    axes.barh(labels, [usage.helpful, usage.unhelpful], color=[_GOOD, _BAD])
    _in_whole_numbers(axes.xaxis)
    axes.set_title(words.stats_thumbs)


def _draw_cited(axes: Axes, usage: Usage, words: Words) -> None:
    labels = [f"n° {article_id}" for article_id, _ in usage.cited]
    axes.barh(labels, [number for _, number in usage.cited], color=_PLAIN)
    axes.invert_yaxis()
    _in_whole_numbers(axes.xaxis)
    axes.set_title(words.stats_cited)


def _in_whole_numbers(axis: Axis) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))
