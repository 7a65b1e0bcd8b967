"""`ask`, `search`, `chat`: questions and what is found for them."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from bot.answering.errors import AnsweringError
from bot.answering.models import Answered, unseen
from bot.error_messages import report
from bot.logs import interaction_id, new_reference
from bot.terminal.console import Growing, interactive, note, say, say_json
from bot.terminal.documents import answer_document, passage_document
from bot.terminal.indexing import bring_in_step
from bot.terminal.rendering import answer_text, passages_text
from bot.terminal.session import AsJson, opened
from corpus.errors import CorpusError
from index.errors import SearchError

if TYPE_CHECKING:
    from rich.text import Text

    from bot.answering.models import Answer, Show
    from bot.app import App


def register(commands: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (ask, search, chat):
        commands.command(rich_help_panel="Questions")(command)


def ask(
    ctx: typer.Context,
    question: Annotated[list[str], typer.Argument(help="The question, with or without quotes.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Answer one question, in its language, with its sources.

    Not knowing is an answer too: then the closest articles are named, and the exit code is 0.
    """
    with opened(ctx) as app:
        bring_in_step(app)
        asked = " ".join(question)
        if as_json:
            answer = asyncio.run(answer_one(app, asked))
            if isinstance(answer, Answered) and answer.fallback is not None:
                note(answer.fallback)
            say_json(answer_document(answer))
            return
        with Growing() as growing:
            answer = asyncio.run(
                answer_one(app, asked, show=lambda so_far: growing.show(answer_text(so_far)))
            )
        say(answer_text(answer))


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help="Words or a question.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most passages to list.")] = 10,
    *,
    as_json: AsJson = False,
) -> None:
    """List the passages closest to some words, best first, without answering.

    Each comes with its cosine similarity, title, date and place in the article's text.
    """
    with opened(ctx) as app:
        bring_in_step(app)
        found = app.retriever.retrieve(" ".join(query), limit=limit).passages[:limit]
        if as_json:
            say_json([passage_document(passage) for passage in found])
        elif found:
            say(passages_text(found))
        else:
            note("Nothing was found.")


def chat(ctx: typer.Context) -> None:
    """Answer questions line by line, until the input ends (Ctrl-D).

    A question that goes on with the ones before takes along what it lacks, and says so.
    """
    with opened(ctx) as app:
        bring_in_step(app)
        hold_chat(app)


async def answer_one(app: App, question: str, *, show: Show = unseen) -> Answer:
    """Answer under an id of its own, which the log repeats."""
    interaction_id.set(new_reference())
    return await app.answers.answer(question, show=show)


def hold_chat(app: App) -> None:
    """Read questions from stdin and answer each; one that fails does not end the chat."""
    if interactive():
        with suppress(ImportError):  # Windows has none, and needs none
            import readline  # noqa: F401 - gives `input` its history and arrow keys
        note("Ask in English or French. Ctrl-D ends the chat.")
    # One loop for all questions: a language model's connections belong to the loop they began in.
    earlier: list[str] = []
    with asyncio.Runner() as runner:
        while (question := _next_question()) is not None:
            if not question:
                continue
            try:
                say(runner.run(_answer_next(app, earlier, question)))
            except (AnsweringError, CorpusError, SearchError) as error:
                note(report(error, reference=new_reference()))
            earlier.append(question)
            say()


async def _answer_next(app: App, earlier: list[str], question: str) -> Text:
    """Answer what a question means after those before it, in the words that say so."""
    interaction_id.set(new_reference())
    understood = await app.answers.understood(earlier, question)

    def told(answer: Answer) -> Text:
        return answer_text(answer, understood=None if understood == question else understood)

    with Growing() as growing:
        answer = await app.answers.answer(
            understood, show=lambda so_far: growing.show(told(so_far))
        )
    return told(answer)


def _next_question() -> str | None:
    if interactive():
        try:
            return input("> ").strip()
        except EOFError:
            note()
            return None
    line = sys.stdin.readline()
    return line.strip() if line else None
