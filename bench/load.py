"""How the bot bears many at once: `python -m bench.load`.

The real bot, connected to the Discord of the tests on loopback in the same process, with made-up
news. Within a minute every member asks a question, a moderator adds articles one after another, and
an admin rebuilds the index from nothing, every passage embedded for real. Then comes a rush: more
ask at once than may wait, one of them with as many questions as may wait of one person. Told are
how many were answered, the times to the first reply and to the answer, how late the event loop was,
how long an article took, and the memory over time, with the Discord of the tests in it. If a
promise of `bench.promises` is broken, the exit code is 1.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
from matplotlib.figure import Figure

from bench.discord_replies import served, watch_loop
from bench.memory import resident_megabytes
from bench.promises import (
    Asked,
    Bounds,
    Load,
    Outcome,
    broken,
    growth,
    most_open,
    overtaken,
    percentile,
)
from bench.speed import samples
from bench.synthetic import synthetic_drafts
from bench.tables import write_json
from bot.serving import AT_ONCE, MOST_OF_ONE, MOST_WAITING
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Person

_MANAGE_MESSAGES, _ADMINISTRATOR = 1 << 13, 1 << 3
_LONGEST_S = 1_800.0
_LONGEST_TEXT = 4_000
_RUSH_S: Final = 10.0
_FIRST_REPLY_WITHIN_S: Final = 30.0
_SHOWN_EVERY: Final = 10


def main(
    members: Annotated[int, typer.Option(min=1, help="How many ask within the time.")] = 200,
    articles: Annotated[int, typer.Option(min=0, help="How many are added.")] = 100,
    within_s: Annotated[float, typer.Option(min=0.0, help="In how many seconds.")] = 60.0,
    passages: Annotated[int, typer.Option(min=100, help="About how many to rebuild.")] = 5_000,
    rush: Annotated[int, typer.Option(min=1, help="How many ask in the rush.")] = 500,
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path("bench-results"),
) -> None:
    """Measure, print it, write load.json and load.png, and end with 1 if a promise is broken."""
    with TemporaryDirectory() as data:
        measured = asyncio.run(_measure(Path(data), members, articles, within_s, passages, rush))
    figures = _figures(measured)
    sys.stdout.write(f"{measured.rebuilt}\n")
    _tell(figures, measured.load.memory)
    _write(figures, measured.load.memory, folder)
    bounds = Bounds(at_once=AT_ONCE, most_waiting=MOST_WAITING)
    not_kept = list(broken(measured.load, bounds))
    for sentence in not_kept:
        sys.stdout.write(f"Broken: {sentence}.\n")
    if not_kept:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Measured:
    load: Load
    added: list[float]
    rebuilt: str


async def _measure(
    folder: Path, members: int, articles: int, within_s: float, passages: int, rush: int
) -> _Measured:
    async with served(folder, passages) as (discord, titles), _Watch.kept() as watch:
        asker = _Asker(discord, titles, watch.began)
        drafts = list(synthetic_drafts(samples(), articles, seed=2))
        dice = random.Random(1)  # noqa: S311 - the same minute each time
        steady, added, rebuilt = await asyncio.gather(
            asker.ask_all([(n, dice.uniform(0, within_s)) for n in range(members)]),
            _add_all(discord, drafts),
            _rebuild(discord),
        )
        one_asks_much = [(members, 0.0)] * (1 + MOST_OF_ONE)
        others = [(members + n, dice.uniform(0, _RUSH_S)) for n in range(1, rush)]
        rushed = await asker.ask_all([*one_asks_much, *others])
    return _Measured(Load(steady, rushed, watch.lags, watch.memory), added, rebuilt)


@dataclass
class _Watch:
    began: float = field(default_factory=time.perf_counter)
    lags: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def kept(cls) -> AsyncIterator[_Watch]:
        watch = cls()
        tasks = [asyncio.create_task(watch_loop(watch.lags)), asyncio.create_task(watch._memory())]
        yield watch
        for task in tasks:
            task.cancel()

    async def _memory(self) -> None:
        while True:
            self.memory.append((time.perf_counter() - self.began, resident_megabytes()))
            await asyncio.sleep(1)


class _Asker:
    def __init__(self, discord: FakeDiscord, titles: Sequence[str], began: float) -> None:
        self._discord = discord
        self._titles = titles
        self._began = began

    async def ask_all(self, planned: Sequence[tuple[int, float]]) -> list[Asked]:
        """Ask, by the number of each member and the seconds after which."""
        people = {number: Person(self._discord, f"Member {number}") for number, _ in planned}
        return await asyncio.gather(
            *(self._ask(people[number], number, after_s) for number, after_s in planned)
        )

    async def _ask(self, person: Person, number: int, after_s: float) -> Asked:
        await asyncio.sleep(after_s)
        question = self._titles[number % len(self._titles)]
        sent = time.perf_counter() - self._began
        reply = await person.use("ask", question=question, private=True)
        await self._wait(lambda: bool(reply.messages), _FIRST_REPLY_WITHIN_S)
        first_reply = time.perf_counter() - self._began
        await self._wait(lambda: not any(one.is_thinking for one in reply.messages), _LONGEST_S)
        return Asked(
            person=f"Member {number}",
            sent=sent,
            first_reply=first_reply,
            ended=time.perf_counter() - self._began,
            outcome=_outcome(question, "".join(one.text for one in reply.messages)),
        )

    async def _wait(self, there: Callable[[], bool], within_s: float) -> None:
        """Wait for something, or give up: what came too late for Discord never comes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._discord.until(there, "reply", within_s=_LONGEST_S)


