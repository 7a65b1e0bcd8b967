"""How soon Discord hears back while the index is rebuilt: `python -m bench.discord_replies`.

The real bot, connected to the Discord of the tests on loopback in the same process, with made-up
news. Members ask one question after another, at first at rest, then while an admin rebuilds from
nothing, every passage embedded for real. Told are the times to the first reply, which Discord wants
within 3 s, and to the answer, and how late the event loop is. Nothing is asserted: times vary with
what else the machine does.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench.speed import PASSAGES_PER_ARTICLE, ClusteredPassages, samples
from bench.synthetic import synthetic_drafts
from bot.app import App
from bot.serving import serve
from bot.settings import Settings
from corpus.ingest import Added
from index.models import Vectors
from index.sentence_embedder import SentenceEmbedder
from tests.fake_discord import FakeDiscord, Message, Person

_ADMINISTRATOR = 1 << 3
_AT_REST = 150
_LEAST = 2
_PAUSE_S = 0.1
_TICK_S = 0.005
_LONGEST_S = 1_800.0


class MadeAtFirst(ClusteredPassages):
    """Makes the first build short; `is_real` embeds every passage for real."""

    is_real = False

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed for real, or not."""
        return (
            SentenceEmbedder.embed_passages(self, texts)
            if self.is_real
            else super().embed_passages(texts)
        )


def main(
    passages: Annotated[int, typer.Option(min=100, help="About how many to rebuild.")] = 10_000,
) -> None:
    """Measure, and show what was measured."""
    with TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), passages))


async def _measure(folder: Path, passages: int) -> None:
    async with served(folder, passages) as (discord, titles):
        await _measure_all(discord, titles)


@asynccontextmanager
async def served(folder: Path, passages: int) -> AsyncIterator[tuple[FakeDiscord, list[str]]]:
    """Serve a Discord from about so many passages; give it, and the titles of the articles.

    The first build takes made vectors, later ones embed for real.
    """
    async with FakeDiscord() as discord:
        settings = Settings.from_env(
            {
                "NEWSDESK_DATA": str(folder),
                "DISCORD_API_URL": discord.url,
                "DISCORD_COOLDOWN_S": "0",
                "DISCORD_QUESTIONS_PER_DAY": "0",
            }
        )
        with App(settings) as app:
            embedder = MadeAtFirst.load(None)
            vars(app)["embedder"] = embedder
            titles = _fill(app, round(passages / PASSAGES_PER_ARTICLE))
            app.indexer.open()
            app.load()
            embedder.is_real = True
            serving = asyncio.create_task(serve(app, discord.token))
            await discord.connected()
            yield discord, titles
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def _fill(app: App, count: int) -> list[str]:
    drafts = synthetic_drafts(samples(), count, seed=1)
    return [one.article.title for one in app.ingest.add(drafts) if isinstance(one, Added)]


async def _measure_all(discord: FakeDiscord, titles: list[str]) -> None:
    questions = cycle(titles)
    at_rest = await _asked(discord, questions, lambda answered: answered < _AT_REST)
    alma = Person(discord, "Alma", permissions=_ADMINISTRATOR)
    asked = await (await alma.use("index rebuild", full=True)).message()
    await alma.press(asked, "Rebuild")
    await discord.until(lambda: bool(_progress(discord)), "progress")
    [progress] = _progress(discord)
    meanwhile = await _asked(discord, questions, lambda _: "Cancel" in progress.buttons)
    sys.stdout.write(f"{progress.text}\n\n")
    for when, times in (("at rest", at_rest), ("during the rebuild", meanwhile)):
        sys.stdout.write(f"{when}, {len(times['answer'])} questions\n")
        for name, values in times.items():
            cuts = quantiles(values, n=100, method="inclusive")
            told = ", ".join(
                f"p{percent} {1e3 * cuts[percent - 1]:.0f}" for percent in (50, 95, 99)
            )
            sys.stdout.write(f"  {name}: {told}, longest {1e3 * max(values):.0f} ms\n")


async def _asked(
    discord: FakeDiscord, questions: Iterator[str], goes_on: Callable[[int], bool]
) -> dict[str, list[float]]:
    """Ask one question after another; seconds to first replies and answers, and lags of the loop.

    Args:
        discord: Where to ask.
        questions: What to ask.
        goes_on: Whether to ask another question, after so many.
    """
    ada = Person(discord, "Ada")
    first: list[float] = []
    answers: list[float] = []
    lags: list[float] = []
    watching = asyncio.create_task(watch_loop(lags))
    while goes_on(len(answers)) or len(answers) < _LEAST:
        sent = time.perf_counter()
        reply = await ada.use("ask", question=next(questions), private=True)
        await discord.until(
            lambda: bool(reply.messages) and not reply.messages[0].is_thinking,  # noqa: B023
            "answer",
            within_s=_LONGEST_S,
        )
        answers.append(time.perf_counter() - sent)
        assert reply.first_reply_after is not None  # noqa: S101 - there is an answer
        first.append(reply.first_reply_after)
        await asyncio.sleep(_PAUSE_S)
    watching.cancel()
    return {"first reply": first, "answer": answers, "event loop late": lags}


async def watch_loop(lags: list[float]) -> None:
    """Note how much later than it should a timer of the event loop goes off."""
    while True:
        due = time.perf_counter() + _TICK_S
        await asyncio.sleep(_TICK_S)
        lags.append(time.perf_counter() - due)


def _progress(discord: FakeDiscord) -> list[Message]:
    return [message for message in discord.from_bot() if not message.is_private]


if __name__ == "__main__":
    typer.run(main)
