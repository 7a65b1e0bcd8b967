"""From an error to the one sentence that a person reads. The only place with these words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot import errors
from bot.answering import errors as answering
from bot.data_files import DISCORD_FILE, TOKENS_FILE
from corpus import errors as corpus
from index import errors as index

log = logging.getLogger(__name__)

MESSAGES: Final[Mapping[type[Exception], str]] = {
    corpus.ArticleNotFoundError: "There is no article “{error.reference}”.",
    corpus.DuplicateArticleError: (
        "{error.origin}: this article is here already, with the same {error.same}: "
        "number {error.existing_id}, “{error.existing_title}”."
    ),
    corpus.TooShortError: (
        "{error.origin}: too short for an article: {error.words} words, at least {error.least}"
        " are needed."
    ),
    corpus.TooLongError: (
        "{error.origin}: too long for an article: {error.characters:,} characters, at most"
        " {error.limit:,} are taken."
    ),
    corpus.NoTextError: "{error.origin}: there is no text in it.",
    corpus.UnknownTypeError: (
        "{error.origin}: {error.kind} is not a type that can be read; text, Markdown, HTML and"
        " PDF can."
    ),
    corpus.TooLargeError: "{error.origin}: too large; at most {error.limit:,} bytes are taken.",
    corpus.UnreadableFileError: "{error.origin} cannot be read: {error.reason}.",
    corpus.ExtractionFailedError: "{error.origin} cannot be read: {error.reason}.",
    corpus.DamagedFileError: (
        "{error.origin}: the {error.kind} file is damaged and cannot be read."
    ),
    corpus.RejectedArticleError: "{error}.",
    corpus.ForbiddenAddressError: (
        "{error.url}: this address is not fetched: {error.reason}. Only public http and https"
        " addresses are."
    ),
    corpus.ForbiddenByRobotsError: (
        "{error.url}: the site's robots.txt asks programs not to fetch this page."
    ),
    corpus.FetchError: "{error.url}: the page could not be fetched: {error.reason}.",
    corpus.ImportLineError: "{error.origin}, line {error.line}: {error.reason}.",
    corpus.DiskFullError: (
        "The disk is full, so {error.path} could not be written; nothing of this change was kept,"
        " all that was stored before is safe."
    ),
    corpus.DamagedDatabaseError: (
        "{error.path} cannot be read: {error.reason}. Put a backup in its place with `newsdesk"
        " restore FILE`."
    ),
    corpus.StoreUnavailableError: ("The database {error.path} cannot be used: {error.reason}."),
    index.ModelUnavailableError: (
        "The model {error.model} cannot be loaded: {error.reason}. Correct {error.setting}, or"
        " remove it: the shipped model needs no network."
    ),
    index.IndexBusyError: (
        "Another Newsdesk process is writing to the index in {error.directory}; wait until it is"
        " done."
    ),
    index.IndexUnavailableError: ("The index in {error.directory} cannot be used: {error.reason}."),
    index.IndexMismatchError: (
        "The index was built with the model {error.built_with}, the settings ask for"
        " {error.wanted}; `newsdesk rebuild` builds it anew."
    ),
    index.RebuildCheckError: (
        "The new index was not published: it found the article of only {error.found} of"
        " {error.asked} questions. The present one stays."
    ),
    index.NothingToRollBackError: "There is no earlier index to go back to.",
    answering.EmptyQuestionError: "There is no word in this question.",
    answering.SmallTalkError: "With pleasure. Ask me about the news in my articles.",
    answering.QuestionTooLongError: (
        "This question has {error.length:,} characters; at most {error.limit:,} are taken."
    ),
    answering.ReaderUnavailableError: (
        "The reader {error.file}, which comes with Newsdesk, cannot be loaded: {error.reason}."
        " Install Newsdesk anew; articles and settings stay."
    ),
    answering.GeneratorTimeoutError: (
        "The language model gave no answer within {error.timeout_s:g} seconds."
    ),
    answering.GeneratorRefusedError: (
        "The server of the language model refused with status {error.status}; check LLM_MODEL and"
        " LLM_API_KEY."
    ),
    answering.GeneratorUnreachableError: (
        "The server of the language model cannot be reached: {error.reason}; check LLM_BASE_URL."
    ),
    answering.UnusableAnswerError: (
        "What the language model wrote could not be proven: {error.reason}."
    ),
    answering.ModelRestingError: (
        "The language model failed, and is left alone for {error.rests_s:.0f} seconds more."
    ),
    answering.BudgetSpentError: (
        "The {error.per_day:,} tokens of today are spent; LLM_TOKENS_PER_DAY says how many there"
        " are."
    ),
    answering.OwnBudgetSpentError: (
        "The {error.per_day:,} tokens that one person has today are spent."
    ),
    answering.BudgetUnknownError: (
        "How many tokens are left cannot be read, so the language model is not asked:"
        " {error.reason}."
    ),
    answering.GeneratorSettingsError: "{error.setting} cannot be used: {error.reason}.",
    errors.SettingsError: "The settings need mending: {error}.",
    errors.DataDirectoryError: (
        "The data directory {error.path} cannot be used: {error.reason}; NEWSDESK_DATA names it."
    ),
    errors.AlreadyServingError: (
        "Another Newsdesk serves Discord from {error.path} already; stop it first, or give this one"
        " a folder of its own with NEWSDESK_DATA."
    ),
    errors.PathUnwritableError: "{error.path} cannot be written: {error.reason}.",
    errors.QuestionSetError: "{error.place}: {error.reason}.",
}

# A backup has the articles alone; what else is damaged can only begin anew.
_DAMAGED: Final[Mapping[str, str]] = {
    DISCORD_FILE: (
        "{error.path} cannot be read: {error.reason}. Stop Newsdesk and move the file aside;"
        " the next start makes a new one. What was asked and rated on Discord, the servers'"
        " settings and the audit are then lost, the articles are not."
    ),
    TOKENS_FILE: (
        "{error.path} cannot be read: {error.reason}. Stop Newsdesk and move the file aside;"
        " a new one is made when it is needed. Only the count of today's tokens is then lost."
    ),
}

UNEXPECTED: Final = (
    "Something went wrong that Newsdesk did not expect; the log has the details under reference"
    " {reference}."
)


def message_for(error: Exception, *, reference: str) -> tuple[str, bool]:
    """Find the sentence for an error, or for the error that a library wrapped as `original`.

    Returns:
        One sentence on one line, and whether the error was expected. A surprise shows nothing of
        itself but the reference.
    """
    cause = getattr(error, "original", error)
    for kind in type(cause).__mro__:
        if kind in MESSAGES:
            sentence = MESSAGES[kind]
            if isinstance(cause, corpus.DamagedDatabaseError):
                sentence = _DAMAGED.get(Path(cause.path).name, sentence)
            return _one_line(sentence.format(error=cause)), True
    return UNEXPECTED.format(reference=reference), False


def report(error: Exception, *, reference: str) -> str:
    """Log an error as it deserves and return its sentence.

    An expected one is logged without a trace and without its values, which may be private; a
    surprise with its trace and the reference.
    """
    sentence, expected = message_for(error, reference=reference)
    if expected:
        log.info("refused: %s", type(error).__name__)
    else:
        log.error("surprise, reference %s", reference, exc_info=error)
    return sentence


def _one_line(sentence: str) -> str:
    """Flatten the values that came from outside: no line breaks, no control characters."""
    flat = " ".join(sentence.split())
    return "".join(character for character in flat if character.isprintable())