def _outcome(question: str, text: str) -> Outcome:
    """An answer repeats the question."""
    if question in text:
        return Outcome.ANSWERED
    return Outcome.BUSY if text.startswith("I am busy") else Outcome.FAILED


async def _add_all(discord: FakeDiscord, drafts: Sequence[Draft]) -> list[float]:
    moderator = Person(discord, "Max", permissions=_MANAGE_MESSAGES)
    times = []
    for draft in drafts:
        sent = time.perf_counter()
        form = await moderator.use("article add")
        shown = await moderator.submit(
            form, text=draft.text[:_LONGEST_TEXT], title=draft.title or "", outlet="The Bench"
        )
        await discord.until(
            lambda: bool(shown.messages) and "Add" in shown.messages[0].buttons,  # noqa: B023
            "preview",
            within_s=_LONGEST_S,
        )
        [preview] = shown.messages
        await moderator.press(preview, "Add")
        await discord.until(
            lambda: "Undo" in preview.buttons,  # noqa: B023
            "stored",
            within_s=_LONGEST_S,
        )
        times.append(time.perf_counter() - sent)
    return times


async def _rebuild(discord: FakeDiscord) -> str:
    alma = Person(discord, "Alma", permissions=_ADMINISTRATOR)
    question = await (await alma.use("index rebuild", full=True)).message()
    await alma.press(question, "Rebuild")

    def ended() -> list[str]:
        told = [message for message in discord.from_bot() if not message.is_private]
        return [message.text for message in told if "Cancel" not in message.buttons]

    await discord.until(lambda: any("gen" in one for one in ended()), "end", within_s=_LONGEST_S)
    return ended()[0].replace("\n", " ")


def _figures(measured: _Measured) -> dict[str, float]:
    load = measured.load
    figures = {}
    for when, asked in (("a minute", load.steady), ("rush", load.rush)):
        for outcome in Outcome:
            figures[f"{when}: {outcome}"] = sum(one.outcome is outcome for one in asked)
        figures[f"{when}: most open at once"] = most_open(asked)
        figures[f"{when}: most that overtook one"] = overtaken(asked)
        answered = [one for one in asked if one.outcome is Outcome.ANSWERED]
        figures |= _percentiles(
            f"{when}: first reply", [one.first_reply - one.sent for one in asked]
        )
        figures |= _percentiles(f"{when}: answer", [one.ended - one.sent for one in answered])
    figures |= _percentiles("article added", measured.added)
    figures |= _percentiles("event loop late", load.lags)
    return figures | {"memory grown by (%)": 100 * growth(load.memory)}


def _percentiles(what: str, times: Sequence[float]) -> dict[str, float]:
    return {f"{what} p{percent} (s)": percentile(times, percent) for percent in (50, 95, 99)}


def _tell(figures: dict[str, float], memory: Sequence[tuple[float, float]]) -> None:
    width = max(map(len, figures))
    for name, value in figures.items():
        sys.stdout.write(f"{name:<{width}}  {value:>9,.3f}\n")
    for elapsed, megabytes in memory[::_SHOWN_EVERY]:
        sys.stdout.write(f"memory after {elapsed:4.0f} s  {megabytes:6,.0f} MB\n")


def _write(figures: dict[str, float], memory: Sequence[tuple[float, float]], folder: Path) -> None:
    write_json({"figures": figures, "memory (s, MB)": memory}, folder / "load.json")
    drawn = Figure(figsize=(7, 3.5), layout="constrained")
    axis = drawn.subplots()
    axis.plot(*zip(*memory, strict=True))
    axis.set_ylim(bottom=0)
    axis.set_xlabel("seconds")
    axis.set_ylabel("resident (MB)")
    drawn.savefig(folder / "load.png")


if __name__ == "__main__":
    typer.run(main)
