"""How the bot bears many at once: `python -m bench.load`.

The real bot, connected to the Discord of the tests on loopback in the same process, with made-up
news. Within a minute every member asks a question, a moderator adds articles one after another, and
an admin rebuilds the index from nothing, every passage embedded for real. Told are how many were
answered, the times to the first reply and to the answer, how long an article took, and the memory
over time, with the Discord of the tests in it. Nothing is asserted: times vary with the machine.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench.discord_replies import served
from bench.speed import samples
from bench.synthetic import synthetic_drafts
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Person

_MANAGE_MESSAGES, _ADMINISTRATOR = 1 << 13, 1 << 3
_LONGEST_S = 1_800.0
_LONGEST_TEXT = 4_000
_WATCH_EVERY_S = 5.0


def main(
    members: Annotated[int, typer.Option(min=1, help="How many ask.")] = 200,
    articles: Annotated[int, typer.Option(min=0, help="How many are added.")] = 100,
    within_s: Annotated[float, typer.Option(min=0.0, help="In how many seconds.")] = 60.0,
    passages: Annotated[int, typer.Option(min=100, help="About how many to rebuild.")] = 5_000,
) -> None:
    """Measure, and show what was measured."""
    with TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), members, articles, within_s, passages))


async def _measure(
    folder: Path, members: int, articles: int, within_s: float, passages: int
) -> None:
    async with served(folder, passages) as (discord, titles):
        dice = random.Random(1)  # noqa: S311 - the same minute each time
        drafts = list(synthetic_drafts(samples(), articles, seed=2))
        began = time.perf_counter()
        watching = asyncio.create_task(_watch(began))
        rebuilding = asyncio.create_task(_rebuild(discord))
        adding = asyncio.create_task(_add_all(discord, drafts))
        asking = [
            asyncio.create_task(_ask(discord, number, titles, dice.uniform(0, within_s)))
            for number in range(members)
        ]
        asked = await asyncio.gather(*asking)
        _tell(f"asked {members}, answered {len(asked)}, after {time.perf_counter() - began:.0f} s")
        added, told = await adding, await rebuilding
        watching.cancel()
        _tell(f"added {len(added)} articles; {told}")
        _tell_times("first reply", [first for first, _ in asked])
        _tell_times("answer", [answer for _, answer in asked])
        _tell_times("article added", added)


async def _ask(
    discord: FakeDiscord, number: int, titles: Sequence[str], after_s: float
) -> tuple[float, float]:
    """Ask once, and return the seconds to the first reply and to the answer."""
    person = Person(discord, f"Member {number}")
    await asyncio.sleep(after_s)
    sent = time.perf_counter()
    reply = await person.use("ask", question=titles[number % len(titles)], private=True)
    await discord.until(
        lambda: bool(reply.messages) and not reply.messages[0].is_thinking,
        "answer",
        within_s=_LONGEST_S,
    )
    answer = time.perf_counter() - sent
    assert reply.first_reply_after is not None  # noqa: S101 - there is an answer
    return reply.first_reply_after, answer


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


async def _watch(began: float) -> None:
    while True:
        elapsed = time.perf_counter() - began
        _tell(f"{elapsed:6.0f} s  {_resident_bytes() / 1e6:7.0f} MB")
        await asyncio.sleep(_WATCH_EVERY_S)


def _resident_bytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(kilobytes) * 1024


def _tell_times(name: str, times: Sequence[float]) -> None:
    if len(times) > 1:
        cuts = quantiles(times, n=100, method="inclusive")
        _tell(
            f"{name}: p50 {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, p99 {cuts[98]:.3f} s,"
            f" longest {max(times):.3f} s"
        )


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    typer.run(main)
