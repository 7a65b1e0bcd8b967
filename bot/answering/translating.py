"""Quotes in another language than the question's, translated by a language model and checked."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.answering.errors import GenerationError
from bot.answering.generator import Generator
from bot.answering.instructions import is_in_order
from bot.answering.models import Citation
from bot.answering.prompt import repeats_the_rules, translation_messages
from bot.answering.proof.names import Context
from bot.answering.proof.quantities import are_known, claimed_quantities, quantities
from bot.answering.proof.support import Evidence, is_supported, separate_sentences
from bot.answering.reply import objects_of, plain_text
from index.analysis import LANGUAGES, tokens
from index.models import Span

log = logging.getLogger(__name__)

# Of English and French, one takes up to 1.3 times the letters of the other.
_SHORTEST: Final = 0.6
_LONGEST: Final = 1.4


async def translations(
    generator: Generator, citations: Iterable[Citation], *, language: str
) -> dict[int, str]:
    """Have quotes translated between the languages of the lexicon; one request for all.

    A translation is kept if it has every number of its quote, and no number, name or clause that
    the quote does not have, as with a written sentence; and if it is plain text of a like length
    with no more sentences.

    Args:
        generator: Is not asked if there is nothing to translate.
        citations: The quotes.
        language: ISO 639-1, into which to translate.

    Returns:
        By the number of the quote, those that were kept. Empty if the generator fails.
    """
    foreign = {one.number: one for one in citations if _is_to_translate(one, language)}
    if not foreign:
        return {}
    quotes = {number: one.quote for number, one in foreign.items()}
    try:
        reply = await generator.generate(translation_messages(quotes, language=language))
    except GenerationError as error:
        log.info("quotes without translations: %s", error)
        return {}
    kept: dict[int, str] = {}
    for found in objects_of(reply.text):
        match found:
            case {"quote": int(number), "translation": str(written)} if number in foreign:
                if number not in kept and _is_faithful(written, foreign[number], language):
                    kept[number] = plain_text(written)
    log.info("kept %d of %d translations", len(kept), len(foreign))
    return kept


def _is_to_translate(citation: Citation, language: str) -> bool:
    article = citation.article
    # Without a lexicon between the two, no translation could be checked.
    if article.language == language or not {article.language, language} <= set(LANGUAGES):
        return False
    # What speaks to a model is not shown to it.
    return not is_in_order(article.text, Span(citation.start, citation.end))


def _is_faithful(written: str, citation: Citation, language: str) -> bool:
    text, quote, article = plain_text(written), citation.quote, citation.article
    # A link, a mention or a mark that had to be taken out is none of the quote's words.
    if tokens(text) != tokens(written):
        return False
    if not _SHORTEST * len(quote) <= len(text) <= _LONGEST * len(quote):
        return False
    if len(separate_sentences(text)) > len(separate_sentences(quote)):
        return False
    if repeats_the_rules(text):
        return False
    if not are_known(claimed_quantities(quote, article.language), quantities(text)):
        return False
    # A title, a byline or a date would prove what the quote does not say.
    untitled = replace(article, title="", outlet=None, author=None, published=None)
    evidence = Evidence(
        quotes=[quote], articles=[untitled], languages=frozenset({article.language}), question=""
    )
    return is_supported(text, language=language, evidence=evidence, context=Context([article.text]))
