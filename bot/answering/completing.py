"""What belongs to a written answer though the model left it out: what is newer, other, or the same.

Quotes do so by themselves; here it is set below what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.concluding import Asking
from bot.answering.evidence import Evidence
from bot.answering.extractive import (
    ExtractiveAnswer,
    also_reported,
    told_otherwise,
    write_extractive,
)
from bot.answering.models import Answered, Citation, Mode
from bot.answering.phrases import phrases_for
from bot.answering.proving import GeneratedAnswer
from bot.answering.timeline import is_older
from corpus.models import Article, ArticleId
from index.models import Span


def completed(asking: Asking, written: GeneratedAnswer) -> Answered:
    """Make an answer of what a language model wrote, and of what it should not have left out.

    Below the text stand a quote of the article that tells the present state, if that was asked
    for and only older ones are cited; a quote that contradicts what is cited, from another article
    on the same event; and the names of others that tell the same.
    """
    phrases = phrases_for(asking.context.language)
    text, citations = written.text, written.citations
    if newer := _untold(asking, citations):
        quotes = _quotes(asking, newer, first_number=len(citations) + 1)
        text = f"{text}\n\n{phrases.later}, {quotes.text}"
        citations = (*citations, *quotes.citations)
    if otherwise := _contradiction(asking, citations):
        quotes = _quotes(asking, [otherwise], first_number=len(citations) + 1)
        text = f"{text}\n\n{quotes.text}\n\n{phrases.differ}"
        citations = (*citations, *quotes.citations)
    also = also_reported(_others(asking, citations), asking.context.language)
    text = "\n\n".join([text, *also])
    return asking.answered(Mode.GENERATED, asking.dated(text, citations), citations)


def _quotes(asking: Asking, evidence: Sequence[Evidence], *, first_number: int) -> ExtractiveAnswer:
    return write_extractive(evidence, language=asking.context.language, first_number=first_number)


def _untold(asking: Asking, citations: Sequence[Citation]) -> list[Evidence]:
    """What the article on the present state says, if that was asked for and it is not cited."""
    newest = asking.present
    if newest is None or not all(is_older(one.article, newest) for one in citations):
        return []
    return [one for one in asking.found.evidence if one.article.id == newest.id]


def _contradiction(asking: Asking, citations: Sequence[Citation]) -> Evidence | None:
    """The first sentence of an article that is not cited, against one that is."""
    cited = {one.article.id for one in citations}
    evidence = asking.found.evidence
    same_event = asking.found.retrieval.same_event
    others = [one for one in evidence if one.article.id not in cited]
    against = (told_otherwise(one, others, same_event) for one in _cited(evidence, citations))
    return next((one for one in against if one is not None), None)


def _cited(evidence: Sequence[Evidence], citations: Sequence[Citation]) -> Iterator[Evidence]:
    for one in evidence:
        if any(
            one.article.id == c.article.id and one.span.overlaps(Span(c.start, c.end))
            for c in citations
        ):
            yield one


def _others(asking: Asking, citations: Sequence[Citation]) -> list[Article]:
    """The articles on the same event as those cited."""
    cited = {one.article.id for one in citations}
    same_event = asking.found.retrieval.same_event
    found: dict[ArticleId, Article] = {
        other.id: other
        for one in citations
        for other in same_event.get(one.article.id, ())
        if other.id not in cited
    }
    return list(found.values())
