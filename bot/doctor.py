"""What can be wrong with an installation, and how to mend it: one check for each part."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.app import App
from bot.error_messages import message_for
from bot.errors import DataDirectoryError
from bot.logs import new_reference
from bot.model_languages import FOREIGN, WHAT_TO_SET, unknown_languages
from bot.settings import Settings
from corpus.errors import StoreUnavailableError

_LITTLE_DISK_BYTES: Final = 1_000_000_000
_LLM_TIMEOUT_S: Final = 10.0
_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)


class State(StrEnum):
    """What a check found."""

    SOUND = "sound"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of one part; `mend` says what to do, None where nothing is to be done."""

    part: str
    state: State
    finding: str
    mend: str | None = None


def examine(read_settings: Callable[[], Settings]) -> Iterator[Check]:
    """Check every part, and go on behind what is broken where that is possible.

    Yields:
        Checks as they are made: a model or a server may take seconds.
    """
    try:
        settings = read_settings()
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is here to hear of it
        yield _failed("settings", error, "Correct `.env` or the environment; see `.env.example`.")
        return
    yield Check("settings", State.SOUND, "All settings can be read.")
    try:
        with App(settings) as app:
            yield from _parts(app)
    except DataDirectoryError as error:
        yield _failed("data folder", error, "Give NEWSDESK_DATA a folder that you may write.")


def _parts(app: App) -> Iterator[Check]:
    folder = app.settings.newsdesk_data.resolve()
    yield Check("data folder", State.SOUND, f"{folder} can be written.")
    yield _disk(app)
    yield _guarded("database", _database, app, "Put a backup in its place: newsdesk restore FILE")
    mend = "Reinstall Newsdesk, or correct or remove EMBEDDING_MODEL."
    model = _guarded("model", _model, app, mend)
    yield model
    if model.state is State.SOUND:
        yield _guarded("index", _index, app, "Build it anew: newsdesk rebuild --full")
        yield _guarded("languages", _languages, app, mend)
    mend = "Correct or remove RERANKER_MODEL."
    yield _guarded("reranker", _reranker, app, mend)
    yield _discord(app.settings)
    mend = "Correct the LLM_ settings, or start the server."
    yield _guarded("language model", _language_model, app, mend)


def _guarded(part: str, check: Callable[[App], Check], app: App, mend: str) -> Check:
    try:
        return check(app)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is here to hear of it
        return _failed(part, error, mend)


def _failed(part: str, error: Exception, mend: str | None) -> Check:
    sentence, expected = message_for(error, reference=new_reference())
    finding = sentence if expected else f"{type(error).__name__}: {error}"
    return Check(part, State.BROKEN, finding, mend)


def _disk(app: App) -> Check:
    free = shutil.disk_usage(app.settings.newsdesk_data).free
    finding = f"{free / 1e9:,.1f} GB are free."
    if free < _LITTLE_DISK_BYTES:
        return Check("disk", State.WARNING, finding, "A rebuild may need more: make room.")
    return Check("disk", State.SOUND, finding)


def _database(app: App) -> Check:
    from corpus.backups import check_backup

    if not app.database.exists():
        mend = "Start with the samples: newsdesk run. Or with your own articles: newsdesk add PATH"
        return Check("database", State.WARNING, "There are no articles yet.", mend)
    check_backup(app.database)
    statistics = app.store.statistics()
    return Check("database", State.SOUND, f"Sound, with {statistics.articles:,} articles.")


def _model(app: App) -> Check:
    model, _ = app.embedder.model_id, app.reader
    finding = f"{model} and the reader are whole and can be loaded."
    return Check("model", State.SOUND, finding)


def _languages(app: App) -> Check:
    known = app.model_languages
    if not known:
        finding = (
            "EMBEDDING_MODEL is set: its model card says which languages it knows. The reader,"
            f" which tells answers from near misses, knows {' and '.join(app.reader.languages)}."
        )
        return Check("languages", State.SOUND, finding)
    finding = f"The shipped model knows {' and '.join(known)}."
    counts = app.store.statistics().languages if app.database.exists() else {}
    others = unknown_languages(known, counts)
    if not others:
        return Check("languages", State.SOUND, finding)
    named = ", ".join(f"{language} {count:,}" for language, count in sorted(others.items()))
    foreign = FOREIGN.format(languages=named)
    return Check("languages", State.WARNING, f"{finding} {foreign}", WHAT_TO_SET)


def _index(app: App) -> Check:
    if not app.database.exists():
        return Check("index", State.SOUND, "There is nothing to index yet.")
    app.indexer.open(rebuild_if_outdated=False)
    status = app.indexer.status()
    finding = f"Generation {status.manifest.generation}, {status.passages:,} passages"
    if status.outdated:
        parts = " and ".join(status.outdated)
        return Check(
            "index",
            State.WARNING,
            f"{finding}, built with another {parts}.",
            "Build it anew: newsdesk rebuild",
        )
    if status.behind:
        return Check(
            "index",
            State.WARNING,
            f"{finding}, {status.behind:,} changes behind the articles.",
            "The next start catches up, and a bot that is running does within seconds.",
        )
    return Check("index", State.SOUND, f"{finding}, in step with the articles.")


def _reranker(app: App) -> Check:
    if app.reranker is None:
        return Check("reranker", State.SOUND, "None is set: the ranking does without.")
    finding = f"{app.settings.reranker_model} can be loaded."
    return Check("reranker", State.SOUND, finding)


def _discord(settings: Settings) -> Check:
    if settings.discord_token is None:
        return Check("Discord", State.SOUND, "No token is set: `newsdesk run` opens the chat.")
    if _TOKEN.fullmatch(settings.discord_token):
        return Check("Discord", State.SOUND, "The token has the form of a bot token.")
    return Check(
        "Discord",
        State.WARNING,
        "DISCORD_TOKEN does not have the form of a bot token.",
        "Copy it whole from the page Bot of your application, not the client secret.",
    )


def _language_model(app: App) -> Check:
    from bot.answering.generator import ChatModelGenerator, Message

    settings = app.settings
    if settings.llm_model is None:
        return Check("language model", State.SOUND, "None is set: answers are quotes.")
    generator = ChatModelGenerator.from_settings(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key,
        timeout_s=min(_LLM_TIMEOUT_S, settings.llm_timeout_s),
    )
    asyncio.run(generator.generate([Message("user", "Reply with the word: ready")]))
    try:
        spent = asyncio.run(app.token_budget.spent())
    except StoreUnavailableError as error:
        return _failed("language model", error, None)
    of_budget = f" of {spent.per_day:,}" if spent.per_day else ""
    finding = (
        f"{settings.llm_model} replies; {spent.tokens:,}{of_budget} tokens of today are spent."
    )
    if spent.per_day and spent.tokens >= spent.per_day:
        mend = "Answers are quotes until midnight (UTC), or until LLM_TOKENS_PER_DAY allows more."
        return Check("language model", State.WARNING, finding, mend)
    return Check("language model", State.SOUND, finding)
