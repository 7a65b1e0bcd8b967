"""Answers without a language model: a few quotes, chosen and put in order; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answering.citations import text_fragment_link
from bot.answering.disagreements import disagree
from bot.answering.enumerations import announced
from bot.answering.evidence import Evidence
from bot.answering.models import Citation
from bot.answering.phrases import in_quotation_marks, introduction, phrases_for
from bot.answering.timeline import is_older
from corpus.models import Article, ArticleId
from index.analysis import passage_terms
from index.models import Span
from index.sentences import sentences

_MOST_ANNOUNCED: Final = 3
_MOST_QUOTE_CHARACTERS: Final = 700
_MOST_CLOSING_SENTENCES: Final = 2
_SAME_WORDS: Final = 0.7

_LEANS: Final = re.compile(
    r"""^["“«‘(\s]*(?:
    he|she|it|they|his|her|its|their|this|that|these|those|such|both|but|and|or|so|yet|however
    |instead|also|then|still|there|here|one|another|neither|meanwhile|moreover|therefore|thus
    |il|elle|ils|elles|ce|cet|cette|ces|cela|ceci|c(?=['’])|son|sa|ses|leur|leurs|celui|celle|ceux
    |celles|mais|et|ou|or|donc|car|puis|aussi|ainsi|pourtant|cependant|toutefois|en\ effet|en\ outre
    |de\ plus|par\ ailleurs|lui|eux|l['’]intéressé|l['’]entreprise|l['’]autre|ce\ dernier
    )(?![\w])""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is quoted: a sentence that scores `behind` less than the best adds nothing more."""

    sentences: int
    sentences_of_article: int
    quotes: int
    behind: float


ONE_THING: Final = Extent(sentences=6, sentences_of_article=6, quotes=4, behind=4.0)
SEVERAL_THINGS: Final = Extent(sentences=10, sentences_of_article=3, quotes=8, behind=6.0)


@dataclass(frozen=True, slots=True)
class ExtractiveAnswer:
    """A text made of quotes with their marks `[n]`, and the citation behind each, in order."""

    text: str
    citations: tuple[Citation, ...]


def write_extractive(
    evidence: Sequence[Evidence],
    *,
    language: str,
    present: Article | None = None,
    extent: Extent = ONE_THING,
    same_event: Mapping[ArticleId, Sequence[Article]] | None = None,
    first_number: int = 1,
    translations: Mapping[int, str] | None = None,
) -> ExtractiveAnswer:
    """Answer with the articles' own words.

    Args:
        evidence: Sentences, best first, at least one.
        language: ISO 639-1, of the words around the quotes.
        present: The article that tells the present state of what is asked for, if that was asked:
            what is older is marked as such.
        extent: `SEVERAL_THINGS` where the question asks for more than one.
        same_event: For an article the others that tell of the same event: they are named, or quoted
            where they disagree with the best sentence.
        first_number: The mark of the first quote.
        translations: By the mark of a quote, what is set below it as a translation of it.

    Returns:
        At least one quote. A sentence that announces some things brings up to three more quotes
        with it that name them; one that leans on the one before ("He also …") brings that along.
        The article with the first sentence leads; where the present was asked for, older ones come
        last. Within an article the quotes keep its order.
    """
    same_event = same_event or {}
    chosen, differ = _chosen(evidence, extent, same_event)
    otherwise = told_otherwise(chosen[0], evidence, same_event)
    if otherwise is not None:
        differ = True
        chosen = [chosen[0], otherwise, *(one for one in chosen[1:] if one is not otherwise)]
    articles = {e.article.id: e.article for e in chosen}
    if present is not None:
        articles = dict(sorted(articles.items(), key=lambda item: is_older(item[1], present)))
    spans = _merged(chosen, extent.quotes)
    quoted = {article_id for article_id, _ in spans}
    named: set[ArticleId] = set()
    paragraphs: list[str] = []
    citations: list[Citation] = []
    for article_id, article in articles.items():
        own = sorted((s for a, s in spans if a == article_id), key=lambda s: s.start)
        if not own:
            continue
        first = first_number + len(citations)
        quotes = [_citation(number, article, span) for number, span in enumerate(own, first)]
        citations += quotes
        older = present is not None and is_older(article, present)
        paragraph = _paragraph(article, quotes, language, translations or {}, is_older=older)
        also = [one for one in same_event.get(article_id, ()) if one.id not in quoted | named]
        named |= {one.id for one in also}
        paragraphs.append("\n".join([paragraph, *also_reported(also, language)]))
    if differ:
        paragraphs.append(phrases_for(language).differ)
    return ExtractiveAnswer("\n\n".join(paragraphs), tuple(citations))


def also_reported(others: Sequence[Article], language: str) -> Iterator[str]:
    """Name the other articles that tell the same, in one line, if there are any."""
    if others:
        who = ", ".join(introduction(one, language) for one in others)
        yield phrases_for(language).also.format(others=who)


def told_otherwise(
    best: Evidence,
    evidence: Sequence[Evidence],
    same_event: Mapping[ArticleId, Sequence[Article]],
) -> Evidence | None:
    """Find the best sentence of another article on the same event that contradicts one."""
    others = {article.id for article in same_event.get(best.article.id, ())}
    return next((e for e in evidence if e.article.id in others and disagree(best, e)), None)


def _chosen(
    evidence: Sequence[Evidence],
    extent: Extent,
    same_event: Mapping[ArticleId, Sequence[Article]],
) -> tuple[list[Evidence], bool]:
    """The best sentences, without those that only repeat a better one.

    One that says the same with another number, or with another word in another article, is no
    repetition. Whether any two articles on one event disagree, the second value tells: of
    articles of different days, the later may tell what has changed.
    """
    differ = False
    of_article: Counter[ArticleId] = Counter()
    chosen: list[Evidence] = []
    said: list[tuple[Evidence, frozenset[str], frozenset[str]]] = []
    for candidate in evidence:
        if len(chosen) == extent.sentences or candidate.score < evidence[0].score - extent.behind:
            break
        if of_article[candidate.article.id] == extent.sentences_of_article:
            continue
        terms = frozenset(passage_terms(candidate.text, candidate.article.language))
        numbers = frozenset(term for term in terms if term[0].isdigit())
        words = terms - numbers
        alike = [
            (one, other, counted)
            for one, other, counted in said
            if len(words & other) >= _SAME_WORDS * len(words | other)
        ]
        differs = [one for one, _, _ in alike if disagree(one, candidate)]
        if not differs and any(
            numbers <= counted and (words <= other or one.article.id == candidate.article.id)
            for one, other, counted in alike
        ):
            continue
        on_it = {article.id for article in same_event.get(candidate.article.id, ())}
        differ |= any(one.article.id in on_it for one in differs)
        chosen.append(candidate)
        of_article[candidate.article.id] += 1
        said.append((candidate, words, numbers))
    return chosen, differ


def _merged(chosen: Sequence[Evidence], most: int) -> list[tuple[ArticleId, Span]]:
    """Quotes, best first: sentences with what they lean on, neighbours joined."""
    quotes: list[tuple[ArticleId, Span]] = []
    room = most
    for article, sentence, is_announced in _with_announced(chosen):
        room = min(room + is_announced, most + _MOST_ANNOUNCED)
        span = sentence if is_announced else _standing_alone(article, sentence)
        own = [quote for quote in quotes if quote[0] == article.id]
        touched = [quote for quote in own if _touch(article.text, span, quote[1])]
        parts = [span, *(other for _, other in touched)]
        hull = Span(min(part.start for part in parts), max(part.end for part in parts))
        if touched and hull.end - hull.start <= _MOST_QUOTE_CHARACTERS:
            quotes[quotes.index(touched[0])] = (article.id, hull)
            quotes = [quote for quote in quotes if quote not in touched[1:]]
        elif len(quotes) < room and not any(sentence.overlaps(o) for _, o in own):
            quotes.append((article.id, sentence if touched else span))
    return quotes


def _with_announced(chosen: Sequence[Evidence]) -> Iterator[tuple[Article, Span, bool]]:
    for one in chosen:
        yield one.article, one.span, False
        for span in announced(one.article.text, one.span):
            yield one.article, span, True


def _standing_alone(article: Article, span: Span) -> Span:
    """Take along what a sentence leans on before it, and what closes a quotation behind it."""
    text = article.text
    start, end = span.start, span.end
    if _LEANS.match(text[start:end]):
        before = [s for s in sentences(text[:start]) if "\n\n" not in text[s.end : start]]
        start = before[-1].start if before else start
    behind = sentences(text[end:])[:_MOST_CLOSING_SENTENCES] if _is_open(text[start:end]) else []
    for after in behind:
        if not _is_open(text[start:end]) or "\n\n" in text[end : span.end + after.start]:
            break
        end = span.end + after.end
    if _is_open(text[start:end]):
        end = span.end
    return Span(start, end) if end - start <= _MOST_QUOTE_CHARACTERS else span


def _is_open(words: str) -> bool:
    """Whether a quotation begins in these words that does not end in them."""
    return words.count("«") > words.count("»") or words.count("“") > words.count("”")


def _touch(text: str, one: Span, other: Span) -> bool:
    """Whether two spans overlap, or only a space within a paragraph is between them."""
    if one.overlaps(other):
        return True
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return not between.strip() and "\n\n" not in between


def _citation(number: int, article: Article, span: Span) -> Citation:
    quote = article.text[span.start : span.end]
    link = text_fragment_link(article.url, quote, text=article.text, start=span.start, end=span.end)
    return Citation(number, article, span.start, span.end, link)


def _paragraph(
    article: Article,
    citations: Sequence[Citation],
    language: str,
    translations: Mapping[int, str],
    *,
    is_older: bool,
) -> str:
    phrases = phrases_for(language)
    earlier = f"{phrases.earlier}, " if is_older else ""
    lines: list[str] = []
    for citation in citations:
        quote = in_quotation_marks(citation.quote, phrases)
        said_by = phrases.further if lines else f"{earlier}{introduction(article, language)}"
        lines.append(f"{said_by}{phrases.colon} {quote} [{citation.number}]")
        if translation := translations.get(citation.number):
            quote = in_quotation_marks(translation, phrases)
            lines.append(f"{phrases.translated}{phrases.colon} {quote}")
    return "\n".join(lines)
