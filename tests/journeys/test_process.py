"""The real process, as it is deployed: a signal ends it, whatever it is at."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fake_discord import FakeDiscord, Message, Person

ROOT = Path(__file__).parents[2]
ADMINISTRATOR = 1 << 3
KEPT = {k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "LLM_", "NEWSDESK_"))}


@asynccontextmanager
async def a_bot(discord: FakeDiscord, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process of `newsdesk run` in a folder; it ends with the block at the latest."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={
            **KEPT,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.url,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
async def test_a_second_bot_on_the_same_data_says_why_it_does_not_serve(
    discord: FakeDiscord, accented: Path
) -> None:
    async with a_bot(discord, accented) as first:
        first_told = asyncio.create_task(first.communicate())
        await discord.until(lambda: discord.gateway.is_connected, "connection", within_s=120)
        async with a_bot(discord, accented) as second:
            _, told = await asyncio.wait_for(second.communicate(), 120)
            assert second.returncode == 1
        *_, last = told.decode().splitlines()
        assert last.startswith("Another Newsdesk serves Discord from data already; stop it first")
        assert b"Traceback" not in told
        assert discord.gateway.connections == 1
        ada = Person(discord)
        await (await ada.use("about")).message()
        first.kill()
        await first_told
    # Who was killed keeps nobody from serving.
    async with a_bot(discord, accented) as third:
        third_told = asyncio.create_task(third.communicate())
        await discord.until(lambda: discord.gateway.is_connected, "connection", within_s=120)
        third.send_signal(signal.SIGTERM)
        await asyncio.wait_for(third_told, 30)
        assert third.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_during_a_rebuild_ends_the_process_and_discards_it(
    discord: FakeDiscord, accented: Path, number: signal.Signals
) -> None:
    async with a_bot(discord, accented) as process:
        told = asyncio.create_task(process.communicate())
        await discord.until(lambda: discord.gateway.is_connected, "connection", within_s=120)
        alma = Person(discord, "Alma", permissions=ADMINISTRATOR)
        asked = await (await alma.use("index rebuild", full=True)).message()
        await alma.press(asked, "Rebuild")
        generations = accented / "data" / "index"
        await discord.until(
            lambda: any("Cancel" in message.buttons for message in public(discord)),
            "rebuild",
            within_s=30,
        )
        process.send_signal(number)
        _, log = await asyncio.wait_for(told, 30)
        assert process.returncode == 0
    assert b"Traceback" not in log, log
    assert b"Traceback" not in (accented / "data" / "newsdesk.log").read_bytes()
    assert discord.gateway.clean_closes == 1
    assert [path.name for path in generations.glob("gen-*")] == ["gen-000001"]
    [progress] = public(discord)
    assert "cancelled; the present index stays" in progress.text


def public(discord: FakeDiscord) -> list[Message]:
    """What the bot has said to everybody."""
    return [message for message in discord.from_bot() if not message.is_private]
