"""From values to what a person reads in the terminal; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from bot.answering.language_model import Spent
from bot.answering.models import Abstained, Answer, Answered, Citation, Mode
from bot.model_languages import FOREIGN, WHAT_TO_SET, unknown_languages
from bot.terminal.console import harmless
from corpus.models import Article, ArticleSummary, CorpusStatistics
from index.models import RetrievedPassage

if TYPE_CHECKING:
    from index.outcomes import IndexStatus

_SOURCES: Final = {"fr": "Sources", "en": "Sources"}
_CLOSEST: Final = {"fr": "Les articles les plus proches", "en": "The closest articles"}
_ADD_ONE: Final = {
    "fr": "Pour que Newsdesk le sache, ajoutez-lui un article : newsdesk add FICHIER ou URL",
    "en": "To let Newsdesk know it, add an article on it: newsdesk add FILE or URL",
}
_UNDERSTOOD: Final = {"fr": "Compris ainsi :", "en": "Understood as:"}
_MOST_COUNTED: Final = 10
_OPEN_WITH: Final = {"fr": "à lire avec", "en": "read it with"}


def answer_text(answer: Answer, *, understood: str | None = None) -> Text:
    """Show an answer with its sources, or what comes closest to one.

    `understood` is the question that was answered, if it is not what was typed.
    """
    language = answer.context.language
    shown = Text()
    if understood is not None:
        shown.append(f"{_word(_UNDERSTOOD, language)} {harmless(understood)}\n\n", "italic")
    shown.append(harmless(answer.text).rstrip())
    shown.highlight_regex(r"\[\d+\]", "bold cyan")
    match answer:
        case Answered():
            if answer.fallback is not None:
                shown.append(f"\n\n{harmless(answer.fallback)}", "dim")
            shown.append(f"\n\n{_word(_SOURCES, language)}\n", "bold")
            quotes_shown = answer.mode is Mode.EXTRACTIVE
            entries = [_source(c, language, with_quote=not quotes_shown) for c in answer.citations]
            shown.append(Text("\n").join(entries))
        case Abstained():
            if answer.context.nearest:
                shown.append(f"\n\n{_word(_CLOSEST, language)}\n", "bold")
                entries = [_pointer(article, language) for article in answer.context.nearest]
                shown.append(Text("\n").join(entries))
            shown.append(f"\n\n{_word(_ADD_ONE, language)}", "dim")
    return shown


def passages_text(passages: Iterable[RetrievedPassage]) -> Text:
    """Show passages with what found them, best first."""
    shown = Text()
    for number, found in enumerate(passages, start=1):
        span = found.passage.span
        shown.append(f"{number:>2}. ", "bold")
        shown.append(f"{found.similarity:+.3f}  ", "cyan")
        shown.append(f"{_described(found.article)}  [{span.start}:{span.end}]\n", "bold")
        shown.append("\n".join(f"    {line}" for line in harmless(found.text).splitlines()))
        shown.append("\n\n")
    shown.rstrip()
    return shown


def article_text(article: Article) -> Text:
    """Show a whole article below what is known about it."""
    facts = {
        "number": str(article.id),
        "title": article.title + (" (made from the text)" if article.title_made else ""),
        "outlet": article.outlet,
        "author": article.author,
        "published": None if article.published is None else str(article.published),
        "language": article.language,
        "link": article.url,
        "external id": article.external_id,
        "topics": ", ".join(article.topics),
        "added": f"{article.added_at:%Y-%m-%d %H:%M} UTC",
    }
    return _fact_lines(facts).append(f"\n\n{harmless(article.text)}")


def status_text(
    corpus: CorpusStatistics, index: IndexStatus, knows: Sequence[str], spent: Spent | None
) -> Text:
    """Show what is stored, what of it the index covers, and the tokens of today, if any count.

    `knows` are the languages that the embedding model is known to know.
    """
    others = _counts(unknown_languages(knows, corpus.languages))
    in_step = "in step" if not index.behind else f"{index.behind:,} changes behind"
    facts = {
        "articles": f"{corpus.articles:,}",
        "published": f"{corpus.oldest or 'unknown'} to {corpus.newest or 'unknown'}",
        "languages": _counts(corpus.languages),
        "outlets": _counts(corpus.outlets),
        "index": f"generation {index.manifest.generation}, {in_step}, {index.passages:,} passages",
        "built": f"{index.manifest.created_at} with {index.manifest.model_id}",
        "model knows": ", ".join(knows) or "what its model card says",
        "others": f"{FOREIGN.format(languages=others)} {WHAT_TO_SET}" if others else "",
        "outdated": ", ".join(index.outdated),
        "rollback": "" if index.previous is None else f"to generation {index.previous}",
        "tokens today": "" if spent is None else _spent(spent),
    }
    return _fact_lines(facts)


def _spent(spent: Spent) -> str:
    return f"{spent.tokens:,} of {spent.per_day:,}" if spent.per_day else f"{spent.tokens:,}"


def article_line(article: ArticleSummary) -> str:
    """Show an article on one line: number, date, language, outlet, title."""
    published = "" if article.published is None else str(article.published)
    outlet = article.outlet or ""
    return harmless(
        f"{article.id:>6}  {published:<10}  {article.language:<2}  {outlet:<24}  {article.title}"
    )


def _fact_lines(facts: Mapping[str, str | None]) -> Text:
    """Show what is known, a line for each fact that is."""
    lines = [
        Text(f"{name:<12}", "bold").append(harmless(value), "none")
        for name, value in facts.items()
        if value
    ]
    return Text("\n").join(lines)


def _counts(counts: Mapping[str, int]) -> str:
    """Write the most frequent first: "fr 33, en 31"; beyond ten, only how many more there are."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{name} {count:,}" for name, count in ordered[:_MOST_COUNTED])
    more = len(ordered) - _MOST_COUNTED
    return f"{named}, and {more:,} more" if more > 0 else named


def _source(citation: Citation, language: str, *, with_quote: bool) -> Text:
    entry = Text(f"[{citation.number}] ", "bold cyan")
    entry.append(_described(citation.article), "none")
    if with_quote:
        entry.append(f"\n    “{harmless(' '.join(citation.quote.split()))}”", "italic not bold")
    entry.append(f"\n    {_way_to(citation.article, citation.link, language)}", "none")
    return entry


def _pointer(article: Article, language: str) -> Text:
    entry = Text(f"- {_described(article)}")
    entry.append(f"\n    {_way_to(article, article.url, language)}", "none")
    return entry


def _described(article: Article) -> str:
    """Title, outlet and date, as far as they are known."""
    published = None if article.published is None else str(article.published)
    return harmless(" · ".join(part for part in (article.title, article.outlet, published) if part))


def _way_to(article: Article, link: str | None, language: str) -> str:
    """The link, or the command that shows an article that has none."""
    if link is not None:
        return harmless(link)
    return f"{_word(_OPEN_WITH, language)}: newsdesk articles show {article.id}"


def _word(words: dict[str, str], language: str) -> str:
    return words.get(language, words["en"])
