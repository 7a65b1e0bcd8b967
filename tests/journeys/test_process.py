"""The real process, as it is deployed: a signal ends it, whatever it is at."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.fake_discord import FakeDiscord, Message, Person

ROOT = Path(__file__).parents[2]
ADMINISTRATOR = 1 << 3
KEPT = {k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "LLM_", "NEWSDESK_"))}


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_during_a_rebuild_ends_the_process_and_discards_it(
    discord: FakeDiscord, accented: Path, number: signal.Signals
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=accented,
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
    assert process.stderr is not None
    told = asyncio.create_task(process.stderr.read())
    try:
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
        assert await asyncio.wait_for(process.wait(), 30) == 0
    finally:
        if process.returncode is None:
            process.kill()
    log = (await told).decode()
    assert "Traceback" not in log, log
    assert b"Traceback" not in (accented / "data" / "newsdesk.log").read_bytes()
    assert discord.gateway.clean_closes == 1
    assert [path.name for path in generations.glob("gen-*")] == ["gen-000001"]
    [progress] = public(discord)
    assert "cancelled; the present index stays" in progress.text


def public(discord: FakeDiscord) -> list[Message]:
    """What the bot has said to everybody."""
    return [message for message in discord.from_bot() if not message.is_private]
