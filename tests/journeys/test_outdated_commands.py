"""Discord still shows the commands of another version: one sentence, and they are registered."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.client import NewsdeskBot
from tests.fake_discord import FakeDiscord, Person
from tests.fake_discord.world import Reply

NewestReply = Callable[[Person], Awaitable[Reply]]


def rename(discord: FakeDiscord, name: str, other: str) -> None:
    """Let Discord show a command under another name, as an earlier version registered it."""
    for command in discord.commands:
        if command["name"] == name:
            discord.commands.append({**copy.deepcopy(command), "name": other})


async def use_what_is_gone(someone: Person) -> Reply:
    rename(someone.discord, "latest", "news")
    return await someone.use("news")


async def leave_out_what_is_needed(someone: Person) -> Reply:
    [command] = [one for one in someone.discord.commands if one["name"] == "ask"]
    command["options"] = []
    return await someone.use("ask")


async def use_a_command_that_is_a_group(someone: Person) -> Reply:
    [command] = [one for one in someone.discord.commands if one["name"] == "article"]
    command["options"] = []
    return await someone.use("article")


async def use_a_subcommand_that_is_gone(someone: Person) -> Reply:
    [command] = [one for one in someone.discord.commands if one["name"] == "article"]
    command["options"] = [{"name": "print", "type": 1, "options": []}]
    return await someone.use("article print")


async def use_a_menu_that_is_gone(someone: Person) -> Reply:
    rename(someone.discord, "Ask Newsdesk about this", "Ask about this")
    return await someone.use_on("Ask about this", await someone.say("Why?"))


@pytest.mark.parametrize(
    "do",
    [
        use_what_is_gone,
        leave_out_what_is_needed,
        use_a_command_that_is_a_group,
        use_a_subcommand_that_is_gone,
        use_a_menu_that_is_gone,
    ],
)
async def test_a_command_of_another_version_is_one_sentence_and_mended_at_the_next_start(
    do: NewestReply,
    ada: Person,
    zoe: Person,
    bot: NewsdeskBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    registered = tmp_path / "discord-commands"
    assert registered.exists()
    told = await (await do(ada)).message()
    assert told.is_private
    assert told.text.startswith("This command is another one since I was updated. Reload Discord")
    async with asyncio.timeout(20):
        while registered.exists():  # noqa: ASYNC110 - another thread deletes it
            await asyncio.sleep(0.01)
    told = await (await do(zoe)).message()
    assert told.text.startswith("Cette commande a changé depuis ma mise à jour. Rechargez Discord")
    warned = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert [one.name for one in warned] == ["bot.command_tree"] * 2
    assert not any(one.exc_info for one in caplog.records)


async def test_what_completed_itself_in_another_version_is_passed_over(
    ada: Person, bot: NewsdeskBot, caplog: pytest.LogCaptureFixture
) -> None:
    rename(ada.discord, "article", "archive")
    await ada.type_option("archive show", "article", "x")
    assert (await (await ada.use("latest")).message()).text
    assert not any(one.exc_info for one in caplog.records)
