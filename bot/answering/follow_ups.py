"""Follow-ups that a language model rewrites so that they stand alone, checked against the talk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from bot.answering.errors import GenerationError
from bot.answering.generator import Generator
from bot.answering.instructions import addresses_a_model
from bot.answering.prompt import rewriting_messages
from bot.answering.proof.known_names import mentioned
from bot.answering.proof.names import Context, claimed_names
from bot.answering.proof.polarity import has_negation
from bot.answering.proof.quantities import are_known, claimed_quantities, quantities
from bot.answering.proof.support import Evidence, adds_no_word, is_supported, separate_sentences
from bot.answering.reply import objects_of, plain_text
from index.analysis import LANGUAGES, fold, tokens

log = logging.getLogger(__name__)

_MOST_QUESTIONS: Final = 3
_MOST_CHARACTERS: Final = 300
_TURNS: Final = {
    "before": {"before", "avant"},
    "after": {"after", "apres"},
    "more": {"more", "most", "plus"},
    "less": {"less", "least", "fewer", "fewest", "moins"},
    "without": {"without", "sans"},
    "against": {"against", "contre"},
    "until": {"until", "jusque", "jusqu"},
    "only": {"only", "seulement", "uniquement"},
    "all": {"all", "every", "tous", "toutes"},
}


async def standing_alone(generator: Generator, earlier: Sequence[str], question: str) -> str | None:
    """Have a follow-up rewritten with what it lacks from the questions before it.

    Args:
        generator: Is asked once.
        earlier: What was asked before in the same conversation, oldest first, at least one.
        question: The follow-up.

    Returns:
        One sentence with every name and number of the follow-up, and with no name, number or
        word that the conversation does not have; the follow-up itself if it lacks nothing. None
        if the generator fails, or wrote anything else, or if a question gives it orders.
    """
    talk = [*earlier[-_MOST_QUESTIONS:], question]
    if any(map(addresses_a_model, talk)):
        return None
    try:
        reply = await generator.generate(rewriting_messages(talk[:-1], question))
    except GenerationError as error:
        log.info("a follow-up is not rewritten: %s", error)
        return None
    for found in objects_of(reply.text):
        match found:
            case {"question": str(written)}:
                text = plain_text(written)
                if _words(text) == _words(question):
                    return question
                is_kept = tokens(text) == tokens(written) and _is_faithful(text, talk)
                log.info(
                    "a follow-up is %s", "rewritten" if is_kept else "not rewritten as written"
                )
                return text if is_kept else None
    return None


def _is_faithful(text: str, talk: Sequence[str]) -> bool:
    if len(text) > _MOST_CHARACTERS or len(separate_sentences(text)) != 1:
        return False
    if addresses_a_model(text):
        return False
    evidence = Evidence(
        quotes=talk, articles=[], languages=frozenset(LANGUAGES), question="", typed=True
    )
    context = Context(talk)
    # Which of the languages a few words are in is not known; what is wrong is so in each.
    return _keeps(text, talk, context) and any(
        is_supported(text, language=language, evidence=evidence, context=context)
        and adds_no_word(text, language=language, evidence=evidence)
        for language in LANGUAGES
    )


def _keeps(text: str, talk: Sequence[str], context: Context) -> bool:
    """Tell whether a text has the names, numbers and turns of a question, and no turn of its own.

    A turn is a word like "not", "before" or "more": too common for search, yet it changes what is
    asked.
    """
    question, names, numbers = talk[-1], mentioned(text), quantities(text)
    turns = _turns(text)
    return (
        all(
            not names.isdisjoint({name, name.removesuffix("s"), name + "s"})
            for language in LANGUAGES
            for run in claimed_names(question, language, context)
            for name in run
        )
        and all(
            are_known(claimed_quantities(question, language), numbers) for language in LANGUAGES
        )
        and _turns(question) <= turns <= _turns("\n".join(talk))
    )


def _turns(text: str) -> set[str]:
    words = {fold(token) for token in tokens(text)}
    found = {turn for turn, its in _TURNS.items() if not words.isdisjoint(its)}
    return found | {"not"} if has_negation(text) else found


def _words(text: str) -> list[str]:
    return [token.casefold() for token in tokens(text)]
